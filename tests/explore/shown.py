"""What an explorer's texts and grids say, as numbers, to be held against cnnlib."""

import base64
import io
import json
import math
import re

import numpy as np
from PIL import Image

NEGATIVE, POSITIVE = np.array([5, 48, 97]), np.array([178, 24, 43])
PRODUCT = r"([−+]?) ?([\d.e−]+)·\(?([\d.e−]+)\)?"


def number(text):
    """A number as explorers write it, with a minus sign."""
    return float(text.replace("−", "-"))


def arrays(text):
    """The matrices in a text of numbers, by name: "input = [[0, 1]]"."""
    found = re.findall(r"^([\w ]+) = (\[\[.*?\]\])$", text, re.DOTALL | re.MULTILINE)
    return {name: np.array(json.loads(rows), float) for name, rows in found}


def products(line):
    """A sum in words, "tap 5 = 0.5·2 − 1·(−3) = 4": its products as (factor, value), and what they add up to."""
    _, terms, total = re.fullmatch(r"([^=]*) = (.*) = (\S+)", line).groups()
    found = [(number(sign + factor), number(value)) for sign, factor, value in re.findall(PRODUCT, terms)]
    return found, number(total)


def check_sum(status, kernel, patch, most):
    """The window's sum in words: ``most`` of its products, how many there are, and what they add up to."""
    said, _, total = re.search(r"Window \(\d+, \d+\): (.*?) = (\S+?)\.(?: |$)", status).group(1, 0, 2)
    terms, _, rest = said.partition(" + … ")
    found = [(number(sign + factor), number(value)) for sign, factor, value in re.findall(PRODUCT, terms)]
    pairs = list(zip(np.ravel(kernel), np.ravel(patch), strict=True))
    assert len(found) == min(most, len(pairs)), said
    for (factor, value), (wanted_factor, wanted_value) in zip(found, pairs[:most], strict=True):
        np.testing.assert_allclose([factor, value], [wanted_factor, wanted_value], rtol=6e-3, atol=1e-9, err_msg=said)
    assert rest == (f"({len(pairs)} products)" if len(pairs) > most else "")
    np.testing.assert_allclose(number(total), np.sum(kernel * patch), rtol=1e-4, atol=2e-5)


def check_formula(line, size, outputs, *, kernel_size, stride, padding, dilation):
    """Every part of the formula of one axis: the parameters where they belong, and each part equal to the outputs."""
    _, _, said = line.partition(": ")
    whole, *others = said.split(" = ")
    assert whole == f"⌊({size} + 2·{padding} − {dilation}·({kernel_size} − 1) − 1) / {stride}⌋ + 1"
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    assert others[0] == f"⌊{room} / {stride}⌋ + 1"
    assert len(others) == (2 if room % stride == 0 else 3), line
    if room % stride:
        quotient = re.fullmatch(r"⌊([\d.]+)⌋ \+ 1", others[1])[1]
        assert abs(float(quotient) - room / stride) < 1e-3 * max(1, room / stride)
        assert math.floor(float(quotient)) + 1 == outputs
    assert others[-1] == str(outputs)


def check_formulas(lines, shape, outputs, window):
    """Both axes of a formula."""
    for name, line, size, count in zip(("height", "width "), lines, shape, outputs, strict=True):
        assert line.startswith(f"{name}: ")
        check_formula(line, size, count, **window)


def pixels(address):
    """The pixels of a canvas, (height, width, 3), from its data URL."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB"), float)


def signed(values, limit):
    """The colours of signed values, (height, width, 3): blue below zero, white at it, red above, full at the limit."""
    part = np.clip(values / limit, -1, 1)[..., None]
    return 255 + np.abs(part) * (np.where(part < 0, NEGATIVE, POSITIVE) - 255)


def cells(address, shape, palette):
    """Each cell's fill, the colour of the palette that most of its pixels have, and whether it is hatched in red."""
    picture = pixels(address)
    size = (picture.shape[1] - 2) // shape[1]
    assert picture.shape[:2] == (shape[0] * size + 2, shape[1] * size + 2)
    whole = picture[1:-1, 1:-1].reshape(shape[0], size, shape[1], size, 3).swapaxes(1, 2)
    inner = whole[:, :, 3:-3, 3:-3].reshape(*shape, -1, 3)
    counts = [np.all(inner == [int(colour[i : i + 2], 16) for i in (1, 3, 5)], axis=-1).sum(-1) for colour in palette]
    assert np.max(counts, axis=0).min() > 0, "a cell has none of the colours"
    red, green, blue = np.moveaxis(inner, -1, 0)
    hatched = np.any((red - green > 40) & (abs(green - blue) < 30), axis=-1)
    return np.array(palette)[np.argmax(counts, axis=0)], hatched
