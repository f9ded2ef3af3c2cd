"""What an import costs on top of NumPy, in milliseconds: python -m benchmarks.bench_import.

The least of several fresh processes, as other work on the machine only ever adds.
"""

import subprocess
import sys

STATEMENTS = ("import cnnlib", "from cnnlib import geometry, ops")
BUDGET = 10.0  # for `import cnnlib`, which loads nothing but names
ROUNDS = 6


def milliseconds(code: str) -> tuple[float, float]:
    """Time that NumPy takes to import, and what `code` takes on top of it, in one process."""
    command = [sys.executable, "-X", "importtime", "-c", f"import numpy; {code}"]
    timings = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    numpy, above = None, 0.0
    for line in timings.splitlines():
        own, _, rest = line.removeprefix("import time:").partition("|")
        if not own.strip().isdigit():
            continue
        cumulative, name = rest.split("|")
        if numpy is not None:
            above += int(own) / 1000
        elif name == " numpy":
            numpy = int(cumulative) / 1000
    if numpy is None:
        raise RuntimeError(f"milliseconds: NumPy's own line is missing from the timings of {code!r}")
    return numpy, above


def main() -> int:
    print(f"{'import':36}{'NumPy':>10}{'on top':>10}")
    for code in STATEMENTS:
        numpy, above = map(min, zip(*(milliseconds(code) for _ in range(ROUNDS)), strict=True))
        print(f"{code:36}{numpy:7.1f} ms{above:7.1f} ms")
    print(f"budget of `{STATEMENTS[0]}` on top of NumPy: {BUDGET:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
