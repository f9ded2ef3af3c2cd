"""upsample2x: by hand, torch, second definitions, and what each kind makes of a constant."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import all_close, brief, cases, close, every_kind, oracle, thorough


def upsampling_case(dice):
    """x, w, b and the kind."""
    kind, c, o = dice.choose(*ops.UPSAMPLINGS), dice.pick(1, 3), dice.pick(1, 3)
    k = dice.pick(2, 6) if kind == "transposed" else 2 * dice.pick(0, 2) + 1
    x = dice.normal(dice.batch(), c, dice.pick(1, 5), dice.pick(1, 5))
    outputs = 4 * o if kind == "sub-pixel" else o
    w = dice.normal(*((c, o) if kind == "transposed" else (outputs, c)), k, k)
    return x, w, dice.bias(outputs), dict(kind=kind)


def torch_form(x, w, b, *, kind):
    """From torch's own parts."""
    functional, k = torch.nn.functional, w.shape[-1]
    if kind == "transposed":  # cut by hand from the full result: twice the size begins (k - 1) // 2 pixels in
        whole = functional.conv_transpose2d(functional.pad(x, (0, 1, 0, 1)), w, b, stride=2)
        first, (height, width) = (k - 1) // 2, x.shape[2:]
        return whole[:, :, first : first + 2 * height, first : first + 2 * width]
    if kind == "sub-pixel":
        y = functional.conv2d(x, w, b, padding="same")
        return functional.pixel_shuffle(y, 2) if len(y) else y.reshape(0, len(w) // 4, *(2 * n for n in x.shape[2:]))
    larger = torch.nn.Upsample(scale_factor=2, mode=kind.split()[0])(x)
    return functional.conv2d(larger, w, b, padding="same")


@thorough
@given(every_kind(upsampling_case))
def test_equals_torch(case):
    x, w, b, options = case
    expected, dy, gradients = oracle(lambda *a: torch_form(*a, **options), x, w, b)
    close(ops.upsample2x(x, w, b, **options), expected)
    all_close(ops.upsample2x_backward(dy, x, w, b, **options), gradients)


def test_by_hand():
    x = np.array([[[[1.0, 2]]]])
    stamps = np.array([[1.0, 10], [100, 1000]]).reshape(1, 1, 2, 2)
    assert ops.upsample2x(x, stamps)[0, 0].tolist() == [[1, 10, 2, 20], [100, 1000, 200, 2000]]
    four = np.array([1.0, 10, 100, 1000]).reshape(4, 1, 1, 1)  # the same, as four maps that are shuffled
    assert ops.upsample2x(x, four, kind="sub-pixel")[0, 0].tolist() == [[1, 10, 2, 20], [100, 1000, 200, 2000]]
    one = np.array([[[[3.0]]]])
    assert ops.upsample2x(x, one, [0.5], kind="nearest + conv")[0, 0].tolist() == [[3.5, 3.5, 6.5, 6.5]] * 2
    assert ops.upsample2x(x, one, kind="bilinear + conv")[0, 0].tolist() == [[3, 3.75, 5.25, 6]] * 2


@brief
@given(cases(upsampling_case))
def test_sub_pixel_and_transposed_are_one_operation(case):
    """Four convolutions that are shuffled are one transposed convolution whose kernel is twice as wide."""
    x, w, _, options = case
    if options["kind"] != "sub-pixel":
        return
    o, c, k = len(w) // 4, w.shape[1], w.shape[2]
    wide = np.zeros((c, o, 2 * k, 2 * k))
    for i in range(2):
        for j in range(2):  # stamping reverses a kernel's taps
            wide[:, :, i::2, j::2] = w.reshape(o, 2, 2, c, k, k)[:, i, j].transpose(1, 0, 2, 3)[..., ::-1, ::-1]
    close(ops.upsample2x(x, w, **options), ops.conv_transpose2d(x, wide, stride=2, padding=2 * (k // 2)))


@pytest.mark.parametrize("kind", ops.UPSAMPLINGS)
@pytest.mark.parametrize("k", [3, 5])
def test_a_constant_stays_one_after_a_resize_and_else_becomes_four_values(kind, k):
    rng = np.random.default_rng(k)
    y = ops.upsample2x(
        np.ones((1, 2, 8, 8)), rng.standard_normal((8 if kind == "sub-pixel" else 2, 2, k, k)), kind=kind
    )
    inner = y[0, 0, 5:-5, 5:-5]
    assert len(np.unique(inner.round(9))) == (1 if "conv" in kind else 4)


@pytest.mark.parametrize(
    "kind, w, b, message",
    [
        ("transposed", (3, 2, 1, 1), None, "K=1 leaves pixels that no stamp reaches; use at least 2"),
        ("sub-pixel", (8, 3, 2, 2), None, "K=2 is even, and has no middle for kind='sub-pixel'; use an odd one"),
        ("sub-pixel", (6, 3, 3, 3), None, "w has 6 kernels, and kind='sub-pixel' needs four for each output; use 8"),
        ("sub-pixel", (8, 3, 3, 3), (2,), r"b has shape \(2,\); use shape \(8,\) = \(4\*O,\)"),
        (
            "nearest + conv",
            (2, 4, 3, 3),
            None,
            r"w has shape \(2, 4, 3, 3\); use shape \(2, 3, 3, 3\) = \(O, C, K, K\)",
        ),
        ("transposed", (2, 3, 4, 4), None, r"w has shape \(2, 3, 4, 4\); use shape \(3, 3, 4, 4\) = \(C, O, K, K\)"),
        ("transposed", (3, 2, 3, 4), None, r"w has shape \(3, 2, 3, 4\); use shape \(3, 2, 4, 4\)"),
        ("deconvolution", (3, 2, 3, 3), None, "kind='deconvolution' is unknown; use one of 'transposed', 'sub-pixel'"),
    ],
)
def test_errors(kind, w, b, message):
    with pytest.raises(ValueError, match="^upsample2x: " + message):
        ops.upsample2x(np.zeros((1, 3, 4, 5)), np.zeros(w), None if b is None else np.zeros(b), kind=kind)
