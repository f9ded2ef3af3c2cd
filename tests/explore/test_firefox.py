"""Every explorer in Firefox, a second engine: each value that a control is given shows what Python computes."""

from tests.conftest import LONG
from tests.explore.contract.every import CHECKED, compared, made
from tests.explore.contract.page import html
from tests.firefox import told

#: Values of each control that are tried: both ends of a slider and its middle.
MOST = 24 if LONG else 3
SWEEP = """for (const root of document.querySelectorAll(".live-mount .cnnlib-explorer")) {
  const title = root.getAttribute("aria-label");
  await tell("seen", [title, await driver.sweep(title, 0, %d)]);
}"""


def test_every_control_in_firefox():
    explorers = [made(kind) for kind in CHECKED]
    found = []
    for explorer, (title, seen) in zip(explorers, told(html(explorers), SWEEP % MOST), strict=True):
        assert [one["moved"] for one in seen if one["moved"] == "reset"] == [], title
        assert len({one["moved"] for one in seen}) > 1, title
        compared(explorer, seen)
        found.append(title)
    assert len(set(found)) == len(CHECKED)
