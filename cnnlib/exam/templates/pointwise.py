"""Question 5 (c): pointwise convolution, reductions, Inception modules."""

import numpy as np

from cnnlib.exam.template import Template, mistake, one_of, redraw_if, written
from cnnlib.geometry import count_macs, count_parameters


class BottleneckSaving(Template):
    part, marks, decimals = "5c", 3, 2
    hint = "Count all multiply-adds at one position: with the 1 × 1 convolution and without."

    def draw(self, r):
        self.inputs, self.middle = one_of(r, 128, 192, 256, 512), one_of(r, 16, 32, 64)
        self.outputs, self.kernel = one_of(r, 64, 96, 128, 256), one_of(r, 3, 5)
        redraw_if(self.inputs == self.outputs or self.middle == self.outputs)
        self.full = count_macs(self.inputs, self.outputs, self.kernel)
        self.reduction = count_macs(self.inputs, self.middle)
        self.rest = count_macs(self.middle, self.outputs, self.kernel)

    def prompt(self):
        return (
            f"A {self.kernel} × {self.kernel} convolution from {self.inputs} to {self.outputs} channels gets a 1 × 1 "
            f"convolution to {self.middle} channels in front of it. How many times fewer multiply-adds are there?"
        )

    def right(self):
        return self.full / (self.reduction + self.rest)

    def worked(self):
        return [f"{self.full:,}/({self.reduction:,} + {self.rest:,}) = {self.right():.2f}."]

    @mistake("reduction-is-free", "The 1 × 1 convolution has its cost, too.")
    def free(self):
        return self.inputs / self.middle

    @mistake("output-channels", "The output channels count in both k × k convolutions.")
    def one_output(self):
        return self.kernel**2 * self.inputs / (self.reduction + self.kernel**2 * self.middle)

    @mistake("complement", "That is the share that remains.")
    def what_remains(self):
        return (self.reduction + self.rest) / self.full


class PointwiseAtAPixel(Template):
    part, marks = "5c", 2
    hint = "The second output channel has the second row of weights."

    def draw(self, r):
        self.pixel, self.weights = r.integers(-4, 5, 3), r.integers(-3, 4, (2, 3))
        self.bias = r.integers(1, 4, 2) * r.choice([-1, 1], 2)
        redraw_if((self.weights == 0).all(axis=1).any() or self.bias[0] == self.bias[1])

    def prompt(self):
        return (
            f"The three channels of a pixel are {written(self.pixel)}. A 1 × 1 convolution has the weights "
            f"{written(self.weights)} (a row for each output channel) and the biases {written(self.bias)}. What is the "
            "second output channel there?"
        )

    def right(self):
        return self.weights[1] @ self.pixel + self.bias[1]

    def worked(self):
        terms = " + ".join(f"({w}) × ({v})" for w, v in zip(self.weights[1], self.pixel, strict=True))
        return [f"{terms} + ({self.bias[1]}) = {self.right()}."]

    @mistake("bias", "The bias is missing.")
    def no_bias(self):
        return self.weights[1] @ self.pixel

    @mistake("pointwise", "That is the first output channel.")
    def first_channel(self):
        return self.weights[0] @ self.pixel + self.bias[0]

    @mistake("pointwise", "Each output channel has its own row of weights.")
    def weights_of_the_first(self):
        return self.weights[0] @ self.pixel + self.bias[1]


class InceptionSum(Template):
    part, marks, unit = "5c", 3, "weights"
    hint = "Six convolutions. Write down input channels, output channels and kernel of each."
    MODULES = (
        (64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64), (192, 96, 208, 16, 48, 64), (160, 112, 224, 24, 64, 64),
        (128, 128, 256, 24, 64, 64), (112, 144, 288, 32, 64, 64), (256, 160, 320, 32, 128, 128),
    )  # fmt: skip

    def draw(self, r):
        self.inputs, self.module = one_of(r, 192, 256, 480, 512, 528), one_of(r, *self.MODULES)

    def prompt(self):
        one, reduce3, three, reduce5, five, pool = self.module
        return (
            f"An Inception module on {self.inputs} channels has four branches: 1 × 1 to {one}; 1 × 1 to {reduce3}, "
            f"then 3 × 3 to {three}; 1 × 1 to {reduce5}, then 5 × 5 to {five}; pooling, then 1 × 1 to {pool}. How many "
            "weights does it have, without biases?"
        )

    def layers(self):
        """Of each convolution: input channels, output channels, kernel."""
        one, reduce3, three, reduce5, five, pool = self.module
        n = self.inputs
        return [(n, one, 1), (n, reduce3, 1), (reduce3, three, 3), (n, reduce5, 1), (reduce5, five, 5), (n, pool, 1)]

    def counts(self):
        return [count_parameters(*layer, bias=False) for layer in self.layers()]

    def right(self):
        return sum(self.counts())

    def worked(self):
        return [f"{' + '.join(f'{count:,}' for count in self.counts())} = {self.right():,}."]

    @mistake("inception-branches", "The branch behind the pooling has weights, too.")
    def without_pooling_branch(self):
        return sum(self.counts()[:-1])

    @mistake("reduction-is-free", "The reductions have weights, too.")
    def free_reductions(self):
        one, _, three, _, five, pool = self.counts()
        return one + three + five + pool

    @mistake("inception-branches", "That is without the reductions: 3 × 3 and 5 × 5 on all input channels.")
    def without_reductions(self):
        one, _, three, _, five, pool = self.module
        layers = [(self.inputs, one, 1), (self.inputs, three, 3), (self.inputs, five, 5), (self.inputs, pool, 1)]
        return sum(count_parameters(*layer, bias=False) for layer in layers)

    @mistake("output-channels", "Every output channel has a kernel of its own.")
    def one_output(self):
        return sum(count_parameters(inputs, 1, kernel, bias=False) for inputs, _, kernel in self.layers())


class CanBeUndone(Template):
    part, marks, choice = "5c", 2, True
    hint = "Each layer is a matrix. Which one has an inverse from the left?"

    def draw(self, r):
        self.good = r.integers(-3, 4, (2, 2))
        redraw_if(abs(round(np.linalg.det(self.good))) not in (1, 2, 3, 4) or (self.good == 0).sum() > 1)
        row, factor = r.integers(1, 4, 2), one_of(r, -2, -1, 2, 3)
        self.multiple, self.silent = np.stack([row, factor * row]), np.stack([row, row[::-1]]) * [1, 0]
        self.few = r.integers(1, 4, (2, 3))
        redraw_if(np.linalg.matrix_rank(self.few) < 2 or row[0] == row[1])

    def prompt(self):
        return (
            "Four pointwise layers have the weights below, a row for each output channel. Which of them lets you "
            "compute its input from its output?"
        )

    def right(self):
        return written(self.good)

    def worked(self):
        (a, b), (c, d) = self.good.tolist()
        return [f"For {self.right()}, ({a}) × ({d}) − ({b}) × ({c}) = {a * d - b * c} is not 0: it has an inverse."]

    @mistake("reduction-loses", "Its second row is a multiple of the first, so the second channel adds nothing.")
    def multiple_rows(self):
        return written(self.multiple)

    @mistake("reduction-loses", "It never reads the second channel, which is lost.")
    def silent_channel(self):
        return written(self.silent)

    @mistake("reduction-loses", "It makes two values of three; many inputs give the same output.")
    def fewer_outputs(self):
        return written(self.few)
