"""upsampling.mjs and spectrum.mjs compute what `ops.upsample2x` and `cnnlib.spectrum` compute, in random cases."""

import numpy as np
import pytest

from cnnlib import ops, spectrum


@pytest.mark.parametrize("kind", ops.UPSAMPLINGS)
def test_each_kind_with_every_kernel(library, kind):
    random = np.random.default_rng(4)
    for k in range(2, 7) if kind == "transposed" else (1, 3, 5):
        map_, kernels = random.normal(size=(7, 7)), random.normal(size=(4 if kind == "sub-pixel" else 1, k, k))
        found = library.evaluate(
            """([map, kernels, k, kind]) => Array.from(
              cnnlibExplorers.load("mirror/upsampling.mjs").upsample2x(Float64Array.from(map), 7, kernels, k, kind))""",
            [map_.ravel().tolist(), kernels.reshape(len(kernels), -1).tolist(), k, kind],
        )
        wanted = ops.upsample2x(map_[None, None], kernels[:, None], kind=kind)[0, 0]
        np.testing.assert_allclose(np.reshape(found, wanted.shape), wanted, atol=1e-12)


@pytest.mark.parametrize("side", [4, 8, 32, 64])
def test_power_share_and_phase_means(library, side):
    """Of noise with a pattern in it, whose three lines are unequal."""
    random = np.random.default_rng(side)
    map_ = random.normal(size=(side, side)) + np.tile([[1, 0.5], [-0.3, 0]], (side // 2, side // 2))
    power, share, means = library.evaluate(
        """([map, side]) => {
          const { powerOf, checkerboardShare, phaseMeans } = cnnlibExplorers.load("mirror/spectrum.mjs");
          const power = powerOf(map, side);
          return [Array.from(power), checkerboardShare(power, side), phaseMeans(map, side)]; }""",
        [map_.ravel().tolist(), side],
    )
    window = np.hanning(side + 1)[:-1]
    wanted = np.abs(np.fft.fft2((map_ - map_.mean()) * np.outer(window, window))) ** 2
    np.testing.assert_allclose(np.reshape(power, wanted.shape), wanted, rtol=1e-9, atol=1e-9)
    assert share == pytest.approx(spectrum.checkerboard_share(map_), rel=1e-9)
    np.testing.assert_allclose(means, spectrum.phase_means(map_, 2), atol=1e-12)
