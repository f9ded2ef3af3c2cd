"""How a test takes hold of an explorer on a page."""

import base64

import numpy as np


def explorer(page, title, index=0):
    return page.locator(f'.cnnlib-explorer[aria-label="{title}"]').nth(index)


def control(root, name):
    return root.locator(f'[data-parameter="{name}"]')


def status(root):
    """The spoken line, once it has settled and a photograph is unpacked."""
    root.evaluate("(root) => driver.settle(root)")
    return root.locator(".status").inner_text()


def put(root, name, value):
    """Set a control, and wait until it is drawn."""
    root.evaluate("(root, [name, value]) => driver.set(root, name, value)", [name, value])


def read(root):
    """Everything that a reader sees, as `check` takes it."""
    return root.evaluate(
        "async (root) => { document.activeElement.blur(); await driver.start(root); return driver.read(root); }"
    )


def parameters(root):
    """The state of an explorer on a page, as its Python half takes it."""
    return root.evaluate("(root) => driver.parameters(root)")


def resting(root):
    """The controls that have no effect at present."""
    ask = "(root) => [...root.querySelectorAll('[data-parameter]:disabled')].map((e) => e.dataset.parameter)"
    return set(root.evaluate(ask))


def table(root):
    """The cells of an explorer's table below its heads, row by row."""
    rows = [row.split("\t") for row in root.locator("table.counts").inner_text().splitlines()]
    return [[cell.strip() for cell in row] for row in rows if len(row) > 1][1:]


def keys(root, *names):
    """Press keys, each drawn before the next."""
    for name in names:
        root.page.keyboard.press(name)
        root.evaluate("(root) => driver.settle(root)")


def corner(element, down=0.0, across=0.0):
    """Where a part of a picture lies on the page, as (x, y) in pixels: `down` and `across` from 0 to 1."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def floats(array):
    """An array as an argument of `call`, where it becomes a Float64Array."""
    return {"floats": array.ravel().tolist()}


def call(library, module, function, cases):
    """What a function of an explorer's JavaScript gives for each list of arguments, typed arrays as lists."""
    script = """([module, name, cases]) => Promise.all(cases.map(async (given) => {
      const array = (v) => (Array.isArray(v) ? v.map(array) : v?.floats ? Float64Array.from(v.floats) : v);
      const plain = (key, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
      return JSON.parse(JSON.stringify(await cnnlibExplorers.load(module)[name](...array(given)), plain)); }))"""
    return library.evaluate(script, [module, function, cases])


#: Makes `sent(text)`, numbers that `bytes_of` has written, and `written(values)` of a page, which `floats_of` reads.
BYTES = """() => {
  globalThis.sent = (text) => new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  globalThis.written = (values) => {
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
}"""


def bytes_of(array):
    """Many numbers on their way to a page, as float32 in base64: much faster than as JSON."""
    return base64.b64encode(np.ascontiguousarray(array, np.float32).tobytes()).decode()


def floats_of(text, *shape):
    return np.frombuffer(base64.b64decode(text), np.float32).reshape(shape)


def pointed(root, name, where, columns):
    """What a reader sees while the mouse is in the middle of a cell of one of the grids."""
    root.page.mouse.move(*cell(root.get_by_role("application", name=name), where, columns))
    return root.evaluate("async (root) => { await driver.frame(); return driver.read(root); }")


def cell(grid, where, columns):
    """The middle of a cell of a grid of numbers, as (x, y) in pixels of the page."""
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    size = (box["width"] - 2) / columns
    return box["x"] + 1 + size * (where[1] + 0.5), box["y"] + 1 + size * (where[0] + 0.5)
