"""Integers only: sizes, windows, receptive fields, parameters, multiply-adds, bytes.

Every function takes integers, or ``(height, width)`` pairs, and returns the same form:
with integers alone the result is an integer, with a pair anywhere it is a pair.
Nothing here touches a pixel, so nothing here can round.
"""

from .counts import count_activations, count_macs, count_parameters
from .fields import ReceptiveField, pixels_read, receptive_field
from .memory import Memory, activation_bytes, memory_bytes
from .overlaps import overlap_counts
from .paths import count_paths
from .sizes import conv_output_size, pool_output_size, same_padding
from .stack import Layer
from .touched import Touched, touched
from .transposed import conv_transpose_output_size
from .windows import span, unread

__all__ = [
    "Layer",
    "Memory",
    "ReceptiveField",
    "Touched",
    "activation_bytes",
    "conv_output_size",
    "conv_transpose_output_size",
    "count_activations",
    "count_macs",
    "count_parameters",
    "count_paths",
    "memory_bytes",
    "overlap_counts",
    "pixels_read",
    "pool_output_size",
    "receptive_field",
    "same_padding",
    "span",
    "touched",
    "unread",
]
