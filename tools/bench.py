"""Run every benchmark of benchmarks/ and of the explorers, one after the other."""

import subprocess
import sys

from .environment import ROOT

PATTERNS = ("benchmarks/bench_*.py", "tests/explore/bench_*.py")


def main(arguments: list[str]) -> int:
    worst = 0
    for path in sorted(p for pattern in PATTERNS for p in ROOT.glob(pattern)):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        print(f"\nbench: {module} ...", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", module, *arguments]).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
