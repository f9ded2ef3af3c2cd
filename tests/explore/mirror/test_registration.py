"""Finding a shift by descent: errors, gradients and ways in JavaScript, against cnnlib."""

import numpy as np
import pytest

from cnnlib.explore.point_between_pixels import METHODS
from cnnlib.registration import find_shift, window_error
from tests.explore.hand import floats


def test_both_halves_go_the_same_way(library):
    random = np.random.default_rng(3)
    image, target = random.uniform(size=(30, 30)), random.uniform(size=(12, 12))
    smooth = np.cumsum(np.cumsum(image - 0.5, axis=0), axis=1)
    patch = {"image": floats(smooth), "width": 30, "side": 12, "corner": [9, 8]}
    for method in METHODS:
        for shift in [[0, 0], [1, -2], *random.uniform(-6, 6, (8, 2)).tolist()]:
            wanted = window_error(smooth, target, shift, corner=(9, 8), method=method)
            script = """([patch, target, shift, method]) => cnnlibExplorers.load("mirror/registration.mjs")
              .windowError({ ...patch, image: patch.image.floats }, target, shift, method)"""
            found = library.evaluate(script, [patch, target.ravel().tolist(), shift, method])
            assert found["error"] == pytest.approx(wanted[0])
            assert found["gradient"] == pytest.approx(wanted[1].tolist(), abs=1e-9)
        script = """([patch, target, options]) => cnnlibExplorers.load("mirror/registration.mjs")
          .findShift({ ...patch, image: patch.image.floats }, target, options)"""
        options = {"start": [0.5, -1.25], "method": method, "steps": 40, "rate": 0.1}
        found = library.evaluate(script, [patch, target.ravel().tolist(), options])
        wanted = find_shift(smooth, target, corner=(9, 8), **options)
        np.testing.assert_allclose(found["shifts"], wanted.shifts, atol=1e-8)
        np.testing.assert_allclose(found["errors"], wanted.errors, rtol=1e-8)
