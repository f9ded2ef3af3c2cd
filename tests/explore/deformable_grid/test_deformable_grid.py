"""Deformable grid: the Python half by hand and against torch, both halves on random cases, its own gestures."""

import numpy as np
import pytest
import torch

from cnnlib import layers
from cnnlib.explore import DeformableGrid
from cnnlib.explore.deformable_grid.tables import KERNELS, sheep
from tests.explore.hand import control, corner, keys, parameters, put, status, table

SMALL = {"place": (3, 3), "dilation": 1}
SQUARES = {"image": [[c * c for c in range(12)]] * 12}


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


def test_masks_by_hand():
    """528 = 33 · 16: without the middle's weight of 4 three quarters are left, without a corner 15 sixteenths of it."""
    explorer = DeformableGrid(**SMALL, preset="rigid", masks=np.ones((3, 3)))
    assert (explorer.version, explorer.output, explorer.rigid) == ("v2", 528, 528)
    explorer.masks = np.full((3, 3), 0.5)
    assert (explorer.output, explorer.rigid) == (264, 528)
    explorer.masks = [[1, 1, 1], [1, 0, 1], [1, 1, 1]]
    assert explorer.output == 528 - 4 * 33
    explorer.masks = [[0, 1, 1], [1, 1, 1], [1, 1, 1]]  # the first tap reads 22
    assert explorer.output == 528 - 22
    explorer.version = "v1"
    assert explorer.output == 528


def test_a_kernel_of_one_s_own():
    explorer = DeformableGrid(**SMALL, right=0.5, weights=[[0, 0, 1], [0, 0, 0], [-1, 0, 0]])
    assert (explorer.kernel, explorer.output) == ("custom", 24.5 - 42.5)


def test_towards_the_sheep():
    """Above the head: a tap on it stays, one beside it goes to the nearest pixel of it, by as much as is asked."""
    explorer = DeformableGrid(picture="photograph", place=(8, 8), dilation=2, pull=1)
    is_sheep, taps = np.array(sheep(), bool), explorer.grid.astype(int) + 8
    moved = explorer.points.astype(int)
    assert explorer.preset == "sheep" and is_sheep[tuple(moved.T)].all()
    pixels = np.argwhere(is_sheep)
    for tap, end in zip(taps, moved, strict=True):
        nearest = np.sqrt(((pixels - tap) ** 2).sum(1)).min()
        assert np.hypot(*(end - tap)) == pytest.approx(nearest) and (nearest == 0) == is_sheep[tuple(tap)]
    assert 0 < is_sheep[tuple(taps.T)].sum() < 9
    offsets = explorer.channels
    explorer.pull = 0.25
    assert explorer.channels.tolist() == (offsets / 4).tolist()


def test_the_counts_of_version_2():
    """At 64 channels and 56 x 56: 52,443 parameters and 173,408,256 multiply-adds."""
    explorer = DeformableGrid(in_channels=64, out_channels=64, masks=np.ones((3, 3)))
    assert sum(explorer.parameters_of.values()) == 52443
    assert sum(explorer.macs_of.values()) * 56 * 56 == 173408256
    assert explorer.ratio == 1 + 32 / 64


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
            "masks": (random.integers(0, 9, (3, 3)) / 8).tolist(),
            "version": str(random.choice(["v1", "v2"])),
            "offsets": (random.integers(-40, 41, (9, 2)) / random.choice([8, 7])).tolist(),
        }


def test_against_torch():
    for case in cases():
        explorer = DeformableGrid(**case)
        x, w = (torch.tensor(np.array(v, float))[None, None] for v in (explorer.input, KERNELS[explorer.kernel]))
        offset = torch.tensor(explorer.channels)[None, :, None, None].expand(1, 18, *explorer.image_shape)
        options = {"padding": explorer.dilation, "dilation": explorer.dilation}
        row, column = explorer.place
        masks = torch.tensor(explorer.mask_values).reshape(1, 9, 1, 1).expand(1, 9, *explorer.image_shape)
        bent = layers.deform_conv2d(x, offset, w, **options, mask=masks if explorer.version == "v2" else None)[
            0, 0, row, column
        ]
        plain = torch.nn.functional.conv2d(x, w, **options)[0, 0, row, column]
        assert explorer.output == pytest.approx(bent.item(), abs=1e-8)
        assert explorer.rigid == pytest.approx(plain.item(), abs=1e-8)


def drag(page, root, start, end):
    """From one point of the image to another, (row, column) each; the picture is 18 pixels of the image wide."""
    picture = root.get_by_role("application", name="The image with the nine taps.")
    for gesture, point in ((page.mouse.down, start), (page.mouse.up, end)):
        page.mouse.move(*corner(picture, *((v + 3.5) / 18 for v in point)), steps=3)
        gesture()
    return picture


@pytest.mark.parametrize("order", ["dy, dx", "dx, dy"])
def test_a_tap_is_dragged_and_pushed_by_keys(opened, order):
    page, root = opened(DeformableGrid(preset="rigid", order=order, place=(5, 5)))
    picture = drag(page, root, (3, 7), (2, 8.5))
    explorer = DeformableGrid(**parameters(root))
    assert explorer.tap == 2 and explorer.preset == "custom"
    assert explorer.points[2] == pytest.approx([2, 8.5], abs=0.13)
    picture.focus()
    keys(root, "ArrowUp", "ArrowLeft", "Shift+ArrowDown")
    moved = DeformableGrid(**parameters(root))
    assert (moved.points[2] - explorer.points[2]).tolist() == [0.875, -0.125]
    assert np.delete(moved.channels, [4, 5]).tolist() == [0] * 16


def test_the_window_is_moved_and_a_tap_is_chosen(opened):
    page, root = opened(DeformableGrid(preset="rigid"))
    drag(page, root, (9, 9), (9, 8))
    assert parameters(root)["place"] == [9, 8]
    root.get_by_role("application", name="What the nine taps read.").focus()
    keys(root, "ArrowDown")
    assert "Tap 3 is moved" in status(root)
    root.get_by_role("application", name="The 18 channels of offsets.").focus()
    keys(root, "ArrowRight", "ArrowRight")
    assert "Tap 1 is moved" in status(root)
    assert root.get_by_text("tap 1 (row 0, column 1): channels 2 = dy, 3 = dx").is_visible()


def test_presets_by_the_controls(opened):
    _, root = opened(DeformableGrid())
    start = DeformableGrid().channels
    put(root, "preset", "custom")  # keeps what is there
    assert np.ravel(parameters(root)["offsets"]).tolist() == start.tolist()
    put(root, "angle", 90)
    assert control(root, "preset").input_value() == "turn"
    assert "a mistake" not in status(root).lower()
    put(root, "order", "dx, dy")
    assert "A mistake" in status(root)


def test_the_table_of_costs(opened):
    _, root = opened(DeformableGrid(out_channels=16, in_channels=64, panel="cost"))
    assert [row[1:] for row in table(root)] == [
        ["9,216", "9,216"],
        ["10,386", "10,368"],
        ["0", "2,304"],
        ["19,602", "21,888"],
        ["2.127", "2.375"],
    ]
    root.get_by_role("slider", name="Multiply-adds against output channels.").focus()
    keys(root, "ArrowRight")
    assert (
        parameters(root)["out_channels"] == 22 and "= 2 × a plain convolution" in root.locator(".formula").inner_text()
    )


def test_masks_and_kernel_by_the_controls(opened):
    _, root = opened(DeformableGrid(preset="rigid", tap=4, place=(5, 5)))
    assert not control(root, "masks").is_visible() and not control(root, "pull").is_visible()
    put(root, "panel", "sum")
    put(root, "version", "v2")  # as in a new layer, every mask is 1/2
    assert status(root).startswith("Output 440, with the rigid grid 880") and control(root, "masks").is_visible()
    put(root, "masks", 0)
    assert parameters(root)["masks"][1] == [0.5, 0, 0.5]
    assert status(root).startswith("Output 330,")
    root.get_by_role("application", name="The kernel.").focus()
    keys(root, "ArrowRight", "Enter")  # tap 1 at (3, 5) reads 35
    root.get_by_role("textbox", name="The kernel, tap 1").fill("-10")
    keys(root, "Enter")
    assert parameters(root)["kernel"] == "custom" and status(root).startswith("Output 120,")  # 330 - 0.5 · 12 · 35
    root.get_by_role("application", name="The masks.").focus()
    keys(root, "Enter")
    root.get_by_role("textbox", name="The masks, tap 0").fill("7")
    keys(root, "Enter")
    assert max(np.ravel(parameters(root)["masks"])) == 1


def test_the_sheep_takes_the_photograph_along(opened):
    _, root = opened(DeformableGrid())
    put(root, "preset", "sheep")
    assert parameters(root)["picture"] == "photograph" and "no network" in status(root)
    put(root, "picture", "numbers")
    assert parameters(root)["preset"] == "rigid" and root.locator(".trouble").is_hidden()
