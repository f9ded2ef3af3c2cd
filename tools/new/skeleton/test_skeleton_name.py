"""Skeleton title: the Python half by hand, and its own gestures on a bare page."""

from cnnlib.explore import SkeletonName
from tests.explore.hand import status


def test_by_hand():
    explorer = SkeletonName(size=5, kernel_size=2, position=3)
    assert explorer.window.tolist() == [3, 4]
    assert explorer.result() == "Window 3 of 4 sums to 7."


def test_the_window_by_mouse(opened):
    _, root = opened(SkeletonName())
    root.get_by_role("application", name="The line of numbers.").click(position={"x": 4.5 * 40, "y": 20})
    assert status(root) == "Window 4 of 6 sums to 15."
