"""Picture files as a reader would choose them, and what an explorer then has."""

import io

import numpy as np
from PIL import Image

from tests.explore.hand import status

IMAGE = """(root) => { const { shape, data } = driver.model(root).get("image") ?? {};
  return shape && [shape, Array.from(new Float32Array(data.buffer))]; }"""


def file(array, kind="png", **options):
    """A picture file of an array of levels, with a name and a kind as a browser's input takes it."""
    held = io.BytesIO()
    Image.fromarray(array).save(held, kind, **options)
    return {"name": f"mine.{kind}", "mimeType": f"image/{kind}", "buffer": held.getvalue()}


def noise(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def chosen(root, given):
    """Choose a file; the image that the explorer then has, and what it says."""
    note = root.locator(".note")
    note.evaluate("(note) => { note.textContent = ''; }")
    root.locator("input[type=file]").set_input_files(given)
    root.page.wait_for_function("() => document.querySelector('.note').textContent")
    status(root)
    found = root.evaluate(IMAGE)
    return found and np.reshape(found[1], found[0]), note.inner_text()
