"""local_conv2d: by hand, torch's unfold, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from cnnlib.ops.windows import windows
from tests.ops.cases import all_close, brief, cases, close, every_kind, oracle, pad, thorough


def local_case(dice):
    size, kernel, options = dice.window(room=4)
    output = windows("local", size, kernel, **options).output
    channels, outputs = dice.pick(1, 3), dice.pick(1, 3)
    x = dice.normal(dice.batch(), channels, *size)
    w = dice.normal(outputs, channels, *kernel, *output)
    return x, w, dice.bias(outputs, *output), options


def unfold_form(x, w, b, *, stride, padding, dilation):
    """torch lays out the windows; every window meets weights of its own."""
    o, c, kh, kw, oh, ow = w.shape
    if len(x) == 0:  # unfold refuses an empty batch
        return sum(a.sum() for a in (x, w, b) if a is not None) * x.new_zeros(0, o, oh, ow)
    x = pad(x, padding)
    columns = torch.nn.functional.unfold(x, (kh, kw), stride=stride, dilation=dilation)
    y = torch.einsum("okl,nkl->nol", w.reshape(o, c * kh * kw, oh * ow), columns)
    y = y.reshape(len(x), o, oh, ow)
    return y if b is None else y + b


def test_by_hand():
    x = np.array([[[[1.0, 2, 3]]]])
    w = np.array([[1.0, 10], [100, 1000]]).reshape(1, 1, 1, 2, 1, 2)  # tap, then position
    assert ops.local_conv2d(x, w).tolist() == [[[[201, 3020]]]]
    assert ops.local_conv2d(x, w, np.array([[[0.5, 0.25]]])).tolist() == [[[[201.5, 3020.25]]]]
    dx, dw, db = ops.local_conv2d_backward(np.array([[[[1.0, 2]]]]), x, w, np.zeros((1, 1, 2)))
    assert dx.tolist() == [[[[1, 120, 2000]]]]
    assert dw.ravel().tolist() == [1, 4, 2, 6]
    assert db.tolist() == [[[1, 2]]]


@thorough
@given(every_kind(local_case))
def test_equals_torch_and_the_definition(case):
    x, w, b, options = case
    expected, dy, gradients = oracle(lambda x, w, b: unfold_form(x, w, b, **options), x, w, b)
    for form in (ops.local_conv2d, ops.local_conv2d_plain):
        close(form(x, w, b, **options), expected)
    all_close(ops.local_conv2d_backward(dy, x, w, b, **options), gradients)


@brief
@given(cases(local_case))
def test_one_kernel_everywhere_is_conv2d(case):
    x, w, _, options = case
    kernel = w[..., :1, :1]
    everywhere = np.broadcast_to(kernel, w.shape)
    close(ops.local_conv2d(x, everywhere, **options), ops.conv2d(x, kernel[..., 0, 0], **options))


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(x=np.zeros((3, 5, 6))), "local_conv2d: x has shape"),
        (dict(w=np.zeros((2, 3, 3, 3))), r"4 axes, and needs 6: \(O, C, KH, KW, OH, OW\)"),
        (dict(w=np.zeros((2, 3, 3, 3, 4, 3))), r"use shape \(2, 3, 3, 3, 3, 4\) = \(O, C, KH, KW, OH, OW\)"),
        (dict(w=np.zeros((2, 1, 3, 3, 3, 4))), r"use shape \(2, 3, 3, 3, 3, 4\)"),
        (dict(b=np.zeros(2)), r"b has shape \(2,\); use shape \(2, 3, 4\) = \(O, OH, OW\)"),
        (dict(dilation=3), "spanning 7 .* does not fit in 5 .* along the height"),
    ],
)
def test_errors(change, message):
    given = dict(x=np.zeros((1, 3, 5, 6)), w=np.zeros((2, 3, 3, 3, 3, 4)), b=None) | change
    with pytest.raises(ValueError, match=message):
        ops.local_conv2d(given.pop("x"), given.pop("w"), given.pop("b"), **given)


def test_backward_names_the_shape_of_dy():
    with pytest.raises(ValueError, match=r"local_conv2d_backward: dy has shape .*use shape \(1, 2, 3, 4\)"):
        ops.local_conv2d_backward(np.zeros((1, 2, 3, 3)), np.zeros((1, 3, 5, 6)), np.zeros((2, 3, 3, 3, 3, 4)))
