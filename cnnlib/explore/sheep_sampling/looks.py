"""Where the stored network looks from positions in a scene: with its offsets, and with those of the three controls."""

import functools

import numpy as np

from cnnlib.explore.sheep_sampling import stored
from cnnlib.sheep import composed_points, share_on_object
from cnnlib.sheep.points import CELL

LAYERS = {"all": (0, 1, 2), "first": (0,), "second": (1,), "third": (2,)}
KINDS = ("rigid", "mean", "learned", "elsewhere")
DRAWS = 20


def weights(layer):
    """How much each point counts, (9,) or (729,)."""
    chosen = list(LAYERS[layer])
    return composed_points([(0, 0)], np.zeros((len(chosen), 18)), stored.magnitudes()[chosen])[1]


def others(height, positions, draw):
    """For each position (n, 2) the other one on the sheep whose offsets "elsewhere" takes, (n, 2).

    Half of the sheep away at first, then in steps that spread over it, never none; so over all positions on it each
    is taken once.
    """
    sheep = stored.positions(height)
    number = {tuple(position): k for k, position in enumerate(sheep.tolist())}
    away = max(1, (2 * ((7 * draw + 10) % DRAWS) + 1) * len(sheep) // (2 * DRAWS))
    index = [number.get((r, c), stored.CELLS * r + c) + away for r, c in np.array(positions).tolist()]
    return sheep[np.array(index) % len(sheep)]


def points(height, layer, kind, positions, draw=0):
    """The points of one kind at positions (n, 2), in cells: (n, 9 or 729, 2)."""
    positions = np.array(positions)
    if kind == "elsewhere":
        far = others(height, positions, draw)
        return points(height, layer, "learned", far) + (positions - far)[:, None]
    found, chosen = stored.tables(), list(LAYERS[layer])
    fields = found.offsets[height] if kind == "learned" else found.mean * (kind == "mean")
    return composed_points(positions, fields[chosen], stored.magnitudes()[chosen])[0]


@functools.lru_cache(64)
def shares(height, layer, draw):
    """For each kind the share of the points that are on the sheep, at every position on it, (n,)."""
    positions, mask = stored.positions(height), stored.scene(height)[1]
    return {
        kind: share_on_object(CELL * points(height, layer, kind, positions, draw), weights(layer), mask)
        for kind in KINDS
    }
