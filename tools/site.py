"""Build the site: the chapters with their stored outputs, as pages."""

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .chapters import storage, widgets
from .editions import Unwritable
from .editions.__main__ import offer

ROOT = Path(__file__).resolve().parent.parent
JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]

# What every page is made with: when one of these changes, all pages are written again.
SHARED = (
    "_config.yml",
    "_toc.yml",
    "constraints.txt",
    "_ext/**/*",
    "cnnlib/**/*",
    "chapters/*.bib",
    "data/exam/*",
    "chapters/_static/**/*",
    "vendor/SHA256SUMS",
)


class BuildFailed(RuntimeError):
    """Jupyter Book reported an error or a warning."""


def build(*, everything: bool = False, book: Path = ROOT, into: Path | None = None) -> Path:
    """Build the book's site as `into`/_build/html and return that folder; a warning is an error.

    The download button of a chapter gives its edition for students. Only changed pages are written again, unless
    `everything` or something that all pages share has changed. Warnings of unchanged pages are not repeated by Sphinx,
    so a check builds everything.
    """
    into = into or book
    if dead := _dead(book):
        raise BuildFailed("build: " + "\n".join(dead))
    site, stamp, now = into / "_build/html", into / "_build/.shared", _fingerprint(book)
    if not stamp.is_file() or stamp.read_text() != now or not site.is_dir():
        everything = True
    if everything:
        shutil.rmtree(site, ignore_errors=True)  # pages that are no more
    command = [*JUPYTER_BOOK, "build", "-q", "-n", "-W", "--keep-going"]
    command += ["--all"] if everything else []
    command += ["--path-output", str(into), str(book)]
    print(f"site: building {'every page' if everything else 'what changed'} ...", flush=True)
    start = time.perf_counter()
    stamp.unlink(missing_ok=True)
    run = subprocess.run(
        command,
        cwd=book,
        check=False,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if run.returncode:
        raise BuildFailed(f"build: Jupyter Book ended with {run.returncode}:\n{run.stdout}")
    try:
        offer(site, book)
    except Unwritable as error:
        raise BuildFailed(f"build: {error}") from None
    stamp.write_text(now)
    print(f"site: built in {time.perf_counter() - start:.1f} s", flush=True)
    return site


def _dead(book: Path) -> list[str]:
    """A sentence for each explorer that would not come to life: the notebook holds no state of it."""
    return [
        f"{path.relative_to(book)}: cell {number} shows an explorer whose state is not stored; execute the chapter"
        for path in sorted(book.glob("chapters/*.ipynb"))
        for number in widgets.lost(storage.read(path))
    ]


def _fingerprint(book: Path) -> str:
    digest = hashlib.sha256()
    for pattern in SHARED:
        for path in sorted(book.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(book).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> int:
    try:
        print(f"site: {build()}")
    except BuildFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
