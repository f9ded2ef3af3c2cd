"""Question 5 (b): separable and depthwise separable convolution."""

import numpy as np

from cnnlib.exam.template import Template, mistake, one_of, redraw_if, whole, written
from cnnlib.geometry import count_parameters


class DepthwiseRatio(Template):
    part, marks, decimals = "5b", 3, 2
    hint = "Count the weights of three layers: the full one, the depthwise one, the pointwise one."

    def draw(self, r):
        self.inputs, self.outputs = one_of(r, 32, 64, 128, 256), one_of(r, 64, 128, 256, 512)
        self.kernel = one_of(r, 3, 5)
        redraw_if(self.inputs == self.outputs)
        self.full = count_parameters(self.inputs, self.outputs, self.kernel, bias=False)
        self.depthwise = count_parameters(self.inputs, self.inputs, self.kernel, groups=self.inputs, bias=False)
        self.pointwise = count_parameters(self.inputs, self.outputs, bias=False)

    def prompt(self):
        return (
            f"A {self.kernel} × {self.kernel} convolution from {self.inputs} to {self.outputs} channels is replaced by "
            "a depthwise and a pointwise one, without biases. How many times fewer weights are there?"
        )

    def right(self):
        return self.full / (self.depthwise + self.pointwise)

    def worked(self):
        return [f"{self.full:,}/({self.depthwise:,} + {self.pointwise:,}) = {self.right():.2f}."]

    @mistake("depthwise-saving", "That is the limit for very many output channels.")
    def limit(self):
        return self.kernel**2

    @mistake("output-channels", "The share that remains is 1/k² + 1 over the number of OUTPUT channels.")
    def input_channels(self):
        return 1 / (1 / self.inputs + 1 / self.kernel**2)

    @mistake("depthwise-saving", "The pointwise convolution has weights, too.")
    def depthwise_alone(self):
        return self.full / self.depthwise

    @mistake("complement", "That is the share that remains.")
    def what_remains(self):
        return (self.depthwise + self.pointwise) / self.full


class RankOfKernel(Template):
    part, marks, unit = "5b", 2, "products"
    hint = "Are all rows multiples of one row? If not, is one of them a combination of the other two?"

    def draw(self, r):
        self.terms = whole(r, 1, 3)
        factors = r.integers(-3, 4, (self.terms, 2, 3))
        self.kernel = sum(np.outer(column, row) for column, row in factors)
        redraw_if(np.linalg.matrix_rank(self.kernel) != self.terms or abs(self.kernel).max() > 9)
        redraw_if((self.kernel == 0).all(axis=0).any() or (self.kernel == 0).all(axis=1).any())

    def prompt(self):
        return (
            f"The kernel is {written(self.kernel)}. As a sum of how many products of a column and a row, at least, can "
            "it be written?"
        )

    def right(self):
        return self.terms

    def worked(self):
        why = {
            1: "All rows are multiples of one of them.",
            2: "No single row gives the others, but the determinant is 0.",
            3: "The determinant is not 0, so no row is a combination of the others.",
        }
        return [f"{why[self.terms]} The rank is {self.terms}."]

    @mistake("rank", "Are all rows multiples of one row?")
    def one(self):
        return 1 if self.terms != 1 else None

    @mistake("rank", "Look at the determinants: of 2 × 2 parts, then of the whole kernel.")
    def two(self):
        return 2 if self.terms != 2 else None

    @mistake("rank", "There are three rows, but they are not independent.")
    def three(self):
        return 3 if self.terms != 3 else None


class SeparableWork(Template):
    part, marks, unit = "5b", 3, "multiplications"
    hint = "A column and a row take k multiplications each; how many such pairs are there?"

    def draw(self, r):
        self.kernel, self.rank, self.size = one_of(r, 5, 7, 9, 11), whole(r, 1, 3), whole(r, 10, 100, 10)

    def prompt(self):
        return (
            f"A {self.kernel} × {self.kernel} kernel of rank {self.rank} is applied as columns followed by rows, "
            f"padded so that every map has {self.size} × {self.size} positions. How many multiplications does that "
            "take for one input and one output channel?"
        )

    def right(self):
        return 2 * self.rank * self.kernel * self.size**2

    def worked(self):
        return [f"{self.rank} × ({self.kernel} + {self.kernel}) at each of {self.size**2:,} positions: "
                f"{self.right():,}, instead of {self.kernel**2 * self.size**2:,}."]  # fmt: skip

    @mistake("separable-work", "That is the full kernel.")
    def full(self):
        return self.kernel**2 * self.size**2

    @mistake("separable-work", "Each term has a column and a row; both have to be applied.")
    def rows_alone(self):
        return self.rank * self.kernel * self.size**2

    @mistake("rank", "That is one column and one row; a kernel of rank 3 needs three of each.")
    def one_term(self):
        return 2 * self.kernel * self.size**2 if self.rank == 3 else None

    @mistake("side-for-area", "Those are the multiplications at one position.")
    def one_position(self):
        return 2 * self.rank * self.kernel


class FreeParameters(Template):
    part, marks, unit = "5b", 2, "free parameters"
    hint = "Double the column and halve the row: is that another kernel?"

    def draw(self, r):
        self.height, self.width = whole(r, 2, 9), whole(r, 2, 9)
        redraw_if(self.height == self.width)

    def prompt(self):
        h, w = self.height, self.width
        return (
            f"Kernels of {h} × {w} that are the product of one column and one row: how many free parameters does this "
            "family have (its degrees of freedom)?"
        )

    def right(self):
        return self.height + self.width - 1

    def worked(self):
        h, w = self.height, self.width
        return [f"{h} + {w} stored values, less one: a factor can move from the column to the row. {self.right()}."]

    @mistake("freedom", "Those are the stored values. Doubling the column and halving the row changes nothing.")
    def stored(self):
        return self.height + self.width

    @mistake("freedom", "That is a full kernel.")
    def full(self):
        return self.height * self.width

    @mistake("freedom", "One vector does not make a kernel.")
    def one_vector(self):
        return max(self.height, self.width)
