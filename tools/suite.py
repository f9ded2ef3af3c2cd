"""Every test there is, part by part, and one sum at the end.

The chapters run twice, with one and with two threads, because a sum of floats may depend on it. The
browser parts run in processes of their own, because Playwright keeps an event loop. Each part is spread
over the machine's cores.
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
from .site import BuildFailed, build

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
NBVAL = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", "chapters"]
BROWSER = ["tests/site", "tests/explore"]
SPREAD = ["-n", "auto", "--maxprocesses=4", "--dist"]


def parts(site: Path | None) -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, pytest arguments and environment of each part; without a site none of what is tested on it."""
    package = [*(f"--ignore={folder}" for folder in BROWSER), *SPREAD, "worksteal"]
    found = [("package and tools", package, dict.fromkeys(THREADS, "1"))]
    if list((ROOT / "chapters").glob("*.ipynb")):
        for count in "12":
            environment = dict.fromkeys(THREADS, count)
            # loadscope keeps the cells of a notebook together
            found.append(
                (f"chapters, {count} thread{'s' * (count > '1')}", [*NBVAL, *SPREAD, "loadscope"], environment)
            )
    if site:
        found.append(("site and explorers in a browser", [f"--site={site}", *BROWSER, *SPREAD, "worksteal"], {}))
    return found


def main(arguments: list[str]) -> int:
    """Run all parts, also after a failure; pytest's options are handed on."""
    try:
        browser = find_or_install()
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    print(f"test: the browser is {browser}", flush=True)
    passed, failed, bad, site = 0, 0, [], None
    try:
        site = build(everything=True)
    except BuildFailed as error:
        bad.append(f"the site is not tested. {error}")
    for name, options, environment in parts(site):
        print(f"\ntest: {name} ...", flush=True)
        start = time.monotonic()
        counts, code = run([*options, *arguments], environment | {"BROWSER_PATH": browser})
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
