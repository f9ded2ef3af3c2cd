"""Kernel terms: singular values by hand, both halves on random kernels, refusals, and its own gestures."""

import numpy as np
import pytest

from cnnlib import ops
from cnnlib.explore import KernelTerms
from tests.explore.contract.page import as_python
from tests.explore.hand import control, status
from tests.explore.kernel_terms.check import check

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


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"terms": 4}, ValueError, r"terms=4 is out of range; use an integer from 1 to 3"),
        ({"preset": "custom"}, ValueError, r"preset='custom' needs weights"),
        ({"weights": np.ones((2, 3))}, ValueError, r"weights of shape \(2, 3\) are not square"),
        ({"kernel": 3}, TypeError, r"unknown keyword 'kernel'"),
    ],
)
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=f"^KernelTerms: {message}"):
        KernelTerms(**values)


def test_terms_agree_with_numpy_on_random_kernels(library):
    """Of all ranks and sizes, some with equal singular values, some huge, tiny or zero."""
    random = np.random.default_rng(11)
    tried = [np.zeros((4, 4)), np.eye(5), -np.eye(3)[::-1], 1e200 * np.ones((3, 3)), np.diag([1e-8, 1, 1])]
    for number in range(200):
        side, rank = int(random.integers(1, 12)), int(random.integers(1, 12))
        kernel = random.normal(size=(side, rank)) @ random.normal(size=(rank, side))
        tried.append(kernel.round(number % 4) if number % 2 else kernel * 10.0 ** random.integers(-6, 7))
    found = library.evaluate(
        """(kernels) => { const { separableTerms, sumOfTerms } = cnnlibExplorers.load("mirror/svd.mjs");
        return kernels.map((rows) => { const terms = separableTerms(rows.flat(), rows.length);
          return { sizes: terms.map((t) => t.size), columns: terms.map((t) => t.column), rows: terms.map((t) => t.row),
            sums: terms.map((_, r) => Array.from(sumOfTerms(terms, r + 1, rows.length))) }; }); }""",
        [kernel.tolist() for kernel in tried],
    )
    compared = 0
    for kernel, answer in zip(tried, found, strict=True):
        wanted = ops.separable_terms(kernel)
        sizes, top = wanted.singular_values, wanted.singular_values[0] or 1
        np.testing.assert_allclose(answer["sizes"], sizes, atol=1e-12 * top)
        np.testing.assert_allclose(np.reshape(answer["sums"][-1], kernel.shape), kernel, atol=1e-12 * top)
        for r, near in enumerate(answer["sums"]):
            near = np.reshape(near, kernel.shape)
            made = np.transpose(answer["columns"][: r + 1]) @ np.array(answer["rows"][: r + 1])
            np.testing.assert_allclose(near, made, atol=1e-12 * top)
            if r + 1 < len(sizes) and sizes[r] - sizes[r + 1] > 1e-4 * top:  # unique: not cut between equal ones
                np.testing.assert_allclose(near, wanted.kernel(r + 1), atol=1e-6 * top)
                compared += 1
        for column, size in zip(answer["columns"], answer["sizes"], strict=True):
            if size > 1e-9 * top:
                assert max(column) >= -min(column) * (1 - 1e-8)  # the largest entry is positive
                assert np.sum(np.square(np.divide(column, SQRT(top)))) == pytest.approx(size / top, rel=1e-6)
    assert compared > 500


def put(page, name, value):
    page.evaluate("(of) => driver.set(driver.explorers('Kernel terms')[0], of[0], of[1])", [name, value])


def read(page):
    return page.evaluate(
        "async () => { const root = driver.explorers('Kernel terms')[0]; await driver.start(root); "
        "return driver.read(root); }"
    )


def test_a_weight_is_edited(bare):
    """The exam's kernel with another corner is no product any more."""
    explorer = KernelTerms(preset="binomial")
    page = bare(explorer)
    root = page.locator(".cnnlib-explorer")
    assert status(root).startswith("Rank 1; ")
    root.get_by_role("application", name="Kernel.").focus()
    page.keyboard.press("Enter")
    root.get_by_role("textbox", name="Kernel, row 0, column 0", exact=True).fill("5")
    page.keyboard.press("Enter")
    shown = read(page)
    assert shown["status"].startswith("Rank 2; ")
    assert shown["parameters"]["weights"] == [[5, 2, 1], [2, 4, 2], [1, 2, 1]]
    check(as_python(explorer, shown["parameters"]), shown)


def test_a_learned_filter_becomes_ones_own(bare):
    """With its eleven rows; controls that have no effect rest and say why."""
    explorer = KernelTerms(preset="learned", filter=5, terms=2)
    page = bare(explorer)
    root = page.locator(".cnnlib-explorer")
    assert status(root) and control(root, "kernel_size").is_disabled() and control(root, "angle").is_disabled()
    put(page, "preset", "custom")
    assert control(root, "filter").is_disabled() and control(root, "kernel_size").input_value() == "11"
    np.testing.assert_allclose(read(page)["parameters"]["weights"], explorer.kernel, atol=1e-12)


def test_terms_are_drawn_as_far_as_there_is_room(bare):
    """One table for each term of a small kernel, on a wide page; the row and the column stand at its edges."""
    page = bare(KernelTerms(preset="binomial"))
    root = page.locator(".cnnlib-explorer")
    status(root)
    assert root.get_by_role("application", name="Its column on the left").count() == 3
    root.get_by_role("application", name="Term 1.").focus()
    for key, said in (("ArrowRight", "row 0: 1"), ("ArrowRight", "row 1: 2"), ("ArrowDown", "product 0, 1: 2")):
        page.keyboard.press(key)
        assert root.get_by_text(said, exact=True).count() == 1
