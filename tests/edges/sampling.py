"""Calls of everything in `cnnlib.sheep`, which samples, and says where."""

import numpy as np

from cnnlib import sheep
from tests.edges.counts import Call

TAPS = np.array([(row, column) for row in (0, 1, 2) for column in (0, 1, 2)])
BENT = TAPS.copy()
BENT[4] += 1
WEIGHTS = np.arange(1, 10)
KERNEL = np.arange(36).reshape(2, 2, 3, 3) % 7
MASK = np.eye(4, dtype=bool)


def share(points, weights):
    return sheep.share_on_object(points, weights, MASK)


def composed(positions, offset, magnitude):
    return sheep.composed_points(positions, [offset, offset], [magnitude, magnitude])


def found(offset):
    return sheep.find_sheep(np.zeros((1, 8, 8, 3), np.uint8), offsets=[offset] * 3)


SAMPLING = {
    "sheep.composed_points": Call(
        composed,
        images=dict(positions=TAPS[:2], offset=np.arange(18), magnitude=WEIGHTS),
        nan="refused",
        name="composed_points",
    ),
    "sheep.effective_dilation": Call(sheep.effective_dilation, images=dict(points=BENT), nan="refused"),
    "sheep.find_sheep": Call(found, images=dict(offset=np.ones((18, 1, 1))), nan="refused", name="find_sheep"),
    "sheep.irregularity": Call(sheep.irregularity, images=dict(points=BENT), nan="refused"),
    "sheep.share_on_object": Call(
        share, images=dict(points=BENT, weights=WEIGHTS), nan="refused", name="share_on_object"
    ),
    "sheep.sheep_on_grass": Call(sheep.sheep_on_grass, sizes=dict(height=30)),
    "sheep.sheep_parts": Call(sheep.sheep_parts, sizes=dict(height=30)),
    "sheep.sheep_scenes": Call(sheep.sheep_scenes, sizes=dict(count=1, seed=100), flags=dict(test=True)),
    "sheep.spread": Call(
        sheep.spread, images=dict(points=BENT, weights=WEIGHTS, direction=np.array([0, 1])), nan="refused"
    ),
    "sheep.structure": Call(
        sheep.structure, numbers=dict(sigma=1.5), images=dict(grey=np.arange(56).reshape(7, 8) % 9), nan="refused"
    ),
    "sheep.tap_magnitudes": Call(sheep.tap_magnitudes, images=dict(weight=KERNEL), nan="refused"),
}
