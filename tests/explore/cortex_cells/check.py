"""Cells of the cortex: what the page shows, held to the Python half, in both views."""

import json
import re

import numpy as np

from tests.explore import shown as said

STATES = [
    {},
    {"view": "fovea", "photo": "lemur", "rings": 17},
    {"image": np.random.default_rng(0).random((70, 91)), "fixation": (39, 3)},
]


def check(ours, shown):
    result = ours.result()
    told = [float(n) for n in re.findall(r"\d+\.?\d*", shown["status"])]
    np.testing.assert_allclose(told, [float(n) for n in re.findall(r"\d+\.?\d*", result)], atol=1.01e-3)
    assert re.sub(r"[\d.]+", "", shown["status"]) == re.sub(r"[\d.]+", "", result)
    assert shown["torch"] and shown["formula"]
    pixels = said.pixels(shown["picture"])[..., 0]
    if ours.view == "fovea":
        errors = json.loads(re.search(r"errors = (\[\[.*?\]\])", shown["numbers"])[1])
        np.testing.assert_allclose(errors, ours.errors, atol=1e-6)
        seen = json.loads(re.search(r"seen = (\[.*?\])", shown["numbers"])[1])
        eye = ours.retinas[0]
        np.testing.assert_allclose(seen, eye.look(ours.input)[::7], atol=1e-5)
        wanted = 255 * eye.repaint(eye.look(ours.input))
    else:
        for name in ("simple", "complex"):
            middle = json.loads(re.search(rf"{name} = (\[.*?\])", shown["numbers"])[1])
            np.testing.assert_allclose(middle, getattr(ours, name)[:, 24, 24], atol=2e-6)
        for name in ("tuning", "tolerance"):
            curves = json.loads(re.search(rf"{name} = (\[\[.*?\]\])", shown["numbers"])[1])
            np.testing.assert_allclose(curves, getattr(ours, name), atol=2e-6)
        wanted = np.full((98, 198), np.nan)
        for top, planes in enumerate((ours.simple, ours.complex)):
            for left, plane in enumerate(planes):
                wanted[50 * top : 50 * top + 48, 50 * left : 50 * left + 48] = np.clip(255 * plane / 0.5, 0, 255)
    assert pixels.shape == wanted.shape
    assert np.nanmax(np.abs(pixels - wanted)) <= 1.01
