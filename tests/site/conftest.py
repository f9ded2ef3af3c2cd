"""Pages of the built site, and a small book that is built with one thing changed."""

import base64
import functools
import io
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

from tests.conftest import LONG
from tools.environment import ROOT
from tools.site import build


def pytest_generate_tests(metafunc):
    """`page_name` runs over the pages that the table of contents leads to."""
    if "page_name" in metafunc.fixturenames:
        metafunc.parametrize("page_name", written_pages())


def written_pages() -> list[str]:
    """The pages of the book; of the reference, made from one template, five; in the long form all of them."""
    reference = [name for name in book_pages() if name.startswith("chapters/api/")]
    assert len(reference) > 20
    tried = reference if LONG else [reference[k * (len(reference) - 1) // 4] for k in range(5)]
    return [name for name in book_pages() if name not in reference] + tried


@pytest.fixture(scope="session")
def other_pages(site_dir):
    """Addresses of the pages that nobody wrote: the search, the index, the package's sources."""
    built = {path.relative_to(site_dir).as_posix() for path in site_dir.rglob("*.html")}
    # another process may be trying the explorers on pages of its own, chapters/trial-*.html
    built = {name for name in built if not name.startswith(("_static/", "_sources/", "chapters/trial-"))}
    assert built >= set(book_pages())
    return sorted(built - set(book_pages()) - {"index.html"})


@pytest.fixture(scope="session")
def parsed(site_dir):
    """A page of the site, parsed once for all tests of a process, so none may change it: `parsed("search.html")`."""

    @functools.cache
    def parsed(address):
        return BeautifulSoup((site_dir / address).read_text(encoding="utf-8"), "html.parser")

    return parsed


def book_pages() -> list[str]:
    """Addresses of the pages in the table of contents, relative to the site."""

    def names(entries):
        for entry in entries:
            found = [entry["file"]] if "file" in entry else sorted(ROOT.glob(entry["glob"]))
            for name in found:
                yield name if isinstance(name, str) else name.relative_to(ROOT).with_suffix("").as_posix()
            yield from names(entry.get("sections", ()))

    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter for part in toc["parts"] for chapter in part["chapters"]]
    return [f"{name}.html" for name in (toc["root"], *names(chapters))]


def picture(description: str) -> nbformat.NotebookNode:
    """The output of a figure cell."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(buffer, "PNG")
    data = {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": description}
    return nbformat.v4.new_output("display_data", data=data)


@pytest.fixture(scope="session")
def build_small_book(tmp_path_factory):
    """Build a book of three pages with this book's configuration, `build_small_book(url=..., descriptions=[...])`.

    `folder` is where, if not in a new one.
    """

    def build_small_book(folder=None, *, url="", descriptions=("A teal rectangle.",)) -> Path:
        folder = folder or tmp_path_factory.mktemp("book")
        shutil.copytree(ROOT / "_ext", folder / "_ext", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "constraints.txt", folder)
        config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
        config["repository"]["url"] = url
        config.pop("bibtex_bibfiles", None)
        for name in ("runtime", "papers"):  # what they write takes half a minute, and nothing here asks for it
            del config["sphinx"]["local_extensions"][name]
        (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        chapters = folder / "chapters"
        chapters.mkdir()
        toc = {"format": "jb-book", "root": "chapters/index", "chapters": [{"glob": "chapters/[0-9]*"}]}
        (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
        (chapters / "index.md").write_text("# Small book\n\nPlain words.\n", encoding="utf-8")
        (chapters / "01-sum.md").write_text("# Sum\n\n$$\n\\sum_i \\boldsymbol{x}_i\n$$\n", encoding="utf-8")
        cells = [nbformat.v4.new_markdown_cell("# Figure\n\nWords.")]
        for text in descriptions:
            cells.append(nbformat.v4.new_code_cell("draw()", execution_count=1, outputs=[picture(text)]))
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, chapters / "02-figure.ipynb")
        return build(book=folder)

    return build_small_book


@pytest.fixture(scope="session")
def small_book(build_small_book):
    """The small book as it is, without an address."""
    return build_small_book()


@pytest.fixture
def practice(open_page):
    """Open the page with its paper drawn: `practice("#seed=3&marks=15&mode=exam")`."""

    def practice(fragment="", address="chapters/practice.html", **options):
        page = open_page(address + fragment, **options)
        page.wait_for_selector(".paper-questions > li")
        return page

    return practice
