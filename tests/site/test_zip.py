"""The site in one file: unpacked into a folder with a difficult name, it opens from there."""

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


def test_the_same_site_gives_the_same_file(packed, site_dir, tmp_path):
    again = pack(site_dir, tmp_path, "Convolutional networks, live")
    with zipfile.ZipFile(packed) as one, zipfile.ZipFile(again) as two:
        entries = [[(each.filename, each.CRC, each.date_time) for each in file.infolist()] for file in (one, two)]
    kept = [[entry for entry in each if "trial-" not in entry[0]] for each in entries]
    assert kept[0] == kept[1] and kept[0]
