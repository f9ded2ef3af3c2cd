"""Numbers in prose: which ones need code behind them, and what counts as behind."""

import nbformat
import pytest

from tools.chapters.prose import prose_numbers, unproven


def numbers(markdown):
    return [text for text, _, _ in prose_numbers(markdown)]


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("it has 227 pixels", ["227"]),
        ("11×11×3 and 11x11", ["11", "11", "11", "11"]),
        (r"$\lfloor (227 - 11)/4 \rfloor + 1 = 55$", ["227", "11", "55"]),
        (r"$51{,}529$ or 51,529", ["51,529", "51,529"]),
        ("1.88 times, 12 %, 62 million, 4 MB", ["1.88", "12 %", "62 million", "4 MB"]),
        (r"12\,\%", ["12 %"]),
        ("```{note}\n34 here\n```", ["34"]),
        ("between 20 and 30.", ["20", "30"]),
        ("in 2050 pixels", ["2050"][:0]),
    ],
)
def test_numbers_that_need_code(markdown, found):
    assert numbers(markdown) == found


@pytest.mark.parametrize(
    "markdown",
    [
        "two of 10, and 3x3 at stride 2",
        "VGG-16, ResNet-50, conv11, float32, $x_{12}$, exam 4a",
        "in 2012 and 1962",
        "`kernel_size=11` and ```` ``12`` ````",
        "```python\nprint(227)\n```",
        "[a link](https://a.b/1234) and <span id='x99'>",
        "section 3.12, Table 14, Figure 27, page 1106",
        "{cite}`paper2012` and arXiv:1603.07285",
        "torch 2.13.0",
        "## 6.12 Heading",
        "12. the twelfth item",
        "```{figure} x.png\n:width: 480px\n```",
        "```{bibliography}\n:filter: 99\n```",
        "**Time** 20 minutes to read, 40 with the exercises.",
    ],
)
def test_numbers_that_are_free(markdown):
    assert numbers(markdown) == []


def notebook(prose, output, heading=None):
    cells = [nbformat.v4.new_markdown_cell(heading)] if heading else []
    cells.append(nbformat.v4.new_markdown_cell(prose))
    cells.append(nbformat.v4.new_code_cell("x"))
    cells[-1].outputs = [nbformat.v4.new_output("stream", name="stdout", text=output)]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("prose", "output"),
    [
        ("55", "out 55"),
        ("51,529", "51529"),
        ("51,529", "51,529 pixels"),
        ("1.88", "ratio=1.8831"),
        ("97", "96.7"),
        ("12 %", "0.1234"),
        ("12 %", "12.3 %"),
        ("62 million", "62378344"),
        ("62.4 million", "62_378_344 62378344"),
        ("0.0015", "1.5e-3"),
        ("13", "(227, 13, 13)"),
    ],
)
def test_produced(prose, output):
    assert unproven(notebook(prose, output)) == []


@pytest.mark.parametrize(
    ("prose", "output"),
    [
        ("56", "55"),
        ("1.89", "1.8831"),
        ("12 %", "0.1350"),
        ("63 million", "62378344"),
        ("55", "5 5"),
        ("55", "155"),
        ("32", "float32"),
        ("16 %", "16"),
    ],
)
def test_not_produced(prose, output):
    assert len(unproven(notebook(prose, output))) == 1


def test_sources_may_cite_pages():
    assert unproven(notebook("227", "55")) != []
    assert unproven(notebook("227", "55", heading="## Sources\n\nVolume 36, pages 193-202")) == []


def chapter(*cells):
    """A notebook of markdown, as it is, and of the outputs of code, which begin with `>`."""
    made = []
    for text in cells:
        if text.startswith(">"):
            made.append(nbformat.v4.new_code_cell("x"))
            made[-1].outputs = [nbformat.v4.new_output("stream", name="stdout", text=text[1:])]
        else:
            made.append(nbformat.v4.new_markdown_cell(text))
    return nbformat.v4.new_notebook(cells=made)


FAR = ["# Title", "## One", ">55 66", "## Two", ">77", "### deeper", ">88", "## Three", ">99"]


@pytest.mark.parametrize(
    ("index", "prose"),
    [
        (2, "55 and 66 of it"),  # above the output, in its section
        (3, "55 of it"),
        (5, "55, shown before, and 77"),
        (7, "77 of it"),  # a deeper heading begins no section
        (9, "88 and 99"),
    ],
)
def test_shown_in_the_section_or_the_one_before(index, prose):
    assert unproven(chapter(*FAR[:index], prose, *FAR[index:])) == []


@pytest.mark.parametrize(("index", "prose"), [(1, "It is 77"), (3, "It is 99"), (8, "It is 55"), (9, "It is 66")])
def test_shown_too_far_away(index, prose):
    (found,) = unproven(chapter(*FAR[:index], prose, *FAR[index:]))
    assert f"cell {index + 1}: the prose says {prose[-2:]}, which an output of another section shows" in found


def test_what_is_said_where_it_is_shown_may_be_said_again_anywhere():
    """In the opening and in the summary; to the same digits or fewer, and nothing else for it."""
    told = [
        "# Title\n\nWhy 551?",
        "## One\n\nIt is 551.",
        ">551",
        "## Two",
        "## Three",
        "## What you can do\n\nTell 551.",
    ]
    assert unproven(chapter(*told)) == []
    assert len(unproven(chapter(*told[:-1], "## What you can do\n\nTell 552."))) == 1
    silent = [text.replace("It is 551.", "It is so.") for text in told]
    assert len(unproven(chapter(*silent))) == 2  # the opening and the summary do not prove each other


def test_a_tables_tags_are_no_numbers():
    found = notebook("It is 480", "")
    found.cells[-1].outputs = [
        nbformat.v4.new_output(
            "execute_result", data={"text/html": "<td style='width: 480px'>7</td>", "text/plain": "7"}
        )
    ]
    assert len(unproven(found)) == 1
