"""The retinas that the page computes are those of `cnnlib.retina`."""

import numpy as np

from cnnlib import retina


def test_retinas_agree(library):
    """Fields, owners and what is seen, at fixations in the corners, on the edges and at random."""
    random = np.random.default_rng(5)
    image = random.random((61, 83))
    tried = [(0, 0), (60, 82), (0, 41), (30, 0), *map(tuple, random.integers([61, 83], size=(12, 2)).tolist())]
    for fixation in tried:
        rings = int(random.integers(8, 41))
        found = library.evaluate(
            """([values, where, rings]) => { const r = cnnlibExplorers.load("mirror/retina.mjs");
            const picture = { height: 61, width: 83, values }, table = r.summed(picture);
            const eye = r.logPolar([61, 83], where, { rings, rays: 2 * rings });
            return [eye, r.even([61, 83], 2 * rings ** 2)].map((k) => ({ rows: [...k.rows], columns: [...k.columns],
              sides: [...k.sides], owner: [...k.owner], seen: [...r.look(table, k)] })); }""",
            [image.ravel().tolist(), fixation, rings],
        )
        ours = retina.log_polar((61, 83), fixation, rings=rings, rays=2 * rings), retina.even((61, 83), 2 * rings**2)
        for theirs, mine in zip(found, ours, strict=True):
            np.testing.assert_allclose(np.stack([theirs["rows"], theirs["columns"]], 1), mine.points, atol=1e-9)
            np.testing.assert_allclose(theirs["sides"], mine.sides, atol=1e-9)
            assert np.array_equal(theirs["owner"], mine.owner.ravel())
            np.testing.assert_allclose(theirs["seen"], mine.look(image), atol=1e-9)
