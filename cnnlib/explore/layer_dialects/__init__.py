"""One layer in the words of six dialects, on numbers: what is the same, and what a forgotten conversion costs."""

import numpy as np

from cnnlib import conventions, geometry, ops
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import Choice, Pair, Whole
from cnnlib.explore.layer_dialects.dialects import DIALECTS, LAYERS, SIZE, sides_of, unfit, unsaid

#: What is forgotten, in the order in which it is looked for.
MISTAKES = {
    "turned": "kernel not turned round",
    "same": "same as padding = k // 2",
    "shifted": "same as padding and output_padding",
    "reshaped": "kernel reshaped, not transposed",
    "order": "filters in the order M · C",
}


class LayerDialects(Explorer):
    """A layer as one framework says it, and the same layer in the words of the others.

    The input has 4 x 5 pixels; it and the kernel hold fixed small integers, so every difference is exact.

    Parameters
    ----------
    dialect, target : {"torch", "keras", "onnx", "scipy", "cnnlib", "exam"}
        In whose words the layer is given, and into which it is put.
    layer : {"conv", "depthwise", "transposed"}
        What kind of layer it is. In SciPy's words the kernel is turned round, since SciPy convolves.
    channels, filters : int
        Input channels, and output channels, 1 to 3; of a depthwise layer, filters for each channel.
    kernel_size : int or (height, width)
        Taps, 1 to 4.
    stride : int
        1 to 3.
    dilation : int
        1, which is dense, or 2.
    padding : {"same", "valid", "numbers"}
        In the dialect's own words: "same" is another padding in SciPy than in Keras, and none in the exam.
    before, after : int or (height, width)
        For "numbers": pixels added above and on the left, below and on the right; 0 to 3. A transposed layer cuts
        them off.
    output_padding : int or (height, width)
        For "numbers": what a transposed layer adds at the end, below the larger of stride and dilation.
    channel : int
        The output channel that is shown.

    Raises
    ------
    ValueError
        For a value out of range, or a layer that the dialect has no words for.

    Examples
    --------
    >>> explorer = LayerDialects(dialect="keras", stride=2, padding="same")
    >>> explorer.sides, explorer.output.shape
    ((0, 1, 1, 1), (2, 2, 3))
    >>> explorer.mistakes("torch")
    {'same': 99.0, 'reshaped': 110.0}
    """

    silent = ("channel",)
    constants = {"SIZE": SIZE, "DIALECTS": DIALECTS, "LAYERS": LAYERS, "MISTAKES": MISTAKES}

    dialect = Choice(DIALECTS, "keras")
    layer = Choice(LAYERS)
    channels = Whole(1, 3, 2)
    filters = Whole(1, 3, 2)
    kernel_size = Pair(1, 4, (3, 3))
    stride = Whole(1, 3, 2)
    dilation = Whole(1, 2, 1)
    padding = Choice(("same", "valid", "numbers"))
    before = Pair(0, 3, (1, 1), shows=("padding", "numbers"))
    after = Pair(0, 3, (1, 1), shows=("padding", "numbers"))
    output_padding = Pair(0, 2, (0, 0), shows=("padding", "numbers"))
    target = Choice(DIALECTS)
    channel = Whole(0, 8, 0, within="outputs")

    def misfit(self, state):
        return unsaid(state, state.dialect) or unfit(state)

    def hidden(self):
        return super().hidden() | (set() if self.layer == "transposed" else {"output_padding"})

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Pixels added, or cut off by a transposed layer: top, bottom, left, right."""
        return sides_of(self)[0]

    @property
    def outputs(self) -> int:
        """Output channels."""
        return self.channels * self.filters if self.layer == "depthwise" else self.filters

    @property
    def input(self) -> np.ndarray:
        """(channels, 4, 5)"""
        c, r, q = np.indices((self.channels, *SIZE))
        return (3 * c + 5 * r + 2 * q + r * q) % 10.0

    @property
    def kernel(self) -> np.ndarray:
        """The kernel in torch's layout: out, in, height, width, or for a transposed layer in, out, height, width."""
        inner = 1 if self.layer == "depthwise" else self.channels
        o, i, r, q = np.indices((self.outputs, inner, *self.kernel_size))
        weights = (7 * o + 5 * i + 3 * r + 2 * q + r * q) % 9.0 - 4
        return weights.swapaxes(0, 1) if self.layer == "transposed" else weights

    def written(self, dialect) -> np.ndarray:
        """The kernel as a dialect writes it, in its own layout."""
        kernel = self.kernel
        if dialect == "scipy" and self.layer != "transposed":
            return conventions.flipped(kernel)
        if dialect != "keras":
            return kernel
        if self.layer == "depthwise":
            return conventions.depthwise_kernel(kernel, self.channels)
        return conventions.relaid(kernel, *(("IOHW", "HWOI") if self.layer == "transposed" else ("OIHW", "HWIO")))

    @property
    def output(self) -> np.ndarray:
        """(outputs, height, width)"""
        return self._run(self.kernel, *sides_of(self))

    def _run(self, kernel, sides, extra):
        given = {"stride": self.stride, "dilation": self.dilation, "padding": sides}
        if self.layer == "transposed":
            return _scattered(self.input, kernel, extra, **given)
        groups = self.channels if self.layer == "depthwise" else 1
        return ops.conv2d(self.input[None], kernel, groups=groups, **given)[0]

    def mistakes(self, target) -> dict[str, float]:
        """What is off where a conversion into ``target`` is forgotten: by how much at most; NaN for another size."""
        found, (sides, extra), kernel = {}, sides_of(self), self.kernel
        spans = geometry.span(self.kernel_size, self.dilation)
        if target == self.dialect or "exam" in (target, self.dialect):
            return {}
        if self.layer != "transposed" and "scipy" in (target, self.dialect):
            found["turned"] = self._run(conventions.flipped(kernel), sides, extra)
        if self.padding == "same" and target in ("torch", "cnnlib"):
            if self.layer == "transposed":
                cut = tuple((before + after + 1) // 2 for before, after in (sides[:2], sides[2:]))
                more = tuple(2 * cut[a] - sum(sides[2 * a : 2 * a + 2]) + extra[a] for a in (0, 1))
                found["shifted"] = self._run(kernel, np.repeat(cut, 2).tolist(), more)
            else:
                found["same"] = self._run(kernel, np.repeat([span // 2 for span in spans], 2).tolist(), extra)
        if "keras" in (target, self.dialect):
            own = kernel if self.dialect != "keras" else self.written("keras")
            if target == "keras":
                shape = self.written("keras").shape
                found["reshaped"] = self._run(self._from_keras(own.reshape(shape)), sides, extra)
            else:
                found["reshaped"] = self._run(own.reshape(kernel.shape), sides, extra)
            if self.layer == "depthwise" and min(self.channels, self.filters) > 1:
                o = np.arange(self.outputs)
                found["order"] = self._run(kernel[o % self.channels * self.filters + o // self.channels], sides, extra)
        right = self.output
        return {
            name: float(np.abs(y - right).max()) if y.shape == right.shape else float("nan")
            for name, y in found.items()
        }

    def _from_keras(self, kernel):
        if self.layer == "depthwise":
            return conventions.grouped_kernel(kernel)
        return conventions.relaid(kernel, *(("HWOI", "IOHW") if self.layer == "transposed" else ("HWIO", "OIHW")))

    def result(self):
        top, bottom, left, right = self.sides
        rows, columns = self.output.shape[1:]
        verb = "cuts off" if self.layer == "transposed" else "adds"
        return (
            f"{self.channels} x 4 x 5 becomes {self.outputs} x {rows} x {columns}: {DIALECTS[self.dialect]} {verb} "
            f"{top} above, {bottom} below, {left} on the left, {right} on the right. {self._told()}"
        )

    def _told(self):
        name = DIALECTS[self.target]
        if self.target == self.dialect:
            return "It is given in these words."
        if why := unsaid(self, self.target):
            return f"In the words of {name} it can't be said: {why.partition(';')[0]}."
        if self.target == "exam":
            return "The exam has words for its size alone."
        wrong = [
            f"{MISTAKES[kind]}, {'another size' if off != off else f'off by {off:g}'}"
            for kind, off in self.mistakes(self.target).items()
        ]
        return f"In {name}: difference 0. Forgotten: {'; '.join(wrong) or 'nothing can be'}."

    def figure(self):
        from cnnlib import plots

        figure, axes = plots.subplots(1, 3, width=7, height=2.6)
        kernel = self.kernel.swapaxes(0, 1) if self.layer == "transposed" else self.kernel
        shown = (self.input[0], kernel[self.channel, 0], self.output[self.channel])
        names = ("input, channel 0", "kernel in torch", f"output, channel {self.channel}")
        for ax, values, name in zip(axes, shown, names, strict=True):
            plots.number_grid(values, ax=ax, title=name)
        return figure


def _scattered(x, kernel, extra, *, stride, dilation, padding):
    """A transposed convolution; where nothing is cut off, more output than `ops.conv_transpose2d` adds is zeros."""
    y = ops.conv_transpose2d(x[None], kernel, stride=stride, dilation=dilation)[0]
    top, bottom, left, right = padding
    y = np.pad(y, ((0, 0), (0, extra[0]), (0, extra[1])))
    return y[:, top : y.shape[1] - bottom, left : y.shape[2] - right]
