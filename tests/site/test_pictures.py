"""Figures as WebP: smaller, drawings with not one pixel different, photographs with a difference that nobody sees."""

import sys

import numpy as np
import pytest
from PIL import Image

from cnnlib import data
from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
import figures as pictures


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_no_pixel_changes(tmp_path, mode):
    pixels = np.random.default_rng(0).integers(0, 256, (4, 6, 4), dtype=np.uint8).repeat(20, axis=0).repeat(20, axis=1)
    path = tmp_path / "a.png"
    Image.fromarray(pixels[..., : len(mode)]).save(path)
    before = path.stat().st_size
    assert pictures.shrink(path)
    assert not path.exists()
    assert path.with_suffix(".webp").stat().st_size < before
    with Image.open(path.with_suffix(".webp")) as image:
        assert np.array_equal(np.asarray(image.convert(mode)), pixels[..., : len(mode)])


def test_a_photograph_changes_by_less_than_can_be_seen(tmp_path):
    photograph = np.round(data.photograph("sheep", side=400) * 255).astype(np.uint8)
    path = tmp_path / "a.png"
    Image.fromarray(photograph).save(path)
    assert pictures.shrink(path)
    with Image.open(path.with_suffix(".webp")) as image:
        difference = np.abs(np.asarray(image.convert("RGB"), int) - photograph)
    assert 0 < difference.mean() < 4 and path.with_suffix(".webp").stat().st_size < 0.6 * 200_000


def test_what_would_not_be_smaller_stays(tmp_path, monkeypatch):
    def save_larger(image, target, *args, **kwargs):
        target.write_bytes(b"x" * 10_000)

    path = tmp_path / "a.png"
    Image.new("RGB", (4, 4)).save(path)
    monkeypatch.setattr(Image.Image, "save", save_larger)
    assert not pictures.shrink(path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]
