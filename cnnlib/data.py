"""The book's data: photographs, Fashion-MNIST, weights, results of experiments. No download.

The folder is what the environment variable ``CNNLIB_DATA`` names, or ``data/`` beside the package in the book's own
folder. Elsewhere it is what the installed package brings: all but Fashion-MNIST, which is large.
Authors and licences are in ``data/CREDITS.md`` and, per photograph, in ``data/photos.tsv``.
Only arrays and text are read: a pickle inside an ``.npz`` is refused.
"""

import csv
import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cnnlib.areas import area_resize
from cnnlib.arguments import flag, integer
from cnnlib.values import choice

__all__ = [
    "FashionMNIST",
    "area_resize",
    "fashion_mnist",
    "folder",
    "imagenet_classes",
    "photograph",
    "photograph_names",
    "sheep_mask",
    "squeezenet_int8",
    "squeezenet_weights",
    "stored_result",
]

TWICE = {134: "crane (bird)", 517: "crane (machine)", 639: "tank suit"}  # classes whose first name is another's too
GARMENTS = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
GREY_WEIGHTS = (0.299, 0.587, 0.114)  # luma of ITU-R BT.601, which is also what PIL's mode "L" uses


def folder():
    """The folder that holds the data.

    Examples
    --------
    >>> (folder() / "photos.tsv").is_file()
    True
    """
    if named := os.environ.get("CNNLIB_DATA"):
        return Path(named)
    package = Path(__file__).resolve().parent
    return _brought() if _brought().is_dir() else package.parent / "data"


def _brought():
    """The data inside an installed package; there is none in the book's own folder."""
    return Path(__file__).resolve().parent / "_data"


def _path(function, *parts):
    path = folder().joinpath(*parts)
    if not path.is_file():
        if folder() == _brought():
            raise FileNotFoundError(
                f"{function}: {'/'.join(parts)} is too large for the installed package; it lies in the folder data/ of "
                "the book that cnnlib comes from: fetch the book and set CNNLIB_DATA to that folder"
            )
        raise FileNotFoundError(
            f"{function}: no file {'/'.join(parts)} in the data folder {folder()}; restore the "
            f"project's data folder there, or set CNNLIB_DATA to the folder that holds {parts[0]}"
        )
    return path


def _damaged(function, parts, what="is damaged"):
    return ValueError(
        f"{function}: {'/'.join(parts)} in the data folder {folder()} {what}; restore the project's own file there"
    )


def _arrays(function, *parts, names=None):
    """The arrays of an ``.npz``, all or those named; a damaged file or a pickle is an error that says so."""
    path = _path(function, *parts)
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in names or file.files}
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        pickled = "Object arrays" in str(error)
        what = ["holds pickled objects, which are never run"] if pickled else []
        raise _damaged(function, parts, *what) from None


def _pixels(function, mode, *parts):
    """A picture's values from 0 to 255 in one of PIL's modes, as uint8."""
    from PIL import Image

    path = _path(function, *parts)
    try:
        with Image.open(path) as file:
            return np.asarray(file.convert(mode))
    except (OSError, SyntaxError, ValueError):
        raise _damaged(function, parts) from None


def photograph_names():
    """The names that `photograph` knows, in alphabetical order.

    Examples
    --------
    >>> photograph_names()[:2]
    ['ajanta_cave', 'arles_amphitheater']
    """
    with open(_path("photograph_names", "photos.tsv"), encoding="utf-8", newline="") as file:
        return sorted(row["name"] for row in csv.DictReader(file, delimiter="\t"))


def photograph(name, *, side=None, grey=False):
    """One photograph as float32 in [0, 1].

    Parameters
    ----------
    name : one of `photograph_names()`
    side : longest side in pixels after averaging over areas; None keeps the stored size, 512
        (the sheep 1024)
    grey : True gives the luma 0.299 R + 0.587 G + 0.114 B

    Returns
    -------
    Array (height, width, 3), or (height, width) if grey. Values are the file's
    gamma-coded ones divided by 255, as networks are fed; no light is linearised.

    Raises
    ------
    TypeError, ValueError
        If there is no photograph of that name, or `side` is no integer from 1 to the longest side stored.

    Examples
    --------
    >>> photograph("sheep").shape
    (742, 1024, 3)
    >>> photograph("sheep", side=227, grey=True).shape
    (164, 227)
    """
    choice("photograph", "name", name, photograph_names())
    grey = flag("photograph", "grey", grey)
    stored = _pixels("photograph", "RGB", "photos", f"{name}.webp")
    size = None if side is None else _fit("photograph", stored.shape[:2], side)
    # A plane at a time in float64: all three at once would cost each kernel of a class 70 MB.
    if grey:
        return _shrunk(sum(weight * (stored[..., k] / 255) for k, weight in enumerate(GREY_WEIGHTS)), size)
    planes = [_shrunk(stored[..., k] / 255, size) for k in range(3)]
    return np.stack([plane.T for plane in planes], axis=-1).swapaxes(0, 1)


def _shrunk(plane, size):
    """A plane in [0, 1] as float32, averaged over areas to a size."""
    return np.clip(plane if size is None else area_resize(plane, size), 0, 1).astype(np.float32)


def sheep_mask(*, side=None):
    """Which pixels of `photograph("sheep", side=side)` are sheep: a bool array (height, width).

    With ``side``, a pixel is sheep when at least half of its area is.

    Errors are those of `photograph`.

    Examples
    --------
    >>> mask = sheep_mask(side=64)
    >>> mask.shape, int(mask.sum())
    ((46, 64), 734)
    """
    mask = _pixels("sheep_mask", "L", "sheep_mask.png") / 255
    if side is not None:
        mask = area_resize(mask, _fit("sheep_mask", mask.shape, side))
    return mask >= 0.5


def _fit(function, size, side):
    """(height, width) with the longest side equal to ``side`` and the other rounded, at least 1."""
    longest = max(size)
    side = integer(function, "side", side, None)
    if not 1 <= side <= longest:
        raise ValueError(
            f"{function}: side={side} is outside 1 to {longest}, the longest side stored; "
            f"averaging only shrinks, so choose side <= {longest}"
        )
    return tuple(max(1, round(length * side / longest)) for length in size)


def squeezenet_weights():
    """SqueezeNet 1.1 trained on ImageNet: a dictionary of 52 float32 arrays in torch's layout.

    ``NAME/w`` is (out, in, height, width) and ``NAME/b`` (out,). The network expects 227 x 227
    pixels in the order blue, green, red, 0 to 255, minus (103.939, 116.779, 123.68), and no padding
    but in ``expand3x3``; its three poolings are 3 x 3 with stride 2 and round up.

    Examples
    --------
    >>> weights = squeezenet_weights()
    >>> len(weights), weights["conv1/w"].shape
    (52, (64, 3, 3, 3))
    """
    arrays = _arrays("squeezenet_weights", "squeezenet.npz")
    return {
        name: np.ascontiguousarray(array.transpose(3, 2, 0, 1)) if array.ndim == 4 else array
        for name, array in arrays.items()
    }


class Quantised(NamedTuple):
    """A layer of 8 bits: ``levels`` (out, in, height, width) of int8, and float32 ``factors`` and ``bias`` (out,)."""

    levels: np.ndarray
    factors: np.ndarray
    bias: np.ndarray


def squeezenet_int8():
    """The same network in 8 bits, a quarter of the size: the name of each layer to its `Quantised`, in order.

    Made by ``experiments/squeezenet_int8.py``, which also measures what the rounding changes:
    ``stored_result("squeezenet_int8")``. `cnnlib.squeezenet.int8_weights` gives them as weights to compute with.

    >>> [layer.levels.shape for layer in squeezenet_int8().values()][:2]
    [(64, 3, 3, 3), (16, 64, 1, 1)]
    """
    arrays = _arrays("squeezenet_int8", "weights", "squeezenet_int8.npz")
    names = [name.removesuffix("/levels") for name in arrays if name.endswith("/levels")]
    return {name: Quantised(*(arrays[f"{name}/{part}"] for part in Quantised._fields)) for name in names}


def imagenet_classes():
    """The 1,000 classes of ImageNet in their order, each by one name of its own, as a tuple.

    >>> imagenet_classes()[:3], imagenet_classes()[388]
    (('tench', 'goldfish', 'great white shark'), 'giant panda')
    """
    lines = _path("imagenet_classes", "imagenet_classes.txt").read_text(encoding="utf-8").splitlines()
    names = [line.partition(",")[0].strip() for line in lines]
    return tuple(TWICE.get(number, name) for number, name in enumerate(names))


class FashionMNIST(NamedTuple):
    """Images (N, 28, 28) as float32 in [0, 1], labels (N,) as int64, and the ten class names."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    names: tuple


def fashion_mnist():
    """10,000 training and 2,000 test images of Fashion-MNIST, equally many of each class.

    Examples
    --------
    >>> found = fashion_mnist()
    >>> found.x_train.shape, found.names[found.y_train[0]]
    ((10000, 28, 28), 'sandal')
    """
    keys = ("x_train", "y_train", "x_test", "y_test")
    arrays = _arrays("fashion_mnist", "fashion_mnist_10k.npz", names=keys)
    return FashionMNIST(
        np.divide(arrays["x_train"], np.float32(255)),  # in one step, without a second copy
        arrays["y_train"].astype(np.int64),
        np.divide(arrays["x_test"], np.float32(255)),
        arrays["y_test"].astype(np.int64),
        GARMENTS,
    )


def stored_result(name):
    """The stored result of the long experiment ``experiments/NAME.py``, as a dictionary.

    Raises
    ------
    TypeError, ValueError
        If nothing is stored under that name.

    Examples
    --------
    >>> len(stored_result("squeezenet_int8")["photographs"]) > 50
    True
    """
    path = folder() / "results"
    if not path.is_dir():
        raise FileNotFoundError(
            f"stored_result: no folder results in the data folder {folder()}; "
            "set CNNLIB_DATA to the folder that holds it"
        )
    choice("stored_result", "name", name, sorted(file.stem for file in path.glob("*.json")))
    try:
        return json.loads((path / f"{name}.json").read_text(encoding="utf-8"))
    except ValueError:
        raise _damaged("stored_result", ("results", f"{name}.json")) from None
