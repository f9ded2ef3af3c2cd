"""The command line: python -m tools.chapters {execute,normalise,check,verify,claims} [FILES]."""

import argparse
import sys
import time
from pathlib import Path

from nbclient.exceptions import CellExecutionError

from . import FOLDER, claims, start, storage, widgets
from .comparison import differences
from .execution import NoAnswer, execute
from .faults import faults
from .normal import normalise


def _execute(path: Path) -> list[str]:
    begun = time.perf_counter()
    notebook = storage.read(path)
    start.insert(notebook)
    notebook, problems = execute(notebook, path.parent)
    if problems:
        return problems
    storage.write(normalise(notebook), path)
    print(f"{path.name}: executed in {time.perf_counter() - begun:.1f} s", flush=True)
    return faults(storage.read(path))


def _normalise(path: Path) -> list[str]:
    notebook = storage.read(path)
    start.insert(notebook)
    storage.write(normalise(notebook), path)
    return []


def _check(path: Path) -> list[str]:
    notebook = storage.read(path)
    return [*start.faults(notebook), *claims.faults(notebook), *faults(notebook, path.read_text(encoding="utf-8"))]


def _verify(path: Path) -> list[str]:
    stored = storage.read(path)
    fresh, problems = execute(stored, path.parent)
    return problems + differences(stored, normalise(fresh))


COMMANDS = {"execute": _execute, "normalise": _normalise, "check": _check, "verify": _verify}


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.chapters", description=__doc__)
    parser.add_argument("command", choices=[*COMMANDS, "claims"])
    parser.add_argument("files", nargs="*", type=Path, help="all of chapters/ when none is named")
    options = parser.parse_args(arguments)
    if options.command == "claims":
        found = claims.write()
        print(f"claims: {len(found)} of {len(claims.exam()['claims'])} are met by a cell; wrote {claims.RESULT.name}")
        return 0
    files = options.files or sorted(FOLDER.glob("*.ipynb"))
    failed = 0
    for path in files:
        try:
            problems = COMMANDS[options.command](path)
        except CellExecutionError as error:
            problems = [f"a cell raised {error.ename}: {error.evalue}\n{error}"]
        except FileNotFoundError:
            problems = ["no such file"]
        except (NoAnswer, storage.Unreadable, widgets.StateLost) as error:
            problems = [str(error)]
        for problem in problems:
            print(f"{path.name}: {problem}", file=sys.stderr)
        failed += bool(problems)
    if options.command in ("execute", "normalise") and any(path.resolve().parent == FOLDER for path in files):
        claims.write()  # a cell's id changes with its text
    print(f"{options.command}: {len(files) - failed} of {len(files)} chapters in order", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
