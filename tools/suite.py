"""Every test there is, part by part, and one sum at the end.

`PART=package|chapters|site|explorers` runs one part, `LONG=1` the long form of each: new random cases and more of
them, every view in full, and the chapters by strict nbval at one thread as well.

The chapters run twice, since a sum of floats may depend on the number of threads: at one thread a fresh run is
compared with pictures and explorers, at two strict nbval compares the text. The browser parts run in processes of
their own, because Playwright keeps an event loop. Each part is spread over the machine's cores, which is why the other
processes have one thread: threads that wait for a core that a browser has cost as much as the work itself.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from .browser import NoBrowser, find_or_install
from .environment import ROOT
from .firefox import find_or_install as find_or_install_firefox
from .site import BuildFailed, build

PARTS = ("package", "chapters", "site", "explorers")
IN_A_BROWSER = ("site", "explorers")
ELSEWHERE = ("tests/chapters", "tests/site", "tests/explore")  # what the package's part leaves to the others
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# Threads that have nothing to do sleep, rather than keep from the others what they wait for.
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_THREAD_TIMEOUT": "4"}
NBVAL = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=600", "--nbval-kernel-startup-timeout=300", "chapters"]
SPREAD = ["-n", "auto", "--maxprocesses=4", "--dist"]


def runs(part: str, site: Path | None, long: bool) -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, pytest arguments and environment of each pytest run of a part."""
    one, two = (dict.fromkeys(THREADS, count) | PATIENT for count in "12")
    evenly, by_notebook = [*SPREAD, "worksteal"], [*SPREAD, "loadscope"]
    if part == "package":
        return [("package and tools", [*(f"--ignore={folder}" for folder in ELSEWHERE), *evenly], one)]
    if part == "chapters":
        found = [
            ("chapters, a fresh run at one thread", ["tests/chapters", *evenly], one),
            ("chapters, strict nbval at two threads", [*NBVAL, *by_notebook], two),
        ]
        return found + [("chapters, strict nbval at one thread", [*NBVAL, *by_notebook], one)] * long
    folder = {"site": "tests/site", "explorers": "tests/explore"}[part]
    return [(f"{part} in a browser", [f"--site={site}", folder, *evenly], one)]


def chosen(wanted: str | None) -> tuple[str, ...]:
    """The parts to run: all, or the one that is named."""
    if not wanted:
        return PARTS
    if wanted not in PARTS:
        raise ValueError(f"chosen: PART={wanted!r} is no part; give one of {', '.join(PARTS)}, or none for all")
    return (wanted,)


def main(arguments: list[str]) -> int:
    """Run the parts, also after a failure; pytest's options are handed on."""
    long, environment, site, bad = bool(os.environ.get("LONG")), {}, None, []
    try:
        wanted = chosen(os.environ.get("PART"))
        if not set(wanted).isdisjoint(IN_A_BROWSER):
            environment["BROWSER_PATH"] = find_or_install()
            environment["FIREFOX_PATH"] = find_or_install_firefox()
            print("test: the browsers are {BROWSER_PATH} and {FIREFOX_PATH}".format(**environment), flush=True)
            site = build(everything=True)
    except (NoBrowser, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except BuildFailed as error:
        bad.append(f"the site is not tested. {error}")
        wanted = tuple(part for part in wanted if part not in IN_A_BROWSER)
    passed = failed = 0
    for name, options, threads in (each for part in wanted for each in runs(part, site, long)):
        print(f"\ntest: {name} ...", flush=True)
        start = time.monotonic()
        counts, code = run([*options, *arguments], environment | threads)
        print(f"test: {name}: {time.monotonic() - start:.0f} s", flush=True)
        passed, failed = passed + counts["passed"], failed + counts["failed"]
        if counts["skipped"]:
            bad.append(f"{name}: {counts['skipped']} skipped, but no test may be")
        if code:
            bad.append(f"{name}: pytest ended with {code}")
    for what in bad:
        print(f"test: {what}")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if bad or failed or not passed else 0


def run(options: list[str], environment: dict[str, str]) -> tuple[dict[str, int], int]:
    """Counts and exit code of one pytest run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", f"--junit-xml={report}", *options]
        code = subprocess.run(command, cwd=ROOT, env=os.environ | environment).returncode
        return counts(report), code


def counts(report: Path) -> dict[str, int]:
    """Passed, failed and skipped tests in pytest's report; none when there is no report."""
    if not report.is_file():
        return {"passed": 0, "failed": 0, "skipped": 0}
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    tests, bad, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites for key in keys)
        for keys in (("tests",), ("failures", "errors"), ("skipped",))
    )
    return {"passed": tests - bad - skipped, "failed": bad, "skipped": skipped}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
