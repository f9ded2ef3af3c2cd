"""Write both editions: python -m tools.editions [FOLDER]."""

import shutil
import sys
from pathlib import Path

import yaml

from ..chapters import storage
from . import EDITIONS, FOLDER, ROOT, Unwritable
from .citations import Citations
from .edition import edition
from .prose import Prose

README = """\
# {title}

The chapters as plain notebooks, in the edition for {name}. They run where the package `cnnlib` is installed or lies
in a folder above this one.

{chapters}
"""


def chapters(book: Path = ROOT) -> list[Path]:
    """The numbered chapters of a book; its front page is made for the site alone."""
    return sorted(book.glob("chapters/[0-9]*.ipynb"))


def prose_of(book: Path) -> Prose:
    """How a book's text becomes plain, by its configuration, its bibliography and the address it may have."""
    config = yaml.safe_load((book / "_config.yml").read_text(encoding="utf-8"))
    repository = config.get("repository") or {}
    address, branch = (repository.get("url") or "").strip().rstrip("/"), repository.get("branch") or "main"
    names = {path.name for path in chapters(book)}
    bibliography = book / "chapters/references.bib"

    def elsewhere(file):
        return f"{address}/blob/{branch}/chapters/{file}" if address else None

    return Prose(
        config["parse"]["myst_enable_extensions"],
        Citations(bibliography if bibliography.is_file() else None),
        names.__contains__,
        elsewhere,
    )


def write(name: str, into: Path, book: Path = ROOT) -> None:
    """Write one edition of a book into a folder, in place of what it holds."""
    prose = prose_of(book)
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    entries = []
    for path in chapters(book):
        notebook = edition(path, name, prose)
        storage.write(notebook, into / path.name)
        title = notebook.cells[0].source.partition("\n")[0].lstrip("# ")
        entries.append(f"- [{path.stem[:2]}. {title}]({path.name})")
    title = yaml.safe_load((book / "_config.yml").read_text(encoding="utf-8"))["title"]
    text = README.format(title=title, name=name, chapters="\n".join(entries))
    (into / "README.md").write_text(text, encoding="utf-8", newline="\n")


def offer(site: Path, book: Path = ROOT) -> None:
    """Put the students' edition where the site's download buttons lead."""
    prose = prose_of(book)
    for path in chapters(book):
        target = site / "_sources/chapters" / path.name
        if target.is_file():
            storage.write(edition(path, "students", prose), target)


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else FOLDER
    try:
        for name in EDITIONS:
            write(name, folder / name)
            print(f"class: {len(chapters())} chapters for {name} in {folder / name}", flush=True)
    except Unwritable as error:
        print(f"class: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
