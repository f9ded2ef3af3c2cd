"""Kernel on a photograph: what the page shows, held to the Python half, down to the pixels of the output."""

import re

import numpy as np
import pytest

from tests.explore import shown as said

STATES = [{}, {"image": np.arange(154.0).reshape(11, 14) % 13 - 3, "weights": [[1, -2], [0.5, 3]], "padding": 2}]
REFUSED = [
    ({"preset": "gabor", "kernel_size": 2}, "too small for preset='gabor'; use kernel_size >= 3"),
    ({"image": np.zeros((2, 2))}, "a window spanning 3 .* does not fit in 2 .* padding >= 1"),
]


def colours(explorer):
    """The output's picture, from cnnlib's numbers."""
    output, kernel = explorer.output.astype(float), explorer.kernel
    values = explorer.input
    low, high = (0, 1) if values.min() >= 0 and values.max() <= 1 else (values.min(), values.max())
    if not explorer.signed:
        return np.repeat(np.clip(255 * (output / kernel.sum() - low) / (high - low), 0, 255)[..., None], 3, axis=-1)
    return said.signed(output, np.abs(output).max() or 1)


def check(explorer, seen):
    output = explorer.output
    row, column = explorer.position or tuple(n // 2 for n in output.shape)
    arrays = said.arrays(seen["numbers"])
    kernel, patch = arrays["kernel"], arrays["patch"]
    np.testing.assert_allclose(kernel, explorer.kernel, atol=1e-6)
    read = [at * explorer.stride + np.arange(explorer.kernel_size) * explorer.dilation for at in (row, column)]
    np.testing.assert_allclose(patch, np.pad(explorer.input, explorer.padding)[np.ix_(*read)], atol=1e-6)
    value = re.search(rf"output\[{row}, {column}\] = (\S+)", seen["numbers"])[1]
    assert float(value) == pytest.approx(output[row, column], abs=2e-5, rel=1e-4)
    low, high = re.search(r"values (\S+) to (\S+)\. Window", seen["status"]).groups()
    assert said.number(low) == pytest.approx(output.min(), abs=2e-5, rel=1e-4)
    assert said.number(high) == pytest.approx(output.max(), abs=2e-5, rel=1e-4)
    assert f" Window ({row}, {column}): " in seen["status"]
    said.check_sum(seen["status"], explorer.kernel, patch, 9 if explorer.kernel_size <= 3 else 4)
    window = {name: getattr(explorer, name) for name in ("kernel_size", "stride", "padding", "dilation")}
    said.check_formulas(seen["formula"].splitlines(), explorer.input.shape, output.shape, window)
    picture = said.pixels(seen["picture"])
    assert picture.shape == (*output.shape, 3)
    assert np.abs(picture - colours(explorer)).max() <= 1.01
