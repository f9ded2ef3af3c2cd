"""The page of conventions: every row in the HTML as it is served, with an address that other pages can link to."""

import pytest

from cnnlib import conventions

NAMES = [pair.name for pairs in conventions.TOPICS.values() for pair in pairs]


@pytest.fixture(scope="module")
def rows(parsed):
    page = parsed("chapters/conventions.html")
    return {table["id"]: table for table in page.select(".conventions table")}


def test_all_thirty_are_there_without_a_script(rows):
    assert list(rows) == NAMES
    for name, table in rows.items():
        pair = conventions.pair(name)
        assert pair.trap.replace("`", "") in table.get_text()
        assert len(table.select("th[scope=col]")) == 2
        assert [link["href"] for link in table.select(".sources a")] == [at for _, at in pair.sources if at]


def test_another_page_links_to_a_row(parsed, rows):
    page = parsed("chapters/api.html")
    links = [a["href"] for a in page.select("article a[href^='conventions.html#']")]
    assert {link.partition("#")[2] for link in links} == {"padding-order", "kernel-layout"} <= set(rows)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_row_that_is_linked_is_in_sight_and_stands_out(open_page, width):
    page = open_page("chapters/conventions.html#same-padding", width=width)
    row = page.locator("#same-padding")
    assert row.evaluate("(e) => getComputedStyle(e).outlineStyle") == "solid"
    page.wait_for_selector(".cnnlib-explorer .status:not(:empty)")
    page.wait_for_function(
        """() => { const { top } = document.querySelector("#same-padding").getBoundingClientRect();
        return top >= 0 && top < innerHeight / 2; }"""
    )
    assert page.locator("#kernel-layout").evaluate("(e) => getComputedStyle(e).outlineStyle") == "none"


def test_what_stays_in_one_piece_on_paper_fits_on_a_page(open_page):
    """Or it leaves the page before it nearly empty, as a topic's heading with one sentence was."""
    page = open_page("chapters/conventions.html", width=794)
    page.wait_for_selector(".cnnlib-explorer")
    page.emulate_media(media="print")
    heights = page.locator(".bd-article *").evaluate_all(
        """(all) => all.filter((e) => getComputedStyle(e).breakInside === "avoid" && e.checkVisibility())
          .map((e) => e.getBoundingClientRect().height)"""
    )
    assert len(heights) > len(NAMES) and max(heights) < 1000  # of 1,123 pixels
