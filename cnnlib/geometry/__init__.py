"""Integers only: sizes, windows, receptive fields, parameters, products, bytes.

Every function takes integers, or ``(height, width)`` pairs, and answers in the same
form: with integers alone the answer is an integer, with a pair anywhere it is a pair.
Nothing here touches a pixel, so nothing here can round.
"""

from .sizes import conv_output_size, conv_transpose_output_size, pool_output_size, same_padding
from .windows import span, unread

__all__ = [
    "conv_output_size",
    "conv_transpose_output_size",
    "pool_output_size",
    "same_padding",
    "span",
    "unread",
]
