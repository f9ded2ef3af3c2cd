"""One product in advance, so that the first convolutions of a session are not slow.

OpenBLAS, the library behind NumPy's matrix product, copies its operands into a buffer of
its own. Until that buffer has been filled once, products of fewer than about 400 columns
run at a third of their speed (measured on an AMD EPYC; the kernel reads ahead into memory
that nobody has touched). The bands of `conv2d` are that narrow, and a fresh notebook would
never get faster. The product here takes a millisecond and fills the buffer.
"""

import numpy as np

__all__ = ["fill_buffer"]


def fill_buffer():
    """Multiply once, wide enough; the result is thrown away."""
    np.ones((64, 256), np.float32) @ np.ones((256, 1024), np.float32)
