"""Every explorer on a page: its links, its width, both themes, damaged state, and others beside it."""

import json
from urllib.parse import quote

from cnnlib.explore.base.schema import schema
from tests.conftest import FADED
from tests.explore.contract.every import CHECKED, EVERY, START, made
from tests.explore.contract.page import stored

NONSENSE = quote('{"no":1}')


@EVERY
def test_a_link_restores_the_state_and_reset_takes_it_out_of_the_address(bare, kind):
    explorer = made(kind)
    page = bare(explorer)
    title = page.title_of(explorer)
    start = page.evaluate("(title) => driver.parameters(driver.explorers(title)[0])", title)
    wanted = page.evaluate("(title) => driver.walk(title, 12, 4)", title)[-1]
    root = page.locator(".cnnlib-explorer")
    root.get_by_role("button", name="Copy link").click()
    page.wait_for_function("() => location.hash.length > 1")
    fragment = page.evaluate("() => location.hash")
    page.evaluate("(title) => driver.reset(driver.explorers(title)[0])", title)
    assert page.evaluate("() => location.hash") == ""
    assert page.evaluate("(title) => driver.parameters(driver.explorers(title)[0])", title) == start
    page.evaluate("(hash) => { location.hash = hash; }", fragment)
    page.wait_for_function(
        "([title, wanted]) => JSON.stringify(driver.parameters(driver.explorers(title)[0])) === wanted",
        arg=[title, json.dumps(wanted["parameters"], separators=(",", ":"), ensure_ascii=False)],
    )
    page.evaluate("(title) => driver.settle(driver.explorers(title)[0])", title)
    assert page.evaluate("(title) => driver.read(driver.explorers(title)[0])", title)["status"] == wanted["status"]
    page.evaluate("(title) => driver.reset(driver.explorers(title)[0])", title)


@EVERY
def test_an_impossible_link_gets_a_sentence(bare, kind):
    """Whatever stands in the link: a sentence in place of the picture, and Reset brings it back."""
    explorer = made(kind)
    page = bare(explorer)
    root = page.locator(".cnnlib-explorer")
    for name, entry in schema(kind).items():
        page.evaluate("(hash) => { location.hash = hash; }", f"#{kind.__name__}-1:{name}={NONSENSE}")
        root.locator(".trouble").wait_for(state="visible")
        assert name in root.locator(".trouble").inner_text(), entry
        assert not root.locator(".stage").is_visible()
        page.evaluate("(title) => driver.reset(driver.explorers(title)[0])", page.title_of(explorer))
        assert root.locator(".stage").is_visible() and not root.locator(".trouble").is_visible()


@START
def test_nothing_is_wider_than_the_page(bare, kind, index):
    """On a small phone, and on the same page made wider."""
    explorer = made(kind, index)
    page = bare(explorer, width=320)
    page.evaluate("(title) => driver.start(driver.explorers(title)[0])", page.title_of(explorer))
    for width in (320, 390, 1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("(title) => driver.settle(driver.explorers(title)[0])", page.title_of(explorer))
        wide = page.evaluate(
            """() => [...document.querySelectorAll(".cnnlib-explorer, .cnnlib-explorer *")].filter((e) =>
            e.offsetParent &&
            !e.closest(".picture, .cells, pre, .scrolls") && e.getBoundingClientRect().right > innerWidth + 0.5)
            .map((e) => e.className || e.tagName)"""
        )
        assert wide == [], width
        cut = page.evaluate(
            """() => [...document.querySelectorAll(".cnnlib-explorer :is(.picture, .cells)")].filter((e) =>
            e.offsetParent &&
            !e.closest(".scrolls") && e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.className)"""
        )
        assert cut == [], width


@EVERY
def test_both_themes(bare, kind):
    """The frame takes the page's theme, follows when it is switched, and axe finds nothing in either."""
    from axe_playwright_python.sync_playwright import Axe

    explorer = made(kind)
    page = bare(explorer, scheme="light")
    title = page.title_of(explorer)
    colours = """() => { const look = getComputedStyle(document.querySelector(".cnnlib-explorer"));
      return [look.backgroundColor, look.color]; }"""
    looks = []
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        page.wait_for_function(
            "(theme) => document.querySelector('.cnnlib-explorer').dataset.theme === theme", arg=theme
        )
        page.evaluate("(title) => driver.start(driver.explorers(title)[0])", title)
        page.evaluate(FADED)
        looks.append(page.evaluate(colours))
        found = Axe().run(page, ".cnnlib-explorer")
        assert found.violations_count == 0, found.generate_report()
    assert looks[0] == looks[1][::-1] or all(one != other for one, other in zip(*looks, strict=True))


@EVERY
def test_damage_gets_a_sentence(bare, kind):
    """A stored parameter that is missing or impossible: the words stay, with a sentence that says what is wrong."""
    spoilt = [(name, impossible) for name in schema(kind) for impossible in (False, True)]
    explorers = [made(kind) for _ in spoilt]
    state = json.loads(json.dumps(stored(explorers)))
    for explorer, (name, impossible) in zip(explorers, spoilt, strict=True):
        values = state["state"][explorer.model_id]["state"]
        del values[name]
        if impossible:
            values[name] = {"no": 1}
    page = bare(*explorers, state=state)
    mounts = page.locator(".live-mount").all()
    assert len(mounts) == len(spoilt)
    for mount, (name, impossible) in zip(mounts, spoilt, strict=True):
        note = mount.locator(".live-trouble")
        assert note.count() == 1, f"{name} was taken as it is, {'impossible' if impossible else 'missing'}"
        assert name in note.inner_text()
        assert mount.locator(".live-still pre").is_visible()


def test_explorers_on_one_page_do_not_share(bare):
    """All of them at once: ids are unique, and moving one leaves the others."""
    explorers = [made(kind) for kind in CHECKED]
    page = bare(*explorers)
    ids = page.evaluate("() => [...document.querySelectorAll('.live-mount [id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids)) > len(explorers)
    read = "(titles) => titles.map((title) => JSON.stringify(driver.parameters(driver.explorers(title)[0])))"
    titles = [page.title_of(explorer) for explorer in explorers]
    before = page.evaluate(read, titles)
    page.evaluate("(title) => driver.walk(title, 3, 1)", titles[0])
    after = page.evaluate(read, titles)
    assert after[0] != before[0] and after[1:] == before[1:]


def test_from_disk_without_a_server(bare):
    """The bare page is a file, opened with the network off; the explorers are live on it."""
    page = bare(made(CHECKED[0]))
    assert page.url.startswith("file://")
    assert page.evaluate("() => navigator.onLine") is False
