"""Terms of a kernel: singular values and sums of terms in JavaScript, against cnnlib."""

import numpy as np
import pytest

from cnnlib import ops


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
                assert np.sum(np.square(np.divide(column, np.sqrt(top)))) == pytest.approx(size / top, rel=1e-6)
    assert compared > 500
