"""Run every benchmark of benchmarks/, one after the other."""

import subprocess
import sys

from .environment import ROOT


def main(arguments: list[str]) -> int:
    worst = 0
    for path in sorted(ROOT.glob("benchmarks/bench_*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        print(f"\nbench: {module} ...", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", module, *arguments]).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
