"""The editions as code hosts, VS Code and Colab read them: Markdown with tables and with formulas between dollars."""

import re

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from tools.editions import EDITIONS
from tools.editions.__main__ import chapters, prose_of
from tools.editions.edition import edition

# What stays in the text of a page when its program does not know MyST, and a formula that is not recognised as one.
LEFT = re.compile(r"\{[\w:-]+\}(?=`|$)|:::|^\([\w-]+\)=|\[\^|</?div|<span|\$|\{cite|\{term", re.MULTILINE)


@pytest.fixture(scope="module")
def reader():
    """GitHub's Markdown, with formulas as it, VS Code and Colab find them: no blank inside of the dollars."""
    return MarkdownIt("gfm-like").use(dollarmath_plugin, allow_space=False, allow_digits=False)


@pytest.fixture(scope="module")
def prose():
    return prose_of(chapters()[0].parent.parent)


def left_over(reader, text):
    """What a reader would see of a notation that its program does not know."""
    found = []
    for token in reader.parse(text.replace("\\$", "dollars")):
        for each in (token, *(token.children or ())):
            if each.type in ("text", "html_inline", "html_block"):
                found += LEFT.findall(each.content)
            if each.type == "fence" and each.info.startswith("{"):
                found.append(each.info)
            if each.type == "math_inline" and "`" in each.content:
                found.append(each.content)
    return found


def texts(notebook):
    """The Markdown of cells, and of outputs that a program shows as text."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        for output in cell.get("outputs", ()):
            if "text/markdown" in output.get("data", {}) and "image/png" not in output.data:
                yield output.data["text/markdown"]


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
@pytest.mark.parametrize("name", EDITIONS)
def test_nothing_is_left_that_only_the_site_understands(reader, prose, name, path):
    found = list(texts(edition(path, name, prose)))
    assert len(found) > 10
    assert [(text[:80], left) for text in found if (left := left_over(reader, text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "See {term}`kernel`.",
        ":::{note}\nHere.\n:::",
        "(here)=\n## A title",
        "```{figure} a.png\n```",
        "So {cite:t}`one`.",
        '<div class="cell_output">x</div>',
        "A formula $ x $ with blanks.",
        "A formula $x$2 before a digit.",
        "A note[^1].",
    ],
)
def test_what_is_left_is_found(reader, text):
    assert left_over(reader, text)


@pytest.mark.parametrize(
    "text", ["It costs \\$5.", "Say `{term}` and $x_1 < 3$.", "$$\ny = x\n$$", "| a | $b$ |\n|---|---|\n| c | d |"]
)
def test_what_is_plain_is_let_pass(reader, text):
    assert left_over(reader, text) == []
