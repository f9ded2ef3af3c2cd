"""A chapter opened in the JupyterLab of `make lab`, run and saved: not a byte of it changes."""

import os
import shutil
from pathlib import Path

import pytest

from tests.explore.jupyterlab import command, open_notebook, started
from tools.__main__ import LAB
from tools.chapters.__main__ import main
from tools.environment import ROOT

CHAPTER = ROOT / "chapters/09-dilated-convolution.ipynb"
WIDGETS = "() => jupyterapp.shell.currentWidget.content.widgets.some((cell) => cell.node.querySelector('.status'))"


@pytest.fixture
def chapter(tmp_path):
    (tmp_path / "chapters").mkdir()
    return Path(shutil.copy(CHAPTER, tmp_path / "chapters"))


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    yield page
    page.close()


def run_and_save(page, url, times):
    open_notebook(page, f"{url}/tree/chapters/{CHAPTER.name}?reset")
    for _ in range(times):
        command(page, "notebook:run-all-cells")
        page.wait_for_function(WIDGETS, timeout=60_000)
        command(page, "docmanager:save")
        assert page.locator(".jp-Dialog").count() == 0  # that another program had changed the file


def test_a_chapter_run_and_saved_is_the_chapter(chapter, page):
    """The second time over what the server wrote."""
    copied = chapter.stat().st_mtime_ns
    with started(chapter.parent.parent, LAB) as url:
        run_and_save(page, url, times=2)
    assert chapter.stat().st_mtime_ns > copied
    assert chapter.read_text(encoding="utf-8") == CHAPTER.read_text(encoding="utf-8")


if os.environ.get("LONG"):

    def test_saved_by_any_other_jupyterlab_it_is_said_what_to_run(chapter, page, capsys):
        with started(chapter.parent.parent) as url:
            run_and_save(page, url, times=1)
        assert main(["check", str(chapter)]) == 1
        assert "shows an explorer whose state is not stored" in (said := capsys.readouterr().err)
        assert "execute the chapter" in said
        assert main(["execute", str(chapter)]) == 0
        assert chapter.read_text(encoding="utf-8") == CHAPTER.read_text(encoding="utf-8")
