"""Look over the code, its format and its spelling; with --format bring the code to its format.

All of it runs without Node: ruff for Python, oxlint and oxfmt for JavaScript, typos for the words of every text. The
rules stand in pyproject.toml, .oxlintrc.json, .oxfmtrc.json; words of the book that typos takes for mistakes also stand
in pyproject.toml.
"""

import subprocess
import sys
import sysconfig
from pathlib import Path

from .environment import ROOT

JAVASCRIPT = ("cnnlib", "_ext", "tests")
CHECKS = {
    "Python": ["ruff", "check", "."],
    "format of Python (make format mends it)": ["ruff", "format", "--check", "."],
    "JavaScript": ["oxlint", "--deny-warnings", *JAVASCRIPT],
    "format of JavaScript (make format mends it)": ["oxfmt", "--check", *JAVASCRIPT],
    "spelling": ["typos", "--color=never"],
}
FORMAT = {
    "Python": ["ruff", "format", "."],
    "imports of Python": ["ruff", "check", "--select=I", "--fix", "."],
    "JavaScript": ["oxfmt", "--write", *JAVASCRIPT],
}


def main(arguments: list[str]) -> int:
    """Run every check, also after one that fails; nothing else than what failed is told at the end."""
    failed = []
    for name, (program, *options) in (FORMAT if "--format" in arguments else CHECKS).items():
        print(f"lint: {name} ...", flush=True)
        if subprocess.run([path_of(program), *options], cwd=ROOT).returncode:
            failed.append(name)
    for name in failed:
        print(f"lint: not in order: {name}", file=sys.stderr)
    return 1 if failed else 0


def path_of(program: str) -> str:
    """The program that was installed into this environment, whatever else of that name there is."""
    return str(Path(sysconfig.get_path("scripts"), program))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
