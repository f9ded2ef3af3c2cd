"""Question 5 (a): transposed convolution."""

from cnnlib.exam.template import Template, mistake, one_of, redraw_if, whole, written
from cnnlib.geometry import conv_output_size, conv_transpose_output_size, overlap_counts


class TransposedSize(Template):
    part, marks, unit = "5a", 3, "pixels"
    hint = "Each pixel stamps a kernel; the stamps stand a stride apart. Then cut the padding off."

    def draw(self, r):
        self.size, self.kernel, self.stride = whole(r, 2, 32), whole(r, 3, 6), one_of(r, 2, 3, 4)
        self.padding = whole(r, 0, (self.kernel - 1) // 2)
        redraw_if(self.right() < 1)

    def prompt(self):
        return (
            f"torch.nn.ConvTranspose2d with kernel {self.kernel}, stride {self.stride} and padding {self.padding} on "
            f"{self.size} × {self.size} pixels: how long is one side of the output?"
        )

    def right(self):
        return conv_transpose_output_size(self.size, self.kernel, stride=self.stride, padding=self.padding)

    def worked(self):
        n, k, s, p = self.size, self.kernel, self.stride, self.padding
        return [f"({n} − 1) × {s} + {k} − 2 × {p} = {self.right()}."]

    @mistake("transposed-padding", "Padding cuts pixels off the output here; it does not add any.")
    def padding_added(self):
        return self.right() + 4 * self.padding if self.padding else None

    @mistake("transposed-padding", "Padding is cut off at both ends.")
    def padding_uncut(self):
        return self.right() + 2 * self.padding if self.padding else None

    @mistake("transposed-size", "The last kernel reaches further than a stride, or less far.")
    def size_times_stride(self):
        value = self.size * self.stride
        return None if value in (self.right(), self.padding_added(), self.padding_uncut()) else value

    @mistake("transposed-size", "That is where the last kernel starts; it has a width.")
    def last_start(self):
        return (self.size - 1) * self.stride + 1 - 2 * self.padding

    @mistake("not-the-inverse", "That is the convolution with these options; the transposed one enlarges.")
    def forward(self):
        fits = self.size + 2 * self.padding >= self.kernel
        return conv_output_size(self.size, self.kernel, stride=self.stride, padding=self.padding) if fits else None


class OutputPadding(Template):
    part, marks = "5a", 2
    hint = "Which size does the transposed convolution give without output_padding?"

    def draw(self, r):
        self.size, self.kernel, self.stride = whole(r, 10, 64), one_of(r, 3, 5, 7), one_of(r, 2, 3, 4)
        self.padding = self.kernel // 2
        self.small = conv_output_size(self.size, self.kernel, stride=self.stride, padding=self.padding)
        self.back = conv_transpose_output_size(self.small, self.kernel, stride=self.stride, padding=self.padding)
        redraw_if(self.right() == 0)

    def prompt(self):
        return (
            f"A convolution with kernel {self.kernel}, stride {self.stride} and padding {self.padding} makes "
            f"{self.small} pixels of {self.size}. With which output_padding does the transposed convolution with the "
            f"same options give {self.size} again?"
        )

    def right(self):
        return self.size - self.back

    def worked(self):
        m, s, p, k = self.small, self.stride, self.padding, self.kernel
        return [f"({m} − 1) × {s} + {k} − 2 × {p} = {self.back}, so {self.size} − {self.back} = {self.right()}."]

    @mistake("output-padding", "Then it gives the smallest of the sizes that lead to this one.")
    def none_at_all(self):
        return 0

    @mistake("output-padding", "output_padding always stays below the stride.")
    def the_stride(self):
        return self.stride

    @mistake("transposed-padding", "That is the padding of the convolution.")
    def the_padding(self):
        return self.padding if self.padding not in (self.right(), self.stride) else None


class Overlap(Template):
    part, marks, choice = "5a", 2, True
    hint = "Which kernels reach a given pixel? They start a stride apart."

    def draw(self, r):
        self.stride, self.kernel, self.size = one_of(r, 2, 3, 4), whole(r, 2, 9), whole(r, 12, 20, 2)
        redraw_if(self.kernel < self.stride)
        self.counts = overlap_counts(self.kernel, stride=self.stride)
        self.low, self.high = min(self.counts), max(self.counts)

    def prompt(self):
        return (
            f"A transposed convolution with a kernel of {self.kernel} ones and stride {self.stride} acts on a row of "
            f"{self.size} ones. Which values does its output have, away from the ends?"
        )

    def right(self):
        return f"only {self.low}" if self.low == self.high else f"{self.low} and {self.high}"

    def worked(self):
        divides = "divides" if self.low == self.high else "does not divide"
        return [f"{self.kernel}/{self.stride}: the stride {divides} the kernel, so {self.right()} kernels meet."]

    @mistake("overlap", "The overlap is even if the stride divides the kernel, and only then.")
    def the_other_case(self):
        return f"only {self.low}" if self.low != self.high else f"{self.low} and {self.low + 1}"

    @mistake("overlap", "Kernels start a stride apart, so they do not all meet on one pixel.")
    def all_taps(self):
        return f"only {self.kernel}"

    @mistake("overlap", "That is by how many pixels two neighbours overlap; count the kernels that meet on one pixel.")
    def width_of_the_overlap(self):
        value = f"only {self.kernel - self.stride}"
        return None if value in ("only 0", self.right(), self.the_other_case()) else value


class Phases(Template):
    part, marks, choice = "5a", 3, True
    hint = "Write the stamped kernels below each other, shifted by two. Which weights stand in one column?"

    def draw(self, r):
        self.weights, self.value = r.integers(1, 8, 4), whole(r, 2, 5)

    def prompt(self):
        return (
            f"A transposed convolution with the kernel {written(self.weights)} and stride 2 acts on a row in which "
            f"every pixel is {self.value}. Between which two values does its output alternate, away from the ends?"
        )

    def pair(self, one, two):
        """Sums of weights as values of the output, the smaller one first."""
        return " and ".join(str(v) for v in sorted([self.value * int(one), self.value * int(two)]))

    def right(self):
        a, b, c, d = self.weights
        redraw_if(a + c == b + d)
        return self.pair(a + c, b + d)

    def worked(self):
        a, b, c, d = self.weights
        v = self.value
        return [
            f"Every other weight meets on a pixel: {v} × ({a} + {c}) = {v * (a + c)} and {v} × ({b} + {d}) = "
            f"{v * (b + d)}."
        ]

    @mistake("phases", "Neighbouring weights never meet on one pixel: kernels start two apart.")
    def neighbours(self):
        a, b, c, d = self.weights
        return self.pair(a + b, c + d) if a + b != c + d else None

    @mistake("phases", "Weights that are two apart meet, not the outer and the inner ones.")
    def outer_and_inner(self):
        a, b, c, d = self.weights
        return self.pair(a + d, b + c) if a + d != b + c else None

    @mistake("overlap", "An even overlap does not make an even output: the weights in the two phases differ.")
    def even(self):
        return f"only {self.value * int(self.weights.sum()) / 2:g}"
