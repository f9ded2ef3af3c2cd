"""Play, pause and step, in each explorer that has them."""

import numpy as np
import pytest

from cnnlib.explore import ConvArithmetic, TransposedArithmetic
from tests.explore.hand import control, parameters, status

#: The page's clock in the hand of the test: `tick()` is the next step of what plays, null while nothing does.
CLOCK = """() => {
  globalThis.tick = null;
  globalThis.setInterval = (step) => { globalThis.tick = step; return 1; };
  globalThis.clearInterval = () => { globalThis.tick = null; };
}"""


@pytest.mark.parametrize("kind", [ConvArithmetic, TransposedArithmetic], ids=lambda kind: kind.__name__)
def test_steps_go_through_all_positions_and_begin_again(opened, kind):
    explorer = kind(size=(3, 4), kernel_size=2, stride=1)
    page, root = opened(explorer)
    page.evaluate(CLOCK)
    trait = explorer.traits()["position"]
    every = [list(where) for where in np.ndindex(getattr(explorer, trait.within))]
    for where in [*every[1:], every[0]]:
        root.get_by_role("button", name="Step").click()
        assert status(root) and parameters(root)["position"] == where
    root.get_by_role("button", name="Play").click()
    for where in every[1:3]:
        page.evaluate("() => tick()")
        assert parameters(root)["position"] == where
    root.get_by_role("button", name="Pause").click()
    assert page.evaluate("() => tick") is None
    control(root, "size-0").press("Home")
    control(root, "size-1").press("Home")
    root.get_by_role("button", name="Step").click()
    assert status(root) and parameters(root)["position"] == [0, 0]
