"""The checkers of chapter 3 accept right answers and say what is wrong with wrong ones."""

import numpy as np
import pytest

from cnnlib.exercises import check_complex_plane, check_energy


def conv(image, kernel):
    return (np.lib.stride_tricks.sliding_window_view(image, kernel.shape) * kernel).sum(axis=(2, 3))


def energy(image, even, odd):
    return np.sqrt(conv(image, even) ** 2 + conv(image, odd) ** 2)


def plane(simple, reach):
    rows, columns = simple.shape
    return np.array(
        [
            [simple[max(0, r - reach) : r + reach + 1, max(0, c - reach) : c + reach + 1].max() for c in range(columns)]
            for r in range(rows)
        ]
    )


def test_right_answers_pass():
    assert check_energy(energy) and check_complex_plane(plane)
    assert check_energy(lambda x, a, b: np.abs(conv(x, a) + 1j * conv(x, b)))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x, a, b: energy(x, a, b) ** 2, "the square root is missing"),
        (lambda x, a, b: np.abs(conv(x, a)) + np.abs(conv(x, b)), "absolute values added"),
        (lambda x, a, b: conv(x, a), "even filter's own response"),
        (lambda x, a, b: np.abs(conv(x, b)), "only the odd filter"),
        (lambda x, a, b: np.abs(conv(x, a) + conv(x, b)), "the responses are added"),
        (lambda x, a, b: np.hypot(np.maximum(conv(x, a), 0), np.maximum(conv(x, b), 0)), "cut at zero"),
        (lambda x, a, b: energy(x, a[::-1, ::-1], b[::-1, ::-1]), "flipped"),
        (lambda x, a, b: energy(x, a, b).T, "transposed"),
        (lambda x, a, b: np.roll(energy(x, a, b), 1, 1), "column too late"),
        (lambda x, a, b: np.zeros_like(energy(x, a, b)), "all zeros"),
        (lambda x, a, b: np.sort(energy(x, a, b).ravel()).reshape(energy(x, a, b).shape), "wrong order"),
        (
            lambda x, a, b: energy(x, a, b) + np.eye(*energy(x, a, b).shape) - np.eye(*energy(x, a, b).shape)[::-1],
            "sum is right",
        ),
    ],
)
def test_wrong_energies_are_told_why(answer, said):
    verdict = check_energy(answer)
    assert not verdict and said in verdict.sentence


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda s, r: conv(np.pad(s, r), np.full((2 * r + 1,) * 2, (2 * r + 1.0) ** -2)), "this is the mean"),
        (lambda s, r: plane(np.pad(s, ((0, r), (0, r))), r)[r:, r:], "start at each cell"),
        (lambda s, r: plane(s, r)[r : len(s) - r, r : s.shape[1] - r], "no cells near the edge"),
        (lambda s, r: s, "the plane of simple cells itself"),
        (lambda s, r: plane(s, r).T, "transposed"),
        (lambda s, r: np.zeros_like(s), "all zeros"),
        (lambda s, r: np.roll(plane(s, r), 1, 0), "row too late"),
        (lambda s, r: np.sort(plane(s, r).ravel())[::-1].reshape(s.shape), "wrong order"),
    ],
)
def test_wrong_planes_are_told_why(answer, said):
    verdict = check_complex_plane(answer)
    assert not verdict and said in verdict.sentence
