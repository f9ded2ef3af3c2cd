"""Every explorer outside the book: as one file from disk, and as one module on a plain page, with the network off."""

import json

import pytest

from tests.conftest import Watch
from tests.explore.contract.every import EVERY, made
from tests.explore.contract.page import DRIVER

TEXTS = ("status", "formula", "torch", "numbers", "trouble", "controls", "picture", "grids")

#: A host of anywidgets, as small as it can be: it says some values, hears of changes, and takes the widget down again.
HOST = """async ([text, given]) => {
  const { default: widget } = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  const [state, listeners] = [{ ...given }, {}];
  const model = {
    get: (name) => state[name],
    set(name, value) { state[name] = value; for (const one of listeners[`change:${name}`] ?? []) one(); },
    on: (event, one) => (listeners[event] ??= []).push(one),
    off: (event, one) => { listeners[event] = listeners[event].filter((other) => other !== one); },
    save_changes() { globalThis.told = (globalThis.told ?? 0) + 1; },
  };
  Object.assign(globalThis, { state, listeners, close: widget.render({ model, el: document.querySelector("main") }) });
  await driver.start(document.querySelector(".cnnlib-explorer"));
}"""


@pytest.fixture(scope="module")
def plain(browser):
    """A page of 1280 x 900 pixels without network, and what went wrong on it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    context.add_init_script(DRIVER)
    context.set_default_timeout(60_000)
    page, watch = context.new_page(), Watch()
    watch.follow(page)
    yield page, watch
    context.close()


def seen(page, width=None):
    """What a reader sees of the page's explorer, laid out as wide as on another page."""
    root = page.locator(".cnnlib-explorer")
    root.wait_for()
    if width:
        page.add_style_tag(content=f"body {{ max-width: none; margin: 0 }} main {{ width: {width}px }}")
    root.evaluate("(root) => driver.start(root)")
    found = root.evaluate("(root) => driver.read(root)")
    look = root.evaluate("""(root) => [root, ...root.querySelectorAll("*")].map((e) => getComputedStyle(e))
      .map(({ display, color, backgroundColor, fontSize }) => [display, color, backgroundColor, fontSize].join())""")
    shown = {name: found[name] for name in TEXTS} | {"look": sorted(set(look))}
    return shown, root.evaluate("(root) => root.getBoundingClientRect().width")


@EVERY
def test_one_file_shows_what_the_page_shows(bare, plain, tmp_path, kind):
    """In the last of its states, which is the furthest from what the sources alone would show."""
    explorer = made(kind, -1)
    there, width = seen(bare(explorer))
    explorer.save(tmp_path / "alone.html")
    page, watch = plain
    page.goto((tmp_path / "alone.html").as_uri())
    here, _ = seen(page, width)
    assert here == there
    assert watch.problems == []


@EVERY
def test_one_module_under_a_host_that_says_some_values(bare, plain, tmp_path, kind):
    """What the host says stands, the rest comes with the module; changes reach the host; it leaves nothing behind."""
    explorer, start = made(kind), kind()
    there, width = seen(bare(explorer))
    start.save(tmp_path / "alone.mjs")
    page, watch = plain
    page.goto("about:blank")
    page.set_content("<!doctype html><main></main>")
    given = {name: getattr(explorer, name) for name in kind.parameters}
    given = {name: value for name, value in given.items() if value != getattr(start, name)}
    page.add_style_tag(content=f"body {{ margin: 0 }} main {{ width: {width}px }}")
    page.evaluate(HOST, [(tmp_path / "alone.mjs").read_text(encoding="utf-8"), given])
    assert seen(page)[0] == there
    name, value = page.evaluate(
        """async () => {
          const root = document.querySelector(".cnnlib-explorer");
          const input = driver.controls(root)[0];
          const value = driver.values(input).find((each) => String(each) !== input.value && each !== input.checked);
          await driver.set(root, input.dataset.parameter, value);
          return [input.dataset.parameter.split("-")[0], JSON.stringify(state)]; }"""
    )
    assert page.evaluate("() => told") > 0
    assert json.loads(value) != {each: getattr(explorer, each) for each in kind.parameters}, name
    page.evaluate("() => close()")
    assert page.evaluate("() => Object.values(listeners).flat().length") == 0
    assert watch.problems == []
