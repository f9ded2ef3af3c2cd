"""The misconceptions that wrong answers to the exam's questions come from, and the section of the book that mends each.

Chapters are named by their files, sections by their headings; the tests look both up.
"""

from typing import NamedTuple


class Misconception(NamedTuple):
    """What was mistaken, as it stands in a summary, and the chapter and section that put it right."""

    name: str
    chapter: str
    section: str = ""


_START = "00-one-convolution"
_EXPLOSION = "01-parameter-explosion"
_EQUIVARIANCE = "02-equivariance-and-invariance"
_CORTEX = "03-from-cat-cortex-to-convolution"
_SHARING = "04-sharing-weights"
_FIELDS = "05-receptive-fields"
_STRIDE = "06-stride-padding-dilation"
_CHANNELS = "07-channels-and-filter-banks"
_UNSHARED = "08-unshared-convolution"
_DILATED = "09-dilated-convolution"
_TRANSPOSED = "10-transposed-convolution"
_SEPARABLE = "11-separable-convolution"
_POINTWISE = "12-pointwise-and-the-bench"
_SAMPLING = "13-differentiable-sampling"
_DEFORMABLE = "14-deformable-convolution"
_SHEEP = "15-the-sheep"

MISCONCEPTIONS = {
    name: Misconception(*rest)
    for name, *rest in [
        # arrays and windows
        ("rows-and-columns", "rows and columns exchanged", _START, "A picture is a grid of numbers"),
        ("side-for-area", "one side counted instead of the area", _START, "A window slides over it"),
        ("kernel-flipped", "convolution and cross-correlation exchanged", _START, "Convolution or cross-correlation?"),
        ("border-forgotten", "windows counted that do not fit", _START, "At the edge, and in larger steps"),
        ("pooling-mean", "a maximum taken for another summary", _START, "ReLU and pooling"),
        # memory, arithmetic, data
        ("training-memory", "gradients or optimiser state forgotten", _EXPLOSION, "What it costs in memory"),
        ("memory-unit", "parameters, bytes, GB and GiB confused", _EXPLOSION, "What it costs in memory"),
        ("images-are-lists", "the size of a flattened image", _EXPLOSION, "An image as a list"),
        ("data-and-error", "how error falls with data", _EXPLOSION, "Where the squares really are"),
        # shifts and turns
        ("equivariant-or-invariant", "equivariance and invariance confused", _EQUIVARIANCE, "Two properties"),
        ("pooling-invariance", "local pooling taken for invariance", _EQUIVARIANCE, "Does pooling give invariance?"),
        ("dense-shift", "what a shift does to a dense layer", _EQUIVARIANCE, "One pixel, and a dense layer"),
        ("shift-in-pixels", "a shift of the image and of a strided map", _EQUIVARIANCE, "Measuring equivariance"),
        ("direction", "the direction of a shift", _EQUIVARIANCE, "A line of seven pixels"),
        ("quarter-turn", "turning confused with mirroring or with the other turn", _EQUIVARIANCE, "Turns"),
        # the cortex
        (
            "orientation-period",
            "orientations counted over 360°",
            _CORTEX,
            "One cell, one window, one orientation",
        ),
        ("columns", "columns and hypercolumns", _CORTEX, "Columns"),
        ("visual-degrees", "degrees of the visual field and pixels", _CORTEX, "Fields grow, but not that fast"),
        ("s-and-c-cells", "what S-cells and C-cells do", _CORTEX, "The Neocognitron"),
        ("eccentricity", "how the fovea and the periphery are sampled", _CORTEX, "One eye, two resolutions"),
        # sharing
        ("connections", "connections or positions counted as weights", _SHARING, "One weight, many votes"),
        ("sharing-saves", "the saving of sharing and that of locality confused", _SHARING, "Two cuts"),
        ("image-size", "parameters made to depend on the image", _SHARING, "The weights do not depend on the image"),
        # receptive fields
        ("field-stride", "the effect of a stride on later layers", _FIELDS, "Size, jump, start, centre"),
        ("field-dilation", "the effect of a dilation on the field", _FIELDS, "Size, jump, start, centre"),
        ("field-growth", "widths of windows added or multiplied", _FIELDS, "A cone of units"),
        (
            "small-windows",
            "small windows in place of a large one",
            _FIELDS,
            "Three small windows or one large one?",
        ),
        ("complement", "what is saved and what remains", _FIELDS, "Three small windows or one large one?"),
        # sizes
        ("first-position", "the first window not counted", _STRIDE, "Count the windows"),
        ("size-over-stride", "the size divided by the stride", _STRIDE, "Count the windows"),
        ("rounding", "rounding of a size that does not divide", _STRIDE, "AlexNet at 227, 225 and 224"),
        ("padding-one-side", "padding on one side only, or none", _STRIDE, "Padding and dilation"),
        ("dilated-window", "the span of a dilated window", _STRIDE, "Padding and dilation"),
        ("unread", "which pixels are never read", _STRIDE, "AlexNet at 227, 225 and 224"),
        ("stride-and-values", "what a stride reduces", _STRIDE, "What stride 4 reduces, and what it doesn't"),
        ("early-stride", "where the work of a network lies", _STRIDE, "The same stride, early or late"),
        # channels
        ("bias", "biases forgotten or counted wrongly", _CHANNELS, "Counting"),
        ("input-channels", "the channels of the input forgotten", _CHANNELS, "One filter, one map"),
        ("output-channels", "the channels of the output forgotten", _CHANNELS, "Counting"),
        # unshared
        ("unshared-weights", "weights of an unshared layer", _UNSHARED, "What it costs"),
        # dilated
        ("holes", "holes counted as pixels that are read", _DILATED, "Four pictures dealt out like cards"),
        ("span-or-touched", "the span taken for the pixels touched", _DILATED, "Which pixels are read"),
        # transposed
        ("transposed-padding", "padding of a transposed convolution", _TRANSPOSED, "Does the size come back?"),
        ("transposed-size", "how far stamped kernels reach", _TRANSPOSED, "Every pixel stamps a kernel"),
        ("output-padding", "what output_padding makes up for", _TRANSPOSED, "Does the size come back?"),
        ("not-the-inverse", "forward and transposed confused", _TRANSPOSED, "The adjoint, not the inverse"),
        ("overlap", "where stamped kernels overlap", _TRANSPOSED, "Overlap"),
        ("phases", "which weights meet in one phase", _TRANSPOSED, "Weights"),
        # separable
        ("rank", "how many terms a kernel needs", _SEPARABLE, "A kernel is a matrix"),
        ("freedom", "stored values taken for free parameters", _SEPARABLE, "Counting weights and multiplications"),
        ("separable-work", "the work of a separable kernel", _SEPARABLE, "Counting weights and multiplications"),
        (
            "depthwise-saving",
            "the saving of a depthwise separable layer",
            _SEPARABLE,
            "Depthwise separable: the same algebra, arranged differently",
        ),
        # pointwise
        ("pointwise", "what a pointwise convolution reads", _POINTWISE, "A matrix at every pixel"),
        ("reduction-is-free", "the 1 × 1 convolution taken to be free", _POINTWISE, "What a reduction saves"),
        ("reduction-loses", "when a pointwise layer can be undone", _POINTWISE, "Does a reduction lose anything?"),
        (
            "inception-branches",
            "branches and channels of an Inception module",
            _POINTWISE,
            "GoogLeNet's module, with every branch and every channel",
        ),
        # sampling
        ("mirrored-weights", "the nearer pixel given the smaller weight", _SAMPLING, "Weights have one"),
        ("nearest-or-mean", "interpolation taken for rounding or a mean", _SAMPLING, "Weights have one"),
        ("other-slope", "one slope taken for another", _SAMPLING, "Weights have one"),
        ("no-derivative", "a position taken for something without a slope", _SAMPLING, "An index has no derivative"),
        ("crease", "the slope on a pixel", _SAMPLING, "Creases"),
        # deformable
        ("offset-order", "offsets in the order (x, y)", _DEFORMABLE, "A convolution of bent copies"),
        ("tap-forgotten", "an offset added to the wrong point", _DEFORMABLE, "A convolution of bent copies"),
        (
            "offsets-are-computed",
            "channels of the offset branch taken for its parameters",
            _DEFORMABLE,
            "Eighteen offsets, and where they come from",
        ),
        ("deformable-cost", "what the parts of a deformable layer cost", _DEFORMABLE, "What it costs, counted"),
        ("rigid-grid", "the grid taken as rigid", _DEFORMABLE, "Where does my layer look?"),
        ("no-control", "a result without the control that it needs", _SHEEP, "Following, or shrinking?"),
    ]
}
