"""Question 4: sizes of outputs, what a stride reduces, channels and filters."""

import numpy as np

from cnnlib.exam.template import Template, mistake, one_of, redraw_if, whole, written
from cnnlib.geometry import conv_output_size, count_parameters, span, unread


class OutputSize(Template):
    part, marks, unit = "4a", 3, "outputs"
    hint = "How far can the window move from its first position, and how many steps is that?"

    def draw(self, r):
        self.size, self.kernel, self.stride = whole(r, 20, 230), one_of(r, 3, 5, 7, 11), one_of(r, 2, 3, 4)
        self.padding, self.dilation = whole(r, 0, self.kernel // 2), one_of(r, 1, 1, 2)
        self.room = self.size + 2 * self.padding - span(self.kernel, self.dilation)
        redraw_if(self.room < 0 or (self.room % self.stride == 0 and r.random() < 0.7))

    def prompt(self):
        return (
            f"{self.size} pixels, kernel {self.kernel}, stride {self.stride}, padding {self.padding} on each side, "
            f"dilation {self.dilation}. How many outputs does torch give?"
        )

    def size_with(self, **changed):
        options = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation} | changed
        size = options.pop("size", self.size)
        return conv_output_size(size, self.kernel, **options) if size >= span(self.kernel, self.dilation) else None

    def right(self):
        return self.size_with()

    def worked(self):
        s, p, width = self.size, self.padding, span(self.kernel, self.dilation)
        return [
            f"The window spans {self.dilation} × ({self.kernel} − 1) + 1 = {width} of {s} + 2 × {p} = {s + 2 * p}.",
            f"⌊({s + 2 * p} − {width})/{self.stride}⌋ + 1 = {self.right()}.",
        ]

    @mistake("first-position", "Count the first position, too.")
    def steps_only(self):
        return self.right() - 1

    @mistake("rounding", "A window that hangs over the edge does not count.")
    def rounded_up(self):
        return self.right() + 1 if self.room % self.stride else None

    @mistake("padding-one-side", "The padding lies on both sides.")
    def padded_once(self):
        left = self.room - self.padding
        return left // self.stride + 1 if self.padding and left >= 0 and self._new(left) else None

    @mistake("dilated-window", "Dilation widens the window.")
    def undilated(self):
        left = self.size + 2 * self.padding - self.kernel
        return left // self.stride + 1 if self.dilation > 1 and self._new(left) else None

    @mistake("size-over-stride", "The window must fit as a whole: it is not the size over the stride.")
    def size_over_stride(self):
        value = -(-(self.size + 2 * self.padding) // self.stride)
        return value if value > self.right() + 1 and value != self.undilated() else None

    def _new(self, left):
        """Whether the room gives another size than the right one and the two that are off by one."""
        return abs(left // self.stride - self.room // self.stride) > 1


class NeverRead(Template):
    part, marks, unit = "4a", 2, "columns"
    hint = "Where does the last window end?"

    def draw(self, r):
        self.size, self.kernel, self.stride = whole(r, 40, 250), one_of(r, 3, 5, 7, 11), one_of(r, 2, 3, 4)
        redraw_if(self.kernel < self.stride or self.right() == 0)

    def prompt(self):
        return (
            f"{self.size} columns, kernel {self.kernel}, stride {self.stride}, no padding. How many columns at the "
            "right are read by no window?"
        )

    def right(self):
        return unread(self.size, self.kernel, stride=self.stride)

    def worked(self):
        return [f"({self.size} − {self.kernel}) mod {self.stride} = {self.right()}."]

    @mistake("unread", "Then the stride would divide the room that the first window leaves.")
    def none_at_all(self):
        return 0

    @mistake("size-over-stride", "The first window takes its own columns before the steps begin.")
    def size_modulo_stride(self):
        return self.size % self.stride or None

    @mistake("unread", "That is how many steps fit.")
    def steps(self):
        return (self.size - self.kernel) // self.stride


class ValuesInAndOut(Template):
    part, marks, decimals = "4b", 3, 2
    hint = "Values are positions times channels, before and after."

    def draw(self, r):
        self.size, self.filters = one_of(r, 224, 227, 256), whole(r, 32, 96, 8)
        self.kernel, self.stride, self.padding = one_of(r, (11, 4, 0), (7, 2, 3), (7, 2, 2), (5, 2, 2), (3, 2, 1))
        self.out = conv_output_size(self.size, self.kernel, stride=self.stride, padding=self.padding)

    def prompt(self):
        return (
            f"A colour image of {self.size} × {self.size} × 3 goes through {self.filters} filters of {self.kernel} × "
            f"{self.kernel} with stride {self.stride} and padding {self.padding}. How many times as many values come "
            "out as go in?"
        )

    def right(self):
        return self.filters * self.out**2 / (3 * self.size**2)

    def worked(self):
        return [
            f"{self.out}² × {self.filters} = {self.out**2 * self.filters:,} values from {self.size}² × 3 = "
            f"{3 * self.size**2:,}: {self.right():.2f} times as many."
        ]

    @mistake("stride-and-values", "That is the ratio of positions; the channels are missing.")
    def positions_only(self):
        return self.out**2 / self.size**2

    @mistake("stride-and-values", "A stride divides each side. The number of filters counts, too.")
    def over_the_stride(self):
        return 1 / self.stride

    @mistake("side-for-area", "Both sides shrink.")
    def one_side(self):
        return self.filters * self.out / (3 * self.size)

    @mistake("input-channels", "The input has three channels.")
    def grey(self):
        return self.filters * self.out**2 / self.size**2


class EarlyStride(Template):
    part, marks, decimals = "4b", 2, 2
    hint = "At how many positions does each layer work, in both networks?"

    def draw(self, r):
        self.depth, self.stride = whole(r, 3, 8), one_of(r, 2, 3, 4)
        self.size, self.channels = 12 * whole(r, 4, 12), one_of(r, 16, 32, 64)

    def prompt(self):
        return (
            f"{self.depth} layers of 3 × 3 with {self.channels} channels in and out work on {self.size} × {self.size} "
            f"positions, padded so that only a stride changes the size. One layer has stride {self.stride}. How many "
            "times fewer multiply-adds does the network need if that is the first layer and not the last?"
        )

    def right(self):
        return ((self.depth - 1) * self.stride**2 + 1) / self.depth

    def worked(self):
        d, s = self.depth, self.stride
        return [
            f"Stride first: all {d} layers work on 1/{s**2} of the positions. Stride last: one of them does.",
            f"({d - 1} + 1/{s**2})/({d}/{s**2}) = {self.right():.2f}.",
        ]

    @mistake("early-stride", "One of the layers costs the same in both networks.")
    def every_layer(self):
        return self.stride**2

    @mistake("side-for-area", "A stride divides both sides.")
    def one_side(self):
        return ((self.depth - 1) * self.stride + 1) / self.depth

    @mistake("early-stride", "The parameters are as many, but they are used at fewer positions.")
    def parameters(self):
        return 1

    @mistake("early-stride", "The layer with the stride works at fewer positions, too: its outputs are what counts.")
    def stride_layer_is_full(self):
        return self.depth / (1 + (self.depth - 1) / self.stride**2)


class FilterBank(Template):
    part, marks, unit = "4c", 2, "parameters"
    hint = "How many parameters does a single filter have?"

    def draw(self, r):
        self.filters, self.kernel, self.channels = whole(r, 32, 96, 8), one_of(r, 3, 5, 7, 9, 11), one_of(r, 1, 3)

    def prompt(self):
        k, c = self.kernel, self.channels
        return (
            f"{self.filters} filters of {k} × {k} look at {'a grey' if c == 1 else 'a colour'} image "
            f"({c} channel{'s' if c > 1 else ''}), each with a bias. How many parameters do they have?"
        )

    def right(self):
        return count_parameters(self.channels, self.filters, self.kernel)

    def worked(self):
        size = self.kernel**2 * self.channels
        return [f"{self.kernel}² × {self.channels} = {size} weights and a bias: {self.filters} × {size + 1} = "
                f"{self.right():,}."]  # fmt: skip

    @mistake("bias", "The biases are missing.")
    def no_bias(self):
        return self.right() - self.filters

    @mistake("bias", "A filter has one bias, not one for each channel of its input.")
    def bias_per_channel(self):
        return self.right() + self.filters * (self.channels - 1) if self.channels > 1 else None

    @mistake("bias", "Each filter has a bias of its own.")
    def one_bias(self):
        return self.right() - self.filters + 1

    @mistake("output-channels", "That is one filter.")
    def one_filter(self):
        return self.right() // self.filters

    @mistake("input-channels", "A filter spans all channels of its input.")
    def one_channel(self):
        return count_parameters(1, self.filters, self.kernel) if self.channels > 1 else None


class ResponseByHand(Template):
    part, marks = "4c", 3
    hint = "One filter gives one value: add up over both channels, then add the bias once."

    def draw(self, r):
        self.image, self.filter, self.bias = r.integers(0, 5, (2, 2, 2)), r.integers(-2, 3, (2, 2, 2)), whole(r, 1, 5)
        redraw_if(any(np.array_equal(k, k[::-1, ::-1]) for k in self.filter))
        redraw_if(np.array_equal(*self.image) or np.array_equal(*self.filter))

    def prompt(self):
        return (
            f"A 2 × 2 window shows channel 1 as {written(self.image[0])} and channel 2 as {written(self.image[1])}. A "
            f"filter has the kernels {written(self.filter[0])} and {written(self.filter[1])} and the bias "
            f"{self.bias}. What is its response in torch's convention?"
        )

    def sums(self):
        return (self.image * self.filter).sum(axis=(1, 2))

    def right(self):
        return self.sums().sum() + self.bias

    def worked(self):
        one, two = self.sums()
        return [f"Channel 1 gives {one}, channel 2 gives {two}; with the bias ({one}) + ({two}) + {self.bias} = "
                f"{self.right()}."]  # fmt: skip

    @mistake("bias", "The bias is missing.")
    def no_bias(self):
        return self.sums().sum()

    @mistake("bias", "A filter adds its bias once, not for each channel.")
    def bias_twice(self):
        return self.right() + self.bias

    @mistake("input-channels", "That is the first channel alone; a filter adds up over all of them.")
    def first_channel(self):
        return self.sums()[0] + self.bias

    @mistake("kernel-flipped", "There the kernels are flipped; torch does not flip them.")
    def flipped(self):
        return (self.image * self.filter[:, ::-1, ::-1]).sum() + self.bias
