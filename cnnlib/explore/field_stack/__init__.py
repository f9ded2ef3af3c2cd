"""A stack of convolutions and poolings, and what any of its units sees of the image."""

import numpy as np
import traitlets

from cnnlib import geometry
from cnnlib.explore.field_stack import stacks
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.field_stack.stacks import PLAIN, PRESETS, Stack
from cnnlib.explore.base.traits import Choice, Pair, StateValueError, Whole

LIMITS = {**stacks.LIMITS, "size": (1, 256)}
#: A pixel counts as seen effectively above this share of the largest: the tail of a Gaussian beyond two deviations.
SHARE = 0.0455


class FieldStack(Explorer):
    """Build a stack of layers, point at a unit, and see its receptive field in every layer below.

    Parameters
    ----------
    layers : list of dict or Layer, or str
        From the input up, 1 to 18. A dict has ``kind`` ("conv" or "pool"), ``kernel_size`` (1 to 11), ``stride``
        (1 to 4), ``padding`` (0 to 16) and ``dilation`` (1 to 16); what is left out is a 3 x 3 convolution. A name
        takes the layers of a preset: ``"AlexNet"``, ``"VGG-16"`` and so on.
    size : int
        Side of the square image, 1 to 256. Default the preset's, else as much as the last layer sees, at least 32.
    weights : str
        What the effective field is: ``"ones"``, the gradient with all weights 1 and mean pooling; ``"random"``, the
        root of the mean squared gradient over independent weights of mean 0 (where poolings take the maximum, and
        each of their taps wins equally often).
    layer : int
        Number of the layer whose unit is shown, from 1. Default the last.
    unit : (int, int)
        Row and column of that unit; None is the middle.
    edited : int
        Number of the layer that the sliders change.

    Raises
    ------
    TypeError
        For an unknown keyword, or a parameter of the wrong kind.
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
    FieldStack(layers='AlexNet', size=227, weights='ones', layer=3, unit=None)
    Layer 3 of 8, unit (13, 13) of 27 x 27: size 51, jump 8, start -16, rows and columns 88 to 138; effective 50.4.
    """

    module = "field_stack/view.mjs"
    generated = {"field_stack/presets.mjs": stacks.module}
    parameters = ("layers", "size", "weights", "layer", "unit", "edited")

    layers = Stack(default_value=[PLAIN] * 5).tag(sync=True)
    size = Whole(*LIMITS["size"], 32).tag(sync=True)
    weights = Choice(("ones", "random")).tag(sync=True)
    layer = Whole(*LIMITS["layers"], 5).tag(sync=True)
    unit = Pair(0, 999, None, allow_none=True).tag(sync=True)
    edited = Whole(*LIMITS["layers"], 1).tag(sync=True)

    def __init__(self, **values):
        if "layers" in values:
            layers = type(self).layers.validate(self, values["layers"])
            if isinstance(values["layers"], str):
                values.setdefault("size", PRESETS[values["layers"]][0])
            needed = geometry.receptive_field(_windows(layers)).size
            values.setdefault("size", min(LIMITS["size"][1], max(32, needed)))
            values.setdefault("layer", len(layers))
        super().__init__(**values)

    @traitlets.validate("layers", "size")
    def _fits(self, proposal):
        state = {"layers": self.layers, "size": self.size, proposal["trait"].name: proposal["value"]}
        size = state["size"]
        for number, window in enumerate(_windows(state["layers"]), 1):
            try:
                size = window.output_size(size)
            except ValueError as error:
                reason = str(error).replace("conv_output_size: ", "", 1)
                raise StateValueError(f"{type(self).__name__}: layer {number}: {reason}") from None
        return proposal["value"]

    @property
    def sizes(self) -> list[int]:
        """Units along an axis, from the image up."""
        sizes = [self.size]
        for window in _windows(self.layers):
            sizes.append(window.output_size(sizes[-1]))
        return sizes

    @property
    def fields(self) -> list[geometry.ReceptiveField]:
        """What `cnnlib.geometry.receptive_field` gives for each layer, from the first up."""
        windows = _windows(self.layers)
        return [geometry.receptive_field(windows[:depth]) for depth in range(1, len(windows) + 1)]

    @property
    def place(self) -> tuple[int, tuple[int, int]]:
        """Number of the layer whose unit is shown, and the unit; both as far as there are any."""
        layer = min(self.layer, len(self.layers))
        units = self.sizes[layer]
        return layer, tuple(min(at, units - 1) for at in self.unit or (units // 2,) * 2)

    @property
    def profiles(self) -> tuple[np.ndarray, np.ndarray]:
        """The effective field along rows and along columns, (size,) each, largest 1; it is the product of the two."""
        layer, unit = self.place
        windows = _windows(self.layers[:layer])
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
        if name != "layers":
            return repr(getattr(self, name))
        for preset, (_, layers) in PRESETS.items():
            if layers == self.layers:
                return repr(preset)
        return repr([{k: v for k, v in layer.items() if v != PLAIN[k]} for layer in self.layers])

    def __repr__(self):
        values = ", ".join(f"{name}={self.shown(name)}" for name in self.parameters if name != "edited")
        return f"{type(self).__name__}({values})\n{self.result()}"

    def result(self):
        layer, unit = self.place
        field, units = self.fields[layer - 1], self.sizes[layer]
        spans = ["{} to {}".format(*field.window(at)) for at in unit]
        where = f"rows and columns {spans[0]}" if spans[0] == spans[1] else f"rows {spans[0]}, columns {spans[1]}"
        return (
            f"Layer {layer} of {len(self.layers)}, unit {unit} of {units} x {units}: size {field.size}, "
            f"jump {field.jump}, start {field.start}, {where}; effective {self.effective_size:.1f}."
        )

    def figure(self):
        from cnnlib import plots

        layer, unit = self.place
        sizes, low, high = self.sizes, unit[1], unit[1]
        figure, (side, plane) = plots.subplots(1, 2, height=3.2, width_ratios=[1.6, 1])
        for level in range(len(self.layers), -1, -1):
            field = self.fields[level - 1] if level else geometry.ReceptiveField(1, 1, 0)
            edge = float(field.centre) - field.jump / 2
            side.broken_barh([(edge, sizes[level] * field.jump)], (level - 0.3, 0.6), color="#c9d6df")
            if level > layer:
                continue
            side.broken_barh(
                [(edge + low * field.jump, (high - low + 1) * field.jump)], (level - 0.3, 0.6), color=plots.ORANGE
            )
            if level:
                below = self.layers[level - 1]
                low = low * below["stride"] - below["padding"]
                high = high * below["stride"] - below["padding"] + below["dilation"] * (below["kernel_size"] - 1)
        side.set(yticks=range(len(self.layers) + 1), xlabel="pixel", ylabel="layer (0 is the image)")
        plots.image(self.effective, ax=plane, title=f"layer {layer}, unit {unit}")
        (top, bottom), (left, right) = (self.fields[layer - 1].window(at) for at in unit)
        corner, sides = (left - 0.5, top - 0.5), (right - left + 1, bottom - top + 1)
        plane.add_patch(plots.Rectangle(corner, *sides, fill=False, linestyle="--", edgecolor=plots.ORANGE))
        return figure


def _windows(layers):
    """The layers as `cnnlib.geometry` takes them."""
    return [geometry.Layer(**{name: layer[name] for name in stacks.WINDOW}) for layer in layers]
