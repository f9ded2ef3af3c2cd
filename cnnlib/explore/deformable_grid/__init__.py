"""Nine taps, each of which reads where it has been told to: deformable convolution at one position, and its price."""

import numpy as np

from cnnlib import geometry, ops
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.grids import framed, pixels
from cnnlib.explore.base.photographs import middle_square
from cnnlib.explore.base.traits import Choice, GreyPicture, Matrix, Pair, Real, Whole
from cnnlib.explore.deformable_grid.tables import FARTHEST, KERNELS, PHOTO_SIDE, RANDOM, SEEDS, SIDE, piece, sheep


class DeformableGrid(Explorer):
    """A 3 x 3 window whose taps are moved by 18 offsets: what each reads, what comes out, and what it costs.

    Parameters
    ----------
    picture : {"numbers", "photograph", "array", "own"}
        12 x 12 numbers, each 10 * row + column; 32 x 32 grey levels of a photograph; ``image``; or ``photograph``.
    place : (int, int)
        Row and column of the window's middle. Zeros lie outside the image.
    preset : {"rigid", "dilation", "shift", "turn", "squeeze", "sheep", "random", "custom"}
        Where the offsets come from; "sheep" pulls each tap to the nearest pixel of the sheep, on the photograph only.
        Setting one of the next six sets it as well.
    factor : float
        How many times as far apart the taps lie with "dilation", 0.5 to 4.
    down, right : float
        By how many pixels "shift" moves all taps, -4 to 4.
    angle : int
        Degrees clockwise of "turn", 0 to 90.
    squeeze : float
        How many times as tall, and as narrow, the window gets with "squeeze", 0.5 to 2.
    pull : float
        How far of the way "sheep" takes each tap, 0 to 1.
    seed : int
        Of "random", 0 to 9: each offset lies within 1.5 pixels.
    kernel : {"binomial", "ones", "sobel", "custom"}
        The weights; "custom" are ``weights``.
    dilation : int
        Of the rigid grid that the offsets start from, 1 to 3.
    order : {"dy, dx", "dx, dy"}
        How each pair is written into the channels. torchvision reads (dy, dx), so the other order is a mistake.
    tap : int
        The tap whose four pixels are shown, 0 to 8 in reading order.
    version : {"v1", "v2"}
        Offsets alone, or with a mask for each tap, by which its value is multiplied ("modulated").
    in_channels, out_channels : int
        Of the layer whose cost is counted, 1 to 1024.
    panel : {"offsets", "sum", "cost"}
        What stands beside the picture: what each tap reads and the 18 offsets; the sum with kernel and masks; the cost.
    offsets : array_like, (9, 2), optional
        Offsets of your own in pixels, one pair (dy, dx) for each tap, at most 16.
    weights : array_like, (3, 3), optional
        A kernel of your own.
    masks : array_like, (3, 3), optional
        Of version 2, each from 0 to 1.
    image : array_like, at most (12, 12), optional
        Values of your own; zeros beyond its edges.
    photograph : array (height, width) or (height, width, 3), optional
        A picture of your own, 0 to 1, or uint8, at most 512 x 512: the middle square in 32 x 32 grey levels.

    Raises
    ------
    ValueError
        For a value out of range, offsets that are not nine pairs, weights or masks that are not 3 x 3, or "sheep" where
        there is none.

    References
    ----------
    Dai et al., "Deformable convolutional networks", ICCV 2017, equation 2. Zhu et al., "Deformable ConvNets v2:
    more deformable, better results", CVPR 2019, equation 1, for the masks.

    Examples
    --------
    >>> explorer = DeformableGrid(place=(3, 3), dilation=1, right=0.5)
    >>> explorer.preset, explorer.output, explorer.rigid
    ('shift', 536.0, 528.0)
    >>> explorer.order = "dx, dy"
    >>> explorer.output
    608.0
    """

    constants = {
        "SIDE": SIDE,
        "PHOTO_SIDE": PHOTO_SIDE,
        "PIECE": piece,
        "SHEEP": sheep,
        "KERNELS": KERNELS,
        "RANDOM": RANDOM,
        "FARTHEST": FARTHEST,
    }
    silent = ("tap", "panel")

    picture = Choice(("numbers", "photograph", "array", "own"))
    preset = Choice(("rigid", "dilation", "shift", "turn", "squeeze", "sheep", "random", "custom"), default="random")
    factor = Real(0.5, 4, 2, shows=("preset", "dilation"))
    down = Real(-4, 4, 0, shows=("preset", "shift"))
    right = Real(-4, 4, 0.5, shows=("preset", "shift"))
    angle = Whole(0, 90, 30, shows=("preset", "turn"))
    squeeze = Real(0.5, 2, 1.5, shows=("preset", "squeeze"))
    pull = Real(0, 1, 1, shows=("preset", "sheep"))
    seed = Whole(0, SEEDS - 1, 0, shows=("preset", "random"))
    kernel = Choice((*KERNELS, "custom"))
    dilation = Whole(1, 3, 2)
    order = Choice(("dy, dx", "dx, dy"))
    place = Pair(0, PHOTO_SIDE - 1, (5, 5), within="image_shape")
    tap = Whole(0, 8, 5)
    version = Choice(("v1", "v2"))
    in_channels = Whole(1, 1024, 256)
    out_channels = Whole(1, 1024, 256)
    panel = Choice(("offsets", "sum", "cost"))
    offsets = Matrix(9, shows=("preset", "custom"))
    weights = Matrix(3, shows=("kernel", "custom"))
    masks = Matrix(3, shows=("version", "v2"))
    image = Matrix(SIDE, shows=("picture", "array"))
    photograph = GreyPicture(shows=("picture", "own"))

    def misfit(self, state):
        if state.preset == "sheep" and state.picture != "photograph":
            return f"preset='sheep' has no sheep in picture='{state.picture}'; use picture='photograph'"
        if state.offsets is not None:
            shape = np.shape(state.offsets)
            if shape != (9, 2):
                return f"offsets of shape {shape} are not nine pairs; use 9 rows of (dy, dx)"
            if np.abs(state.offsets).max() > FARTHEST:
                return f"offsets reach beyond {FARTHEST} pixels; use numbers from -{FARTHEST} to {FARTHEST}"
        for name in ("weights", "masks"):
            value = getattr(state, name)
            if value is not None and np.shape(value) != (3, 3):
                return f"{name} of shape {np.shape(value)} are not one for each tap; use 3 rows of 3"
        if state.masks is not None and not 0 <= np.min(state.masks) <= np.max(state.masks) <= 1:
            return "masks reach beyond 0 to 1; use numbers from 0 to 1"
        return None

    @property
    def image_shape(self) -> tuple[int, int]:
        """Rows and columns of the image."""
        return (PHOTO_SIDE if self.picture in ("photograph", "own") else SIDE,) * 2

    @property
    def input(self) -> np.ndarray:
        """The image, (12, 12) or (32, 32)."""
        if self.picture == "photograph":
            return np.array(piece(), float)
        if self.picture == "own":
            return np.round(255 * middle_square(self.photograph, PHOTO_SIDE))
        return framed(self.image, SIDE, SIDE) if self.picture == "array" else pixels(None, SIDE, SIDE)

    @property
    def grid(self) -> np.ndarray:
        """Where the taps of the rigid grid lie from its middle, (9, 2)."""
        return self.dilation * (np.indices((3, 3)).reshape(2, 9).T - 1.0)

    @property
    def meant(self) -> np.ndarray:
        """The offsets that are meant, (9, 2) as (dy, dx), rounded to a millionth of a pixel."""
        down, right = self.grid.T
        if self.preset == "custom":
            return np.array(self.offsets, float)
        if self.preset == "random":
            return np.array(RANDOM[self.seed])
        if self.preset == "sheep":
            found = (self.pull * self.to_sheep).T
        elif self.preset == "shift":
            found = [0 * down + self.down, 0 * right + self.right]
        elif self.preset == "dilation":
            found = [(self.factor - 1) * down, (self.factor - 1) * right]
        elif self.preset == "squeeze":
            found = [(self.squeeze - 1) * down, (1 / self.squeeze - 1) * right]
        else:
            angle = np.radians(self.angle if self.preset == "turn" else 0)
            cosine, sine = np.cos(angle), np.sin(angle)
            found = [right * sine + down * cosine - down, right * cosine - down * sine - right]
        return np.round(np.stack(found, axis=1), 6) + 0.0

    @property
    def to_sheep(self) -> np.ndarray:
        """From each tap of the rigid grid to the nearest pixel of the sheep, (9, 2); of several, to the first."""
        pixels, rigid = np.argwhere(sheep()), self.grid + np.array(self.place)
        steps = pixels[None] - rigid[:, None]
        return np.take_along_axis(steps, (steps**2).sum(-1).argmin(1)[:, None, None], axis=1)[:, 0]

    @property
    def kernel_values(self) -> np.ndarray:
        """The kernel, (3, 3)."""
        return np.array(self.weights if self.kernel == "custom" else KERNELS[self.kernel], float)

    @property
    def mask_values(self) -> np.ndarray:
        """By what each tap's value is multiplied, (3, 3); ones in version 1."""
        return np.array(self.masks, float) if self.version == "v2" else np.ones((3, 3))

    @property
    def channels(self) -> np.ndarray:
        """The 18 offset channels that the layer is given, in torchvision's order where ``order`` is right."""
        return (self.meant if self.order == "dy, dx" else self.meant[:, ::-1]).ravel()

    @property
    def points(self) -> np.ndarray:
        """Row and column at which each tap reads, (9, 2)."""
        return np.array(self.place) + self.grid + self.channels.reshape(9, 2)

    @property
    def values(self) -> np.ndarray:
        """What each tap reads, (9,)."""
        return ops.bilinear_sample(self.input[None, None], self.points[None])[0, 0]

    @property
    def corner(self) -> tuple[int, int]:
        """Row and column of the first of the chosen tap's four pixels."""
        return tuple(int(at) for at in np.floor(self.points[self.tap]))

    @property
    def shares(self) -> np.ndarray:
        """The weights of the chosen tap's four pixels, (2, 2)."""
        down, right = self.points[self.tap] - self.corner
        return np.outer([1 - down, down], [1 - right, right])

    @property
    def pixels(self) -> np.ndarray:
        """The chosen tap's four pixels, (2, 2); zero outside the image."""
        size = self.image_shape[0]
        rows, columns = (np.clip([first, first + 1], -1, size) + 1 for first in self.corner)
        return np.pad(self.input, 1)[np.ix_(rows, columns)]

    def _convolved(self, function, *offset, **options) -> float:
        weights = self.kernel_values[None, None]
        options |= {"padding": self.dilation, "dilation": self.dilation}
        row, column = self.place
        return float(function(self.input[None, None], *offset, weights, **options)[0, 0, row, column])

    @property
    def output(self) -> float:
        """What `cnnlib.ops.deform_conv2d` gives at ``place``."""
        channels, masks = (
            np.broadcast_to(values.reshape(1, -1, 1, 1), (1, values.size, *self.image_shape))
            for values in (self.channels, self.mask_values)
        )
        return self._convolved(ops.deform_conv2d, channels, mask=masks if self.version == "v2" else None)

    @property
    def rigid(self) -> float:
        """What `cnnlib.ops.conv2d` gives there, with the same kernel and no masks."""
        return self._convolved(ops.conv2d)

    @property
    def effective_dilation(self) -> float:
        """The mean distance of taps that are neighbours in the kernel, in pixels, as in Dai et al., section 4."""
        taps = self.points.reshape(3, 3, 2)
        steps = [np.diff(taps, axis=axis).reshape(-1, 2) for axis in (0, 1)]
        return float(np.linalg.norm(np.concatenate(steps), axis=1).mean())

    @property
    def branch_channels(self) -> int:
        """How many channels the branch predicts at each position: 18 offsets, and 9 masks in version 2."""
        return 27 if self.version == "v2" else 18

    @property
    def parameters_of(self) -> dict[str, int]:
        """Parameters of the kernel, without biases, and of the branch, with them."""
        kernel = geometry.count_parameters(self.in_channels, self.out_channels, 3, bias=False)
        return {"kernel": kernel, "branch": geometry.count_parameters(self.in_channels, self.branch_channels, 3)}

    @property
    def macs_of(self) -> dict[str, int]:
        """Multiply-adds per position of kernel, branch, and reading: four per tap and channel, one more for a mask."""
        kernel = geometry.count_macs(self.in_channels, self.out_channels, 3)
        branch = geometry.count_macs(self.in_channels, self.branch_channels, 3)
        read = 5 if self.version == "v2" else 4
        return {"kernel": kernel, "branch": branch, "reading": read * 9 * self.in_channels}

    @property
    def ratio(self) -> float:
        """How many times the multiply-adds of a plain convolution it takes: 1 + 22 / out_channels, or 1 + 32 / it."""
        return sum(self.macs_of.values()) / self.macs_of["kernel"]

    def result(self):
        return (
            f"Output {self.output:.6g}, with the rigid grid {self.rigid:.6g}; effective dilation "
            f"{self.effective_dilation:.4g}; {self.ratio:.4g} times the multiply-adds of a plain convolution."
        )

    def figure(self):
        from cnnlib import plots

        figure, axes = plots.subplots(1, 2, height=3.4)
        if self.picture in ("photograph", "own"):
            plots.image(self.input / 255, ax=axes[0], title="where the taps read")
        else:
            plots.number_grid(self.input, ax=axes[0], title="where the taps read")
        rigid = self.grid + self.place
        axes[0].plot(*rigid.T[::-1], "o", mfc="none", color=plots.INK)
        axes[0].plot(*self.points.T[::-1], "o", color=plots.INK)
        for start, end in zip(rigid, self.points, strict=True):
            axes[0].plot([start[1], end[1]], [start[0], end[0]], "-", color=plots.INK, linewidth=1)
        title = f"values read, output {self.output:.5g}"
        plots.number_grid(self.values.reshape(3, 3), ax=axes[1], title=title, decimals=1)
        return figure
