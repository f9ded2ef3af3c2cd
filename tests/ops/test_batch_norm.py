"""Batch normalisation: by hand, torch, a second definition, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import close, every_kind, oracle, several


def norm_case(dice):
    """``(x, w, b, given statistics or none)``; at least two values per channel."""
    c, shape = dice.pick(1, 4), [dice.pick(1, 5) for _ in range(dice.pick(0, 2))]
    x = dice.normal(dice.pick(2, 5), c, *shape) * dice.choose(0.1, 1, 30) + dice.choose(0, 5)
    x, w = x.astype(dice.dtype), dice.bias(c)
    b = None if w is None else dice.bias(c)
    own = dice.choose(True, False)
    return x, w, b, {} if own else dict(mean=dice.normal(c), var=dice.normal(c) ** 2 + dice.dtype(0.1))


# ------------------------------------------------------------------ by hand
def test_by_hand():
    x = np.array([[[1.0, 3]], [[5, 7]]])  # mean 4, variance 5
    root = np.sqrt(5)
    y = ops.batch_norm(x, [2], [10], eps=0)
    np.testing.assert_allclose(y.ravel(), [10 - 6 / root, 10 - 2 / root, 10 + 2 / root, 10 + 6 / root])
    assert ops.batch_norm(x, [2], [10], mean=[1], var=[15], eps=1).ravel().tolist() == [10, 11, 12, 13]
    dx, dw, db = ops.batch_norm_backward(np.array([[[1.0, 0]], [[0, 0]]]), x, [2], [10], eps=0)
    # dz = 2 0 0 0, mean 1/2; z = -3 -1 1 3 / root, mean of z dz = -3/2 / root
    np.testing.assert_allclose(dx.ravel() * root, [2 - 0.5 - 0.9, -0.5 - 0.3, -0.5 + 0.3, -0.5 + 0.9])
    np.testing.assert_allclose((dw, db), ([-3 / root], [1]))


# ------------------------------------------------------------------- oracle
@several
@given(every_kind(norm_case))
def test_equals_torch(case):
    x, w, b, statistics = case
    running = [torch.from_numpy(a.astype("d")) for a in statistics.values()] or [None, None]

    def theirs(x, w, b):
        return torch.nn.functional.batch_norm(x, *running, w, b, training=not statistics)

    expected, dy, gradients = oracle(theirs, x, w, b)
    tolerance = 2e-3 if x.dtype == np.float32 else 1e-9  # a variance of two alike values keeps few digits
    close(ops.batch_norm(x, w, b, **statistics), expected, tolerance)
    for mine, other in zip(ops.batch_norm_backward(dy, x, w, b, **statistics), gradients, strict=True):
        close(mine, other, tolerance)


def test_float32_of_a_real_layer():
    rng = np.random.default_rng(0)
    x, w, b = (5 + 2 * rng.standard_normal((8, 16, 28, 28))).astype("f"), *rng.standard_normal((2, 16), "f")
    expected, dy, gradients = oracle(lambda x, w, b: torch.nn.functional.batch_norm(x, None, None, w, b, True), x, w, b)
    close(ops.batch_norm(x, w, b), expected, 2e-6)
    for mine, other in zip(ops.batch_norm_backward(dy, x, w, b), gradients, strict=True):
        close(mine, other, 5e-6)


# ------------------------------------------------------- a second definition
def test_equals_the_loops():
    rng = np.random.default_rng(1)
    x, w, b = rng.standard_normal((3, 2, 2, 2)), [2.0, -1], [0.5, 3]
    y = np.zeros_like(x)
    for c in range(2):
        values = [x[n, c, i, j] for n, i, j in np.ndindex(3, 2, 2)]
        mean = sum(values) / 12
        variance = sum((value - mean) ** 2 for value in values) / 12
        for n, i, j in np.ndindex(3, 2, 2):
            y[n, c, i, j] = w[c] * (x[n, c, i, j] - mean) / (variance + 1e-5) ** 0.5 + b[c]
    close(ops.batch_norm(x, w, b), y)


def test_given_the_batch_s_own_statistics_the_result_is_the_same_and_the_gradient_is_not():
    rng = np.random.default_rng(2)
    x, dy = rng.standard_normal((2, 4, 3, 5, 2))[:, :, :, :, 0], rng.standard_normal((4, 3, 5))
    x = x[0]
    own = dict(mean=x.mean((0, 2)), var=x.var((0, 2)))
    close(ops.batch_norm(x, **own), ops.batch_norm(x))
    free, fixed = ops.batch_norm_backward(dy, x)[0], ops.batch_norm_backward(dy, x, **own)[0]
    assert np.abs(free - fixed).max() > 0.05


# --------------------------------------------------------------------- laws
def test_the_scale_and_the_origin_of_a_channel_do_not_matter():
    """And so neither direction has a gradient."""
    rng = np.random.default_rng(3)
    x, dy = rng.standard_normal((2, 6, 3, 4, 5))
    y = ops.batch_norm(x, eps=0)
    close(ops.batch_norm(7 * x + np.arange(3)[:, None, None], eps=0), y)
    np.testing.assert_allclose(y.mean((0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var((0, 2, 3)), 1)
    dx, _, _ = ops.batch_norm_backward(dy, x, eps=0)
    np.testing.assert_allclose(dx.sum((0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose((dx * x).sum((0, 2, 3)), 0, atol=1e-12)


def test_an_empty_batch_has_no_statistics_and_needs_none():
    empty = np.zeros((0, 4, 3, 3))
    dx, dw, db = ops.batch_norm_backward(empty, empty, np.ones(4), np.ones(4))
    assert ops.batch_norm(empty).shape == dx.shape == empty.shape and not dw.any() and not db.any()


# ------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    "shape, options, message",
    [
        ((1, 4), {}, r"x has shape \(1, 4\), one value in each channel, which has no variance; use a larger batch, or"),
        ((2, 4), dict(mean=np.zeros(4)), "mean is given and var is not; use both or neither"),
        ((2, 4), dict(var=np.ones(4)), "var is given and mean is not; use both or neither"),
        ((2, 4), dict(mean=np.zeros(4), var=[1, 1, -2, 1]), r"var holds -2\.0; use variances >= 0"),
        ((2, 4), dict(mean=np.zeros(3), var=np.ones(4)), r"mean has shape \(3,\); use shape \(4,\) = \(C,\)"),
        ((2, 4), dict(w=np.zeros((4, 1))), r"w has shape \(4, 1\); use shape \(4,\)"),
        ((4,), {}, r"x has shape \(4,\), 1 axis, and needs 2: \(N, C\)"),
        ((2, 0), {}, "with C=0"),
        ((2, 4), dict(eps=-1e-5), "eps=-1e-05 is out of range; use a number >= 0"),
    ],
)
def test_errors(shape, options, message):
    for form, dy in ((ops.batch_norm, []), (ops.batch_norm_backward, [np.zeros(shape)])):
        with pytest.raises(ValueError, match=f"^{form.__name__}: .*{message}|^{form.__name__}: {message}"):
            form(*dy, np.zeros(shape), **options)


def test_torch_s_names_are_told():
    with pytest.raises(
        TypeError, match=r"^batch_norm: got an unexpected keyword argument 'running_mean', which is mean here"
    ):
        ops.batch_norm(np.zeros((2, 3)), running_mean=np.zeros(3))
