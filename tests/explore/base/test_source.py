"""The explorers' modules, turned into functions: what is loaded, in which order, and what is refused."""

import re
from pathlib import Path

import pytest

import cnnlib.explore as explore
from cnnlib.explore.base import source

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"


def explorers():
    return [getattr(explore, name) for name in explore.__all__]


def test_modules_come_after_what_they_import(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "FOLDER", tmp_path)
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "low.mjs").write_text("export const one = 1;\n")
    (tmp_path / "kit" / "mid.mjs").write_text(
        'import { one } from "./low.mjs";\nexport function two() {\n  return one + 1;\n}\n'
    )
    (tmp_path / "top.mjs").write_text(
        'import { two as deux } from "./kit/mid.mjs";\n'
        'import { one } from "./kit/low.mjs";\nexport default { deux, one };\n'
    )
    found = source.modules("top.mjs")
    assert list(found) == ["kit/low.mjs", "kit/mid.mjs", "top.mjs"]
    assert 'const { two: deux } = load("kit/mid.mjs");' in found["top.mjs"]
    assert found["kit/mid.mjs"].endswith("return { two };\n}")
    assert found["top.mjs"].endswith("return { default: module_default };\n}")


@pytest.mark.parametrize(
    "line",
    ['import * as all from "./b.mjs";', 'import all from "./b.mjs";', "export { a };", "export * from './b.mjs';"],
)
def test_other_forms_are_refused(tmp_path, monkeypatch, line):
    monkeypatch.setattr(source, "FOLDER", tmp_path)
    (tmp_path / "a.mjs").write_text(f"{line}\n")
    (tmp_path / "b.mjs").write_text("")
    with pytest.raises(ValueError, match=r"modules: a\.mjs has the line"):
        source.modules("a.mjs")


@pytest.mark.parametrize("explorer", explorers(), ids=lambda e: e.__name__)
def test_a_notebook_gets_one_self_contained_module(open_page, explorer):
    """The text that a notebook front end loads from a blob: it imports nothing and exports render."""
    page = open_page("about:blank")
    exported = page.evaluate(
        """async (text) => {
          const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
          return Object.keys((await import(url)).default);
        }""",
        source.joined(explorer.module, explorer.generated),
    )
    assert exported == ["render"]


def written(name):
    """Bytes of a module as written; what is generated (photographs, weights) is data and counted with the page."""
    path = source.FOLDER / name
    return path.stat().st_size if path.is_file() else 0


@pytest.mark.parametrize("chapter", sorted(CHAPTERS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_the_sources_that_a_chapter_loads_are_small(chapter):
    """The budget of a page: 100 kB as written, the style sheet included."""
    text = chapter.read_text(encoding="utf-8")
    used = [getattr(explore, name) for name in explore.__all__ if re.search(rf'"_anywidget_id": "[^"]+\.{name}"', text)]
    assert used
    modules = {name for explorer in used for name in source.modules(explorer.module, explorer.generated)}
    assert sum(map(written, modules)) + written("kit/explorer.css") < 100_000
