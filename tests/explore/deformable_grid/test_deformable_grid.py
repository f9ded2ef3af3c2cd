"""Deformable grid: the Python half by hand and against torch, both halves on random cases, its own gestures."""

import numpy as np
import pytest
import torch

from cnnlib import layers
from cnnlib.explore import DeformableGrid
from cnnlib.explore.deformable_grid import KERNELS
from tests.explore.hand import call, control, corner, keys, put, status

SMALL = {"place": (3, 3), "dilation": 1}
SQUARES = {"image": [[c * c for c in range(12)]] * 12}
FIELDS = ("channels", "points", "values", "output", "rigid", "effective_dilation")


@pytest.mark.parametrize(
    ("values", "output"),
    [
        ({"preset": "rigid"}, 528),  # 16 times the 33 in the middle of a plane
        ({"right": 0.5, "down": 0}, 536),  # + 16 · 0.5
        ({"right": 0, "down": 0.5}, 608),  # + 16 · 5
        ({"right": 0.5, "down": 0, "order": "dx, dy"}, 608),
        ({"right": 0, "down": 0.5, "order": "dx, dy"}, 536),
        ({"preset": "rigid", **SQUARES}, 152),
        ({"angle": 45, **SQUARES}, 154.142136),  # 144 + 2 · 2.242641 + 8 · 0.707107
    ],
)
def test_by_hand(values, output):
    assert DeformableGrid(**SMALL, **values).output == pytest.approx(output, abs=1e-4)


@pytest.mark.parametrize("picture", ["numbers", "photograph"])
def test_offsets_equal_to_the_taps_places_are_dilation_2(picture):
    bent = DeformableGrid(place=(5, 6), dilation=1, factor=2, picture=picture)
    wide = DeformableGrid(place=(5, 6), dilation=2, preset="rigid", picture=picture)
    assert bent.channels.tolist() == [-1, -1, -1, 0, -1, 1, 0, -1, 0, 0, 0, 1, 1, -1, 1, 0, 1, 1]
    assert bent.output == wide.output and bent.effective_dilation == 2


def test_each_pair_has_two_channels_next_to_each_other():
    offsets = [[k, -k] for k in range(9)]
    explorer = DeformableGrid(offsets=offsets, dilation=1, place=(4, 4), tap=3)
    assert explorer.channels[6:8].tolist() == [3, -3]
    assert explorer.points[3].tolist() == [7, 0]  # tap 3 lies at (4, 3)
    assert explorer.values[3] == 70


def test_a_quarter_of_a_pixel_above_the_image_and_far_outside():
    offsets = np.zeros((9, 2))
    offsets[4] = -0.25, 0
    explorer = DeformableGrid(image=[[8, 8], [8, 8]], offsets=offsets, place=(0, 0), dilation=1, tap=4)
    assert explorer.shares.tolist() == [[0.25, 0], [0.75, 0]] and explorer.values[4] == 6
    offsets[4] = -3, 0
    explorer.offsets = offsets
    assert explorer.values[4] == 0 and explorer.pixels.tolist() == [[0, 0], [0, 0]]


def test_the_exam_s_counts():
    explorer = DeformableGrid()
    assert explorer.parameters_of == {"kernel": 589824, "branch": 41490}
    assert explorer.macs_of == {"kernel": 589824, "branch": 41472, "reading": 9216}
    for out_channels, ratio in ((1, 23), (16, 2.375), (22, 2), (256, 1.0859375)):
        explorer.out_channels = out_channels
        for explorer.in_channels in (1, 7, 256):
            assert explorer.ratio == pytest.approx(ratio)


def cases(count=40):
    random = np.random.default_rng(2)
    for _ in range(count):
        yield {
            "picture": str(random.choice(["numbers", "photograph"])),
            "place": tuple(random.integers(0, 12, 2).tolist()),
            "dilation": int(random.integers(1, 4)),
            "kernel": str(random.choice(list(KERNELS))),
            "order": str(random.choice(["dy, dx", "dx, dy"])),
            "offsets": (random.integers(-40, 41, (9, 2)) / random.choice([8, 7])).tolist(),
        }


def test_against_torch():
    for case in cases():
        explorer = DeformableGrid(**case)
        x, w = (torch.tensor(np.array(v, float))[None, None] for v in (explorer.input, KERNELS[explorer.kernel]))
        offset = torch.tensor(explorer.channels)[None, :, None, None].expand(1, 18, *explorer.image_shape)
        options = {"padding": explorer.dilation, "dilation": explorer.dilation}
        row, column = explorer.place
        bent = layers.deform_conv2d(x, offset, w, **options)[0, 0, row, column]
        plain = torch.nn.functional.conv2d(x, w, **options)[0, 0, row, column]
        assert explorer.output == pytest.approx(bent.item(), abs=1e-8)
        assert explorer.rigid == pytest.approx(plain.item(), abs=1e-8)


def test_both_halves_read_the_same(library):
    presets = [{"angle": a} for a in (0, 30, 45, 90)] + [{"factor": 0.7}, {"squeeze": 1.3}, {"down": -1.1, "right": 3}]
    given = [DeformableGrid(**case) for case in [*cases(), *presets, *({"seed": seed} for seed in range(10))]]
    states = [{name: getattr(explorer, name) for name in explorer.parameters} for explorer in given]
    found = call(library, "deformable_grid/model.mjs", "reading", [[state] for state in states])
    for explorer, one in zip(given, found, strict=True):
        one["effective_dilation"] = one["effective"]
        for field in FIELDS:
            np.testing.assert_allclose(one[field], getattr(explorer, field), atol=1e-9, err_msg=f"{field} {explorer}")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"offsets": np.zeros((2, 9))}, r"offsets of shape \(2, 9\) are not nine pairs; use 9 rows of \(dy, dx\)"),
        ({"offsets": np.full((9, 2), 16.5)}, "offsets reach beyond 16 pixels; use numbers from -16 to 16"),
        ({"preset": "custom"}, "preset='custom' needs offsets"),
        ({"place": (12, 0)}, r"place=\(12, 0\) lies outside the image of 12 x 12"),
    ],
)
def test_bad_input_says_what_is_wrong(values, message):
    with pytest.raises(ValueError, match=f"^DeformableGrid: {message}"):
        DeformableGrid(**values)


def test_what_is_set_is_shown():
    explorer = DeformableGrid(picture="photograph", place=(30, 3))
    explorer.picture = "numbers"
    assert explorer.place == (11, 3)
    for name, value, preset in (("angle", 10, "turn"), ("down", 1, "shift"), ("factor", 3, "dilation")):
        setattr(explorer, name, value)
        assert explorer.preset == preset


def parameters(root):
    return root.evaluate("(root) => driver.parameters(root)")


def drag(page, root, start, end):
    """From one point of the image to another, (row, column) each; the picture is 16 pixels of the image wide."""
    picture = root.get_by_role("application", name="The image with the nine taps.")
    for gesture, place in ((page.mouse.down, start), (page.mouse.up, end)):
        page.mouse.move(*corner(picture, *((v + 2.5) / 16 for v in place)), steps=3)
        gesture()
    return picture


@pytest.mark.parametrize("order", ["dy, dx", "dx, dy"])
def test_a_tap_is_dragged_and_pushed_by_keys(bare, order):
    page = bare(DeformableGrid(preset="rigid", order=order, place=(5, 5)))
    root = page.locator(".cnnlib-explorer")
    picture = drag(page, root, (3, 7), (2, 8.5))
    explorer = DeformableGrid(**parameters(root))
    assert explorer.tap == 2 and explorer.preset == "custom"
    assert explorer.points[2] == pytest.approx([2, 8.5], abs=0.13)
    picture.focus()
    keys(root, "ArrowUp", "ArrowLeft", "Shift+ArrowDown")
    moved = DeformableGrid(**parameters(root))
    assert (moved.points[2] - explorer.points[2]).tolist() == [0.875, -0.125]
    assert np.delete(moved.channels, [4, 5]).tolist() == [0] * 16


def test_the_window_is_moved_and_a_tap_is_chosen(bare):
    page = bare(DeformableGrid(preset="rigid"))
    root = page.locator(".cnnlib-explorer")
    drag(page, root, (9, 9), (9, 8))
    assert parameters(root)["place"] == [9, 8]
    root.get_by_role("application", name="What the nine taps read.").focus()
    keys(root, "ArrowDown")
    assert "Tap 3 is moved" in status(root)
    root.get_by_role("application", name="The 18 channels of offsets.").focus()
    keys(root, "ArrowRight", "ArrowRight")
    assert "Tap 1 is moved" in status(root)
    assert root.get_by_text("tap 1 (row 0, column 1): channels 2 = dy, 3 = dx").is_visible()


def test_presets_by_the_controls(bare):
    page = bare(DeformableGrid())
    root = page.locator(".cnnlib-explorer")
    start = DeformableGrid().channels
    put(root, "preset", "custom")  # keeps what is there
    assert np.ravel(parameters(root)["offsets"]).tolist() == start.tolist()
    put(root, "angle", 90)
    assert control(root, "preset").input_value() == "turn"
    assert "a mistake" not in status(root).lower()
    put(root, "order", "dx, dy")
    assert "A mistake" in status(root)


def test_the_table_of_costs(bare):
    page = bare(DeformableGrid(out_channels=16, in_channels=64))
    root = page.locator(".cnnlib-explorer")
    rows = [row.split("\t") for row in root.locator("table.counts").inner_text().splitlines()]
    cells = [[cell.strip() for cell in row] for row in rows if len(row) > 1]
    assert [row[1:] for row in cells[1:]] == [
        ["9,216", "9,216"],
        ["10,386", "10,368"],
        ["0", "2,304"],
        ["19,602", "21,888"],
        ["2.127", "2.375"],
    ]
