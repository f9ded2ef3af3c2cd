"""Kernel terms: what the page shows, held to the Python half, down to the pixels of the responses."""

import re

import numpy as np
import pytest

from tests.explore import shown as said

STATES = [
    {"preset": "sobel", "angle": 45},
    {"weights": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "terms": 2},
    {"preset": "learned", "filter": 17, "channel": "green", "terms": 2},
    {"preset": "diagonal", "terms": 2},
    {"preset": "cross", "kernel_size": 5, "image": np.random.default_rng(0).random((24, 31))},
    {"preset": "gaussian", "kernel_size": 6, "photo": "hedgehog"},
]
REFUSED = [
    ({"terms": 4}, "terms=4 is out of range; use an integer from 1 to 3"),
]


def check(explorer, seen):
    kernel, terms, side = explorer.kernel, explorer.terms, explorer.side
    matrices = said.arrays(seen["numbers"])
    separable, most = explorer.separable, np.abs(explorer.kernel).max() or 1
    np.testing.assert_allclose(matrices["kernel"], kernel, rtol=2e-6, atol=1e-9)
    sizes = [
        said.number(size) for size in re.search(r"^sizes = \[(.*)\]$", seen["numbers"], re.MULTILINE)[1].split(", ")
    ]
    np.testing.assert_allclose(sizes, separable.singular_values, rtol=1e-5, atol=1e-9 * (sizes[0] or 1))
    vertical, horizontal, near = (matrices[name] for name in ("v", "h", "sum of the terms"))
    assert vertical.shape == horizontal.shape == (terms, side)
    np.testing.assert_allclose(vertical.T @ horizontal, near, atol=1e-5 * most)
    lost = np.linalg.norm(kernel - near)  # whatever the choice among equal terms, the best sum of so many
    assert lost == pytest.approx(np.linalg.norm(separable.singular_values[terms:]), abs=1e-5 * most)
    if not explorer.tied:
        np.testing.assert_allclose(near, explorer.approximation, atol=2e-5 * most)

    rank, shown, of, kept, off = re.match(
        r"Rank (\d+); the first (?:(\d+) )?of (\d+) terms keeps? ([\d.e−]+)% of the energy, "
        r"and the responses are off by ([\d.e−]+)%\.",
        seen["status"],
    ).groups()
    assert (int(rank), int(shown or 1), int(of)) == (explorer.rank, terms, side)
    assert said.number(kept) == pytest.approx(100 * explorer.shares[:terms].sum() if int(rank) else 100, rel=6e-4)
    assert ("another choice of them" in seen["status"]) == explorer.tied
    whole = explorer.responses(kernel).astype(float)
    error = 100 * np.linalg.norm(explorer.responses(kernel - near)) / (np.linalg.norm(whole) or 1)
    assert said.number(off) == pytest.approx(error, rel=6e-3, abs=2e-3)
    if not explorer.tied:
        assert said.number(off) == pytest.approx(100 * explorer.error, rel=6e-3, abs=1e-3)

    first, second, *rest = seen["formula"].splitlines()
    thin, full = explorer.multiplications
    compared = "fewer than" if thin < full else "as many as" if thin == full else "more than"
    assert first == f"multiplications per response: 2·{side}·{terms} = {thin}, {compared} {side}² = {full}"
    free = terms * (2 * side - terms)
    assert second == f"degrees of freedom: {terms}·(2·{side} − {terms}) = {free} of {full}"
    if explorer.preset in ("sobel", "prewitt"):
        ratio = [said.number(text) for text in re.search(r"= (\S+) : (\S+)$", rest[0]).groups()]
        largest, other = sorted(ratio, reverse=True)
        np.testing.assert_allclose(largest * separable.singular_values[1], other * separable.singular_values[0],
                                   atol=2e-3 * separable.singular_values[0])  # fmt: skip
    else:
        assert not rest
    assert f"v ({terms}, 1, {side}, 1), h (1, {terms}, 1, {side})" in seen["torch"]

    kept_responses = whole - explorer.responses(kernel - near)
    if kernel.sum() > 0.05 * np.abs(kernel).sum():
        wanted = np.repeat(np.clip(255 * kept_responses / kernel.sum(), 0, 255)[..., None], 3, axis=-1)
    else:
        wanted = said.signed(kept_responses, np.abs(whole).max() or 1)
    picture = said.pixels(seen["picture"])
    assert picture.shape == wanted.shape
    assert np.abs(picture - wanted).max() <= 1.6
