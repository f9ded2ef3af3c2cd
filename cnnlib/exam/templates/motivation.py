"""Question 1: dense layers, their cost, and what a shift does to them."""

import numpy as np

from cnnlib.exam.template import Template, mistake, one_of, redraw_if, whole, written
from cnnlib.geometry import memory_bytes


class DenseMemory(Template):
    part, marks, unit, decimals = "1a", 3, "GB", 2
    hint = "Training keeps the weights, a gradient for each, and what the optimiser remembers of each."
    OPTIMIZERS = {"sgd": "plain SGD", "momentum": "SGD with momentum", "adam": "Adam"}

    def draw(self, r):
        self.side, self.units, self.channels = whole(r, 200, 1000, 100), whole(r, 1000, 10000, 1000), one_of(r, 1, 3)
        self.optimizer = one_of(r, *self.OPTIMIZERS)
        self.weights = self.side**2 * self.channels * self.units
        self.memory = memory_bytes(self.weights, optimizer=self.optimizer)
        redraw_if(self.memory.total < 2e9)

    def prompt(self):
        image = f"{self.side} × {self.side} {'grey' if self.channels == 1 else 'colour'} image"
        return (
            f"A {image} ({self.channels} channel{'s' if self.channels > 1 else ''}) goes into a dense layer of "
            f"{self.units:,} units without biases, trained with {self.OPTIMIZERS[self.optimizer]} in float32. How many "
            "GB (10^9 bytes) do this layer's weights, gradients and optimiser state take together?"
        )

    def right(self):
        return self.memory.total / 1e9

    def worked(self):
        copies = self.memory.total // self.memory.weights
        return [
            f"{self.side}² × {self.channels} × {self.units:,} = {self.weights:,} weights of 4 bytes.",
            f"Training with {self.OPTIMIZERS[self.optimizer]} keeps {copies} values for each: "
            f"4 × {copies} × {self.weights:,} bytes = {self.right():.2f} GB.",
        ]

    @mistake("training-memory", "That holds the weights alone. Training also keeps a gradient for each of them.")
    def weights_alone(self):
        return self.memory.weights / 1e9

    @mistake("training-memory", "That leaves out the optimiser, which keeps values of its own for each weight.")
    def without_state(self):
        return (self.memory.weights + self.memory.gradients) / 1e9 if self.memory.optimizer else None

    @mistake("memory-unit", "That is in GiB, of 2^30 bytes each.")
    def in_gib(self):
        return self.memory.total / 2**30

    @mistake("memory-unit", "That is the number of weights in billions. Each takes four bytes.")
    def a_count(self):
        return self.weights / 1e9

    @mistake("images-are-lists", "A colour image has three values per pixel.")
    def one_channel(self):
        return self.memory.total / 1e9 / 3 if self.channels == 3 else None


class ErrorAndData(Template):
    part, marks, unit = "1a", 2, "examples"
    hint = "If the error is c/√n, which n halves it?"

    def draw(self, r):
        self.examples, self.factor = whole(r, 1000, 20000, 1000), whole(r, 2, 6)
        redraw_if(self.examples == 1000 * self.factor)

    def prompt(self):
        return (
            f"The estimation error of a model falls like 1/√n. With n = {self.examples:,} examples it is too large by "
            f"a factor of {self.factor}. How many examples does it take?"
        )

    def right(self):
        return self.examples * self.factor**2

    def worked(self):
        return [
            f"The error falls by {self.factor} when √n grows by {self.factor}, so n grows by {self.factor**2}.",
            f"{self.factor**2} × {self.examples:,} = {self.right():,} examples.",
        ]

    @mistake("data-and-error", "That divides the error by the root of the factor only.")
    def linear(self):
        return self.examples * self.factor

    @mistake("data-and-error", "The number of examples is a power of the factor, not an exponential of it.")
    def exponential(self):
        return None if self.factor in (2, 4) else self.examples * 2**self.factor

    @mistake("data-and-error", "With more examples the error falls; this goes the other way.")
    def inverse(self):
        return self.examples / self.factor**2 if self.examples % self.factor**2 == 0 else None

    @mistake("data-and-error", "Those are the examples to add; the question is how many it takes.")
    def added(self):
        return self.examples * (self.factor**2 - 1)


class MovedLabel(Template):
    part, marks = "1b", 3
    hint = "A map with stride s moves by one position when the image moves by s pixels."

    def draw(self, r):
        self.stride = one_of(r, 2, 4, 8)
        self.row, self.down, self.right_by = (self.stride * whole(r, *span) for span in ((6, 25), (1, 9), (1, 9)))
        redraw_if(self.down == self.right_by)

    def prompt(self):
        return (
            f"A feature lies at image row {self.row}, which is row {self.row // self.stride} of a map with a total "
            f"stride of {self.stride}. The image moves {self.down} pixels down and {self.right_by} to the right. In "
            "which row of the map is the feature now?"
        )

    def right(self):
        return (self.row + self.down) // self.stride

    def worked(self):
        return [
            f"Down is along rows: {self.down} pixels are {self.down}/{self.stride} = {self.down // self.stride} "
            "positions of the map.",
            f"{self.row // self.stride} + {self.down // self.stride} = {self.right()}; the shift to the right "
            "changes the column.",
        ]

    @mistake("shift-in-pixels", "That is the row in the image.")
    def row_of_the_image(self):
        return self.row + self.down

    @mistake("shift-in-pixels", "The map does not move by as many positions as the image moves by pixels.")
    def undivided(self):
        return self.row // self.stride + self.down

    @mistake("rows-and-columns", "That shift is to the right, along a row; moving down changes the row.")
    def columns_for_rows(self):
        return (self.row + self.right_by) // self.stride

    @mistake("direction", "Rows are counted from the top: down is towards larger numbers.")
    def up(self):
        return (self.row - self.down) // self.stride if self.down <= self.row else None


class WhichProperty(Template):
    part, marks, choice = "1b", 2, True
    hint = "Shift the input by one pixel and follow one value through the layers."
    LAYERS = {
        "a circular {k} × {k} convolution with stride 1, then ReLU": "equivariant",
        "two circular {k} × {k} convolutions with stride 1": "equivariant",
        "a circular {k} × {k} convolution with stride 1, then the maximum over all positions": "invariant",
        "a circular {k} × {k} convolution with stride 1, then ReLU and the mean over all positions": "invariant",
        "a dense layer with random weights on the flattened image": "neither",
        "a circular {k} × {k} convolution with stride 1, then a dense layer with random weights": "neither",
        "a circular {k} × {k} convolution with stride 1, then 2 × 2 max pooling with stride 2": "neither",
    }

    def draw(self, r):
        self.size, self.kernel = whole(r, 8, 32, 4), one_of(r, 3, 5)
        self.name = one_of(r, *self.LAYERS)

    def prompt(self):
        layers = self.name.format(k=self.kernel)
        return (
            f"The input, {self.size} × {self.size} pixels, is shifted circularly, so that what leaves on one side "
            f"comes in on the other. What are these layers with respect to all such shifts: {layers}?"
        )

    def right(self):
        return self.LAYERS[self.name]

    def worked(self):
        why = {
            "equivariant": "The same weights at every position: the output moves with the input, and nothing else "
            "changes.",
            "invariant": "The map moves with the input, and a summary over all positions does not see where it is.",
            "neither": "A dense layer has other weights for each position."
            if "dense" in self.name
            else "Pooling with stride 2 is equivariant to even shifts only; after an odd one it pairs other pixels.",
        }
        return [why[self.right()]]

    @mistake("equivariant-or-invariant", "Then the output would move by as much as the input, for every shift.")
    def equivariant(self):
        return None if self.right() == "equivariant" else "equivariant"

    @mistake("equivariant-or-invariant", "Then the output would be the same after every shift.")
    def invariant(self):
        return None if self.right() == "invariant" else "invariant"

    @mistake("pooling-invariance", "One of the two holds. Try a shift by one pixel with pencil and paper.")
    def neither(self):
        return None if self.right() == "neither" else "neither"


class KeptPixels(Template):
    part, marks, unit = "1c", 2, "pixels"
    hint = "How many columns of the window still show what they showed, in another position?"

    def draw(self, r):
        self.kernel = one_of(r, 3, 5, 7, 9, 11)
        self.shift, self.way = whole(r, 1, self.kernel - 1), one_of(r, "to the right", "to the left", "down", "up")
        redraw_if(self.kernel == 2 * self.shift)

    def prompt(self):
        pixels = f"{self.shift} pixel{'s' if self.shift > 1 else ''}"
        return (
            f"A window of {self.kernel} × {self.kernel} stays where it is while the picture moves {pixels} {self.way}. "
            "How many of the pixels in the window were in it before?"
        )

    def right(self):
        return self.kernel * (self.kernel - self.shift)

    def worked(self):
        k, s = self.kernel, self.shift
        return [f"{k} × ({k} − {s}) = {self.right()}. Each now meets another weight than before."]

    @mistake("dense-shift", "Those are the pixels that are new.")
    def new_ones(self):
        return self.kernel * self.shift

    @mistake("dense-shift", "That would be so if the picture moved along both axes.")
    def both_axes(self):
        return (self.kernel - self.shift) ** 2

    @mistake("dense-shift", "All of them would mean that the picture has not moved.")
    def all_of_them(self):
        return self.kernel**2

    @mistake("side-for-area", "That is one line of the window; it has two dimensions.")
    def one_line(self):
        return self.kernel - self.shift if self.shift < self.kernel - 1 else None


class ShiftedResponse(Template):
    part, marks = "1c", 3
    hint = "The weights of a dense unit stay where they are. Write down the pixels that they meet now."

    def draw(self, r):
        self.weights, self.image = r.integers(-3, 4, (2, 3)), r.integers(0, 6, (2, 3))

    def prompt(self):
        return (
            f"A dense unit has the weights {written(self.weights)} and sees the pixels {written(self.image)}. The "
            "picture moves one pixel to the right; zeros come in from the left, and the last column leaves. What is "
            "the unit's response now?"
        )

    def moved(self, steps, axis):
        moved = np.roll(self.image, steps, axis)
        lost = 0 if steps > 0 else -1
        moved[(slice(None), lost) if axis else lost] = 0
        return moved

    def right(self):
        return (self.weights * self.moved(1, 1)).sum()

    def worked(self):
        return [
            f"The unit now sees {written(self.moved(1, 1))}, through the same weights: the response is "
            f"{self.right()}, after {(self.weights * self.image).sum()}."
        ]

    @mistake("dense-shift", "That was the response before. The weights do not move along with the picture.")
    def unchanged(self):
        return (self.weights * self.image).sum()

    @mistake("direction", "There the picture moved to the left.")
    def to_the_left(self):
        return (self.weights * self.moved(-1, 1)).sum()

    @mistake("rows-and-columns", "There the picture moved down.")
    def down(self):
        return (self.weights * self.moved(1, 0)).sum()

    @mistake("dense-shift", "The last column leaves; it does not come in again at the left.")
    def in_a_circle(self):
        return (self.weights * np.roll(self.image, 1, 1)).sum()
