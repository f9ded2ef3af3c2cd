"""cnnlib's operations against torch, scipy, their own bare product, and naive loops.

Each thread count has a process of its own, because NumPy's and torch's libraries read it
when they load. Prints a table of ratios (below 1: faster than the other) and writes all
medians and ratios as JSON. Before a row is timed, its sides must agree.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from .report import ratios, report, summary

ROOT = Path(__file__).resolve().parent.parent
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=15, help="undisturbed rounds of each call")
    parser.add_argument("--seconds", type=float, default=8, help="when to stop trying, per row")
    parser.add_argument("--only", default="", help="rows whose group or name contains this")
    parser.add_argument("--json", type=Path, default=ROOT / "_build" / "bench" / "operations.json")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.worker:
        return work(options)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine(), "rows": [], "means": {}}
    for threads in options.threads:
        print(f"operations, {threads} thread{'s' * (threads > 1)} ...", file=sys.stderr, flush=True)
        rows = run(options, threads)
        found["rows"] += rows
        found["means"][str(threads)] = summary(rows)
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    if not found["rows"]:
        print(f"benchmarks: no row's group or name contains {options.only!r}", file=sys.stderr)
        return 1
    print(report(found))
    print(f"\nAll medians: {options.json}")
    return 1 if any("error" in row for row in found["rows"]) else 0


def run(options, threads):
    """Measure in a fresh process, so that the thread count holds from the start."""
    environment = {**os.environ, **{name: str(threads) for name in THREADS}}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "benchmarks", "--worker", "--threads", str(threads)]
    command += ["--rounds", str(options.rounds), "--seconds", str(options.seconds)]
    command += ["--only", options.only]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"benchmarks: the process for {threads} threads ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def work(options):
    """One line of JSON for each row, as soon as it is measured."""
    import torch

    from .rows import table
    from .timing import keep_memory

    torch.set_num_threads(options.threads[0])
    keep_memory()
    for row in table():
        if options.only in f"{row.group} {row.case.name}":
            print(json.dumps(measure(row, options.threads[0], options.rounds, options.seconds)), flush=True)
            print(f"  {row.group}: {row.case.name}", file=sys.stderr, flush=True)
    return 0


def measure(row, threads, rounds, seconds):
    """What is known of a row: medians and ratios of its sides, or how they disagree."""
    import torch

    from .agreement import Disagreement, check
    from .timing import compare

    target = row.targets and row.targets[min(threads, 2) - 1]
    dense = row.case.dense and not row.gradients
    found = dict(threads=threads, group=row.group, name=row.case.name, target=target, dense=dense, absent=row.absent)
    with torch.inference_mode(not row.gradients):
        sides, yardsticks = row.make()
        try:
            check(row, sides)
        except Disagreement as error:
            return {**found, "error": str(error)}
        # with several threads, each library's idle threads must have gone to sleep before the other is timed
        medians = compare(sides | yardsticks, rounds, seconds=seconds, settle=0.05 if threads > 1 else 0.0)
    found["seconds"] = {name: median for name, (median, _) in medians.items()}
    found["rounds"] = {name: count for name, (_, count) in medians.items()}
    return {**found, **ratios(found["seconds"], target)}


def machine():
    """What the ratios depend on."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        model = platform.processor()
    return dict(
        processor=model, cores=os.cpu_count(), python=platform.python_version(),
        numpy=metadata.version("numpy"), torch=metadata.version("torch"), scipy=version("scipy"),
        OPENBLAS_CORETYPE=os.environ.get("OPENBLAS_CORETYPE"),
        load=list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
    )  # fmt: skip


def version(package):
    """The version of a package that can be imported, or None."""
    done = subprocess.run([sys.executable, "-c", f"import {package}"], capture_output=True)
    return None if done.returncode else metadata.version(package)


if __name__ == "__main__":
    sys.exit(main())
