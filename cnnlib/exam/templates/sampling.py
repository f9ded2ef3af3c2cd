"""Question 6 (c): values and slopes between pixels."""

import numpy as np

from cnnlib.exam.template import Template, mistake, redraw_if, whole, written


def between(r):
    """Four pixels and two fractions in tenths, of which none hides which is which."""
    pixels = r.integers(0, 10, (2, 2)) * 10
    down, right = (int(v) / 10 for v in r.integers(1, 10, 2))
    redraw_if(abs(down - right) < 0.15 or abs(down + right - 1) < 0.05)
    return pixels, down, right


def mixed(pixels, down, right):
    """The value between four pixels."""
    return np.array([1 - down, down]) @ pixels @ np.array([1 - right, right])


class BilinearValue(Template):
    part, marks, decimals = "6c", 3, 2
    hint = "The pixel that is nearer gets the larger weight, along each axis."

    def draw(self, r):
        self.pixels, self.down, self.across = between(r)
        self.row, self.column = whole(r, 1, 9), whole(r, 1, 9)
        redraw_if(self.row == self.column)

    def prompt(self):
        r, c = self.row, self.column
        return (
            f"The pixels in rows {r} and {r + 1}, columns {c} and {c + 1}, are {written(self.pixels)}. What is the "
            f"bilinear value at (row, column) = ({r + self.down:g}, {c + self.across:g})?"
        )

    def right(self):
        return mixed(self.pixels, self.down, self.across)

    def worked(self):
        weights = np.outer([1 - self.down, self.down], [1 - self.across, self.across])
        terms = [f"{w:.2f} × {v}" for w, v in zip(weights.ravel(), self.pixels.ravel(), strict=True)]
        return [f"{' + '.join(terms)} = {self.right():.2f}."]

    @mistake("rows-and-columns", "There row and column are exchanged.")
    def exchanged(self):
        return mixed(self.pixels, self.across, self.down)

    @mistake("mirrored-weights", "The nearer pixel has the larger weight, not the smaller one.")
    def mirrored(self):
        return mixed(self.pixels, 1 - self.down, 1 - self.across)

    @mistake("nearest-or-mean", "That is the nearest pixel.")
    def nearest(self):
        return None if 0.5 in (self.down, self.across) else self.pixels[round(self.down), round(self.across)]

    @mistake("nearest-or-mean", "That is the mean of the four; they do not count equally here.")
    def mean(self):
        return self.pixels.mean()


class BilinearSlope(Template):
    part, marks, decimals = "6c", 3, 2
    hint = "Along the upper row and along the lower row the slope is a difference. Which weights do the rows have?"

    def draw(self, r):
        self.pixels, self.down, self.across = between(r)
        self.upper, self.lower = self.pixels[:, 1] - self.pixels[:, 0]
        redraw_if(self.upper == self.lower)

    def prompt(self):
        return (
            f"Four neighbouring pixels are {written(self.pixels)}. A sample is taken {self.down:g} below and "
            f"{self.across:g} to the right of the upper left one. What is the derivative of its value as it moves to "
            "the right, per pixel?"
        )

    def right(self):
        return (1 - self.down) * self.upper + self.down * self.lower

    def worked(self):
        return [f"{1 - self.down:.1f} × ({self.upper}) + {self.down:g} × ({self.lower}) = {self.right():.2f}."]

    @mistake("rows-and-columns", "That is the derivative as it moves down.")
    def downwards(self):
        left, right = self.pixels[1] - self.pixels[0]
        return (1 - self.across) * left + self.across * right

    @mistake("direction", "The sign is that of a move to the left.")
    def to_the_left(self):
        return -self.right()

    @mistake("other-slope", "That is the slope along the upper row; the lower one counts, too.")
    def upper_row(self):
        return self.upper

    @mistake("other-slope", "The rows are weighted by how far down the sample is, not by how far to the right.")
    def weighted_across(self):
        return (1 - self.across) * self.upper + self.across * self.lower

    @mistake("no-derivative", "That is what rounding to a pixel gives.")
    def rounded(self):
        return 0


class Crease(Template):
    part, marks = "6c", 2
    hint = "Which two pixels does the floor of the position choose?"

    def draw(self, r):
        self.values = r.integers(0, 10, 3) * 10
        left, right = np.diff(self.values)
        redraw_if(left == right or 0 in (left, right, left + right))

    def prompt(self):
        a, b, c = self.values
        return (
            f"Three neighbouring pixels of a row are {a}, {b}, {c}. A sample lies exactly on the middle one. Which "
            "derivative by its position, to the right, do torch and cnnlib give?"
        )

    def right(self):
        return self.values[2] - self.values[1]

    def worked(self):
        _, b, c = self.values
        return [f"The floor of the position is the middle pixel itself, so the cell to its right is used: {c} − {b} = "
                f"{self.right()}."]  # fmt: skip

    @mistake("crease", "That is the slope to the left of the pixel.")
    def left_slope(self):
        return self.values[1] - self.values[0]

    @mistake("crease", "That is the mean of the two slopes; the floor takes one side.")
    def mean_slope(self):
        return (self.values[2] - self.values[0]) / 2

    @mistake("no-derivative", "There is no derivative at a crease, but one of the two slopes is what the code gives.")
    def none(self):
        return 0
