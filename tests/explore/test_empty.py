"""The explorer that the benchmark of frames measures the others against."""

from benchmarks.empty import Empty


def test_the_empty_explorer_draws_nothing(bare):
    page = bare(Empty())
    root = page.locator(".cnnlib-explorer")
    assert root.locator("canvas").count() == 0
    root.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.evaluate("() => driver.frame()")
    assert root.locator(".status").inner_text() == "Value 51."
