"""Question 3: counting parameters, depth and receptive fields, conventions of convolution, turned kernels."""

import math

import numpy as np

from cnnlib.exam.template import Template, mistake, one_of, redraw_if, whole, written
from cnnlib.geometry import Layer, conv_output_size, count_parameters, receptive_field


class ConvParameters(Template):
    part, marks, unit = "3a", 3, "parameters"
    hint = "One filter first: how many weights, how many biases? Then all of them."

    def draw(self, r):
        self.inputs, self.outputs = one_of(r, 3, 16, 32, 64, 128), one_of(r, 16, 32, 64, 128, 256)
        self.kernel, self.side = one_of(r, 3, 5, 7), one_of(r, 28, 32, 56, 112)
        redraw_if(self.inputs == self.outputs)

    def prompt(self):
        return (
            f"How many parameters does torch.nn.Conv2d({self.inputs}, {self.outputs}, {self.kernel}) have, used on "
            f"images of {self.side} × {self.side}?"
        )

    def right(self):
        return count_parameters(self.inputs, self.outputs, self.kernel)

    def worked(self):
        return [
            f"{self.kernel}² × {self.inputs} × {self.outputs} weights and {self.outputs} biases: {self.right():,}.",
            "The size of the image does not matter.",
        ]

    @mistake("bias", "torch also adds a bias for each output channel.")
    def no_bias(self):
        return count_parameters(self.inputs, self.outputs, self.kernel, bias=False)

    @mistake("bias", "There is one bias for each output channel, not for each input channel.")
    def bias_of_inputs(self):
        return count_parameters(self.inputs, self.outputs, self.kernel, bias=False) + self.inputs

    @mistake("input-channels", "Each filter has a kernel for each input channel.")
    def one_input(self):
        return count_parameters(1, self.outputs, self.kernel)

    @mistake("image-size", "That has weights of its own at every position; a convolution shares them.")
    def at_every_position(self):
        positions = conv_output_size(self.side, self.kernel)  # along a side
        return count_parameters(self.inputs, self.outputs, self.kernel, positions=positions)

    @mistake("side-for-area", "A kernel has two sides: square its size.")
    def kernel_not_squared(self):
        return self.kernel * self.inputs * self.outputs + self.outputs


class LocalAgainstShared(Template):
    part, marks = "3a", 2
    hint = "An unshared layer has one kernel for each position. How many positions are there?"

    def draw(self, r):
        self.size, self.kernel = whole(r, 20, 60, 4), one_of(r, 3, 5, 7)
        self.positions = conv_output_size(self.size, self.kernel)

    def prompt(self):
        k, n = self.kernel, self.size
        return (
            f"A locally connected layer and a convolution look through the same {k} × {k} windows at one channel of "
            f"{n} × {n} pixels, without padding and biases. How many times as many weights does the first have?"
        )

    def right(self):
        return self.positions**2

    def worked(self):
        return [f"One kernel for each of ({self.size} − {self.kernel} + 1)² = {self.right():,} positions."]

    @mistake("border-forgotten", "Without padding, fewer windows than pixels fit.")
    def every_pixel(self):
        return self.size**2

    @mistake("side-for-area", "Those are the positions along one side.")
    def one_side(self):
        return self.positions

    @mistake("sharing-saves", "That is what local windows save against a dense layer. The question is about sharing.")
    def locality(self):
        value = self.size**2 / self.kernel**2
        return value if value.is_integer() else None

    @mistake("sharing-saves", "They do the same multiplications, but the weights are not as many.")
    def same_work(self):
        return 1


class FieldOfAStack(Template):
    part, marks, unit = "3b", 3, "pixels"
    hint = "Each layer adds (k − 1) times its dilation, in steps of all strides before it."

    def draw(self, r):
        self.layers = [(one_of(r, 3, 3, 5), one_of(r, 1, 1, 2), one_of(r, 1, 1, 2)) for _ in range(whole(r, 3, 4))]
        self.kernels, self.strides, self.dilations = zip(*self.layers, strict=True)
        redraw_if(set(self.strides[:-1]) == {1} or set(self.dilations) == {1})

    def prompt(self):
        parts = []
        for k, stride, dilation in self.layers:
            options = [f"stride {stride}"] * (stride > 1) + [f"dilation {dilation}"] * (dilation > 1)
            parts.append(f"{k} × {k}" + (f" with {' and '.join(options)}" if options else ""))
        return f"Layers, from the image on: {'; '.join(parts)}. How wide is the receptive field of a unit behind them?"

    def field(self, strides=True, dilations=True):
        layers = [
            Layer(k, stride=s if strides else 1, dilation=d if dilations else 1)
            for k, s, d in self.layers
        ]  # fmt: skip
        return receptive_field(layers).size

    def right(self):
        return self.field()

    def worked(self):
        jumps = np.cumprod([1, *self.strides[:-1]])
        steps = [f"{(k - 1) * d} × {j}" for (k, _, d), j in zip(self.layers, jumps, strict=True)]
        return [f"(k − 1) × dilation × earlier strides: 1 + {' + '.join(steps)} = {self.right()}."]

    @mistake("field-dilation", "Dilation spreads the taps of a window.")
    def no_dilation(self):
        return self.field(dilations=False)

    @mistake("field-stride", "A stride widens the steps of all later layers.")
    def no_stride(self):
        return self.field(strides=False)

    @mistake("field-stride", "A layer's own stride does not count for its own window, only for later ones.")
    def own_stride(self):
        jumps = np.cumprod(self.strides)
        value = 1 + sum((k - 1) * d * int(j) for (k, _, d), j in zip(self.layers, jumps, strict=True))
        return value

    @mistake("field-growth", "Windows overlap: add the steps between taps, not the widths.")
    def sum_of_widths(self):
        return sum(self.kernels)

    @mistake("field-growth", "Widths do not multiply.")
    def product_of_widths(self):
        return math.prod(self.kernels)


class SmallForLarge(Template):
    part, marks, unit, decimals = "3b", 2, "%", 1
    hint = "Count the weights of both; the channels cancel."

    def draw(self, r):
        self.depth, self.channels = whole(r, 2, 6), one_of(r, 8, 16, 24, 32, 48, 64, 96, 128)

    def prompt(self):
        k = 2 * self.depth + 1
        return (
            f"{self.depth} layers of 3 × 3 take the place of one layer of {k} × {k}, with {self.channels} channels "
            "throughout and no biases. What share of the weights is saved?"
        )

    def kept(self):
        return 100 * 9 * self.depth / (2 * self.depth + 1) ** 2

    def right(self):
        return 100 - self.kept()

    def worked(self):
        k = 2 * self.depth + 1
        return [f"{self.depth} × 9 = {9 * self.depth} instead of {k}² = {k * k}: {self.right():.1f}% saved."]

    @mistake("complement", "That is what remains.")
    def what_remains(self):
        return self.kept()

    @mistake("small-windows", "All of the small layers have weights.")
    def one_small_layer(self):
        return 100 - 900 / (2 * self.depth + 1) ** 2

    @mistake("complement", "That is relative to what remains; the share is one of the layer that was there before.")
    def of_what_remains(self):
        return 100 * self.right() / self.kept()


class FourConventions(Template):
    part, marks, choice = "3c", 3, True
    hint = "torch does not flip the kernel. Without padding, how many windows fit?"

    def draw(self, r):
        self.x, start = np.zeros(6, int), whole(r, 1, 3)
        self.x[start : start + 2] = r.integers(1, 6, 2)
        self.w = r.integers(-3, 4, 2)
        redraw_if(self.w[0] == self.w[1] or 0 in self.w or self.x[start] == self.x[start + 1])

    def prompt(self):
        return f"x = {written(self.x)}, w = {written(self.w)}. What does torch's conv1d give, without padding?"

    def right(self):
        return written(np.correlate(self.x, self.w, "valid"))

    def worked(self):
        a, b = self.w
        return [f"Each output is ({a}) × a pixel + ({b}) × the next one: {self.right()}."]

    @mistake("kernel-flipped", "That is the convolution of mathematics, which flips the kernel.")
    def flipped(self):
        return written(np.convolve(self.x, self.w, "valid"))

    @mistake("padding-one-side", "Windows that hang over an end do not count without padding.")
    def full(self):
        return written(np.correlate(self.x, self.w, "full"))

    @mistake("padding-one-side", "That has as many values as the input; without padding they are fewer.")
    def same(self):
        return written([0, *np.correlate(self.x, self.w, "valid")])


class TurnedKernel(Template):
    part, marks, choice = "3c", 2, True
    hint = "Follow the corner at the upper right: a quarter turn counter-clockwise takes it to the upper left."

    def draw(self, r):
        self.kernel = np.outer(r.integers(1, 4, 3), [-1, 0, 1]) + np.outer(r.integers(-1, 2, 3), [0, 1, 0])

    def prompt(self):
        return (
            f"The kernel {written(self.kernel)} responds to a pattern. The image is turned by a quarter "
            "counter-clockwise. Which kernel gives the turned response?"
        )

    def right(self):
        return written(np.rot90(self.kernel))

    def worked(self):
        return [f"The last column becomes the first row: {self.right()}, np.rot90(kernel)."]

    @mistake("quarter-turn", "The same kernel still looks for the pattern as it was before the turn.")
    def unturned(self):
        return written(self.kernel)

    @mistake("quarter-turn", "Transposing turns and mirrors.")
    def transposed(self):
        return written(self.kernel.T)

    @mistake("quarter-turn", "That is turned clockwise.")
    def clockwise(self):
        return written(np.rot90(self.kernel, -1))
