"""The explorers' modules, turned into functions: what is loaded, in which order, and what is refused."""

import re
from pathlib import Path

import pytest

import cnnlib.explore as explore
from cnnlib.explore.base import source
from cnnlib.explore.base.explorer import Explorer

CHAPTERS = Path(__file__).resolve().parents[3] / "chapters"


def explorers():
    found = [getattr(explore, name) for name in explore.__all__]
    return [each for each in found if issubclass(each, Explorer)]


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
def test_a_notebook_gets_one_self_contained_module(library, explorer):
    """The text that a notebook front end loads from a blob: it imports nothing and exports render."""
    exported = library.evaluate(
        """async (text) => {
          const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
          return typeof (await import(url)).default.render;
        }""",
        source.joined(explorer.module, explorer.generated),
    )
    assert exported == "function"


def test_comments_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "FOLDER", tmp_path)
    text = "/** What\n * this is. */\n"
    text += 'export const a = "/** kept */"; // left out\n  // left out\nexport const b = 1; /* kept */\n'
    text += 'export const c = "// kept"; // "kept"\n'
    (tmp_path / "a.mjs").write_text(text)
    (found,) = source.modules("a.mjs").values()
    assert found.count("kept") == 4 and "this is" not in found and "left out" not in found
    assert 'const a = "/** kept */";\nconst b = 1; /* kept */\nconst c = "// kept"; // "kept"\n' in found


def test_a_style_sheet_is_the_same_without_what_says_nothing(library):
    """A browser reads the same rules from it as from the files."""
    sheets = [*source.SHARED, "network_live/sheet.css"]
    files = "".join((source.FOLDER / name).read_text("utf-8") for name in sheets)
    read = """(text) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);
      return [...sheet.cssRules].map((rule) => rule.cssText); }"""
    rules = library.evaluate(read, source.style(*sheets))
    assert rules == library.evaluate(read, files) and len(rules) > 90
    assert len(source.style(*sheets)) < 0.9 * len(files)


def test_a_text_that_runs_over_lines_is_refused(tmp_path, monkeypatch):
    """Its indentation would be lost."""
    monkeypatch.setattr(source, "FOLDER", tmp_path)
    (tmp_path / "a.mjs").write_text("export const a = `one ${\n  [1].map((v) => { return `${v}`; })\n}\n  two`;\n")
    with pytest.raises(ValueError, match=r"modules: a\.mjs has a text in backquotes that runs over lines, '}'"):
        source.modules("a.mjs")


def sources(chapter):
    """Bytes of each module that a chapter loads; tables, photographs and weights are data, counted with the page."""
    text = chapter.read_text(encoding="utf-8")
    used = [each for each in explorers() if re.search(rf'"_anywidget_id": "[^"]+\.{each.__name__}"', text)]
    modules = {}
    for explorer in used:
        modules |= source.modules(explorer.module, explorer.generated)
    written = [name for name in modules if (source.FOLDER / name).is_file() or name.endswith("/schema.mjs")]
    sheets = dict.fromkeys([*source.SHARED, *(sheet for explorer in used for sheet in explorer.sheets)])
    return {name: len(modules[name].encode()) for name in written} | {
        name: len(source.style(name).encode()) for name in sheets
    }


@pytest.mark.parametrize("chapter", sorted(CHAPTERS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_the_sources_that_a_chapter_loads_are_small(chapter):
    """The budget of a page: 125 kB of explorers' JavaScript, the style sheet included; about a quarter once packed."""
    found = sources(chapter)
    assert "kit/frame.mjs" in found or "question/view.mjs" in found
    assert sum(found.values()) < 125_000
