"""A chapter from the folder in Firefox: nothing is missing, and its cells run in the page's own Python."""

from tests.firefox import told

from .python_page import RECORD, RUN, joined, stored_cells, stored_outputs

NAME = "00-one-convolution"
CELLS = """await (%s)();
for (const cell of cnnlibPython.cells.filter(({ torch }) => !torch))
  await tell("seen", [cell.number, await (%s)(cell.number), Boolean(cell.live.element.querySelector("img, canvas"))]);
"""


def test_the_cells_of_a_chapter_show_in_firefox_what_is_stored(site_dir):
    """In a worker that a page without a server has started from a Blob: what browsers differ in most."""
    page = (site_dir / f"chapters/{NAME}.html").read_text(encoding="utf-8")
    place = site_dir / "chapters/trial-firefox.html"
    stored, tried, drawn = stored_cells(NAME), 0, 0
    try:
        for number, shown, picture in told(page, CELLS % (RECORD, RUN), place):
            assert joined(shown) == stored_outputs(stored[number]), f"cell {number + 1}"
            tried, drawn = tried + 1, drawn + picture
    finally:
        place.unlink(missing_ok=True)
    assert tried == len(stored) > drawn > 3
