"""Kernel terms: singular values by hand, both halves on random kernels, refusals, and its own gestures."""

import numpy as np
import pytest

from cnnlib.explore import KernelTerms

SQRT = np.sqrt


@pytest.mark.parametrize(
    ("values", "sizes"),
    [
        ({"preset": "binomial"}, [6, 0, 0]),
        ({"preset": "laplacian"}, [2 + SQRT(6), SQRT(6) - 2, 0]),
        ({"preset": "diagonal"}, [1, 1, 1]),
        ({"preset": "sobel"}, [SQRT(12), 0, 0]),
        ({"preset": "prewitt"}, [SQRT(6), 0, 0]),
        ({"preset": "cross"}, [2, 1, 0]),
        ({"weights": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]}, [16.848103, 1.068370, 0]),
    ],
)
def test_sizes_by_hand(values, sizes):
    explorer = KernelTerms(**values)
    np.testing.assert_allclose(explorer.separable.singular_values, sizes, atol=1e-6)
    assert explorer.rank == np.count_nonzero(sizes)


@pytest.mark.parametrize("angle", [15, 30, 45, 60, 90, 200])
@pytest.mark.parametrize("preset", ["sobel", "prewitt"])
def test_a_turned_edge_filter_is_a_cosine_and_a_sine(preset, angle):
    """Two terms, at every size, in the ratio of cos and sin: along the axes, one."""
    for side in (3, 6, 11):
        straight = KernelTerms(preset=preset, kernel_size=side).separable.singular_values[0]
        wanted = sorted(straight * np.abs([np.cos(np.radians(angle)), np.sin(np.radians(angle))]))[::-1]
        found = KernelTerms(preset=preset, kernel_size=side, angle=angle).separable.singular_values
        np.testing.assert_allclose(found, [*wanted, *[0] * (side - 2)], atol=1e-10 * straight)


def test_a_sentence_by_hand():
    explorer = KernelTerms(preset="sobel", angle=45)
    assert explorer.result().startswith("Rank 2; the first of 3 terms keeps 50% of the energy")
    assert explorer.multiplications == (6, 9) and explorer.tied  # cos and sin of 45 degrees are equal
    explorer.terms = 2
    assert explorer.multiplications == (12, 9) and not explorer.tied and explorer.error == 0
    assert KernelTerms(weights=np.zeros((4, 4))).result() == (
        "Rank 0; the first of 4 terms keeps 100% of the energy, and the responses are off by 0%."
    )


def test_sides_follow_the_kernel():
    explorer = KernelTerms(preset="learned", filter=95, terms=11)
    assert explorer.side == 11 and explorer.kernel.shape == (11, 11)
    slices = [KernelTerms(preset="learned", filter=95, channel=name).kernel for name in ("red", "green", "blue")]
    np.testing.assert_allclose(explorer.kernel, sum(slices))
    explorer.preset = "box"
    assert explorer.terms == explorer.side == 3  # more terms than rows there are not
    assert KernelTerms(preset="gabor").side == 9
    assert KernelTerms(weights=np.eye(7)).side == 7
    assert KernelTerms(weights=[[2]]).kernel.tolist() == [[2, 0, 0], [0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(("preset", "rank"), [("binomial", 1), ("cross", 2), ("diagonal", 3)])
def test_as_many_terms_are_drawn_as_the_rank(opened, preset, rank):
    """One table for each term of a small kernel that is not zero, on a wide page."""
    page, root = opened(KernelTerms(preset=preset))
    assert root.get_by_role("application", name="Its column on the left").count() == rank


def test_a_term_has_its_row_and_its_column_at_its_edges(opened):
    page, root = opened(KernelTerms(preset="binomial"))
    root.get_by_role("application", name="Term 1.").focus()
    for key, said in (("ArrowRight", "row 0: 1"), ("ArrowRight", "row 1: 2"), ("ArrowDown", "product 0, 1: 2")):
        page.keyboard.press(key)
        assert root.get_by_text(said, exact=True).count() == 1
