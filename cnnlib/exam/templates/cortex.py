"""Question 2: fields of the visual field, columns, the Neocognitron, the fovea."""

import numpy as np

from cnnlib.exam.template import Template, mistake, one_of, redraw_if, whole, written
from cnnlib.geometry import conv_output_size


class DegreesToPixels(Template):
    part, marks, unit = "2a", 3, "pixels"
    hint = "How many pixels long is one side of the field?"

    def draw(self, r):
        self.density, self.degrees, self.screen = whole(r, 10, 40, 5), whole(r, 2, 6), whole(r, 20, 40, 5)

    def prompt(self):
        return (
            f"A screen shows {self.screen}° × {self.screen}° of the visual field, at {self.density} pixels per degree. "
            f"The receptive field of a cell covers a square of {self.degrees}° × {self.degrees}°. How many pixels does "
            "it hold?"
        )

    def right(self):
        return (self.degrees * self.density) ** 2

    def worked(self):
        side = self.degrees * self.density
        return [f"{self.degrees} × {self.density} = {side} pixels along a side, {side}² = {self.right():,} in all."]

    @mistake("side-for-area", "That is one side of the field.")
    def one_side(self):
        return self.degrees * self.density

    @mistake("visual-degrees", "Those are the pixels of the whole screen.")
    def whole_screen(self):
        return (self.screen * self.density) ** 2

    @mistake("visual-degrees", "Both factors are squared: the degrees, too.")
    def density_squared(self):
        return self.degrees * self.density**2

    @mistake("visual-degrees", "Both factors are squared: a square degree holds the square of the pixels per degree.")
    def degrees_squared(self):
        return self.degrees**2 * self.density


class Hypercolumn(Template):
    part, marks, unit = "2a", 2, "channels"
    hint = "Which orientations differ? Then multiply what is combined."

    def draw(self, r):
        self.step, self.frequencies, self.phases = one_of(r, 5, 10, 15, 20, 30, 45), whole(r, 2, 5), one_of(r, 1, 2)
        redraw_if(self.step == 45 and self.frequencies == 4)

    def prompt(self):
        phases = ", each in two phases" if self.phases == 2 else ""
        return (
            f"A model of a hypercolumn holds every orientation of an edge in steps of {self.step}°, for both eyes and "
            f"{self.frequencies} spatial frequencies{phases}. Orientation is counted without the edge's polarity. How "
            "many channels is that, as a convolutional layer?"
        )

    def right(self):
        return 180 // self.step * 2 * self.frequencies * self.phases

    def worked(self):
        factors = f"{180 // self.step} × 2 × {self.frequencies}{' × 2' if self.phases == 2 else ''}"
        return [f"180/{self.step} = {180 // self.step} orientations.", f"{factors} = {self.right()} channels."]

    @mistake("orientation-period", "An edge that is turned by 180° has the same orientation.")
    def full_turn(self):
        return 360 // self.step * 2 * self.frequencies * self.phases

    @mistake("columns", "A hypercolumn holds both eyes' columns.")
    def one_eye(self):
        return 180 // self.step * self.frequencies * self.phases

    @mistake("columns", "That is one column, of a single orientation; a hypercolumn holds all of them.")
    def one_column(self):
        return 2 * self.frequencies * self.phases

    @mistake("columns", "Each orientation is combined with each eye and each frequency: multiply.")
    def added(self):
        return 180 // self.step + 2 + self.frequencies


class CellsOfAPlane(Template):
    part, marks, unit = "2b", 3, "cells"
    hint = "First the S-cells along a side, then the windows of the C-cells on them."

    def draw(self, r):
        self.size, self.window, self.pool = whole(r, 17, 41), one_of(r, 3, 5), one_of(r, 3, 5)
        self.cells = conv_output_size(self.size, self.window)

    def prompt(self):
        return (
            f"S-cells look through windows of {self.window} × {self.window} at every position of an input of "
            f"{self.size} × {self.size}, without padding. C-cells look at {self.pool} × {self.pool} S-cells, with a "
            "stride of 2, also without padding. How many C-cells are there along one side of a plane?"
        )

    def right(self):
        return conv_output_size(self.cells, self.pool, stride=2)

    def worked(self):
        return [
            f"S-cells: {self.size} − {self.window} + 1 = {self.cells}.",
            f"C-cells: ⌊({self.cells} − {self.pool})/2⌋ + 1 = {self.right()}.",
        ]

    @mistake("s-and-c-cells", "Those are the S-cells.")
    def s_cells(self):
        return self.cells

    @mistake("first-position", "The first window counts too, before any step.")
    def steps_only(self):
        return (self.cells - self.pool) // 2

    @mistake("s-and-c-cells", "The windows of the C-cells overlap: divide by the stride, not by the window.")
    def without_overlap(self):
        return self.cells // self.pool

    @mistake("border-forgotten", "The plane of S-cells is smaller than the input: windows must fit.")
    def s_cells_everywhere(self):
        value = conv_output_size(self.size, self.pool, stride=2)
        return None if value == self.steps_only() else value


class WeightsOfPlanes(Template):
    part, marks, unit = "2b", 2, "weights"
    hint = "All cells of one plane have the same weights."

    def draw(self, r):
        self.cells, self.window, self.planes = whole(r, 12, 24, 2), one_of(r, 3, 5, 7), whole(r, 4, 24, 4)

    def prompt(self):
        return (
            f"A layer of S-cells has {self.planes} planes of {self.cells} × {self.cells} cells, which look at "
            f"{self.window} × {self.window} inputs of one plane. The cells of a plane share their weights. How many "
            "excitatory weights are there to learn?"
        )

    def right(self):
        return self.planes * self.window**2

    def worked(self):
        connections = self.right() * self.cells**2
        return [f"{self.planes} × {self.window}² = {self.right()} weights for {connections:,} connections."]

    @mistake("connections", "Those are the connections. Shared weights are learned once.")
    def connections(self):
        return self.right() * self.cells**2

    @mistake("sharing-saves", "Weights are shared within a plane; each plane has its own.")
    def one_plane(self):
        return self.window**2

    @mistake("connections", "Those are the cells.")
    def number_of_cells(self):
        return self.planes * self.cells**2

    @mistake("side-for-area", "A window has two dimensions.")
    def one_line(self):
        return self.planes * self.window


class ThresholdByHand(Template):
    part, marks = "2b", 3
    hint = "Sum, subtract the threshold, rectify: one value for each S-cell. The C-cell takes the largest."

    def draw(self, r):
        self.input, self.weights = r.integers(0, 5, 6), r.integers(-2, 4, 3)
        self.threshold = whole(r, 1, 4)
        self.sums = np.correlate(self.input, self.weights, "valid")
        self.responses = np.maximum(self.sums - self.threshold, 0)
        redraw_if((self.responses == 0).sum() not in (1, 2) or self.sums.min() >= 0)
        redraw_if(self.weights[0] == self.weights[2])

    def prompt(self):
        return (
            f"Four S-cells look through windows of three at the inputs {written(self.input)}, with shared weights "
            f"{written(self.weights)} (not flipped), subtract the threshold {self.threshold} and rectify. A C-cell "
            "takes the largest of their four responses. What does it give?"
        )

    def right(self):
        return self.responses.max()

    def worked(self):
        return [
            f"Sums: {written(self.sums)}; S-cells: {written(self.responses)}.",
            f"The C-cell gives {self.right()}, wherever the pattern lies.",
        ]

    @mistake("s-and-c-cells", "The threshold is still in that.")
    def without_threshold(self):
        return self.sums.max()

    @mistake("pooling-mean", "That is the sum of the four responses; the C-cell takes the largest.")
    def added(self):
        return self.responses.sum()

    @mistake("kernel-flipped", "There the weights are flipped.")
    def flipped(self):
        return max(0, np.convolve(self.input, self.weights, "valid").max() - self.threshold)

    @mistake("s-and-c-cells", "That is the S-cell of the first window; the C-cell has four to look at.")
    def first_window(self):
        return self.responses[0]


class FieldWithEccentricity(Template):
    part, marks, decimals = "2c", 2, 2
    hint = "What does the formula give at the centre, where E is 0?"

    def draw(self, r):
        self.least, self.slope = one_of(r, 0.1, 0.2, 0.25, 0.5), one_of(r, 0.02, 0.05, 0.1, 0.2)
        self.degrees = one_of(r, 2, 4, 5, 10, 15, 20)

    def width(self):
        return self.least + self.slope * self.degrees

    def prompt(self):
        return (
            f"Suppose receptive fields are {self.least} + {self.slope} E degrees wide at E degrees from the centre of "
            f"gaze. How many times as wide are they at E = {self.degrees} as at the centre?"
        )

    def right(self):
        return self.width() / self.least

    def worked(self):
        return [f"({self.least} + {self.slope} × {self.degrees})/{self.least} = {self.right():.2f}."]

    @mistake("eccentricity", "That is the width in degrees.")
    def in_degrees(self):
        return self.width()

    @mistake("eccentricity", "At the centre E is 0, but the field is not 0 wide.")
    def without_the_centre(self):
        return self.slope * self.degrees / self.least

    @mistake("eccentricity", "The same width everywhere is what a convolution has; the retina has not.")
    def everywhere_alike(self):
        return 1

    @mistake("side-for-area", "That is the ratio of the areas.")
    def areas(self):
        return (self.width() / self.least) ** 2


class TwoResolutions(Template):
    part, marks, unit = "2c", 3, "pixels"
    hint = "Count the fovea at full resolution and the rest at the coarse one."

    def draw(self, r):
        self.step = one_of(r, 2, 4, 5, 10)
        self.fovea, self.size = 20 * whole(r, 2, 6), 20 * whole(r, 15, 40)

    def prompt(self):
        return (
            f"An image of {self.size} × {self.size} pixels is read at full resolution in a fovea of {self.fovea} × "
            f"{self.fovea} pixels, and outside of it only at every {self.step}th row and column. How many pixels are "
            "read?".replace("2th", "2nd")
        )

    def right(self):
        return self.fovea**2 + (self.size**2 - self.fovea**2) // self.step**2

    def worked(self):
        f, n, s = self.fovea, self.size, self.step
        return [
            f"Fovea: {f}² = {f * f:,}. Outside: ({n}² − {f}²)/{s}² = {(n * n - f * f) // s**2:,}.",
            f"Together {self.right():,}, {100 * self.right() / n**2:.1f}% of all pixels.",
        ]

    @mistake("side-for-area", "Rows and columns are both thinned: divide by the square of the step.")
    def one_axis(self):
        return self.fovea**2 + (self.size**2 - self.fovea**2) // self.step

    @mistake("eccentricity", "That counts the middle twice, in the fovea and in the coarse grid.")
    def middle_twice(self):
        return self.fovea**2 + self.size**2 // self.step**2

    @mistake("eccentricity", "That is the coarse grid alone.")
    def coarse_alone(self):
        return self.size**2 // self.step**2

    @mistake("eccentricity", "That is the fovea alone.")
    def fovea_alone(self):
        return self.fovea**2
