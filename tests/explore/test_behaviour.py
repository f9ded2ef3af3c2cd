"""What every explorer owes its reader: keyboard, spoken text, links, reset, themes, copies, words for damage."""

import json
import re
from uuid import uuid4

import pytest

from cnnlib.explore import ConvArithmetic
from tests.explore.conftest import CHAPTER
from tests.explore.hand import control, explorer, follow, status

ARITHMETIC, PHOTOGRAPH = "Convolution arithmetic", "Kernel on a photograph"
PIXEL = re.compile(r"Pixel \(\d+, \d+\) is read by \d+ outputs?\.")
BOTH = pytest.mark.parametrize("title", [ARITHMETIC, PHOTOGRAPH])


@BOTH
def test_sliders_by_keyboard_alone(chapter, title):
    """Tab reaches the stride, an arrow key moves it, the text says the new size."""
    root = explorer(chapter, title)
    slider = control(root, "stride")
    before, text = int(slider.input_value()), status(root)
    root.get_by_role("application").first.focus()
    for _ in range(40):
        if slider.evaluate("(input) => input === document.activeElement"):
            break
        chapter.keyboard.press("Tab")
    chapter.keyboard.press("ArrowRight")
    assert int(slider.input_value()) == before + 1
    assert status(root) != text
    assert slider.get_attribute("aria-valuetext").startswith(f"{before + 1}, from 1 to ")
    assert root.locator(".status").get_attribute("aria-live") == "polite"


def test_the_window_moves_by_arrow_keys(chapter):
    root = explorer(chapter, ARITHMETIC)
    output = root.get_by_role("application", name="Output.")
    output.focus()
    chapter.keyboard.press("ArrowRight")
    chapter.keyboard.press("ArrowDown")
    assert "Window (1, 1)" in status(root)
    photograph = explorer(chapter, PHOTOGRAPH)
    was = re.search(r"Window \((\d+), (\d+)\)", status(photograph)).groups()
    photograph.get_by_role("application", name="Input photograph.").focus()
    chapter.keyboard.press("Shift+ArrowLeft")
    chapter.keyboard.press("ArrowUp")
    assert f"Window ({int(was[0]) - 1}, {int(was[1]) - 10})" in status(photograph)


def test_a_pixel_tells_which_outputs_read_it(chapter):
    """By keyboard and by mouse alike."""
    root = explorer(chapter, ARITHMETIC)
    grid = root.get_by_role("application", name="Input.")
    grid.focus()
    chapter.keyboard.press("ArrowRight")
    for _ in range(8):  # out of the padding, if there is any
        if PIXEL.search(status(root)):
            break
        chapter.keyboard.press("ArrowRight")
        chapter.keyboard.press("ArrowDown")
    assert PIXEL.search(status(root))
    chapter.keyboard.press("Tab")
    assert not PIXEL.search(status(root))
    grid.hover()
    assert PIXEL.search(status(root))


def test_a_cell_is_edited_by_keyboard(chapter):
    """Enter opens the weight, a number and Enter set it, the output follows; what is no number stays, marked."""
    root = explorer(chapter, ARITHMETIC)
    root.locator("summary").click()
    grid = root.get_by_role("application", name="Kernel.")
    grid.focus()
    chapter.keyboard.press("Enter")
    editor = root.get_by_role("textbox", name="Kernel, row 0, column 0")
    editor.fill("x")
    chapter.keyboard.press("Enter")
    assert editor.get_attribute("aria-invalid") == "true"
    editor.fill("-2,5")
    chapter.keyboard.press("Enter")
    status(root)
    text = root.locator("details pre").inner_text()
    arrays = {name: json.loads(value) for name, value in re.findall(r"(\w+) = (\[\[.*?\]\])", text, re.DOTALL)}
    assert arrays["kernel"][0][0] == -2.5
    state = chapter.evaluate("(title) => driver.state(driver.explorers(title)[0])", ARITHMETIC)
    assert state["weights"] == "yours"
    expected = ConvArithmetic(
        image=arrays["input"],
        weights=arrays["kernel"],
        **{name: state[name] for name in ("stride", "padding", "dilation")},
    )
    assert arrays["output"] == expected.output.tolist()


def test_touch_moves_the_window(open_chapter):
    page = open_chapter(width=390, has_touch=True)
    root = explorer(page, ARITHMETIC)
    grid = root.get_by_role("application", name="Output.")
    grid.scroll_into_view_if_needed()
    before = status(root)
    box = grid.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 6, box["y"] + box["height"] - 6)
    assert status(root) != before
    shape = re.search(r"Output (\d+) × (\d+)\.", status(root)).groups()
    assert f"Window ({int(shape[0]) - 1}, {int(shape[1]) - 1})" in status(root)


def test_play_pause_and_step(chapter):
    root = explorer(chapter, ARITHMETIC)
    root.get_by_role("button", name="Step").click()
    assert "Window (0, 1)" in status(root)
    root.get_by_role("button", name="Play").click()
    chapter.wait_for_function(
        "(title) => driver.explorers(title)[0].querySelector('.status').textContent.includes('Window (0, 2)')",
        arg=ARITHMETIC,
    )
    root.get_by_role("button", name="Pause").click()
    stopped = status(root)
    chapter.wait_for_timeout(1500)
    assert status(root) == stopped


@BOTH
def test_a_link_restores_the_state(chapter, open_chapter, title):
    root = explorer(chapter, title)
    for name, value in {"stride": 2, "kernel_size": 4, "padding": 3}.items():
        chapter.evaluate(
            "([title, name, value]) => driver.set(driver.explorers(title)[0], name, value)", [title, name, value]
        )
    root.get_by_role("button", name="Copy link").click()
    chapter.wait_for_function("() => /^#\\w+-\\d+:/.test(location.hash)")
    fragment = chapter.evaluate("() => location.hash")
    wanted = chapter.evaluate("(title) => driver.state(driver.explorers(title)[0])", title)
    text = status(root)
    again = open_chapter(fragment=fragment)
    again.evaluate("(title) => driver.settle(driver.explorers(title)[0])", title)
    assert again.evaluate("(title) => driver.state(driver.explorers(title)[0])", title) == wanted
    assert status(explorer(again, title)) == text
    explorer(again, title).get_by_role("button", name="Reset").click()
    again.evaluate("() => driver.frame()")
    assert again.evaluate("(title) => driver.state(driver.explorers(title)[0])", title) != wanted


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("stride=0", "stride = 0 can't be shown; use a whole number from 1 to"),
        ('stride="two"', 'stride = "two" can\'t be shown'),
        ("stride=%5B", 'stride = "[" can\'t be shown'),
        (
            "size=%5B3,3%5D&kernel_size=7&padding=0&dilation=1",
            "A window spanning 7 (kernel_size=7, dilation=1) does not fit in 3",
        ),
        ("image=%5B%5B1%5D,%5B1,2%5D%5D", "image can't be shown; use rows of equal length"),
        ("weights=%5B%5Bnull%5D%5D", "weights can't be shown"),
    ],
)
def test_an_impossible_link_gets_a_sentence(chapter, open_chapter, query, words):
    root = follow(open_chapter, chapter, ARITHMETIC, CHAPTER, query)
    assert words in root.locator(".trouble").inner_text()
    assert not root.locator(".stage").is_visible()
    root.get_by_role("button", name="Reset").click()
    root.page.evaluate("() => driver.frame()")
    assert not root.locator(".trouble").is_visible()
    assert root.locator(".stage").is_visible()


@BOTH
def test_reset_goes_back_to_the_start(chapter, title):
    start = chapter.evaluate("(title) => driver.state(driver.explorers(title)[0])", title)
    chapter.evaluate("([title]) => driver.walk(title, 12, 5)", [title])
    assert chapter.evaluate("(title) => driver.state(driver.explorers(title)[0])", title) != start
    explorer(chapter, title).get_by_role("button", name="Reset").click()
    chapter.evaluate("(title) => driver.settle(driver.explorers(title)[0])", title)
    assert chapter.evaluate("(title) => driver.state(driver.explorers(title)[0])", title) == start


@BOTH
def test_what_has_the_keyboard_is_seen(chapter, title):
    """An outline round each grid and picture that is in focus, which nothing round it cuts off."""
    hidden = chapter.evaluate(
        """(title) => [...driver.explorers(title)[0].querySelectorAll("[role=application]")].filter((one) => {
          one.focus();
          const style = (e) => getComputedStyle(e);
          const ends = (e) => e.matches(".cnnlib-explorer");
          const cuts = (e) => !ends(e) && (style(e).overflow === "hidden" || cuts(e.parentElement));
          const outlined = [one, one.closest(".picture")].filter((e) => e && style(e).outlineStyle === "solid");
          return outlined.every((e) => cuts(e.parentElement));
        }).map((one) => one.getAttribute("aria-label"))""",
        title,
    )
    assert hidden == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes(open_chapter, scheme):
    """The frame and the canvas take the page's theme, and follow when it is switched."""
    page = open_chapter(scheme=scheme)
    root = explorer(page, ARITHMETIC)
    other = {"light": "dark", "dark": "light"}[scheme]
    picture = "(title) => driver.explorers(title)[0].querySelectorAll('canvas')[2].toDataURL()"
    assert root.get_attribute("data-theme") == scheme
    first = page.evaluate(picture, ARITHMETIC)
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", other)
    page.wait_for_function(
        "([title, theme]) => driver.explorers(title)[0].dataset.theme === theme", arg=[ARITHMETIC, other]
    )
    page.evaluate("() => driver.frame()")
    assert page.evaluate(picture, ARITHMETIC) != first


def test_copies_do_not_share(chapter):
    """Ids are unique on the page, and moving one explorer leaves the others."""
    ids = chapter.evaluate("() => [...document.querySelectorAll('.live-mount [id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids)) > 10
    read = "(title) => driver.explorers(title).map((root) => JSON.stringify(driver.state(root)))"
    before = chapter.evaluate(read, PHOTOGRAPH)
    assert len(before) == 3
    chapter.evaluate("(title) => driver.set(driver.explorers(title).at(-1), 'kernel_size', 5)", PHOTOGRAPH)
    after = chapter.evaluate(read, PHOTOGRAPH)
    assert after[-1] != before[-1]
    assert after[:-1] == before[:-1]


def test_linked_explorers_move_together(chapter):
    """The chapter's pair in an HBox: the strides are joined by jslink, both ways, with no kernel."""
    pair = chapter.locator(".live-row").filter(has=chapter.locator(".cnnlib-explorer")).first
    left, right = (pair.locator(".cnnlib-explorer").nth(i) for i in (0, 1))
    for moved, other in ((left, right), (right, left)):
        slider = control(moved, "stride")
        value = int(slider.input_value()) % 4 + 1
        slider.evaluate("(input, value) => driver.set(input.closest('.cnnlib-explorer'), 'stride', value)", value)
        assert int(control(other, "stride").input_value()) == value
        assert f"stride={value}" in other.locator(".torch").inner_text() or value == 1


def test_a_narrow_page_shows_everything(open_chapter):
    """At 390 pixels no explorer is wider than the page."""
    page = open_chapter(width=390)
    page.wait_for_timeout(300)
    page.evaluate("() => driver.frame()")
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".cnnlib-explorer, .cnnlib-explorer canvas, .cnnlib-explorer .control")]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.className || e.tagName)"""
    )
    assert wide == []


def damaged(site_dir, target, change):
    """A copy of the chapter beside it, its stored widget state changed by ``change(state)``."""
    html = (site_dir / CHAPTER).read_text(encoding="utf-8")
    pattern = re.compile(r'(<script type="application/vnd.jupyter.widget-state\+json">)(.*?)(</script>)', re.DOTALL)
    path = (site_dir / CHAPTER).with_name(target)
    path.write_text(pattern.sub(lambda m: m[1] + change(m[2]) + m[3], html, count=1), encoding="utf-8")
    return path


def place_of(state, name):
    return next(k for k, m in state["state"].items() if m["state"].get("_anywidget_id", "").endswith(name))


def first_of(state, name):
    return state["state"][place_of(state, name)]


def edit(change):
    def changed(text):
        state = json.loads(text)
        change(state)
        return json.dumps(state)

    return changed


DRAWN = ".cnnlib-explorer:not(.question) .status"


def spoil_a_buffer(**values):
    """The first buffer on the page belongs to one half of the joined pair."""
    return lambda state: next(m for m in state["state"].values() if m.get("buffers"))["buffers"][0].update(values)


@pytest.mark.parametrize(
    ("change", "words", "lost"),
    [
        (lambda text: text[: len(text) // 2], "the stored state of this page can't be read", "all"),
        (
            edit(lambda s: first_of(s, "ConvArithmetic")["state"].update(_anywidget_id="lost.Explorer")),
            "lost.Explorer is not known to this site",
            1,
        ),
        (
            edit(lambda s: first_of(s, "ConvArithmetic")["state"].update(stride=0)),
            "stride = 0 can't be shown; use a whole number from 1 to 6",
            1,
        ),
        (edit(lambda s: first_of(s, "ConvArithmetic")["state"].pop("size")), "size = undefined can't be shown", 1),
        (edit(lambda s: s["state"].pop(place_of(s, "KernelOnPhotograph"))), "its stored state is missing", 1),
        (
            edit(lambda s: s["state"].update({place_of(s, "ConvArithmetic"): None})),
            "its stored state can't be read (there is none)",
            1,
        ),
        (edit(spoil_a_buffer(data="?")), "its stored state can't be read (", 1),
        (edit(spoil_a_buffer(encoding="hex")), "its stored state can't be read (a buffer in the encoding hex)", 1),
        (edit(spoil_a_buffer(path=["picture", "data"])), "its stored state can't be read (", 1),
    ],
    ids=[
        "cut off",
        "unknown class",
        "illegal value",
        "missing value",
        "missing model",
        "null",
        "no base64",
        "unknown encoding",
        "wrong path",
    ],
)
def test_a_damaged_page_keeps_its_pictures(site_dir, open_page, change, words, lost):
    """The picture or the words stay with a sentence that says which, and all other explorers work."""
    name = f"trial-{uuid4().hex}.html"  # its own: cases run side by side
    path = damaged(site_dir, name, change)
    try:
        page = open_page(f"chapters/{name}")
        page.wait_for_selector(".live-trouble")
        mounts, notes = page.locator(".live-mount"), page.locator(".live-trouble")
        lost = mounts.count() if lost == "all" else lost
        page.wait_for_function(f"() => [...document.querySelectorAll('{DRAWN}')].every((e) => e.textContent)")
        live = mounts.filter(has=page.locator(".cnnlib-explorer"))
        assert (notes.count(), live.count()) == (lost, mounts.count() - lost)
        assert words in notes.first.inner_text()
        for broken in mounts.filter(has=notes).all():
            assert broken.locator(".live-still").is_visible()
            pictures, texts = (broken.locator(f".live-still {kind}").count() for kind in ("img", "pre"))
            assert pictures + texts == 1
            ending = "The picture shows" if pictures else "The lines below describe"
            assert broken.locator(".live-trouble").inner_text().endswith(f". {ending} its first state.")
    finally:
        path.unlink()


def test_from_disk_without_a_server(browser, site_dir, watch):
    """Opened as a file, with the network off, explorers are live."""
    page = browser.new_page()
    watch.follow(page)
    page.context.set_offline(True)
    page.goto((site_dir / CHAPTER).as_uri())
    root = explorer(page, ARITHMETIC)
    root.locator(".status:not(:empty)").wait_for()
    slider = control(root, "stride")
    before = root.locator(".formula").inner_text()
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([title, text]) => document.querySelector(`[aria-label='${title}'] .formula`).innerText !== text",
        arg=[ARITHMETIC, before],
    )
    page.close()
