"""Text of one look is judged once: what is odd among many alike is found all the same."""

from .judging import ALL, COLOUR, SHAPE, judged

CHAPTER = "chapters/06-stride-padding-dilation.html"
#: Changes one of many, that far down the page, and gives it a name; `all` are the texts of which it is one.
ODD = """([name, selector, at, code]) => {
  const all = [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility() && !e.closest("[data-odd]"));
  if (all.length < 10) throw new Error(`${all.length} of ${selector}`);
  const one = all[Math.floor(at * all.length)];
  one.dataset.odd = name;
  new Function("one", code)(one);
}"""
CODE = "[...document.querySelectorAll('.cell_input')].map(e => e.innerHTML)"
CASES = {
    "its colour": (".highlight span.n", 0.6, "one.style.color = '#ccc'", "color-contrast"),
    "its background": (".bd-article p:not(:has(*))", 0.7, "one.style.backgroundColor = '#444'", "color-contrast"),
    "an element around it": (
        ".bd-article section > p:not(:has(*))",
        0.1,
        "one.innerHTML = `<b style='opacity: 0.3'><i data-odd='${one.dataset.odd}'>${one.innerHTML}</i></b>`",
        "color-contrast",
    ),
    "its size": (
        ".bd-article p:not(:has(*))",
        0.5,
        "one.style.cssText = 'color: #888; font-size: 14px'",
        "color-contrast",
    ),
    "a link's mark": (
        ".bd-article section > p a.reference:not(.headerlink)",
        0.6,
        "one.style.cssText = 'text-decoration: none; color: #333'",
        "link-in-text-block",
    ),
}


def test_one_odd_among_many_alike_is_found(open_page):
    """Each by itself: the five stand apart on one page, and nothing else is found."""
    page = open_page(CHAPTER)
    for name, (selector, at, code, _) in CASES.items():
        page.evaluate(ODD, [name, selector, at, code])
    code = page.evaluate(CODE)
    found = judged(page, COLOUR, every=False)["faults"]
    assert page.evaluate(CODE) == code and len(code) > 10, "code that is folded is taken off for the while alone"
    wanted = {name: rule for name, (*_, rule) in CASES.items()}
    names = [[name for name in wanted if f'data-odd="{name}"' in fault] for fault in found]
    assert all(names), found
    assert {name: fault.partition(":")[0] for (name,), fault in zip(names, found, strict=True)} == wanted


def test_where_axe_has_no_verdict_on_some_the_others_are_judged(open_page):
    """The three of a look that are tried first are scrolled out of sight, as lines of long code are."""
    page = open_page("about:blank")
    cut = dict.fromkeys((3, 6, 9), "overflow: hidden; height: 0")
    lines = "".join(f"<div style='{cut.get(n, '')}'><p style='color: #aaa'>Text {n}</p></div>" for n in range(12))
    page.set_content(f"<!doctype html><html lang=en><title>T</title><main>{lines}</main>")
    assert len(judged(page, COLOUR, every=False)["faults"]) == 9


def test_a_word_among_signs_is_judged(open_page):
    """axe says nothing of a sign by itself, and code has a look of which most texts are signs."""
    page = open_page("about:blank")
    signs = "".join(f"<p style='color: #aaa'>{'in' if n == 1 else '='}</p>" for n in range(12))
    page.set_content(f"<!doctype html><html lang=en><title>T</title><main>{signs}</main>")
    assert len(judged(page, COLOUR, every=False)["faults"]) == 1


def test_every_text_is_judged_in_the_long_form_with_the_same_verdict(open_page):
    page = open_page("chapters/index.html")
    one, every = (judged(page, ALL, every=each) for each in (False, True))
    assert one["faults"] == every["faults"] == []
    assert 20 < one["texts"] < every["texts"] / 3 and 3 < one["links"] < every["links"]
    assert judged(page, SHAPE)["texts"] == 0
    assert page.locator("[data-text], [data-link]").count() == 0
