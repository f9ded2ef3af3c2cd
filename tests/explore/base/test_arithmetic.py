"""The explorers of an arithmetic: their patterns and presets in both halves, and arrays of one's own."""

import numpy as np
import pytest

from cnnlib.explore.base.arithmetic import Arithmetic
from tests.explore.contract.page import classes, folder
from tests.explore.hand import call

KINDS = [kind for kind in classes() if issubclass(kind, Arithmetic)]
EVERY = pytest.mark.parametrize("kind", KINDS, ids=folder)


@EVERY
def test_patterns_and_presets_are_the_same_in_both_halves(library, kind):
    """Each of them at every size."""
    traits, model = kind.class_traits(), f"{folder(kind)}/model.mjs"
    sizes = [(r + 1, c + 1) for r, c in np.ndindex(traits["size"].high, traits["size"].high)]
    sides = range(1, traits["kernel_size"].high + 1)
    for name, pattern in kind.patterns.items():
        found = call(library, model, "inputValues", [[{"pattern": name, "size": size}] for size in sizes])
        assert found == [pattern(*size).astype(float).ravel().tolist() for size in sizes]
    for name, preset in kind.presets.items():
        found = call(library, model, "kernelValues", [[{"preset": name, "kernel_size": k}] for k in sides])
        for k, kernel in zip(sides, found, strict=True):
            np.testing.assert_allclose(kernel, preset(k).ravel(), atol=1e-15)


@EVERY
def test_arrays_set_the_sizes(kind):
    """Whether given at once or later; those of another choice wait behind it."""
    explorer, later = kind(image=[[1, 2, 3], [4, 5, 6]], weights=[[1, 0], [0, -1]]), kind()
    later.weights = explorer.weights
    later.image = explorer.image
    for one in (explorer, later):
        assert (one.size, one.kernel_size, one.pattern, one.preset) == ((2, 3), 2, "array", "custom")
        assert (one.input.tolist(), one.kernel.tolist()) == ([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, -1]])
    later.pattern, later.size = "impulse", 3
    assert later.image == explorer.image and later.input.sum() == 1
    later.pattern = "array"
    assert later.input.tolist() == [[1, 2, 3], [4, 5, 6], [0, 0, 0]]  # zeros beyond
