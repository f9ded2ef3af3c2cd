"""What the operations need to know of OpenBLAS, the library behind NumPy's matrix product."""

import os

import numpy as np

__all__ = ["band_budget", "fill_buffer"]


def band_budget():
    """How many values to lay out for one matrix product.

    A quarter megabyte of float32 stays in one core's cache. Several cores share out a product
    by columns, and narrow products leave them little to share: then it is four megabytes.

    The number of threads is what OpenBLAS takes when it loads: the first of its variables that
    is set, else the number of processors.
    """
    names = "OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"
    given = next((v for v in map(os.environ.get, names) if v and v.isdigit()), os.cpu_count())
    return 2**16 if int(given or 1) == 1 else 2**20


def fill_buffer():
    """Multiply once in advance, so that the first convolutions of a session are not slow.

    OpenBLAS copies its operands into a buffer of its own. Until that buffer has been filled
    once, products of fewer than about 400 columns run at a third of their speed (measured on
    an AMD EPYC; the kernel reads ahead into memory that nobody has touched). The bands of
    `conv2d` are that narrow, and a fresh notebook would never get faster. The product here
    takes a millisecond; its result is thrown away.
    """
    np.ones((64, 256), np.float32) @ np.ones((256, 1024), np.float32)
