"""cnnlib's operations against torch, scipy, their own bare product, and naive loops.

Each thread count has a process of its own, because NumPy's and torch's libraries read it
when they load. Prints a table of ratios (below 1: faster than torch) and writes all
medians as JSON.
"""

import argparse
import json
import math
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=15, help="undisturbed rounds of each call")
    parser.add_argument("--seconds", type=float, default=20, help="when to stop trying, per row")
    parser.add_argument("--only", default="", help="rows whose group or name contains this")
    parser.add_argument("--json", type=Path, default=ROOT / "_build" / "bench" / "operations.json")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.worker:
        return work(options)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine(), "rows": []}
    for threads in options.threads:
        print(f"operations, {threads} thread{'s' * (threads > 1)} ...", file=sys.stderr, flush=True)
        found["rows"] += run(options, threads)
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    print(report(found, options.threads))
    print(f"\nAll medians: {options.json}")
    return 0


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
    from .timing import compare, keep_memory

    torch.set_num_threads(options.threads[0])
    keep_memory()
    for row in table():
        if options.only not in f"{row.group} {row.name}":
            continue
        with torch.inference_mode("gradients" not in row.group):
            medians = compare(row.make(), options.rounds, seconds=options.seconds)
        target = row.targets and row.targets[min(options.threads[0], 2) - 1]
        found = dict(threads=options.threads[0], group=row.group, name=row.name, target=target)
        found["seconds"] = {name: seconds for name, (seconds, _) in medians.items()}
        found["rounds"] = {name: count for name, (_, count) in medians.items()}
        print(json.dumps(found), flush=True)
        print(f"  {row.group}: {row.name}", file=sys.stderr, flush=True)
    return 0


def machine():
    """What the ratios depend on."""
    import importlib.metadata as metadata

    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        model = platform.processor()
    return dict(
        processor=model, cores=os.cpu_count(), python=platform.python_version(),
        numpy=metadata.version("numpy"), torch=metadata.version("torch"),
        OPENBLAS_CORETYPE=os.environ.get("OPENBLAS_CORETYPE"),
        load=list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
    )  # fmt: skip


def report(found, thread_counts):
    """The table, as text."""
    m = found["machine"]
    core = m["OPENBLAS_CORETYPE"]
    lines = [
        f"{m['processor']}, {m['cores']} cores; Python {m['python']}, NumPy {m['numpy']}, torch {m['torch']}",
        "OPENBLAS_CORETYPE is " + (f"set to {core}: NumPy's matrix product may be held back" if core else "not set"),
        "load when started: " + ", ".join(f"{x:.1f}" for x in m["load"] or []),
        "Ratios to torch, float32; below 1 is faster. * misses its target, ? fewer than 5 undisturbed rounds.",
    ]
    for threads in thread_counts:
        rows = [row for row in found["rows"] if row["threads"] == threads]
        lines += ["", f"--- {threads} thread{'s' * (threads > 1)} ---"]
        group = None
        for row in rows:
            if row["group"] != group:
                group = row["group"]
                lines.append(f"{group}")
            lines.append("  " + line(row))
        lines += means(rows)
    return "\n".join(lines)


def line(row):
    seconds, target = row["seconds"], row["target"]
    ratio = seconds["cnnlib"] / seconds["torch"]
    mark = "" if target is None else "*" if ratio > target else " "
    doubt = "?" if min(row["rounds"]["cnnlib"], row["rounds"]["torch"]) < 0 else " "
    aim = "" if target is None else f"(target {target:g})"
    text = f"{row['name']:40s}{ratio:7.2f}{mark}{doubt} {aim:14s} torch {1e3 * seconds['torch']:9.3f} ms"
    if "product" in seconds:
        text += f"   own product {seconds['cnnlib'] / seconds['product']:.2f}"
    others = {k: v for k, v in seconds.items() if k not in ("cnnlib", "torch", "product")}
    return text + "".join(f"   {name} {1e3 * value:.3f} ms" for name, value in others.items())


def means(rows):
    """The two numbers that stand for all."""
    from .rows import CONVOLUTIONS, DENSE

    lines = []
    forward = [r["seconds"] for r in rows if r["target"] and "gradients" not in r["group"]]
    if forward:
        mean = math.exp(sum(math.log(s["cnnlib"] / s["torch"]) for s in forward) / len(forward))
        lines.append(f"geometric mean of {len(forward)} forward rows: {mean:.2f} (goal 1.0 at one thread)")
    dense = {name for name, *_ in CONVOLUTIONS[:DENSE]}
    dense = [r["seconds"] for r in rows if r["group"] == "conv2d" and r["name"] in dense]
    if dense:
        worst = max(s["cnnlib"] / s["product"] for s in dense)
        lines.append(f"conv2d over its own bare product, dense rows: at most {worst:.2f} (goal 1.25)")
    return lines
