"""The API reference: every public name is on a page, with its source, and nothing warns."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "chapters/api").glob("*.md"))
CONF = """
import sys
sys.path.insert(0, {ext!r})
extensions = ["myst_parser", "api"]
root_doc = "index"
nitpicky = True
"""


pytestmark = pytest.mark.filterwarnings("ignore:Widget.* is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The pages' HTML in one, built by themselves with every warning an error."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    folder = tmp_path_factory.mktemp("api")
    (folder / "conf.py").write_text(CONF.format(ext=str(ROOT / "_ext")), encoding="utf-8")
    names = "\n".join(page.stem for page in PAGES)
    (folder / "index.md").write_text(f"# Reference\n\n```{{toctree}}\n{names}\n```\n", encoding="utf-8")
    for page in PAGES:
        (folder / page.name).write_text(page.read_text(encoding="utf-8"), encoding="utf-8")
    warnings = (folder / "warnings.txt").open("w+", encoding="utf-8")
    out = folder / "out"
    with docutils_namespace():  # or its nodes would be there already in the next book of this process
        app = Sphinx(folder, folder, out, folder / "trees", "html", status=None, warning=warnings)
        app.build()
    warnings.seek(0)
    found = warnings.read()
    assert not found, found
    return "".join((out / f"{page.stem}.html").read_text(encoding="utf-8") for page in PAGES)


def modules():
    return [name for page in PAGES for name in re.findall(r"automodule:: (\S+)", page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", modules())
def test_every_public_name_is_there_with_its_source(page, name):
    module = import_module(name)
    for public in module.__all__:
        thing = getattr(module, public)
        if not callable(thing):
            continue
        home = thing.__module__
        homes = [f"{m}.{public}" for m in (name, home, home.rpartition(".")[0])]  # or where it is re-exported from
        at = [home for home in homes if f'id="{home}"' in page]
        assert at, f"{public} is not on the page"
        entry = page.split(f'id="{at[0]}"', 1)[1].split("</dt>", 1)[0]
        assert "_modules/" in entry, f"{public} has no link to its source"


def test_sections_are_read(page):
    entry = page.split('id="cnnlib.geometry.conv_output_size"', 1)[1].split('id="', 1)[0]
    for section in ("Parameters", "Returns", "Raises", "References", "Examples"):
        assert section in entry, section
    assert "Alias for field" not in page


def test_all_modules_are_on_the_page():
    import cnnlib

    documented = {name.removeprefix("cnnlib.") for name in modules()}
    there = {path.stem for path in (ROOT / "cnnlib").glob("[!_]*") if path.is_dir() or path.suffix == ".py"}
    assert documented == (there & set(cnnlib._MODULES))
