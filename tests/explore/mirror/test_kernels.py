"""kernels.mjs makes the filters of cnnlib.kernels, formula for formula."""

import numpy as np

from cnnlib import kernels

ANGLES = (0, 7, 15, 45, 90, 135, 210, 359)


def test_named_filters_agree(library):
    """Every filter at every size and at eight angles."""
    wanted = [
        [name, size, angle] for name in kernels.NAMES for size in range(kernels.SMALLEST[name], 12) for angle in ANGLES
    ]
    found = library.evaluate(
        """(wanted) => { const { named, NAMES } = cnnlibExplorers.load("mirror/kernels.mjs");
        return { names: NAMES, kernels: wanted.map((w) => Array.from(named(...w))) }; }""",
        wanted,
    )
    assert found["names"] == list(kernels.NAMES)
    for (name, size, angle), kernel in zip(wanted, found["kernels"], strict=True):
        np.testing.assert_allclose(np.reshape(kernel, (size, size)), kernels.named(name, size, angle), atol=1e-12)


def test_quadrature_pairs_agree(library):
    wanted = [[size, angle] for size in range(3, 16) for angle in ANGLES]
    found = library.evaluate(
        """(wanted) => { const { quadrature } = cnnlibExplorers.load("mirror/kernels.mjs");
        return wanted.map((w) => quadrature(...w).map((kernel) => Array.from(kernel))); }""",
        wanted,
    )
    for (size, angle), pair in zip(wanted, found, strict=True):
        mine = np.reshape(pair, (2, size, size))
        np.testing.assert_allclose(mine, kernels.quadrature(size, angle), atol=1e-12)
