"""Both editions of every chapter: plain, complete, and the students' without an answer."""

import ast
import json
import re
from itertools import pairwise

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from tools.chapters import storage
from tools.chapters.faults import faults
from tools.chapters.normal import normalise
from tools.chapters.widgets import STATE, VIEW
from tools.editions import EDITIONS, ROOT
from tools.editions.__main__ import chapters, main
from tools.editions.edition import is_solution

CHAPTERS = [path.stem for path in chapters()]
EVERY = pytest.mark.parametrize("chapter", CHAPTERS)
BOTH = pytest.mark.parametrize("name", EDITIONS)


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    assert main([str(folder)]) == 0
    return folder


@pytest.fixture
def read(written):
    return lambda name, chapter: storage.read(written / name / f"{chapter}.ipynb")


@pytest.fixture(scope="session")
def parser():
    extensions = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["parse"]["myst_enable_extensions"]
    return create_md_parser(MdParserConfig(enable_extensions=set(extensions)), RendererHTML)


def tokens(parser, notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for token in parser.parse(cell.source):
                yield token
                yield from token.children or ()


@EVERY
@BOTH
def test_no_myst_is_left(read, parser, name, chapter):
    for token in tokens(parser, read(name, chapter)):
        assert not token.type.startswith(("myst", "colon_fence", "substitution", "dl_")), token
        assert token.type != "fence" or not token.info.startswith("{"), token
        if token.type == "text":
            assert ":::" not in token.content and "{cite" not in token.content and "{term" not in token.content


@EVERY
@BOTH
def test_every_link_leads_somewhere(read, parser, written, name, chapter):
    for token in tokens(parser, read(name, chapter)):
        if token.type == "link_open":
            target = token.attrs["href"]
            assert re.match("https?://", target) or (written / name / target).is_file(), target


@EVERY
@BOTH
def test_it_is_stored_in_the_normal_form_and_shows_what_the_chapter_shows(read, name, chapter):
    notebook, stored = read(name, chapter), storage.read(ROOT / f"chapters/{chapter}.ipynb")
    nbformat.validate(notebook)
    assert storage.text(normalise(notebook)) == storage.text(notebook)
    assert not any(VIEW in json.dumps(cell) for cell in notebook.cells) and "widgets" not in notebook.metadata
    kept = [cell for cell in stored.cells if name == "instructors" or not is_solution(cell)]
    assert pictures(notebook) == pictures(nbformat.v4.new_notebook(cells=kept))
    # the numbers of the prose are held to the chapter's outputs, which an edition need not hold all
    assert [fault for fault in faults(notebook) if "the prose says" not in fault] == []


@EVERY
@BOTH
def test_every_picture_has_its_description_where_nbconvert_looks(read, name, chapter):
    from nbconvert import HTMLExporter

    notebook = read(name, chapter)
    body, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    images = BeautifulSoup(body, "html.parser").select("img")
    outputs = [output["data"] for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]
    described = [" ".join(data["text/plain"].split()) for data in outputs if "image/png" in data]
    assert [image.get("alt") for image in images if image["src"].startswith("data:image/png")] == described
    assert len(described) == len(pictures(notebook)) and all(described)


def pictures(notebook):
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return [output["data"]["image/png"] for output in outputs if "image/png" in output.get("data", {})]


@EVERY
def test_students_find_no_solution_and_no_answer(read, chapter):
    notebook, stored = read("students", chapter), storage.read(ROOT / f"chapters/{chapter}.ipynb")
    text = "\n".join(cell.source for cell in notebook.cells)
    for cell in stored.cells:
        if is_solution(cell):
            assert cell.source not in text
    states = [model["state"] for model in stored.metadata.get("widgets", {}).get(STATE, {}).get("state", {}).values()]
    asked = [state for state in states if state.get("_anywidget_id", "").endswith(".Question")]
    assert text.count(".sealed(") == len(asked) == text.count("# The question is packed")
    code = "\n".join(cell.source for cell in notebook.cells if ".sealed(" in cell.source)
    whole = storage.text(notebook)
    for state in asked:
        for _, hint in state["wrong"]:
            assert json.dumps(hint, ensure_ascii=False)[1:-1] not in whole
        if state["choices"]:
            assert state["answer"] not in code
        if state["why"]:
            assert json.dumps(state["why"], ensure_ascii=False)[1:-1] not in whole


@EVERY
def test_students_find_every_exercise(read, chapter):
    def checks(notebook):
        for cell in notebook.cells:
            if cell.cell_type == "code" and not is_solution(cell):
                calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
                yield from (c.func.attr for c in calls if getattr(c.func, "attr", "").startswith("check_"))

    assert list(checks(read("students", chapter))) == list(checks(storage.read(ROOT / f"chapters/{chapter}.ipynb")))


@EVERY
def test_instructors_find_every_solution_open(read, chapter):
    notebook, stored = read("instructors", chapter), storage.read(ROOT / f"chapters/{chapter}.ipynb")
    solutions = [cell.source for cell in stored.cells if is_solution(cell)]
    found = [b.source for a, b in pairwise(notebook.cells) if a.source == "**Solution**"]
    assert found == solutions
    assert all("jupyter" not in cell.metadata for cell in notebook.cells if cell.source in solutions)
    assert notebook.cells[1].source.startswith("> **For instructors**")


def test_what_cannot_be_written_names_chapter_and_cell(tmp_path, monkeypatch, capsys):
    from tools.editions import __main__ as command

    notebook = storage.read(ROOT / f"chapters/{CHAPTERS[0]}.ipynb")
    notebook.cells[0].source += "\n\n{numref}`x`"
    storage.write(notebook, tmp_path / "00-a.ipynb")
    monkeypatch.setattr(command, "chapters", lambda book=None: [tmp_path / "00-a.ipynb"])
    assert main([str(tmp_path / "out")]) == 1
    assert "class: 00-a.ipynb: cell 1: the role {numref} has no form" in capsys.readouterr().err
