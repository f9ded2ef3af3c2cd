"""The book's operations, in NumPy, each with an explicit backward.

Images are ``(N, C, H, W)``; indices are ``[row, column]``; names, defaults and
layouts are torch's. Arrays are positional, options are keywords. ``NAME_backward(dy,
...)`` takes the upstream gradient and what the forward took, and returns the
gradients in the order of the inputs, a bare array where there is one input. Inputs
are never modified.
"""

from cnnlib.ops.conv import conv2d, conv2d_plain
from cnnlib.ops.conv_gradients import conv2d_backward

__all__ = ["conv2d", "conv2d_backward", "conv2d_plain"]
