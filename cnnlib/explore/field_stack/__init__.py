"""A stack of convolutions and poolings, and what any of its units sees of the image."""

from functools import partial

import numpy as np

from cnnlib import geometry
from cnnlib.explore.base import photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.photographs import middle_square
from cnnlib.explore.base.traits import Choice, GreyPicture, Pair, StateValueError, Whole
from cnnlib.explore.field_stack import stacks
from cnnlib.explore.field_stack.stacks import MOST, PLAIN, PRESETS, Layers

#: A pixel counts as seen effectively above this share of the largest: the tail of a Gaussian beyond two deviations.
SHARE = 0.0455
PHOTO = "sheep"


class FieldStack(Explorer):
    """Build a stack of layers, point at a unit, and see its receptive field in every layer below.

    Parameters
    ----------
    stack : str
        A preset, ``"five 3x3"``, ``"AlexNet"``, ``"VGG-16"`` and so on, or ``"custom"`` for ``layers``.
    layers : list of dict or Layer, or str, optional
        From the input up, 1 to 18. A dict has ``kind`` ("conv" or "pool"), ``kernel_size`` (1 to 11), ``stride``
        (1 to 4), ``padding`` (0 to 16, at most half of the kernel for a pooling) and ``dilation`` (1 to 16); what is
        left out is a 3 x 3 convolution. A name is that of a preset.
    size : int
        Side of the square image, 1 to 256. Default the preset's, else as much as the last layer sees, at least 32.
    weights : str
        What the effective field is: ``"ones"``, the gradient with all weights 1 and mean pooling; ``"random"``, the
        root of the mean squared gradient over independent weights of mean 0 (where poolings take the maximum, and
        each of their taps wins equally often).
    layer : int
        Number of the layer whose unit is shown, from 1. Default the last. Where there are fewer, it is the last.
    unit : (int, int)
        Row and column of that unit; None is the middle.
    edited : int
        Number of the layer that the sliders change.
    photo : {"sheep", "array"}
        What lies under the image from above: the sheep's photograph, or ``image``. Setting ``image`` sets it.
    image : array (height, width) or (height, width, 3), optional
        Own picture, 0 to 1, or uint8; at most 512 x 512, of which the middle square is shown.

    Raises
    ------
    ValueError
        For a value out of range, or a window that does not fit.

    References
    ----------
    Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill, 2019. Luo, Li,
    Urtasun and Zemel, "Understanding the Effective Receptive Field in Deep Convolutional Neural Networks", 2016.

    Examples
    --------
    >>> explorer = FieldStack(layers=[{"kernel_size": 3}] * 5)
    >>> explorer.fields[-1]
    ReceptiveField(size=11, jump=1, start=0)
    >>> explorer.profiles[0][11:22].round(2)  # along the rows that the middle unit sees
    array([0.02, 0.1 , 0.29, 0.59, 0.88, 1.  , 0.88, 0.59, 0.29, 0.1 , 0.02])
    >>> FieldStack(layers="AlexNet", layer=3)
    FieldStack(stack='AlexNet', size=227, weights='ones', layer=3, unit=None)
    Layer 3 of 8, unit (13, 13) of 27 x 27: size 51, jump 8, start -16, rows and columns 88 to 138; effective 50.4.
    """

    generated = {"field_stack/photographs.mjs": partial(photographs.module, (PHOTO,))}
    constants = {"PRESETS": PRESETS, "SHARE": SHARE, "PLAIN": PLAIN}
    silent = ("edited", "photo", "image")

    stack = Choice((*PRESETS, "custom"))
    layers = Layers(shows=("stack", "custom"))
    size = Whole(1, 256, 32)
    weights = Choice(("ones", "random"))
    layer = Whole(1, MOST, 5, within="depth")
    unit = Pair(0, 999, None, allow_none=True, within="units")
    edited = Whole(1, MOST, 1, within="depth")
    photo = Choice((PHOTO, "array"))
    image = GreyPicture(shows=("photo", "array"))

    def __init__(self, *positional, **values):
        super().__init__(*positional, **self._named(values))

    def __setattr__(self, name, value):
        for named, what in self._named({name: value}).items():
            super().__setattr__(named, what)

    def _named(self, values):
        """A name given as ``layers`` is that of a stack."""
        name = values.get("layers")
        if not isinstance(name, str):
            return values
        if name not in PRESETS:
            raise StateValueError(
                f"{type(self).__name__}: layers={name!r} is unknown; "
                f"use one of {', '.join(PRESETS)}, or a list of layers"
            )
        return {"stack": name} | {other: value for other, value in values.items() if other != "layers"}

    def implied(self, given):
        found = super().implied(given)
        if isinstance(given.get("stack"), str) and given["stack"] in PRESETS:
            size, layers = PRESETS[given["stack"]]
            return found | {"size": size, "layer": len(layers), "unit": None, "edited": 1}
        if isinstance(given.get("layers"), (list, tuple)) and 1 <= len(given["layers"]) <= MOST:
            layers = type(self).layers.validate(self, given["layers"])
            needed = geometry.receptive_field(_windows(layers)).size
            return found | {"size": max(self.size, min(256, needed)), "layer": len(layers)}
        return found

    def misfit(self, state):
        size = state.size
        layers = _built(state)
        for number, (layer, window) in enumerate(zip(layers, _windows(layers), strict=True), 1):
            most = layer["kernel_size"] // 2
            if layer["kind"] == "pool" and layer["padding"] > most:
                return (
                    f"layer {number}: padding={layer['padding']} is more than half of "
                    f"kernel_size={layer['kernel_size']}, "
                    f"which no pooling has; use at most {most}"
                )
            try:
                size = window.output_size(size)
            except ValueError as error:
                return f"layer {number}: {str(error).partition(': ')[2]}"
        return None

    @property
    def built(self) -> list[dict]:
        """The layers that are shown, from the input up."""
        return [dict(layer) for layer in _built(self)]

    @property
    def depth(self) -> int:
        """How many layers there are."""
        return len(_built(self))

    @property
    def units(self) -> tuple[int, int]:
        """Rows and columns of units in the layer that is shown."""
        return (self.sizes[min(self.layer, self.depth)],) * 2

    @property
    def sizes(self) -> list[int]:
        """Units along an axis, from the image up."""
        sizes = [self.size]
        for window in _windows(self.built):
            sizes.append(window.output_size(sizes[-1]))
        return sizes

    @property
    def fields(self) -> list[geometry.ReceptiveField]:
        """What `cnnlib.geometry.receptive_field` gives for each layer, from the first up."""
        windows = _windows(self.built)
        return [geometry.receptive_field(windows[:depth]) for depth in range(1, len(windows) + 1)]

    @property
    def chosen(self) -> tuple[int, tuple[int, int]]:
        """Number of the layer whose unit is shown, and the unit."""
        return self.layer, self.unit or tuple(n // 2 for n in self.units)

    @property
    def profiles(self) -> tuple[np.ndarray, np.ndarray]:
        """The effective field along rows and along columns, (size,) each, largest 1; it is the product of the two."""
        layer, unit = self.chosen
        windows = _windows(self.built[:layer])
        counted = [np.array(geometry.count_paths(windows, at, size=self.size), float) for at in unit]
        shares = [paths / (paths.max() or 1) for paths in counted]
        return tuple(map(np.sqrt, shares)) if self.weights == "random" else tuple(shares)

    @property
    def effective(self) -> np.ndarray:
        """The effective field over the image, (size, size), largest 1."""
        return np.outer(*self.profiles)

    @property
    def effective_size(self) -> float:
        """Side of the square with as many pixels as have more than 4.55% of the largest."""
        return float(np.sqrt((self.effective > SHARE).sum()))

    def shown(self, name):
        if name != "layers" or self.layers is None:
            return super().shown(name)
        return repr([{k: v for k, v in layer.items() if v != PLAIN[k]} for layer in self.layers])

    def result(self):
        layer, unit = self.chosen
        field, units = self.fields[layer - 1], self.sizes[layer]
        spans = ["{} to {}".format(*field.window(at)) for at in unit]
        where = f"rows and columns {spans[0]}" if spans[0] == spans[1] else f"rows {spans[0]}, columns {spans[1]}"
        return (
            f"Layer {layer} of {self.depth}, unit {unit} of {units} x {units}: size {field.size}, "
            f"jump {field.jump}, start {field.start}, {where}; effective {self.effective_size:.1f}."
        )

    def figure(self):
        from cnnlib import plots

        layer, unit = self.chosen
        sizes, low, high = self.sizes, unit[1], unit[1]
        figure, (side, plane) = plots.subplots(1, 2, height=3.2, width_ratios=[1.6, 1])
        for level in range(self.depth, -1, -1):
            field = self.fields[level - 1] if level else geometry.ReceptiveField(1, 1, 0)
            edge = float(field.centre) - field.jump / 2
            side.broken_barh([(edge, sizes[level] * field.jump)], (level - 0.3, 0.6), color="#c9d6df")
            if level > layer:
                continue
            side.broken_barh(
                [(edge + low * field.jump, (high - low + 1) * field.jump)], (level - 0.3, 0.6), color=plots.ORANGE
            )
            if level:
                below = self.built[level - 1]
                low = low * below["stride"] - below["padding"]
                high = high * below["stride"] - below["padding"] + below["dilation"] * (below["kernel_size"] - 1)
        side.set(yticks=range(self.depth + 1), xlabel="pixel", ylabel="layer (0 is the image)")
        square = middle_square(photographs.shown(self), min(photographs.size(self)))
        at = ((np.arange(self.size) + 0.5) * len(square) / self.size).astype(int)
        photo = square[np.ix_(at, at)]
        plots.image(photo * (0.25 + 0.75 * self.effective), ax=plane, title=f"layer {layer}, unit {unit}")
        (top, bottom), (left, right) = (self.fields[layer - 1].window(at) for at in unit)
        corner, sides = (left - 0.5, top - 0.5), (right - left + 1, bottom - top + 1)
        plane.add_patch(plots.Rectangle(corner, *sides, fill=False, linestyle="--", edgecolor=plots.ORANGE))
        return figure


def _built(state):
    return state.layers if state.stack == "custom" else PRESETS[state.stack][1]


def _windows(layers):
    """The layers as `cnnlib.geometry` takes them."""
    return [geometry.Layer(**{name: layer[name] for name in stacks.WINDOW}) for layer in layers]
