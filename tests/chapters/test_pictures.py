"""Pictures of a fresh run against stored ones: a small patch is seen, another system's letters are not."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from tools.chapters import FOLDER, storage
from tools.chapters.comparison import _pictures

PHONE, LEAST = 358, 9  # pixels: what a page 390 wide leaves to a figure, and the smallest letters that can be read


def encoded(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


@pytest.fixture(scope="module")
def figure():
    """A figure as large as a chapter's, with axes, letters and lines."""
    import matplotlib.pyplot as plt

    drawing, axes = plt.subplots(figsize=(7.2, 3), dpi=200)
    axes.plot([1, 3, 2], label="a line")
    axes.set(title="A title", xlabel="position in pixels")
    axes.legend()
    drawing.canvas.draw()
    pixels = np.asarray(drawing.canvas.buffer_rgba()).copy()
    plt.close(drawing)
    return pixels


@pytest.mark.parametrize("corner", [(0, 0), (50, 61), (300, 700), (560, 1400)], ids=str)
def test_a_small_patch_in_a_large_picture_is_seen(figure, corner):
    changed = figure.copy()
    changed[corner[0] : corner[0] + 40, corner[1] : corner[1] + 40] = (255, 0, 0, 255)
    assert (changed != figure).any(2).mean() < 0.005
    (said,) = _pictures(encoded(figure), encoded(changed))
    assert "in one region" in said


@pytest.mark.parametrize("moved", [(0, 1), (1, 0)], ids=str)
def test_letters_and_lines_may_lie_a_quarter_of_a_pixel_elsewhere(figure, moved):
    """As another system's fonts do."""
    other = ((3 * figure.astype(int) + np.roll(figure, moved, (0, 1))) // 4).astype(np.uint8)
    assert np.abs(other.astype(int) - figure).max() > 50
    assert list(_pictures(encoded(figure), encoded(other))) == []


def test_a_picture_smaller_than_a_square_is_compared_too():
    white, red = np.full((9, 30, 4), 255, np.uint8), np.full((9, 30, 4), (255, 0, 0, 255), np.uint8)
    assert list(_pictures(encoded(white), encoded(white))) == []
    assert len(list(_pictures(encoded(white), encoded(red)))) == 1


def figures(notebook):
    """Cell by cell, each figure's width in pixels of the page and its smallest letters in points."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            with_view = any("widget" in kind for kind in output.get("data", {}))
            if "image/png" in output.get("data", {}) and not with_view:
                with Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"]))) as picture:
                    points = json.loads(picture.text.get("Layout", "{}")).get("points")
                    if points is not None:
                        yield number, picture.width / 2, points


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_phone_shows_a_figure_whole(path):
    """It shrinks as far as its letters stay readable; what would still be cut off is often the panel that matters."""
    found = list(figures(storage.read(path)))
    assert found or path.stem in ("conventions",)
    assert [(at, width) for at, width, points in found if width * LEAST / (points * 100 / 72) > PHONE] == []
