"""Question 5 (a): unshared and dilated convolution."""

from cnnlib.exam.template import Template, mistake, one_of, redraw_if, whole
from cnnlib.geometry import Layer, conv_output_size, count_parameters, receptive_field, span, touched


class UnsharedWeights(Template):
    part, marks, unit = "5a", 2, "parameters"
    hint = "Every position has a kernel of its own, and here a bias of its own, for each output channel."

    def draw(self, r):
        self.size, self.kernel = whole(r, 10, 40, 2), one_of(r, 3, 5)
        self.inputs, self.outputs = one_of(r, 1, 3, 4), one_of(r, 2, 5, 6, 8)
        self.positions = conv_output_size(self.size, self.kernel)  # along a side

    def prompt(self):
        return (
            f"An unshared convolution (locally connected layer) looks through {self.kernel} × {self.kernel} windows on "
            f"{self.size} × {self.size} pixels of {self.inputs} channel{'s' if self.inputs > 1 else ''}, without "
            f"padding, and has {self.outputs} output channels and a bias for each output value. How many parameters "
            "does it have?"
        )

    def right(self):
        return count_parameters(self.inputs, self.outputs, self.kernel, positions=self.positions)

    def worked(self):
        each = self.kernel**2 * self.inputs + 1
        return [f"{self.positions}² positions × {self.outputs} channels × ({self.kernel}² × {self.inputs} + 1 = "
                f"{each}) = {self.right():,}."]  # fmt: skip

    @mistake("unshared-weights", "That is a convolution, which shares its kernels between positions.")
    def shared(self):
        return count_parameters(self.inputs, self.outputs, self.kernel)

    @mistake("border-forgotten", "Without padding, fewer windows than pixels fit.")
    def every_pixel(self):
        return count_parameters(self.inputs, self.outputs, self.kernel, positions=self.size)

    @mistake("unshared-weights", "A bias is not shared here either: each output value has its own.")
    def shared_bias(self):
        weights = count_parameters(self.inputs, self.outputs, self.kernel, positions=self.positions, bias=False)
        return weights + self.outputs

    @mistake("input-channels", "Each window spans all channels of the input.")
    def one_channel(self):
        if self.inputs == 1:
            return None
        return count_parameters(1, self.outputs, self.kernel, positions=self.positions)


class DilatedShare(Template):
    part, marks, unit, decimals = "5a", 2, "%", 1
    hint = "How many pixels are read, and how long is one side of the square?"

    def draw(self, r):
        self.kernel, self.dilation = one_of(r, 3, 5, 7, 9), whole(r, 2, 8)

    def prompt(self):
        return (
            f"A {self.kernel} × {self.kernel} kernel has dilation {self.dilation}. What share of the pixels in the "
            "square that it spans does it read?"
        )

    def right(self):
        return 100 * self.kernel**2 / span(self.kernel, self.dilation) ** 2

    def worked(self):
        side = span(self.kernel, self.dilation)
        return [f"{self.kernel}² = {self.kernel**2} of {side}² = {side**2} pixels, {self.right():.1f}%."]

    @mistake("holes", "There are holes along both axes.")
    def one_axis(self):
        return 100 * self.kernel / span(self.kernel, self.dilation)

    @mistake("dilated-window", "The span is d(k − 1) + 1; nothing follows the last tap.")
    def hole_behind_the_last(self):
        return 100 / self.dilation**2

    @mistake("holes", "The holes are not read.")
    def all_of_it(self):
        return 100


class TouchedPixels(Template):
    part, marks, unit = "5a", 3, "pixels"
    hint = "Which sums of one step of each layer are there?"

    def draw(self, r):
        self.dilations = [whole(r, 1, 4) for _ in range(3)]
        self.layers = [Layer(3, dilation=d) for d in self.dilations]
        self.field = receptive_field(self.layers).size
        redraw_if(self.right() == self.field and r.random() < 0.6)

    def prompt(self):
        a, b, c = self.dilations
        return (
            f"Three layers of 3 × 3 with stride 1 have the dilations {a}, {b}, {c}. On how many pixels along one row "
            "of the image does a unit behind them depend?"
        )

    def right(self):
        return len(touched(self.layers).offsets)

    def worked(self):
        a, b, c = self.dilations
        return [
            f"Add one of −{a}, 0, {a}, one of −{b}, 0, {b} and one of −{c}, 0, {c}: {self.right()} different sums, of "
            f"the {self.field} pixels from the first to the last."
        ]

    @mistake("span-or-touched", "That is from the first pixel to the last; some between them are not read.")
    def from_first_to_last(self):
        return self.field if self.field != self.right() else None

    @mistake("span-or-touched", "There are that many paths. Several of them end on the same pixel.")
    def paths(self):
        return 27 if self.right() != 27 else None

    @mistake("field-dilation", "That is what the layer with the largest dilation spans by itself.")
    def one_layer(self):
        return span(3, max(self.dilations))

    @mistake("dilated-window", "That would be so without any dilation.")
    def undilated(self):
        value = receptive_field([Layer(3)] * 3).size
        return None if value in (self.right(), self.one_layer()) else value

    @mistake("field-growth", "Each layer reaches as far to the left as to the right.")
    def one_side(self):
        value = 1 + sum(self.dilations)
        return None if value in (self.right(), self.one_layer(), self.undilated()) else value
