"""MyST to plain Markdown, one form after the other, and what has none."""

import pytest

from tools.editions import Unwritable
from tools.editions.citations import Citations
from tools.editions.prose import Prose

BIBLIOGRAPHY = r"""
@article{one, author = {LeCun, Yann}, year = {1989}, doi = {10.1162/neco.1989.1.4.541}, title = {A}}
@misc{two, author = {Dumoulin, Vincent and Visin, Francesco}, year = {2016}, eprint = {1603.07285}, title = {B}}
@misc{many, author = {Bottou, L{\'e}on and A, B and C, D}, year = {1998}, url = {https://example.org/x}, title = {C}}
@misc{nobody, title = {{A Manual}}, note = {No address confirmed}}
"""


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    path = tmp_path_factory.mktemp("bib") / "a.bib"
    path.write_text(BIBLIOGRAPHY, encoding="utf-8")

    def make(address=None):
        def elsewhere(file):
            return address and f"{address}/{file}"

        return Prose(["colon_fence", "dollarmath", "deflist"], Citations(path), {"04-a.ipynb"}.__contains__, elsewhere)

    return make


@pytest.mark.parametrize(
    ("myst", "plain"),
    [
        ("A {term}`kernel` and {term}`windows <window>`.", "A kernel and windows."),
        ("An {index}`map <pair: a; map>` and {index}`GiB`.", "An map and GiB."),
        ("Say {math}`x_1` or $x_1$.", "Say $x_1$ or $x_1$."),
        ("So {cite}`one`.", "So ([LeCun, 1989](https://doi.org/10.1162/neco.1989.1.4.541))."),
        (
            "{cite:t}`two` and {cite:p}`many,nobody`",
            "[Dumoulin & Visin, 2016](https://arxiv.org/abs/1603.07285) and "
            "([Bottou et al., 1998](https://example.org/x); A Manual)",
        ),
        ("`{term}` is code, {term}`x` not.", "`{term}` is code, x not."),
        ("```python\n{term}`x`\n```", "```python\n{term}`x`\n```"),
        ("[four](04-a.ipynb) and [part](04-a.ipynb#part)", "[four](04-a.ipynb) and [part](04-a.ipynb)"),
        ("see [a *word*](glossary.md), [x](y.md)", "see a *word*, x"),
        ("[out](https://example.org/a.md)", "[out](https://example.org/a.md)"),
        ("(here)=\n## A {term}`title`", "## A title"),
        ("- one {term}`a`\n  - two\n    {term}`b <c>`\n- three", "- one a\n  - two\n    b\n- three"),
        ("Nothing to do: $a < b$, *x*, a_b, \\$5.", "Nothing to do: $a < b$, *x*, a_b, \\$5."),
        ("$$\ny = {x}\n$$", "$$\ny = {x}\n$$"),
    ],
)
def test_a_form_becomes_plain(make, myst, plain):
    assert make().plain(myst) == plain
    assert make().plain(plain) == plain


ADMONITION = """\
Before.

:::{admonition} More: about {term}`a`
:class: dropdown more
First $x$.

- a {cite}`two`

```python
print(1)
```
:::

After."""
QUOTATION = """\
Before.

> **More: about a**
>
> First $x$.
>
> - a ([Dumoulin & Visin, 2016](https://arxiv.org/abs/1603.07285))
>
> ```python
> print(1)
> ```

After."""


def test_an_admonition_becomes_a_quotation(make):
    assert make().plain(ADMONITION) == QUOTATION
    assert make().plain("```{note}\nA note.\n```") == "> **Note**\n>\n> A note."


def test_a_page_that_is_not_there_is_linked_where_the_book_has_an_address(make):
    prose = make("https://example.org/book")
    assert prose.plain("[words](glossary.md#a)") == "[words](https://example.org/book/glossary.md)"


@pytest.mark.parametrize(
    ("myst", "message"),
    [
        ("{numref}`x`", r"the role \{numref\} has no form"),
        (":::{figure} a.png\n:::", r"the directive \{figure\} has no form"),
        ("{cite}`unknown`", "the source unknown is not in the bibliography"),
        ("A\n: a definition", "dl has no form in plain Markdown"),
        ("[a][r]\n\n[r]: 04-a.ipynb", r"not written as \[words\]\(04-a.ipynb\)"),
        ("{term}``x``", "written in a way that the editions do not follow"),
    ],
)
def test_what_has_no_plain_form_is_said(make, myst, message):
    with pytest.raises(Unwritable, match=message):
        make().plain(myst)
