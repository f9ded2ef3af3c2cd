"""The button "Embed" on the built site: two files with the state that the page shows, and a page no heavier for it."""

import json

import numpy as np

from cnnlib.explore import ConvArithmetic, KernelOnPhotograph
from tests.explore import kept
from tests.explore.contract.page import LIVE, html
from tests.explore.hand import explorer, put, read

TITLE = "Convolution arithmetic"


def test_the_file_that_a_reader_keeps_shows_what_the_page_shows(chapter, browser, tmp_path):
    root = explorer(chapter, TITLE)
    put(root, "stride", 3)
    there = read(root)
    assert not chapter.evaluate("() => [...document.scripts].some((script) => script.src.includes('embed'))")
    root.get_by_role("button", name="Embed").click()
    dialog = chapter.get_by_role("dialog", name="Embed")
    with chapter.expect_download() as page_file:
        dialog.get_by_role("link", name="ConvArithmetic.html").click()
    with chapter.expect_download() as module_file:
        dialog.get_by_role("link", name="ConvArithmetic.mjs").click()
    chapter.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    page_file.value.save_as(tmp_path / "kept.html")
    module_file.value.save_as(tmp_path / "kept.mjs")
    with kept.opened(browser, tmp_path / "kept.html") as alone:
        here = read(alone)
    assert {name: here[name] for name in ("status", "formula", "torch", "numbers", "controls")} == {
        name: there[name] for name in ("status", "formula", "torch", "numbers", "controls")
    }
    assert here["controls"]["stride"] == 3
    first = (tmp_path / "kept.mjs").read_text(encoding="utf-8").splitlines()[0]
    assert json.loads(first.removeprefix("const STATE = ").rstrip(";"))["stride"] == 3


def test_files_that_cannot_be_loaded_get_a_sentence(chapter, watch):
    root = explorer(chapter, TITLE)
    chapter.route("**/embed-*.js*", lambda route: route.fulfill(status=404, body=""))
    root.get_by_role("button", name="Embed").click()
    root.get_by_role("status").get_by_text("The files could not be loaded; try again.").wait_for()
    chapter.unroute_all()
    root.get_by_role("button", name="Embed").click()
    chapter.get_by_role("dialog", name="Embed").get_by_role("button", name="Close").click()
    assert watch.problems and all("embed-ConvArithmetic.js" in problem for problem in watch.problems)
    watch.problems.clear()


def test_files_that_cannot_be_made_get_a_sentence(browser, tmp_path):
    """And what was loaded stays: only what failed is asked for again."""
    mount = (LIVE / "mount.js").read_text(encoding="utf-8")
    text = html([ConvArithmetic()]).replace(f"<script>{mount}</script>", '<script src="mount.js"></script>')
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    (tmp_path / "mount.js").write_text(mount, encoding="utf-8")
    (tmp_path / "embed.js").write_text(
        'cnnlibExplorers.embed = async () => { throw new Error("the memory is full"); };'
    )
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto((tmp_path / "page.html").as_uri())
    button = page.get_by_role("button", name="Embed")
    button.click()
    page.get_by_text("The files could not be loaded; try again.").wait_for()
    (tmp_path / "embed-ConvArithmetic.js").write_text("")
    for _ in range(2):
        page.locator(".note").evaluate("(note) => { note.textContent = ''; }")
        button.click()
        page.get_by_text("The files could not be made (the memory is full).").wait_for()
    assert asked[2:] == ["embed.js", "embed-ConvArithmetic.js", "embed-ConvArithmetic.js"]
    page.close()


def test_an_array_from_python_is_kept_in_the_file(bare, browser, tmp_path):
    """The picture is somebody's own: it comes along, as numbers, in both ways of making the file."""
    made = KernelOnPhotograph(image=np.arange(48.0).reshape(6, 8) ** 2 % 11, kernel_size=3, preset="sobel")
    page = bare(made)
    root = page.locator(".cnnlib-explorer")
    there = read(root)
    kept.keep(page, KernelOnPhotograph, tmp_path / "page.html")
    made.save(tmp_path / "python.html")
    for name in ("page", "python"):
        with kept.opened(browser, tmp_path / f"{name}.html") as alone:
            here = read(alone)
        assert [here[each] for each in ("status", "numbers")] == [there[each] for each in ("status", "numbers")], name
