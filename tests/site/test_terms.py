"""Links between chapters and the glossary: one from the first use of each term, and the way back."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from tools.chapters import FOLDER

EXT = Path(__file__).resolve().parent.parent.parent / "_ext"
CONF = f"""
import sys
sys.path.insert(0, {str(EXT)!r})
extensions = ["myst_parser", "terms"]
root_doc = "chapters/index"
suppress_warnings = ["toc.not_included"]
"""
GLOSSARY = """# Glossary

```{glossary}
:sorted:

pooling
  One value per window.

max pooling
  The largest.

phase
  A row and a column modulo the stride.

shared weights
weight sharing
  The same everywhere.
```
"""
CHAPTERS = {
    "01-first": "# Pooling\n\nBy \"a pooling\", `pooling`, [pooling](02-second.md) and *Max Pooling*, comes poolings, "
    "then pooling.\n\nIn this phase nothing; but the {index}`phase` counts.\n",
    "02-second": "# Second\n\nPooling is first here. {term}`Later <pooling>` it is linked, and weight sharing too.\n",
    "index": "# Book\n\nPooling.\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The pages of a small book, by name; a warning is an error."""
    folder = tmp_path_factory.mktemp("book")
    (folder / "chapters").mkdir()
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    for name, text in {"glossary": GLOSSARY, **CHAPTERS}.items():
        (folder / f"chapters/{name}.md").write_text(text, encoding="utf-8")
    with docutils_namespace():
        app = Sphinx(folder, folder, folder / "out", folder / "trees", "html", status=None, warning=None)
        app.build()
    assert app.statuscode == 0
    pages = {path.stem: path for path in (folder / "out/chapters").glob("*.html")}
    return {name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for name, path in pages.items()}


def uses(page):
    return [(use.text, use["id"], use.a["href"]) for use in page.select(".term-use")]


def test_the_first_mention_in_running_text_is_linked_once(book):
    assert uses(book["01-first"]) == [
        ("Max Pooling", "term-use-max-pooling", "glossary.html#term-max-pooling"),
        ("poolings", "term-use-pooling", "glossary.html#term-pooling"),
        ("phase", "term-use-phase", "glossary.html#term-phase"),
    ]
    assert not book["01-first"].select("h1 .term-use")
    assert "“a pooling”" in str(book["01-first"])  # a quotation is nobody's definition


def test_an_everyday_word_is_linked_only_where_its_author_says_that_it_is_the_term(book):
    (phase,) = book["01-first"].select("#term-use-phase")
    assert phase.parent.text == "In this phase nothing; but the phase counts."
    assert str(phase.parent).index("nothing") < str(phase.parent).index("term-use-phase")


def test_what_an_author_links_is_the_chapters_anchor_of_the_term(book):
    assert uses(book["02-second"]) == [
        ("Later", "term-use-pooling", "glossary.html#term-pooling"),
        ("weight sharing", "term-use-weight-sharing", "glossary.html#term-weight-sharing"),
    ]


def test_only_chapters_are_linked(book):
    assert uses(book["index"]) == []


def test_each_entry_leads_back_to_the_chapters(book):
    back = {
        entry.find_previous("dt")["id"]: [(entry.text, [link["href"] for link in entry.find_all("a")])]
        for entry in book["glossary"].select(".term-uses")
    }
    assert back == {
        "term-max-pooling": [("In chapter 1", ["01-first.html#term-use-max-pooling"])],
        "term-phase": [("In chapter 1", ["01-first.html#term-use-phase"])],
        "term-pooling": [("In chapters 1, 2", ["01-first.html#term-use-pooling", "02-second.html#term-use-pooling"])],
        "term-weight-sharing": [("In chapter 2", ["02-second.html#term-use-weight-sharing"])],
    }


# The book's own glossary ---------------------------------------------------------------------------------------------

#: Entries for words that readers meet in code, in outputs or in other books; no chapter's text has them.
ELSEWHERE = {
    "floor and ceil mode", "offset branch", "patch embedding", "quadrature pair", "same padding", "sampling grid",
    "scatter", "softmax", "start of a field", "test error", "valid padding",
}  # fmt: skip


def test_every_term_leads_to_a_chapter(parsed):
    page = parsed("chapters/glossary.html")
    entries = page.select("dl.glossary dd")
    assert len(entries) > 150
    alone = [entry.find_previous("dt") for entry in entries if not entry.select(".term-uses a")]
    assert {term.find(string=True).strip() for term in alone} <= ELSEWHERE


def test_the_glossary_is_in_alphabetical_order():
    import sys

    sys.path.append(str(EXT))
    from terms import glossary

    terms = glossary(FOLDER / "glossary.md")
    assert len(terms) == len({term.lower() for term in terms})
    first = [term for term in terms if term not in ("ridge", "scatter", "weight sharing")]  # second names of an entry
    assert first == sorted(first, key=str.lower)
