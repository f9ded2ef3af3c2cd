"""Laws that need no oracle: linearity, and the gradient as the adjoint of the operation.

An operation f that is linear in an argument x has ``f(2 x + z) = 2 f(x) + f(z)``, and its
gradient by x is the adjoint: ``<f(x), dy> = <x, f_backward(dy)>`` for any dy.
"""

import numpy as np
import pytest
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import brief, cases, close, conv_case
from tests.ops.test_blur_resize import blur_case, resize_case
from tests.ops.test_conv1d import conv1d_case
from tests.ops.test_deformable import deform_case
from tests.ops.test_dense import linear_case
from tests.ops.test_pooling import avg_case
from tests.ops.test_sampling import sampling_case
from tests.ops.test_separable import depthwise_case, separable_case
from tests.ops.test_tiled import tiled_case
from tests.ops.test_transposed import transposed_case
from tests.ops.test_unfold import unfold_case
from tests.ops.test_unshared import local_case
from tests.ops.test_upsampling import upsampling_case


def weighted(build):
    """A case of arrays, a bias and options, without the bias, which no linear map has."""

    def without_bias(dice):
        *arrays, _, options = build(dice)
        return arrays, options

    return without_bias


def masked(dice):
    *arrays, _, mask, options = deform_case(dice)
    return arrays, dict(options, mask=mask)


def averaged(dice):
    x, kernel, _, options, count = avg_case(dice)
    return [x], dict(options, kernel_size=kernel, count_include_pad=count)


def blurred(dice):
    x, kernel, stride, mode = blur_case(dice)
    return [x], dict(kernel_size=kernel, stride=stride, padding_mode=mode)


def nearest(dice):
    x, size, _ = resize_case(dice)
    return [x], dict(size=size)


def bilinear(dice):
    x, size, align = resize_case(dice)
    return [x], dict(size=size, align_corners=align)


def unfolded(dice):
    x, kernel, options = unfold_case(dice)
    return [x], dict(options, kernel_size=kernel)


def folded(dice):
    (x,), options = unfolded(dice)
    columns = ops.unfold(x, **options)
    return [dice.normal(*columns.shape)], dict(options, output_size=x.shape[2:])


def normalised(dice):
    """With given statistics about 0: by its own, the operation is not linear."""
    x = conv_case(dice)[0]
    return [x], dict(mean=np.zeros(x.shape[1]), var=dice.normal(x.shape[1]) ** 2)


#: name: (what makes arrays and options, the arrays in which the operation is linear)
LINEAR = {
    "conv2d": (weighted(conv_case), [0, 1]),
    "conv1d": (weighted(conv1d_case), [0, 1]),
    "conv_transpose2d": (weighted(transposed_case), [0, 1]),
    "local_conv2d": (weighted(local_case), [0, 1]),
    "separable_conv2d": (weighted(separable_case), [0, 1, 2]),
    "depthwise_separable_conv2d": (weighted(depthwise_case), [0, 1, 2]),
    "deform_conv2d": (masked, [0, 2]),
    "bilinear_sample": (lambda dice: (sampling_case(dice), {}), [0]),
    "rounded_sample": (lambda dice: (sampling_case(dice), {}), [0]),
    "avg_pool2d": (averaged, [0]),
    "global_avg_pool2d": (lambda dice: ([averaged(dice)[0][0]], {}), [0]),
    "blur_pool2d": (blurred, [0]),
    "resize_nearest2d": (nearest, [0]),
    "resize_bilinear2d": (bilinear, [0]),
    "tiled_conv2d": (weighted(tiled_case), [0, 1]),
    "upsample2x": (weighted(upsampling_case), [0, 1]),
    "unfold": (unfolded, [0]),
    "fold": (folded, [0]),
    "batch_norm": (normalised, [0]),
    "linear": (lambda dice: (linear_case(dice)[:2], {}), [0, 1]),
}  # fmt: skip

every = pytest.mark.parametrize("name", LINEAR)


def test_the_table_is_complete():
    """What is not in it is not linear."""
    forward = {name.removesuffix("_backward") for name in ops.__all__ if name.endswith("_backward")}
    assert forward - set(LINEAR) == {"max_pool2d", "global_max_pool2d", "relu", "softmax_cross_entropy"}


def given_each(test):
    """Hypothesis cannot choose a strategy by the parameter: it is put in by hand."""

    @every
    def run(name):
        build, positions = LINEAR[name]
        brief(given(cases(build))(lambda case: test(name, positions, *case)))()

    run.__doc__ = test.__doc__
    return run


@given_each
def test_linear(name, positions, arrays, options):
    """In each array by itself, the others held fixed."""
    f, rng = getattr(ops, name), np.random.default_rng(1)
    for k in positions:
        other = rng.standard_normal(arrays[k].shape)

        def at(array, k=k):
            return f(*arrays[:k], array, *arrays[k + 1 :], **options)

        close(at(2 * arrays[k] + other), 2 * at(arrays[k]) + at(other))


@given_each
def test_the_gradient_is_the_adjoint(name, positions, arrays, options):
    y = getattr(ops, name)(*arrays, **options)
    dy = np.random.default_rng(2).standard_normal(y.shape)
    gradients = getattr(ops, name + "_backward")(dy, *arrays, **options)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    for k in positions:
        scale = np.linalg.norm(y) * np.linalg.norm(dy)
        np.testing.assert_allclose(np.vdot(arrays[k], gradients[k]), np.vdot(y, dy), atol=1e-12 * scale, rtol=0)
