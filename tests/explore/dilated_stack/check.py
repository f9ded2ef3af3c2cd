"""Dilated stack: what the page shows, held to the Python half, down to the pixels of the filtered picture."""

import json
import re

import numpy as np

from cnnlib.explore.dilated_stack import shown
from tests.explore import shown as said

STATES = [
    {},
    {"dilations": (1, 2, 4, 8), "step": (-2, 3), "source": "both", "frequency": 40, "keep": 4},
    {"image": np.random.default_rng(0).random((120, 150)), "dilations": (2,), "keep": 3},
    {"dilations": (3, 4), "kernel_size": 4, "filter": "binomial", "source": "photograph", "frequency": 17, "keep": 1},
]
#: Without effect on noise; to choose one shows it.
ACTIVE = {"photo"}


def check(explorer, seen):
    touched, output = explorer.touched, explorer.output
    listed = {
        name: json.loads(re.search(rf"^{name} = (\[.*\])$", seen["numbers"], re.MULTILINE)[1])
        for name in ("offsets", "gains", "row")
    }
    assert tuple(listed["offsets"]) == touched.offsets
    np.testing.assert_allclose(listed["gains"], explorer.gains, atol=1e-6)
    np.testing.assert_allclose(listed["row"], output[0], atol=1e-6)

    status = re.fullmatch(
        r"Field (\d+) x (\d+), (\d+) of (\d+) pixels read, (\d+) by both units; (\S+) of the wave and "
        r"(\S+) of the (noise|contrast) left; neighbours' correlation (\S+)\.",
        seen["status"],
    )
    side = touched.offsets[-1] + 1
    counts = [int(status[k]) for k in range(1, 6)]
    assert counts == [side, side, touched.count, touched.field, touched.common(explorer.step)]
    assert abs(float(status[6]) - explorer.gains[explorer.frequency]) < 6e-4
    assert (status[8] == "noise") is (explorer.source == "noise")
    assert abs(float(status[7]) - explorer.left) < 6e-4
    assert abs(said.number(status[9]) - explorer.correlation) < 6e-3

    terms, total = re.fullmatch(r"field: (.*) = (\d+)", seen["formula"]).groups()
    assert int(total) == side
    assert [int(n) for n in re.findall(r"\d+", terms)] == [1, explorer.kernel_size, 1, *explorer.dilations]
    layers = re.findall(r"Conv2d\(1, 1, (\d+)(?:, dilation=(\d+))?\)", seen["torch"])
    assert [(int(k), int(d or 1)) for k, d in layers] == [(explorer.kernel_size, d) for d in explorer.dilations]

    picture = said.pixels(seen["picture"])
    wanted = 255 * shown(output)[:48, :48]
    assert picture.shape == (48, 48, 3)
    assert np.abs(picture - wanted[..., None]).max() <= 1.01
