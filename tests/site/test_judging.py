"""Text of one look is judged once: what is odd among many alike is found all the same."""

import pytest

from .judging import ALL, COLOUR, SHAPE, judged

CHAPTER = "chapters/06-stride-padding-dilation.html"
#: Changes one of many; `all` are the texts of which it is one.
ODD = """([selector, code]) => {
  const all = [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
  if (all.length < 10) throw new Error(`${all.length} of ${selector}`);
  new Function("one", code)(all[Math.floor(0.6 * all.length)]);
}"""
CASES = {
    "its colour": (".highlight span.n", "one.style.color = '#ccc'", "color-contrast"),
    "its background": (".bd-article p", "one.style.backgroundColor = '#444'", "color-contrast"),
    "an element around it": (".bd-article section > p", "one.parentElement.style.opacity = 0.3", "color-contrast"),
    "its size": (".bd-article p", "one.style.cssText = 'color: #888; font-size: 14px'", "color-contrast"),
    "a link's mark": (
        ".bd-article section > p a.reference:not(.headerlink)",
        "one.style.cssText = 'text-decoration: none; color: #333'",
        "link-in-text-block",
    ),
}


@pytest.mark.parametrize(("selector", "code", "rule"), CASES.values(), ids=CASES)
def test_one_odd_among_many_alike_is_found(open_page, selector, code, rule):
    page = open_page(CHAPTER)
    page.evaluate(ODD, [selector, code])
    found = judged(page, COLOUR, every=False)
    assert found["faults"] and all(fault.startswith(f"{rule}:") for fault in found["faults"]), found


def test_where_axe_has_no_verdict_on_some_the_others_are_judged(open_page):
    """The three of a look that are tried first are scrolled out of sight, as lines of long code are."""
    page = open_page("about:blank")
    cut = dict.fromkeys((3, 6, 9), "overflow: hidden; height: 0")
    lines = "".join(f"<div style='{cut.get(n, '')}'><p style='color: #aaa'>Text {n}</p></div>" for n in range(12))
    page.set_content(f"<!doctype html><html lang=en><title>T</title><main>{lines}</main>")
    assert len(judged(page, COLOUR, every=False)["faults"]) == 9


def test_every_text_is_judged_in_the_long_form_with_the_same_verdict(open_page):
    page = open_page(CHAPTER)
    one, every = (judged(page, ALL, every=each) for each in (False, True))
    assert one["faults"] == every["faults"] == []
    assert 20 < one["texts"] < every["texts"] / 3 and 3 < one["links"] < every["links"]
    assert judged(page, SHAPE)["texts"] == 0
    assert page.locator("[data-text], [data-link]").count() == 0
