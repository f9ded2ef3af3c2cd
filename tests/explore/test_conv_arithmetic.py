"""Convolution arithmetic: the Python half by itself, and the live one against it in every state."""

import json
import re

import numpy as np
import pytest

from cnnlib.explore import ConvArithmetic

TITLE = "Convolution arithmetic"


def test_by_hand():
    """A 1 x 3 window sum over positions: 9 times the middle."""
    explorer = ConvArithmetic(size=(3, 4))
    assert explorer.output.tolist() == [[9 * 11, 9 * 12]]
    assert explorer.unread == (0, 0)


def test_image_and_weights_set_the_sizes():
    explorer = ConvArithmetic(image=[[1, 2, 3], [4, 5, 6]], weights=[[1, 0], [0, -1]])
    assert explorer.size == (2, 3)
    assert explorer.kernel_size == 2
    assert explorer.output.tolist() == [[1 - 5, 2 - 6]]


def test_a_larger_size_fills_up_with_zeros():
    explorer = ConvArithmetic(image=np.ones((2, 2)), size=4, kernel_size=1)
    assert explorer.output.sum() == 4


def test_observers_hear_of_changes():
    explorer, heard = ConvArithmetic(), []
    explorer.observe(lambda change: heard.append((change["name"], change["new"])), ["stride", "size"])
    explorer.stride = 2
    explorer.size = 9
    assert heard == [("stride", 2), ("size", (9, 9))]
    assert explorer.output.shape == (4, 4)


def test_a_refused_value_changes_nothing():
    explorer = ConvArithmetic(size=5)
    with pytest.raises(ValueError, match="does not fit in 5"):
        explorer.dilation = 3
    assert explorer.dilation == 1
    with pytest.raises(ValueError, match="does not fit"), explorer.hold_trait_notifications():
        explorer.kernel_size = 4
        explorer.dilation = 4
    assert (explorer.kernel_size, explorer.dilation) == (3, 1)


def test_changes_that_only_fit_together():
    explorer = ConvArithmetic(size=5)
    with explorer.hold_trait_notifications():
        explorer.dilation = 4
        explorer.padding = 2
    assert explorer.output.shape == (1, 1)


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (
            {"kernel": 3},
            TypeError,
            r"ConvArithmetic: unknown keyword 'kernel'; did you mean 'kernel_size'\? it takes size, kernel_size",
        ),
        ({"stride": 0}, ValueError, r"ConvArithmetic: stride=0 is out of range; use an integer from 1 to 6"),
        ({"stride": True}, TypeError, r"stride=True is a bool; use an integer from 1 to 6"),
        ({"stride": 2.0}, TypeError, r"stride=2\.0 is a float; use an integer from 1 to 6"),
        (
            {"size": 3, "kernel_size": 5},
            ValueError,
            r"a window spanning 5 \(kernel_size=5, dilation=1\) does not fit in 3 \(size=3, padding=0\); "
            r"shrink the window or use padding >= 1",
        ),
        ({"size": (3, 4, 5)}, ValueError, r"size=\(3, 4, 5\) has 3 numbers; use one integer or a pair"),
        ({"size": 17}, ValueError, r"size=17 is out of range; use an integer from 1 to 16"),
        ({"image": [[1, float("nan")]]}, ValueError, r"image\[0, 1\] is nan; every number must be finite"),
        (
            {"image": np.zeros((4, 4, 3))},
            ValueError,
            r"image has 3 dimensions \(shape \(4, 4, 3\)\); use two, \(height, width\); for a colour image",
        ),
        ({"image": [[1, 2], [3]]}, TypeError, r"image is not an array of numbers"),
        ({"image": np.zeros((0, 3))}, ValueError, r"image of shape \(0, 3\) is empty"),
        ({"image": np.zeros((17, 3))}, ValueError, r"image of shape \(17, 3\) is too large"),
        ({"weights": np.ones((2, 3))}, ValueError, r"weights of shape \(2, 3\) are not square"),
    ],
)
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=message):
        ConvArithmetic(**values)


def check(shown):
    """One state as the page shows it, against cnnlib."""
    state = shown["state"]
    assert shown["trouble"] is None, shown
    arrays = {
        name: json.loads(text) for name, text in re.findall(r"(\w+) = (\[\[.*?\]\])", shown["numbers"], re.DOTALL)
    }
    explorer = ConvArithmetic(
        size=(state["height"], state["width"]),
        image=None if state["image"] == "positions" else arrays["input"],
        weights=None if state["weights"] == "ones" else arrays["kernel"],
        **{name: state[name] for name in ("kernel_size", "stride", "padding", "dilation")},
    )
    np.testing.assert_allclose(arrays["input"], explorer.input)
    np.testing.assert_allclose(arrays["kernel"], explorer.kernel, rtol=1e-6)
    np.testing.assert_allclose(arrays["output"], explorer.output, rtol=1e-5, atol=1e-5)
    rows, columns = explorer.output.shape
    lines = shown["formula"].splitlines()
    assert lines[0].startswith("height:") and lines[0].endswith(f"= {rows}")
    assert lines[1].startswith("width") and lines[1].endswith(f"= {columns}")
    assert shown["status"].startswith(f"Output {rows} × {columns}. Window (")
    assert shown["torch"].endswith(f"# (1, 1, {state['height']}, {state['width']}) -> (1, 1, {rows}, {columns})")
    given = dict(re.findall(r"(stride|padding|dilation)=(\d+)", shown["torch"]))
    plain = {"stride": 1, "padding": 0, "dilation": 1}
    assert given == {name: str(state[name]) for name in plain if state[name] != plain[name]}
    reads = np.zeros(explorer.size, bool)
    for r, c in np.ndindex(rows, columns):
        at = [
            [p * explorer.stride - explorer.padding + i * explorer.dilation for i in range(explorer.kernel_size)]
            for p in (r, c)
        ]
        inside = [[v for v in axis if 0 <= v < n] for axis, n in zip(at, explorer.size, strict=True)]
        reads[np.ix_(*inside)] = True
    unread = int((~reads).sum())
    said = re.search(r"(\d+) pixels? of (\d+) (?:is|are) read by no window", shown["status"])
    assert (int(said[1]) if said else 0) == unread


def test_every_control_over_its_whole_range(chapter):
    seen = chapter.evaluate("(title) => driver.sweep(title)", TITLE)
    assert {shown["moved"] for shown in seen} == {
        "height",
        "width",
        "kernel_size",
        "stride",
        "padding",
        "dilation",
        "image",
        "weights",
    }
    assert len(seen) > 40
    for shown in seen:
        assert shown["moved"] != "reset", f"Reset did not restore {shown}"
        if shown["moved"] not in ("image", "weights") or shown["to"] != "yours":
            assert shown["state"][shown["moved"]] == shown["to"]
        check(shown)


def test_a_random_walk_of_300_states(chapter):
    seen = chapter.evaluate("([title]) => driver.walk(title, 300, 20261122)", [TITLE])
    assert len({json.dumps(shown["state"], sort_keys=True) for shown in seen}) > 200
    for shown in seen:
        check(shown)
