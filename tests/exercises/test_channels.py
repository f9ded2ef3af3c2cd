"""The checkers of chapter 7 refuse what is wrong, and name it."""

import re

import numpy as np
import pytest

from cnnlib import ops
from cnnlib.exercises import check_feature_map, check_follow_order


def feature_map(image, weights, bias):
    """A right answer, in loops."""
    channels, height, width = weights.shape
    out = np.full((image.shape[1] - height + 1, image.shape[2] - width + 1), float(bias))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            for channel in range(channels):
                out[r, c] += (image[channel, r : r + height, c : c + width] * weights[channel]).sum()
    return out


def wrong_positions(*arguments):
    """The right sum, at the wrong positions."""
    out = feature_map(*arguments)
    total = out.sum()
    out[:] = np.arange(out.size).reshape(out.shape)
    out[-1, -1] += total - out.sum()
    return out


def unwritten(*arguments):
    raise NotImplementedError


def test_right_answers_pass():
    verdict = check_feature_map(feature_map)
    assert verdict and repr(verdict).startswith("Right: every value agrees")
    verdict = check_follow_order(lambda second, order: second[:, order])
    assert verdict and "stays what it was" in verdict.sentence
    assert check_follow_order(lambda second, order: np.take(second, order, axis=1))


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (unwritten, "still to be written"),
        (lambda *a: np.zeros_like(feature_map(*a)), "all zeros"),
        (lambda *a: feature_map(*a).T, "transposed"),
        (lambda *a: np.roll(feature_map(*a), 1, axis=0), "one row too late"),
        (lambda *a: np.roll(feature_map(*a), -1, axis=1), "one column too early"),
        (lambda *a: feature_map(*a)[::-1], "upside down"),
        (lambda i, w, b: feature_map(i, w, 0), "the bias is missing"),
        (lambda i, w, b: feature_map(i, w, len(w) * b), "once for each channel"),
        (
            lambda i, w, b: np.stack([feature_map(i[c : c + 1], w[c : c + 1], b) for c in range(len(w))]),
            "map of its own",
        ),
        (lambda i, w, b: feature_map(i[:1], w[:1], b), "only the first channel"),
        (lambda i, w, b: feature_map(i, w, 0) / len(w) + b, "mean over the channels"),
        (lambda i, w, b: feature_map(i[::-1], w, b), "wrong way round"),
        (lambda i, w, b: feature_map(i, w[:, ::-1, ::-1], b), "the kernel is flipped"),
        (wrong_positions, "the sum is right, but the values are at the wrong positions"),
        (lambda *a: feature_map(*a)[:-1], "off by one"),
    ],
)
def test_wrong_maps_are_refused_and_named(answer, hint):
    verdict = check_feature_map(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (unwritten, "still to be written"),
        (lambda s, o: s, "nothing has moved"),
        (lambda s, o: s[:, np.argsort(o)], "the order is undone"),
        (lambda s, o: s[:, ::-1], "run backwards"),
        (lambda s, o: np.zeros_like(s), "all zeros"),
        (lambda s, o: s[:, o].swapaxes(0, 1), r"has shape \(5, 4, 1, 1\)"),
        (lambda s, o: np.roll(s[:, o], 1, axis=1), "wrong order"),
    ],
)
def test_wrong_orders_are_refused_and_named(answer, hint):
    verdict = check_follow_order(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict


def test_moving_the_next_layers_own_filters_is_named():
    def moved(second, order):
        return second[order] if second.shape[0] == second.shape[1] else second[:, order]

    assert "input channels should" in check_follow_order(moved).sentence


def test_the_order_that_is_asked_for_keeps_the_network():
    """What the checker wants is what leaves the two layers' output as it was."""
    rng = np.random.default_rng(0)
    image, first, second = rng.normal(size=(1, 2, 6, 7)), rng.normal(size=(5, 2, 3, 3)), rng.normal(size=(4, 5, 2, 2))
    order = np.array([3, 0, 4, 2, 1])  # not its own inverse

    def network(first, second):
        return ops.conv2d(np.maximum(ops.conv2d(image, first), 0), second)

    np.testing.assert_allclose(network(first[order], second[:, order]), network(first, second))
    assert not np.allclose(network(first[order], second[:, np.argsort(order)]), network(first, second))
