"""Fifteen kinds of convolution side by side: what each reads, shares and costs."""

from statistics import median

import numpy as np

from cnnlib import data
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import Choice, Pair, Whole
from cnnlib.explore.convolution_bench.picture import kernels, reads
from cnnlib.explore.convolution_bench.variants import PERIOD, VARIANTS, field, large, steps
from cnnlib.values import choice

#: What is compared, and the parameters that only some variants have, with those that have them.
QUANTITIES = ("multiply-adds", "parameters", "activations", "receptive field")
OWN = {
    "stride": ("strided", "transposed"),
    "dilation": ("dilated",),
    "groups": ("grouped",),
    "multiplier": ("depthwise", "depthwise_separable"),
    "reduction": ("bottleneck", "inception"),
}


class ConvolutionBench(Explorer):
    """One layer from a square map to another, computed in fifteen ways, each changed in one respect.

    All of them pad by half a kernel, so that only the strided and the transposed one change the size. None has biases
    but the branch that gives the deformable ones their offsets. A multiply-add is a product with a weight, a bilinear
    sample four, with the mask of version 2 one more; a maximum is none.

    Parameters
    ----------
    variant : str, one of `variants.VARIANTS`
        Which one is looked at.
    quantity : {"multiply-adds", "parameters", "activations", "receptive field"}
        What the table compares. Activations are the values of all maps that the steps give; the receptive field is its
        side in pixels, with offsets of 0 where there are offsets.
    in_channels, out_channels : int
        4 to 512; ``out_channels`` a multiple of 4, the branches of the Inception module.
    size : int
        Side of the input map, 8 to 128.
    kernel_size : int
        1, 3 or 5. The Inception module has this and the next larger one.
    stride : int
        Of the strided and the transposed variant, 1 to 3.
    dilation : int
        Of the dilated variant, 1 to 3.
    groups : int
        Of the grouped variant, 1 to 16, a divisor of both channel counts.
    multiplier : int
        Kernels for each channel of the depthwise variants, 1 to 4.
    reduction : int
        By how much the bottleneck and the Inception module divide the input channels inside, 1 to 8.
    position : (row, column)
        Which output of the small picture is looked at.

    Raises
    ------
    ValueError
        For a value out of range, or values that do not fit each other.

    Examples
    --------
    An unshared layer learns 3,136 times as much and does as many multiply-adds:

    >>> bench = ConvolutionBench(variant="unshared")
    >>> bench.count(), bench.count("full")
    ((115605504, 115605504), (36864, 115605504))
    """

    silent = ("position",)
    constants = {
        "VARIANTS": VARIANTS,
        "OWN": OWN,
        "PERIOD": PERIOD,
        "MEASURED": lambda: measured_ratios(),
        "MEASURED_WITH": lambda: measured_with(),
    }

    variant = Choice(VARIANTS)
    quantity = Choice(QUANTITIES)
    in_channels = Whole(4, 512, 64)
    out_channels = Whole(4, 512, 64)
    size = Whole(8, 128, 56)
    kernel_size = Whole(1, 5, 3)
    stride = Whole(1, 3, 2)
    dilation = Whole(1, 3, 2)
    groups = Whole(1, 16, 4)
    multiplier = Whole(1, 4, 1)
    reduction = Whole(1, 8, 4)
    position = Pair(0, 14, (2, 2), within="output_shape")

    def misfit(self, state):
        if state.kernel_size % 2 == 0:
            return (
                f"kernel_size={state.kernel_size} is even, and no equal padding keeps the size; "
                f"use {state.kernel_size - 1} or {state.kernel_size + 1}"
            )
        if state.out_channels % 4:
            return (
                f"out_channels={state.out_channels} does not fall into the four branches of the Inception module; "
                "use a multiple of 4"
            )
        for name in ("in_channels", "out_channels"):
            if getattr(state, name) % state.groups:
                return f"groups={state.groups} does not divide {name}={getattr(state, name)}; use a common divisor"
        if state.in_channels % state.reduction:
            return (
                f"reduction={state.reduction} does not divide in_channels={state.in_channels}; "
                "use a divisor, 1 for instance"
            )
        return None

    def hidden(self):
        return {name for name, variants in OWN.items() if self.variant not in variants}

    @property
    def steps(self) -> list:
        """The operations of the variant, as `variants.Step`."""
        return steps(self.variant, self)

    def count(self, variant=None) -> tuple[int, int]:
        """Parameters and multiply-adds of a variant, by default the one that is looked at."""
        found = steps(self._known("count", variant), self)
        return sum(step.parameters for step in found), sum(step.macs for step in found)

    def cost(self, variant=None) -> int:
        """The quantity that is compared, of a variant, by default of the one that is looked at."""
        variant = self._known("cost", variant)
        if self.quantity == "receptive field":
            return field(variant, self)
        if self.quantity == "activations":
            return sum(step.activations for step in steps(variant, self))
        return self.count(variant)[self.quantity == "multiply-adds"]

    @property
    def costs(self) -> dict[str, int]:
        """The quantity that is compared, of each variant."""
        return {variant: self.cost(variant) for variant in VARIANTS}

    @property
    def output_size(self) -> int:
        """Side of the output map."""
        if self.variant == "transposed":
            return large(self)
        return self.steps[-1].size

    @property
    def measured(self) -> dict[str, list[float]]:
        """Variant to its time as a multiple of the full convolution's, by torch and by NumPy.

        Only those that were measured with the present values of the parameters that they have. The medians of
        `data/results/variant_times.json`, which belong to one processor.
        """
        stored = measured_ratios().get(f"{self.in_channels} {self.out_channels} {self.size}", {})
        others = [name for name, value in measured_with().items() if getattr(self, name) != value]
        return {
            variant: ratios
            for variant, ratios in stored.items()
            if not any(variant in OWN.get(name, VARIANTS) for name in others)
        }

    @property
    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of outputs in the small picture."""
        return self.kernels.shape

    @property
    def kernels(self) -> np.ndarray:
        """Which kernel, from 1, makes each output of the small picture; of a transposed layer, which taps of it."""
        return kernels(self)

    @property
    def reads(self) -> np.ndarray:
        """Which inputs of the small picture the output at ``position`` reads, (4, rows, columns) of bool."""
        return reads(self)

    def _known(self, function, variant):
        if variant is None:
            return self.variant
        return choice(f"ConvolutionBench.{function}", "variant", variant, VARIANTS)

    def result(self):
        parameters, macs = self.count()
        name = VARIANTS[self.variant]
        outs = self.in_channels * self.multiplier if self.variant == "depthwise" else self.out_channels
        text = (
            f"{name[0].upper()}{name[1:]}, {self.in_channels} to {outs} channels on {self.size} × {self.size}: "
            f"{parameters:,} parameters, {macs:,} multiply-adds, "
            f"{rounded(macs / self.count('full')[1])} × the full convolution's."
        )
        if self.variant in self.measured:
            by_torch, by_numpy = (rounded(ratio) for ratio in self.measured[self.variant])
            text += f" Measured time: {by_torch} × in torch, {by_numpy} × in NumPy."
        return text

    def figure(self):
        from cnnlib import plots

        figure, ax = plots.subplots(width=6.4, height=4.2)
        names, costs = list(VARIANTS.values()), list(self.costs.values())
        rows = range(len(names))
        ax.barh(rows, costs, color=[plots.ORANGE if v == self.variant else plots.BLUE for v in VARIANTS])
        if self.quantity == "multiply-adds":
            times = np.array([self.measured.get(variant, (np.nan, np.nan)) for variant in VARIANTS])
            for marks, mark in zip(times.T, "os", strict=True):
                ax.plot(marks * costs[0], rows, mark, color="black", mfc="none")
        ax.set_yticks(rows, names)
        ax.invert_yaxis()
        ax.set(xlabel=self.quantity, xscale="linear" if self.quantity == "receptive field" else "log")
        return figure


def rounded(ratio: float) -> str:
    """A ratio with three significant digits, as JavaScript rounds it too.

    >>> [rounded(v) for v in (1, 0.12674, 3136, 9.996)]
    ['1', '0.127', '3136', '10']
    """
    digits = next((d for d, least in enumerate((100, 10, 1, 0.1, 0.01)) if ratio >= least), 5)
    text = f"{np.floor(ratio * 10**digits + 0.5) / 10**digits:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measured_with() -> dict[str, int]:
    """The values of the other parameters at which the times were measured."""
    stored = data.stored_result("variant_times")
    return {name: stored[name] for name in ("kernel_size", "stride", "dilation", "groups", "multiplier", "reduction")}


def measured_ratios() -> dict[str, dict[str, list[float]]]:
    """ "in_channels out_channels size" to variant to the median ratios of time, torch's and NumPy's, for one image."""
    found: dict = {}
    for row in data.stored_result("variant_times")["rows"]:
        if row["images"] == 1 and row["variant"] in VARIANTS:
            where = f"{row['in_channels']} {row['out_channels']} {row['size']}"
            both = found.setdefault(where, {}).setdefault(row["variant"], ([], []))
            both[0].append(row["torch"])
            both[1].append(row["numpy"])
    return {w: {v: [median(one) for one in both] for v, both in rows.items()} for w, rows in found.items()}
