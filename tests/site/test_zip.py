"""The site in one file: unpacked into a folder with a difficult name, it opens from there."""

import os
import zipfile

import pytest

from tools.zip import pack


@pytest.fixture(scope="module")
def packed(site_dir, tmp_path_factory):
    return pack(site_dir, tmp_path_factory.mktemp("zip"), "Convolutional networks, live")


def test_it_holds_the_site(packed, site_dir):
    with zipfile.ZipFile(packed) as file:
        names = {name.removeprefix("convolutional-networks-live/") for name in file.namelist()}
        assert all(name.startswith("convolutional-networks-live/") for name in file.namelist())
    pages = {path.relative_to(site_dir).as_posix() for path in site_dir.rglob("*.html")}
    assert {"index.html", "OPEN index.html.txt", "chapters/index.html", "searchindex.js"} <= names
    assert {name for name in pages if "trial-" not in name} <= names


def test_an_explorer_works_in_the_unpacked_copy(packed, tmp_path, browser, watch):
    folder = tmp_path / "eine Übung (1)"
    zipfile.ZipFile(packed).extractall(folder)
    page = browser.new_page()
    watch.follow(page)
    try:
        page.goto((folder / "convolutional-networks-live/index.html").as_uri())
        page.wait_for_url("**/chapters/index.html")
        page.goto((folder / "convolutional-networks-live/chapters/00-one-convolution.html").as_uri())
        root = page.locator(".cnnlib-explorer").filter(has=page.locator('[data-parameter="stride"]')).first
        root.locator(".status:not(:empty)").wait_for()
        status = root.locator(".status").element_handle()
        before = status.inner_text()
        root.locator('[data-parameter="stride"]').focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("([node, text]) => node.textContent !== text", arg=[status, before])
    finally:
        page.close()


def test_the_same_site_gives_the_same_file(tmp_path):
    """Whenever, and in whatever order, its files were written."""
    names, files = ["index.html", "chapters/01-a.html", "_static/b.js", "chapters/00-z.html"], []
    for folder, order in (("one", 1), ("two", -1)):
        for at, name in enumerate(names[::order]):
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, encoding="utf-8")
            os.utime(path, (at * 1e8, at * 1e8))
        into = tmp_path / f"packed {folder}"
        into.mkdir()
        files.append(pack(tmp_path / folder, into, "A site").read_bytes())
    assert files[0] == files[1]
