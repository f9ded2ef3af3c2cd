"""matrix_of: by hand, torch, the definition of a convolution, laws, errors."""

import numpy as np
import pytest
import torch

from cnnlib import ops
from cnnlib.matrices import matrix_of

OPTIONS = [
    {},
    {"stride": 2, "padding": 1},
    {"dilation": 2, "padding": (2, 0, 0, 1)},
    {"stride": (2, 1), "padding": (1, 0, 2, 1)},
]
rng = np.random.default_rng(4)
W = rng.normal(size=(3, 2, 3, 2))  # O C KH KW: no two sides that matter alike
SHAPE = (2, 6, 7)


def conv(options):
    return lambda x: ops.conv2d(x, W, **options)


def test_by_hand():
    shared = matrix_of(lambda x: ops.conv1d(x, [[[1, 2, 3]]], stride=2, padding=1), (1, 4))
    assert shared.tolist() == [[2, 3, 0, 0], [0, 1, 2, 3]]
    local = matrix_of(
        lambda x: ops.local_conv2d(x, np.array([[1.0, 10], [2, 20]]).reshape(1, 1, 1, 2, 1, 2)), (1, 1, 3)
    )
    assert local.tolist() == [[1, 2, 0], [0, 10, 20]]
    assert matrix_of(lambda x: ops.linear(x, [[1, 2], [3, 4], [5, 6]]), 2).tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize("options", OPTIONS)
def test_the_matrix_does_what_the_operation_does(options):
    matrix = matrix_of(conv(options), SHAPE)
    x = rng.normal(size=(1, *SHAPE))
    np.testing.assert_allclose(matrix @ x.ravel(), ops.conv2d(x, W, **options).ravel(), atol=1e-12)


@pytest.mark.parametrize("options", OPTIONS)
def test_each_entry_is_a_weight_at_the_place_where_the_window_reads(options):
    """A second definition, window by window, with no operation of the package."""
    padding = options.get("padding", 0)
    top, _, left, _ = padding if isinstance(padding, tuple) else (padding,) * 4
    (sh, sw), d = np.broadcast_to(options.get("stride", 1), 2), options.get("dilation", 1)
    _, oh, ow = ops.conv2d(np.zeros((1, *SHAPE)), W, **options)[0].shape
    want = np.zeros((3, oh, ow, *SHAPE))
    for o, r, s, c, i, j in np.ndindex(3, oh, ow, 2, 3, 2):
        p, q = r * sh + i * d - top, s * sw + j * d - left
        if 0 <= p < 6 and 0 <= q < 7:
            want[o, r, s, c, p, q] = W[o, c, i, j]
    np.testing.assert_allclose(matrix_of(conv(options), SHAPE), want.reshape(3 * oh * ow, -1), atol=1e-12)


@pytest.mark.parametrize("options", OPTIONS[:2])
def test_the_jacobian_of_torch_is_the_same_matrix(options):
    jacobian = torch.autograd.functional.jacobian(
        lambda x: torch.nn.functional.conv2d(x, torch.from_numpy(W), **options), torch.zeros(1, *SHAPE).double()
    )
    matrix = matrix_of(conv(options), SHAPE)
    np.testing.assert_allclose(matrix, jacobian.reshape(matrix.shape), atol=1e-12)


@pytest.mark.parametrize("options", OPTIONS)
def test_the_gradient_is_the_transpose(options):
    """<A x, dy> = <x, A^T dy>: the matrix of the gradient in x is A turned over."""
    matrix = matrix_of(conv(options), SHAPE)
    result = ops.conv2d(np.zeros((1, *SHAPE)), W, **options).shape[1:]
    backward = matrix_of(
        lambda dy: ops.conv2d_backward(dy, np.zeros((len(dy), *SHAPE)), W, **options)[0], tuple(result)
    )
    np.testing.assert_allclose(backward, matrix.T, atol=1e-12)


def test_one_after_the_other_is_the_product():
    second = rng.normal(size=(2, 3, 2, 2))
    first = matrix_of(conv({}), SHAPE)
    both = matrix_of(lambda x: ops.conv2d(ops.conv2d(x, W), second), SHAPE)
    np.testing.assert_allclose(both, matrix_of(lambda x: ops.conv2d(x, second), (3, 4, 6)) @ first, atol=1e-12)


@pytest.mark.parametrize(
    ("operation", "shape", "error", "message"),
    [
        (
            W,
            4,
            TypeError,
            r"matrix_of: operation is an array of shape .* and can't be called; use a function",
        ),
        (np.copy, (1, 2.0), TypeError, r"matrix_of: shape=\(1, 2\.0\) holds a float"),
        (np.copy, (3, 0), ValueError, r"matrix_of: shape=\(3, 0\) holds 0"),
        (lambda x: x + 0.5, 3, ValueError, r"gives 0\.5 for an input of zeros; a matrix can't, so leave the bias out"),
        (np.abs, 3, ValueError, r"is not linear: it gives .* for a mixture whose parts add up to"),
        (lambda x: x.sum(), 3, ValueError, r"for a batch of shape \(3, 3\) the operation returns shape \(\)"),
        (lambda x: x[1:], 3, ValueError, r"returns shape \(2, 3\); it must return 3 results"),
    ],
)
def test_errors(operation, shape, error, message):
    with pytest.raises(error, match=message):
        matrix_of(operation, shape)
