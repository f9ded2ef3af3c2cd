"""Question 6 (a) and (b): deformable convolution, what it costs, and where it reads."""

import numpy as np

from cnnlib.exam.template import Template, mistake, one_of, redraw_if, whole
from cnnlib.geometry import count_macs, count_parameters

TAPS = np.array([(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)])


class OffsetBranch(Template):
    part, marks, unit = "6a", 3, "parameters"
    hint = "How many channels does the branch put out? Then count it as any other convolution."

    def draw(self, r):
        self.inputs, self.kernel = one_of(r, 16, 24, 32, 48, 64, 96, 128, 256), one_of(r, 3, 3, 5)
        self.groups = one_of(r, 1, 1, 2)
        self.modulated = bool(r.integers(2))
        redraw_if(self.kernel == 5 and self.inputs > 64)
        self.channels = (3 if self.modulated else 2) * self.groups * self.kernel**2

    def prompt(self):
        k = self.kernel
        return (
            f"A {k} × {k} deformable convolution{' with modulation' if self.modulated else ''} reads {self.inputs} "
            f"channels in {self.groups} offset group{'s' if self.groups > 1 else ''}. Its offset branch is a {k} × {k} "
            f"convolution with biases{', which also gives the modulation' if self.modulated else ''}. How many "
            "parameters does the branch have?"
        )

    def right(self):
        return count_parameters(self.inputs, self.channels, self.kernel)

    def worked(self):
        each = "two offsets and a modulation" if self.modulated else "two offsets"
        return [
            f"For each of {self.kernel**2} taps {each}{', in each group' if self.groups > 1 else ''}: {self.channels} "
            "output channels.",
            f"{self.kernel}² × {self.inputs} × {self.channels} + {self.channels} = {self.right():,}.",
        ]

    @mistake("offsets-are-computed", "Those are its output channels. They are computed; the branch is what is learned.")
    def output_channels(self):
        return self.channels

    @mistake("bias", "The biases are missing.")
    def no_bias(self):
        return self.right() - self.channels

    @mistake("offsets-are-computed", "A tap has two offsets, along rows and along columns.")
    def one_offset(self):
        channels = self.channels - self.groups * self.kernel**2
        return count_parameters(self.inputs, channels, self.kernel)

    @mistake("input-channels", "The branch reads all input channels.")
    def one_input(self):
        return count_parameters(1, self.channels, self.kernel)

    @mistake("offsets-are-computed", "Each group has offsets of its own.")
    def one_group(self):
        return count_parameters(self.inputs, self.channels // 2, self.kernel) if self.groups == 2 else None


class DeformableCost(Template):
    part, marks, decimals = "6a", 3, 2
    hint = "Add three costs at one position, and divide by that of the plain convolution."

    def draw(self, r):
        self.inputs, self.outputs = one_of(r, 16, 32, 64, 128, 256), one_of(r, 16, 24, 32, 48, 64, 96, 128)
        redraw_if(self.inputs == self.outputs)
        self.plain, self.branch = count_macs(self.inputs, self.outputs, 3), count_macs(self.inputs, 18, 3)
        self.samples = 4 * 9 * self.inputs

    def prompt(self):
        return (
            f"At one position, a 3 × 3 deformable convolution from {self.inputs} to {self.outputs} channels does the "
            "work of the plain one, of an offset branch (3 × 3, 18 outputs), and 4 multiply-adds for each of 9 samples "
            "in each input channel. How many times the plain convolution's multiply-adds is that?"
        )

    def right(self):
        return (self.plain + self.branch + self.samples) / self.plain

    def worked(self):
        return [
            f"({self.plain:,} + {self.branch:,} + {self.samples:,})/{self.plain:,} = 1 + 22/{self.outputs} = "
            f"{self.right():.2f}."
        ]

    @mistake("output-channels", "The plain convolution works for all output channels.")
    def one_output(self):
        one = count_macs(self.inputs, 1, 3)
        return (one + self.branch + self.samples) / one

    @mistake("deformable-cost", "A sample is taken once and serves all output channels.")
    def samples_for_each_output(self):
        return (self.plain + self.branch + self.samples * self.outputs) / self.plain

    @mistake("deformable-cost", "The offset branch is missing.")
    def without_branch(self):
        return (self.plain + self.samples) / self.plain

    @mistake("deformable-cost", "The samples are missing.")
    def without_samples(self):
        return (self.plain + self.branch) / self.plain


class SampledRow(Template):
    part, marks, decimals = "6a", 2, 1
    hint = "Start from the output's position, go to the tap, then add the offset."

    def draw(self, r):
        self.row, self.column, self.dilation = whole(r, 8, 20), whole(r, 8, 20), one_of(r, 1, 2, 3)
        self.tap = whole(r, 0, 8)
        self.dy, self.dx = (int(v) / 10 for v in r.integers(-25, 26, 2))
        redraw_if(0 in TAPS[self.tap] or self.dy == self.dx or 0 in (self.dy, self.dx) or self.row == self.column)

    def prompt(self):
        where = {(-1, -1): "upper left", (-1, 1): "upper right", (1, -1): "lower left", (1, 1): "lower right"}
        return (
            f"A 3 × 3 deformable convolution with dilation {self.dilation} is centred on (row, column) = ({self.row}, "
            f"{self.column}). Its {where[tuple(TAPS[self.tap].tolist())]} tap has the offset (dy, dx) = ({self.dy}, "
            f"{self.dx}). In which row does this tap read?"
        )

    def right(self):
        return self.row + self.dilation * TAPS[self.tap][0] + self.dy

    def worked(self):
        step = self.dilation * TAPS[self.tap][0]
        return [f"{self.row} + ({step}) + ({self.dy}) = {self.right():.1f}."]

    @mistake("offset-order", "The offsets are (dy, dx): the first one is along the rows.")
    def other_offset(self):
        return self.row + self.dilation * TAPS[self.tap][0] + self.dx

    @mistake("tap-forgotten", "The offset is added to the tap's own position, not to the centre.")
    def from_the_centre(self):
        return self.row + self.dy

    @mistake("dilated-window", "With dilation the taps stand further apart, before any offset.")
    def undilated(self):
        return self.row + TAPS[self.tap][0] + self.dy if self.dilation > 1 else None

    @mistake("rigid-grid", "That is where the rigid grid reads.")
    def rigid(self):
        return self.row + self.dilation * TAPS[self.tap][0]


class ShareOnObject(Template):
    part, marks, unit = "6b", 3, "samples"
    hint = "Draw the mask, put a dot at each tap, and move each dot by its offset."

    def draw(self, r):
        (self.top, self.left), (self.height, self.width) = r.integers(0, 3, 2), r.integers(2, 5, 2)
        self.mask = np.zeros((7, 7), int)
        self.mask[self.top : self.top + self.height, self.left : self.left + self.width] = 1
        self.offsets = r.integers(-2, 3, (9, 2))

    def prompt(self):
        offsets = ", ".join(f"({dy}, {dx})" for dy, dx in self.offsets)
        return (
            f"In a mask of 7 × 7 pixels the object covers rows {self.top} to {self.top + self.height - 1} and columns "
            f"{self.left} to {self.left + self.width - 1}, counted from 0. A 3 × 3 kernel is centred on (3, 3). Its "
            f"offsets (dy, dx) are, in reading order: {offsets}. How many of its nine samples lie on the object?"
        )

    def on_object(self, points):
        return int(self.mask[tuple(points.T)].sum())

    def right(self):
        return self.on_object(3 + TAPS + self.offsets)

    def worked(self):
        points = [point for point in (3 + TAPS + self.offsets).tolist() if self.mask[tuple(point)]]
        listed = ", ".join(f"({row}, {column})" for row, column in points) or "none"
        return [f"On the object: {listed}. That makes {self.right()} of 9."]

    @mistake("rigid-grid", "That is the rigid grid, without its offsets.")
    def rigid(self):
        return self.on_object(3 + TAPS)

    @mistake("offset-order", "The offsets are (dy, dx): rows first.")
    def other_order(self):
        return self.on_object(3 + TAPS + self.offsets[:, ::-1])

    @mistake("tap-forgotten", "Add each offset to its tap's position, not to the centre.")
    def from_the_centre(self):
        return self.on_object(3 + self.offsets)


class EffectiveDilation(Template):
    part, marks, decimals = "6b", 2, 2
    hint = "How far apart do neighbouring taps stand before, and how far after?"

    def draw(self, r):
        self.dilation, self.stretch = whole(r, 1, 4), one_of(r, 0.5, 0.75, 1.25, 1.5, 1.75, 2, 2.5, 3)

    def prompt(self):
        return (
            f"A 3 × 3 kernel has dilation {self.dilation}. Its offsets move every tap straight away from the centre or "
            f"towards it, to {self.stretch} times its distance. How many pixels apart are neighbouring taps of a row "
            "now (the effective dilation)?"
        )

    def right(self):
        return self.dilation * self.stretch

    def worked(self):
        return [f"{self.stretch} × {self.dilation} = {self.right():g}."]

    @mistake("rigid-grid", "That is the rigid grid.")
    def rigid(self):
        return self.dilation

    @mistake("tap-forgotten", "The distance becomes that many times as large; it does not grow by as much.")
    def grown_by(self):
        return self.dilation * (1 + self.stretch)

    @mistake("dilated-window", "That is from the first tap to the last.")
    def whole_span(self):
        return 2 * self.dilation * self.stretch


class FollowingTheObject(Template):
    part, marks, unit = "6b", 2, "percentage points"
    hint = "Which grid is as wide as the learned one, and does not look at the picture?"

    def draw(self, r):
        self.rigid, wider, following = whole(r, 40, 60), whole(r, 5, 18), whole(r, 2, 14)
        self.constant, self.learned = self.rigid + wider, self.rigid + wider + following
        redraw_if(wider == following)

    def prompt(self):
        return (
            f"Of 100 samples of a trained deformable layer, {self.learned} lie on the object. With the rigid grid it "
            f"would be {self.rigid}; with each tap's mean offset at every position, the same for all pictures, "
            f"{self.constant}. How many percentage points come from following this picture?"
        )

    def right(self):
        return self.learned - self.constant

    def worked(self):
        return [
            f"{self.learned} − {self.constant} = {self.right()}. The other {self.constant - self.rigid} of "
            f"{self.learned - self.rigid} points come from another grid that is the same everywhere."
        ]

    @mistake("no-control", "That is the whole gain. Subtract what a grid gains that never looks at the picture.")
    def whole_gain(self):
        return self.learned - self.rigid

    @mistake("no-control", "A grid that is the same for every picture gains that much.")
    def constant_gain(self):
        return self.constant - self.rigid

    @mistake("rigid-grid", "That is the share on the object; even a rigid grid has one.")
    def whole_share(self):
        return self.learned
