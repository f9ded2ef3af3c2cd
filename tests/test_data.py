"""cnnlib.data: what the loaders return, and what they say when they cannot."""

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib import data, filters
from tests.properties import share

NAMES = data.photograph_names()
with (data.folder() / "photos.tsv").open(encoding="utf-8", newline="") as file:
    TABLE = {row["name"]: row for row in csv.DictReader(file, delimiter="\t")}


# By hand -----------------------------------------------------------------------------------------


def test_area_resize_counts_a_cut_pixel_in_part():
    image = np.array([[0.0, 3.0, 6.0]])
    assert data.area_resize(image, (1, 2)).tolist() == [[1.0, 5.0]]  # (0 + 3/2) / 1.5 and (3/2 + 6) / 1.5


def test_area_resize_of_whole_blocks_is_their_mean():
    image = np.arange(24.0).reshape(4, 6)
    assert data.area_resize(image, (2, 2)).tolist() == [[4.0, 7.0], [16.0, 19.0]]


# A second definition: repeat every pixel, then average whole blocks ------------------------------


@share(1 / 5)
@given(st.integers(1, 9), st.integers(1, 9), st.data(), st.integers(0, 2**32 - 1))
def test_area_resize_equals_repeating_then_averaging(height, width, draw, seed):
    new_height, new_width = draw.draw(st.integers(1, height)), draw.draw(st.integers(1, width))
    image = np.random.default_rng(seed).random((height, width, 3))
    fine = image.repeat(new_height, axis=0).repeat(new_width, axis=1)
    blocks = fine.reshape(new_height, height, new_width, width, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(data.area_resize(image, (new_height, new_width)), blocks, rtol=0, atol=1e-12)


# The photographs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_photograph_loads_with_its_stated_size(name):
    image = data.photograph(name)
    row = TABLE[name]
    assert image.shape == (int(row["height"]), int(row["width"]), 3)
    assert image.dtype == np.float32 and image.min() >= 0 and image.max() <= 1
    assert image.std() > 0.03  # a photograph, not a blank
    assert row["author"] and row["licence"] in {"CC0-1.0", "Public Domain"} and row["source"].startswith("https://")


def test_table_and_files_name_the_same_photographs():
    assert {file.stem for file in (data.folder() / "photos").iterdir()} == set(NAMES)
    assert "sheep" in NAMES and len(NAMES) == 70


def test_sheep_is_light_on_green_grass_the_right_way_up():
    image, mask = data.photograph("sheep"), data.sheep_mask()
    assert mask.shape == image.shape[:2] and mask.dtype == bool
    red, green, blue = image[~mask].mean(axis=0)
    assert green > red > blue  # grass: channels in the order red, green, blue
    assert image[mask].mean() > image[~mask].mean()
    assert 0.2 < mask.mean() < 0.3
    middle = mask[:, 300:700]
    assert middle[:100].mean() < middle[250:350].mean() and not mask[0].any()


def test_side_and_grey():
    image = data.photograph("hawa_mahal", side=100)
    assert max(image.shape[:2]) == 100 and image.dtype == np.float32
    grey = data.photograph("hawa_mahal", side=100, grey=True)
    np.testing.assert_allclose(grey, image @ np.array([0.299, 0.587, 0.114]), atol=1e-6)
    assert data.photograph("qutub_minar", side=64).shape[:2] == (64, 48)  # taller than wide
    whole = data.photograph("hawa_mahal")
    np.testing.assert_allclose(image.mean(axis=(0, 1), dtype=float), whole.mean(axis=(0, 1), dtype=float), atol=1e-6)
    assert data.sheep_mask(side=64).shape == data.photograph("sheep", side=64).shape[:2]


def test_fashion_mnist():
    fashion = data.fashion_mnist()
    assert fashion.x_train.shape == (10000, 28, 28) and fashion.x_test.shape == (2000, 28, 28)
    assert fashion.x_train.dtype == np.float32 and fashion.x_train.min() >= 0 and fashion.x_train.max() == 1
    assert np.bincount(fashion.y_train).tolist() == [1000] * 10
    assert np.bincount(fashion.y_test).tolist() == [200] * 10
    by_name = {name: fashion.x_train[fashion.y_train == label].mean(axis=0) for label, name in enumerate(fashion.names)}
    assert by_name["trousers"][10:, 14].mean() < by_name["dress"][10:, 14].mean()  # two legs: a gap in the middle
    boot = by_name["ankle boot"]
    assert boot[4:10, 18:].mean() > 3 * boot[4:10, :10].mean()  # a boot's shaft rises above its heel


def test_squeezenet_weights():
    weights = data.squeezenet_weights()
    assert len(weights) == 52 and sum(a.size for a in weights.values()) == 1_235_496
    assert weights["conv1/w"].shape == (64, 3, 3, 3)
    assert weights["fire9/expand3x3/w"].shape == (256, 64, 3, 3)
    assert weights["fire2/squeeze1x1/w"].shape == (16, 64, 1, 1) and weights["conv10/b"].shape == (1000,)


# Errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, error, message",
    [
        (
            lambda: data.photograph("shep"),
            ValueError,
            r"photograph: name='shep' is unknown; did you mean 'sheep'.*use one of 'ajanta_cave",
        ),
        (lambda: data.photograph("zzzzzz"), ValueError, r"name='zzzzzz' is unknown; use one of"),
        (lambda: data.photograph(3), TypeError, r"name=3 is an int; use one of"),
        (lambda: data.photograph("../sheep"), ValueError, r"name='../sheep' is unknown"),
        (lambda: data.photograph("sheep", side=0), ValueError, r"side=0 is outside 1 to 1024"),
        (
            lambda: data.photograph("cow", side=513),
            ValueError,
            r"side=513 is outside 1 to 512.*choose side <= 512",
        ),
        (
            lambda: data.photograph("cow", side=64.0),
            TypeError,
            r"^photograph: side=64.0 is a float; use an integer",
        ),
        (lambda: data.photograph("cow", side=True), TypeError, r"^photograph: side=True is a bool; use an integer"),
        (
            lambda: data.photograph("cow", grey="yes"),
            TypeError,
            r"grey='yes' is a str; use True or False",
        ),
        (lambda: data.sheep_mask(side=2000), ValueError, r"sheep_mask: side=2000 is outside"),
        (
            lambda: data.area_resize(np.zeros((2, 2)), (3, 1)),
            ValueError,
            r"size=\(3, 1\) does not shrink",
        ),
        (lambda: data.area_resize(np.zeros(4), (2,)), ValueError, r"shape \(4,\)"),
        (
            lambda: data.stored_result("nothing_like_it"),
            ValueError,
            r"stored_result: name='nothing_like_it' is",
        ),
    ],
)
def test_errors_say_what_would_work(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    "call",
    [
        data.photograph_names,
        data.fashion_mnist,
        data.sheep_mask,
        data.squeezenet_weights,
        lambda: data.photograph("sheep"),
        lambda: data.stored_result("stride_placement"),
    ],
)
def test_a_missing_file_names_the_folder_and_the_way_out(call, tmp_path, monkeypatch):
    monkeypatch.setenv("CNNLIB_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=rf"{tmp_path}.*set CNNLIB_DATA"):
        call()


def test_a_photograph_in_the_table_without_its_file(tmp_path, monkeypatch):
    (tmp_path / "photos.tsv").write_text("name\twidth\theight\tlicence\tauthor\tsource\nsheep\t1\t1\ta\tb\tc\n")
    monkeypatch.setenv("CNNLIB_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"no file photos/sheep.webp"):
        data.photograph("sheep")


def test_a_pickle_is_refused(tmp_path, monkeypatch):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("the pickle was run",))

    np.savez(tmp_path / "fashion_mnist_10k.npz", x_train=np.array([Trap()], dtype=object))
    monkeypatch.setenv("CNNLIB_DATA", str(tmp_path))
    message = (
        rf"^fashion_mnist: fashion_mnist_10k\.npz in the data folder {tmp_path} holds pickled objects, "
        r"which are never run; restore the project's own file there$"
    )
    with pytest.raises(ValueError, match=message):
        data.fashion_mnist()


def cut(content):
    return content[: len(content) // 2]


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes(255 - byte for byte in content[middle : middle + 100]) + content[middle + 100 :]


@pytest.mark.parametrize("damage", [cut, lambda content: b"", lambda content: b"<html>not found</html>"])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("fashion_mnist_10k.npz", data.fashion_mnist),
        ("squeezenet.npz", data.squeezenet_weights),
        ("sheep_mask.png", data.sheep_mask),
        ("photos/sheep.webp", lambda: data.photograph("sheep")),
        ("results/stride_placement.json", lambda: data.stored_result("stride_placement")),
        ("face_conv1.npz", lambda: filters._levels.__wrapped__("face")),
        ("weights/learned_filters.npz", lambda: filters._levels.__wrapped__("learned")),
    ],
)
def test_a_damaged_file_is_named(name, call, damage, tmp_path, monkeypatch):
    content = (data.folder() / name).read_bytes()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / "photos.tsv").write_bytes((data.folder() / "photos.tsv").read_bytes())
    (tmp_path / name).write_bytes(damage(content))
    monkeypatch.setenv("CNNLIB_DATA", str(tmp_path))
    with pytest.raises(ValueError, match=rf"^\w+: {name} in the data folder {tmp_path} is damaged; restore the pro"):
        call()


@pytest.mark.parametrize("change", [flipped, lambda content: content.replace(b"x_train", b"y_train")])
def test_changed_bytes_and_lost_arrays_are_damage_too(change, tmp_path, monkeypatch):
    name = "fashion_mnist_10k.npz"
    (tmp_path / name).write_bytes(change((data.folder() / name).read_bytes()))
    monkeypatch.setenv("CNNLIB_DATA", str(tmp_path))
    with pytest.raises(ValueError, match=r"^fashion_mnist: .* is damaged"):
        data.fashion_mnist()


def test_stored_result_is_read_from_the_folder(tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "made_up.json").write_text(json.dumps({"accuracy": [0.5, 0.25]}))
    monkeypatch.setenv("CNNLIB_DATA", str(tmp_path))
    assert data.stored_result("made_up") == {"accuracy": [0.5, 0.25]}
