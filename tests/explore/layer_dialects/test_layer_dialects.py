"""Layer dialects: the Python half by hand and against the frameworks, refusals, and its own choices on a bare page."""

import json
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnlib.explore import LayerDialects
from tests.explore.hand import control, put, read
from tests.explore.layer_dialects import check


def test_by_hand():
    """SAME at stride 2 on 4 x 5 pixels: no row above and one below, one column on either side."""
    explorer = LayerDialects(channels=1, filters=1)
    assert explorer.sides == (0, 1, 1, 1)
    first = explorer.input[0, :3, :2] * explorer.kernel[0, 0, :, 1:]
    assert explorer.output[0, 0, 0] == first.sum()
    assert explorer.mistakes("torch").keys() == {"same", "reshaped"}


@pytest.mark.parametrize("dialect", ["keras", "scipy"])
def test_an_even_kernel_has_its_odd_pixel_at_another_end(dialect):
    sides = LayerDialects(dialect=dialect, kernel_size=4, stride=1).sides
    assert sides == ((1, 2, 1, 2) if dialect == "keras" else (2, 1, 2, 1))


def test_what_a_mistake_costs_in_torch():
    """The mistakes made in torch itself: padding 1, a reshaped kernel, filters in the order M · C."""
    explorer = LayerDialects(layer="depthwise", channels=3, filters=2)
    x, w, keras = explorer.input[None], explorer.kernel, explorer.written("keras")
    assert keras.shape == (3, 3, 3, 2)
    wrong = {
        "same": torch.from_numpy(w),
        "reshaped": torch.from_numpy(keras.copy().reshape(6, 1, 3, 3)),
        "order": torch.from_numpy(keras.transpose(3, 2, 0, 1).reshape(6, 1, 3, 3)),
    }
    found = {}
    for kind, kernel in wrong.items():
        padded = F.pad(torch.from_numpy(x), (1, 1, 1, 1) if kind == "same" else (1, 1, 0, 1))
        y = F.conv2d(padded, kernel, stride=2, groups=3)
        found[kind] = np.abs(y[0].numpy() - explorer.output).max()
    assert explorer.mistakes("torch") == found
    assert min(found.values()) > 0


def test_a_symmetric_case_hides_the_mistakes():
    """One channel and one filter: nothing to reshape wrongly; at stride 1 `same` is k // 2 for odd kernels."""
    explorer = LayerDialects(channels=1, filters=1, stride=1)
    assert explorer.mistakes("torch") == {"same": 0, "reshaped": 0}
    assert "same as padding = k // 2, off by 0" in explorer.result()


def test_keras_refuses_strides_with_dilation():
    """In its layer; that output_padding stays below the stride is asked for by its documentation alone."""
    with pytest.raises(ValueError, match="`strides > 1` not supported in conjunction with `dilation_rate > 1`"):
        check.keras.layers.Conv2D(1, 3, strides=2, dilation_rate=2)


def test_a_dialect_without_the_word_takes_the_numbers(opened):
    """Keras's layer said in torch keeps its output; the padding becomes numbers, and the exam's all alike."""
    _, root = opened(LayerDialects())
    before = read(root)["numbers"]
    put(root, "dialect", "torch")
    assert control(root, "padding").input_value() == "numbers"
    assert [control(root, f"before-{axis}").input_value() for axis in (0, 1)] == ["0", "1"]
    after = read(root)["numbers"]
    rows = [[line for line in text.splitlines() if re.match(r"\[-?\d", line)] for text in (before, after)]
    assert rows[0] == rows[1] and json.loads(rows[0][0])
    put(root, "dialect", "exam")
    put(root, "padding", "numbers")
    put(root, "before-0", 1)
    assert [control(root, f"{name}-{axis}").input_value() for name in ("before", "after") for axis in (0, 1)] == [
        "1"
    ] * 4
    put(root, "kernel_size-1", 2)
    assert control(root, "kernel_size-0").input_value() == "2"


def test_the_table_says_what_it_costs(opened):
    _, root = opened(LayerDialects(target="torch"))
    rows = {row.locator("th").inner_text(): row.inner_text() for row in root.locator(".dialects tbody tr").all()}
    assert list(rows) == ["torch", "Keras", "ONNX", "SciPy", "cnnlib", "the exam"]
    off = LayerDialects().mistakes("torch")["same"]
    assert f"same as padding = k // 2, off by {off:g}" in rows["torch"]
    assert 'keras.ops.conv(x, w, strides=2, padding="same")' in rows["Keras"] and "as given" in rows["Keras"]
    assert "It can't be said: it pads P pixels on each side, all alike." in rows["the exam"]
    assert root.locator(".dialects .chosen th").inner_text() == "torch"
