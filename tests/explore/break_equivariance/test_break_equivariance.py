"""Break equivariance: the Python half against torch, and the arithmetic of the two halves against each other."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnnlib import data
from cnnlib.explore.base import photographs
from cnnlib.explore.break_equivariance import BreakEquivariance
from cnnlib.explore.break_equivariance import tables as shifted_photographs
from cnnlib.explore.break_equivariance.stack import STRIDES, dense_weights, stack
from cnnlib.transforms import FractionalShift, Shift
from tests.explore.hand import control, corner, put, status

STACK = "break_equivariance/stack.mjs"
MAPS = [name for name in STRIDES if name != "squeezenet"]


def torch_stack(layers, second, x):
    """A second definition, in torch."""
    x = torch.tensor(x)[None, None]
    if layers == "dense":
        weights = torch.tensor(dense_weights())
        return F.linear(x.flatten(1), weights).relu().view(16, 16).numpy()
    mode = "constant" if layers == "zero_padding" else "circular"
    edge = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=torch.float64) / 4
    edges = torch.stack([edge, edge.T, -edge, -edge.T])[:, None]
    smooth = torch.outer(*2 * [torch.tensor([1.0, 2, 1], dtype=torch.float64)]) / 16
    sharp = torch.full((3, 3), -1 / 16, dtype=torch.float64)
    sharp[1, 1] = 1
    w = {"smooth": smooth, "sharp": sharp}[second].expand(1, 4, 3, 3)
    h = F.conv2d(F.pad(x, (1, 1, 1, 1), mode=mode), edges).relu()
    y = F.conv2d(F.pad(h, (1, 1, 1, 1), mode=mode), w, stride=2 if layers == "stride" else 1).relu()
    if layers == "max_pool":
        y = F.max_pool2d(y, 2)
    if layers == "blur_pool":
        y = F.conv2d(F.pad(y, (1, 1, 1, 1), mode="circular"), smooth[None, None], stride=2)
    return y[0, 0].numpy()


@pytest.mark.parametrize("layers", MAPS)
@pytest.mark.parametrize("second", ["smooth", "sharp"])
def test_the_stacks_are_those_of_torch(layers, second):
    x = np.random.default_rng(1).normal(size=(64, 64))
    mine = stack(layers, second, x)
    np.testing.assert_allclose(mine, torch_stack(layers, second, x), atol=1e-12)
    assert mine.shape == (64 // STRIDES[layers],) * 2


def test_what_is_exact_and_what_is_not():
    """Circular layers always; strides at their multiples; zero padding inside; a mean after stride 1."""
    for second in ("smooth", "sharp"):
        assert BreakEquivariance(second=second, shift=(-7, 8)).error == 0
        for layers in ("stride", "max_pool", "blur_pool"):
            assert BreakEquivariance(layers=layers, second=second, shift=(-6, 2)).error == 0
            assert BreakEquivariance(layers=layers, second=second, shift=(-6, 3)).error > 0.01
        assert BreakEquivariance(layers="zero_padding", second=second, shift=(0, 1)).error > 0.1
        inside = BreakEquivariance(layers="zero_padding", second=second, shift=(3, -5), border=7)
        assert inside.error == 0 and BreakEquivariance(layers="zero_padding", shift=(3, -5), border=6).error > 0
        assert BreakEquivariance(second=second, shift=(4, 5), pooled=True).error == 0
        assert BreakEquivariance(layers="max_pool", second=second, shift=(4, 5), pooled=True).error > 0.001
        assert BreakEquivariance(second=second, shift=(4, 5)).unmoved_error > 0.3  # equivariant is not invariant
    assert BreakEquivariance(layers="dense", shift=(4, 8)).error > 0.3


def test_the_error_is_the_books():
    explorer = BreakEquivariance(layers="stride", photo="lemur", shift=(1, -3), boundary="zero", border=2)
    f, x = explorer.f, explorer.input
    first = f(Shift((1, -3))(x))[2:-2, 2:-2]
    second = FractionalShift((0.5, -1.5))(f(x))[2:-2, 2:-2]
    assert explorer.error == pytest.approx(np.linalg.norm(first - second) / np.linalg.norm(second))
    assert explorer.shift == (1, -3) and BreakEquivariance(shift=2).shift == (2, 2)


def test_a_photograph_is_its_centre_square():
    image = data.photograph("sheep", grey=True)
    pixels = shifted_photographs.levels("sheep")
    assert pixels.shape == (64, 64) and pixels.dtype == np.uint8
    square = image[:, 141:883]  # 742 of 1024 columns
    assert pixels.mean() / 255 == pytest.approx(square.mean(), abs=0.002)
    assert pixels[0, 0] / 255 == pytest.approx(square[:11, :11].mean(), abs=0.05)


def test_a_label_is_looked_up_at_its_shift():
    stored = data.stored_result("squeezenet_shifts")
    rows = stored["tables"]["kingfisher"]["zero"]
    named = BreakEquivariance(photo="kingfisher", layers="squeezenet", boundary="zero", shift=(-8, 5))
    label, percent, own_percent = named.label
    assert label == stored["names"][str(rows["label"][0][13])]
    assert (percent, own_percent) == (rows["percent"][0][13], rows["own_percent"][0][13])
    with pytest.raises(ValueError, match="gives a label, not a map"):
        _ = named.maps


def test_pixels_and_tables_are_the_same(library):
    found = library.evaluate(
        """async () => { const { SHIFTED } = cnnlibExplorers.load("break_equivariance/tables.mjs");
        const { unpack } = cnnlibExplorers.load("kit/pixels.mjs");
        const bytes = async (packed) => Array.from((await unpack(packed)).values, (v) => Math.round(v * 255));
        const out = {};
        for (const [name, { picture, own, circular, zero }] of Object.entries(SHIFTED)) {
          out[name] = { picture: await bytes(picture), own };
          for (const [kind, { labels, table }] of Object.entries({ circular, zero })) {
            out[name][kind] = { labels, table: await bytes(table) };
          }
        }
        return out; }"""
    )
    assert list(found) == list(photographs.NAMES)
    for name, entry in found.items():
        assert np.array_equal(np.reshape(entry["picture"], (64, 64)), shifted_photographs.levels(name))
        for kind in ("circular", "zero"):
            own, named, percent, own_percent = shifted_photographs.shifts(name, kind)
            table = np.reshape(entry[kind]["table"], (3, 17, 17))
            assert entry["own"] == own
            assert [[entry[kind]["labels"][n] for n in row] for row in table[0]] == named
            assert table[1].tolist() == percent and table[2].tolist() == own_percent


def test_the_photograph_stays_under_the_mouse(opened):
    page, root = opened(BreakEquivariance(shift=0))
    picture = root.get_by_role("application", name="The photograph, moved")
    x, y = corner(picture, 0.5, 0.5)
    size = picture.bounding_box()["width"] / 64
    page.mouse.move(x, y)
    assert status(root).startswith("Moved by (0, 0)")  # hovering is not dragging
    page.mouse.down()
    page.mouse.move(x + 4 * size, y - 3 * size)
    assert status(root).replace("−", "-").startswith("Moved by (-3, 4)")
    page.mouse.move(x + 40 * size, y)  # far outside: as far as it goes
    assert status(root).startswith("Moved by (0, 8)")
    page.mouse.up()
    page.mouse.move(x, y)
    assert status(root).startswith("Moved by (0, 8)")


def test_the_photograph_stays_under_a_finger(opened):
    page, root = opened(BreakEquivariance(shift=0), width=390, touch=True)
    picture = root.get_by_role("application", name="The photograph, moved")
    x, y = corner(picture, 0.5, 0.5)
    size, scrolled = picture.bounding_box()["width"] / 64, page.evaluate("() => scrollY")
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (0.5, 1):
        points = [{"x": x - 2 * size * part, "y": y + 5 * size * part}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert status(root).replace("−", "-").startswith("Moved by (5, -2)")
    assert page.evaluate("() => scrollY") == scrolled  # the page did not scroll instead


def test_a_shift_is_chosen_on_squeezenets_map(opened):
    page, root = opened(BreakEquivariance())
    put(root, "layers", "squeezenet")
    table = root.get_by_role("application", name="The probability at each shift")
    page.mouse.click(*corner(table, 13.5 / 17, 1.5 / 17))
    assert status(root).replace("−", "-").startswith("Moved by (5, -7) of 227 pixels")
    for name in ("second", "border", "pooled"):
        assert control(root, name).is_disabled()
