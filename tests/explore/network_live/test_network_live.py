"""Network live: the Python half by hand, and its own gestures on a bare page."""

import pytest

from cnnlib.explore import NetworkLive
from tests.explore.hand import status


def test_by_hand():
    explorer = NetworkLive(size=5, kernel_size=2, position=3)
    assert explorer.window.tolist() == [3, 4]
    assert explorer.result() == "Window 3 of 4 sums to 7."


def test_a_window_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"^NetworkLive: kernel_size=4 does not fit in size=3; use kernel_size <= 3"):
        NetworkLive(size=3, kernel_size=4)


def test_a_position_that_is_no_more_moves_to_the_last():
    explorer = NetworkLive(size=8, position=5)
    explorer.size = 6
    assert explorer.position == 3


def test_the_window_by_key_and_mouse(bare):
    page = bare(NetworkLive())
    root = page.locator(".cnnlib-explorer")
    line = root.get_by_role("application", name="The line of numbers.")
    line.focus()
    page.keyboard.press("ArrowRight")
    assert status(root) == "Window 1 of 6 sums to 6."
    line.click(position={"x": 4.5 * 40, "y": 20})
    assert status(root) == "Window 4 of 6 sums to 15."
