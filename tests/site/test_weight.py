"""Limits for what a page may weigh; that every page keeps them is seen in test_pages, where each is loaded."""

import pytest

from .loading import goto
from .weight import MEGABYTE, answers, overweight, weights


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ({"x/a.html": 900_000, "x/_static/theme.css": 1_000_000}, []),
        ({"x/a.html": 900_000, "x/_static/theme.css": 1_300_000}, ["it weighs 2,200,000 bytes"]),
        ({"x/a.html": 900_000, "x/_static/live/explorer.js": 200_000}, ["the page's own part weighs 1,100,000 bytes"]),
    ],
    ids=["within", "all", "its own"],
)
def test_what_is_too_heavy_is_said(sizes, found):
    assert [what.partition(", the limit")[0] for what in overweight(sizes)] == found


def test_next_to_nothing_is_no_light_page():
    with pytest.raises(AssertionError, match="nothing was weighed"):
        overweight({"x/a.html": 5_000})


def test_a_visit_is_weighed_with_all_that_it_loads(open_page):
    page = open_page("about:blank")
    visit = answers(page)
    goto(page, open_page.url + "chapters/index.html")
    sizes = weights(visit)
    assert {url.rpartition(".")[2].partition("?")[0] for url in sizes} >= {"html", "css", "js"}
    assert 100_000 < sum(sizes.values()) < 2 * MEGABYTE
