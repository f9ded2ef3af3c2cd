"""Sampling an image as a camera does, evenly, or as an eye does, finely at one point and coarsely around it."""

from dataclasses import dataclass

import numpy as np

from cnnlib.arguments import integer, pair
from cnnlib.ops import bilinear_sample
from cnnlib.reals import reals
from cnnlib.values import number

__all__ = ["Retina", "even", "log_polar"]


@dataclass(frozen=True)
class Retina:
    """K receptive fields over an image of (height, width) pixels; made by `even` and `log_polar`.

    Attributes
    ----------
    points : ndarray, (K, 2)
        The middle of each field as (row, column); (0, 0) is the centre of the first pixel.
    sides : ndarray, (K,)
        Side of each field, a square, in pixels; at least 1.
    owner : ndarray of int, (height, width)
        For each pixel the field that stands for it.
    """

    points: np.ndarray
    sides: np.ndarray
    owner: np.ndarray

    def __post_init__(self):
        for name in ("points", "sides", "owner"):  # copies that nobody can write into
            kept = np.array(getattr(self, name))
            kept.flags.writeable = False
            object.__setattr__(self, name, kept)

    def look(self, image):
        """The mean brightness in each field, (K,); what hangs over the edge is left out.

        The image is summed up once; four values of those sums give the mean over any rectangle, fractions of
        pixels included.

        Parameters
        ----------
        image : array_like, (height, width)

        Raises
        ------
        ValueError
            If the image has another size than the retina, or holds NaN or infinity, which the sums would spread.

        References
        ----------
        Crow, *Summed-area tables for texture mapping*, 1984.
        """
        image = reals("Retina.look", "image", image, finite=True)
        if image.shape != self.owner.shape:
            raise ValueError(
                f"Retina.look: image has shape {image.shape} and the retina was made for {self.owner.shape}; "
                "make another retina, or resize the image"
            )
        sums = np.pad(image.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
        near = np.clip(self.points + 0.5 - self.sides[:, None] / 2, 0, image.shape)  # (K, 2), edges of pixels
        far = np.clip(self.points + 0.5 + self.sides[:, None] / 2, 0, image.shape)
        corners = np.stack([far, np.stack([near[:, 0], far[:, 1]], 1), np.stack([far[:, 0], near[:, 1]], 1), near])
        lower_right, upper_right, lower_left, upper_left = bilinear_sample(sums[None, None], corners[None])[0, 0]
        area = (far - near).prod(1)
        total = lower_right - upper_right - lower_left + upper_left
        return np.divide(total, area, out=np.zeros_like(total), where=area > 1e-9)

    def repaint(self, seen):
        """What `look` saw, as an image again: each pixel as bright as its field, (height, width)."""
        seen = reals("Retina.repaint", "seen", seen)
        if seen.shape != self.sides.shape:
            raise ValueError(
                f"Retina.repaint: seen has shape {seen.shape}, and there are {len(self.sides)} fields; use what look "
                "gives"
            )
        return seen[self.owner]


def even(size, samples):
    """Blocks of equal size, as nearly square as they come, at least as many as `samples`.

    Parameters
    ----------
    size : (height, width)
    samples : int

    Returns
    -------
    Retina

    Raises
    ------
    TypeError, ValueError
        If `size` or `samples` is no integer, or out of range.

    Examples
    --------
    >>> retina = even((4, 6), 6)
    >>> retina.owner
    array([[0, 0, 1, 1, 2, 2],
           [0, 0, 1, 1, 2, 2],
           [3, 3, 4, 4, 5, 5],
           [3, 3, 4, 4, 5, 5]])
    >>> retina.look(np.arange(24).reshape(4, 6))
    array([ 3.5,  5.5,  7.5, 15.5, 17.5, 19.5])
    """
    height, width = pair("even", "size", size, 1)
    samples = integer("even", "samples", samples, 1)
    if samples > height * width:
        raise ValueError(f"even: samples={samples} is more than the {height * width} pixels of size={size}; use fewer")
    columns = max(1, round((samples * width / height) ** 0.5))
    rows = -(-samples // columns)
    tall, wide = height / rows, width / columns
    points = np.stack(np.meshgrid(_middles(rows, tall), _middles(columns, wide), indexing="ij"), -1).reshape(-1, 2)
    down = (2 * np.arange(height) + 1) * rows // (2 * height)  # whole numbers: no quotient on the wrong side of an edge
    right = (2 * np.arange(width) + 1) * columns // (2 * width)
    owner = down[:, None] * columns + right
    return Retina(points, np.full(len(points), max(1.0, (tall * wide) ** 0.5)), owner)


def log_polar(size, fixation, *, rings=24, rays=48, core=4.0):
    """Fields in rings about a fixed point, the wider the farther out, as the visual cortex has them.

    Ring i of n lies at the distance ``core (1 + R/core)^((i + 1/2)/n) - core``, where R is the distance of the farthest
    corner: about even inside `core` pixels, a constant factor from ring to ring far outside. A field is as wide as the
    rings are apart there. Sample ``i * rays + j`` lies on ring i, ray j; ray 0 points to the right, and they go on
    downwards.

    Parameters
    ----------
    size : (height, width)
    fixation : (row, column)
        The pixel looked at.
    rings, rays : int
        Fields outwards and around.
    core : float
        Pixels, > 0.

    Returns
    -------
    Retina

    Raises
    ------
    TypeError, ValueError
        If the fixation is not on the image, or a number is not positive.

    References
    ----------
    Schwartz, *Spatial mapping in the primate sensory projection: analytic structure and relevance to perception*, 1977.

    Examples
    --------
    >>> retina = log_polar((101, 101), (50, 50), rings=8, rays=16)
    >>> retina.sides[::16].round(1)
    array([ 1.8,  2.5,  3.7,  5.3,  7.6, 11. , 15.8, 22.8])
    """
    height, width = pair("log_polar", "size", size, 1)
    row, column = pair("log_polar", "fixation", fixation, 0)
    rings, rays = integer("log_polar", "rings", rings, 1), integer("log_polar", "rays", rays, 1)
    if row >= height or column >= width:
        raise ValueError(
            f"log_polar: fixation={(row, column)} is not on an image of {height} x {width}; "
            f"use at most {(height - 1, width - 1)}"
        )
    core = number("log_polar", "core", core, above=0, meaning="a number of pixels above 0")
    reach = max(1.0, np.hypot(max(row, height - 1 - row), max(column, width - 1 - column)))
    rate = np.log1p(reach / core) / rings
    radius = core * np.expm1((np.arange(rings) + 0.5) * rate)
    turn = np.arange(rays) * (2 * np.pi / rays)
    around = np.stack([np.sin(turn), np.cos(turn)], -1)
    points = np.array([row, column]) + radius[:, None, None] * around  # (rings, rays, 2)
    sides = np.repeat(np.maximum(1, (radius + core) * rate), rays)
    down, right = np.arange(height)[:, None] - row, np.arange(width) - column
    ring = np.minimum(rings - 1, np.log1p(np.hypot(down, right) / core) / rate).astype(int)
    ray = np.floor(np.arctan2(down, right) * (rays / (2 * np.pi)) + 0.5).astype(int) % rays
    return Retina(points.reshape(-1, 2), sides, ring * rays + ray)


def _middles(count, step):
    return (np.arange(count) + 0.5) * step - 0.5
