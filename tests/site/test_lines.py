"""What the end of a line does not part."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree

sys.path.append(str(Path(__file__).resolve().parent.parent.parent / "_ext"))

from lines import keep_together

TEXT = "A 3 × 3 kernel, ``3 × 3`` and a × b: for every :math:`P`, an odd number; :math:`Q` alone."


@pytest.fixture
def read():
    def read(text, docname):
        doctree = publish_doctree(text)
        keep_together(SimpleNamespace(env=SimpleNamespace(docname=docname)), doctree)
        return doctree

    return read


def test_a_size_stays_in_one_line_and_code_as_it_is(read):
    paragraph = read(TEXT, "chapters/06-stride")[0]
    assert paragraph[0].astext() == "A 3\u00a0×\u00a03 kernel, "
    assert paragraph[1].astext() == "3 × 3"
    assert paragraph[2].astext() == " and a × b: for every "


def test_a_formula_keeps_the_comma_behind_it(read):
    paragraph = read(TEXT, "chapters/06-stride")[0]
    whole = [node for node in paragraph.findall(nodes.inline) if "one-line" in node["classes"]]
    assert [node.astext() for node in whole] == ["P,"]
    assert paragraph.astext().replace("\u00a0", " ") == publish_doctree(TEXT)[0].astext()


def test_other_pages_stay_as_they_are(read):
    assert read(TEXT, "chapters/glossary").astext() == publish_doctree(TEXT).astext()
