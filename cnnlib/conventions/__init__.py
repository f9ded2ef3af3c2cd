"""Two ways to say the same: thirty pairs of conventions in which frameworks, papers and lectures differ.

Each `Pair` says what stands on either side, how to get from one to the other, with a function where that is a
calculation, and an example whose results agree.
"""

from .borders import border_of_cut, output_padding_for, output_sizes, padding_from, padding_to, same_sides
from .coordinates import (
    exchanged_offsets,
    grid_of,
    interleaved_offsets,
    points_of,
    positions_read,
    screen_angle,
)
from .counting import flops_of, gib_of, gigabytes_of, macs_of, output_stride, stored_values
from .images import (
    caffe_pixels,
    channels_first,
    dense_weights,
    depth_to_space_channels,
    pixel_shuffle_channels,
    rgb_pixels,
    taps_first,
)
from .kernels import depthwise_kernel, dilation_of, flipped, grouped_kernel, holes_of, relaid, with_holes
from .pair import Example, Pair
from .sheet import TOPICS, Sheet, pair, sheet
from .values import half_away, logits_of, other_momentum, probabilities_of, truncated_quotient

__all__ = [
    "TOPICS",
    "Example",
    "Pair",
    "Sheet",
    "border_of_cut",
    "caffe_pixels",
    "channels_first",
    "dense_weights",
    "depth_to_space_channels",
    "depthwise_kernel",
    "dilation_of",
    "exchanged_offsets",
    "flipped",
    "flops_of",
    "gib_of",
    "gigabytes_of",
    "grid_of",
    "grouped_kernel",
    "half_away",
    "holes_of",
    "interleaved_offsets",
    "logits_of",
    "macs_of",
    "other_momentum",
    "output_padding_for",
    "output_sizes",
    "output_stride",
    "padding_from",
    "padding_to",
    "pair",
    "pixel_shuffle_channels",
    "points_of",
    "positions_read",
    "probabilities_of",
    "relaid",
    "rgb_pixels",
    "same_sides",
    "screen_angle",
    "sheet",
    "stored_values",
    "taps_first",
    "truncated_quotient",
    "with_holes",
]
