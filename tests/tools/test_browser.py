"""Finding a browser, installing one, and the sentence when neither works."""

import pytest

from tools import browser


@pytest.fixture
def bare(monkeypatch):
    """A machine without a browser."""
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    monkeypatch.setattr(browser, "PLACES", ())
    monkeypatch.setattr(browser, "_playwright_browser", lambda: None)


def test_takes_the_one_that_is_named(monkeypatch, tmp_path):
    path = tmp_path / "chrome"
    path.touch()
    monkeypatch.setenv("BROWSER_PATH", str(path))
    assert browser.find() == str(path)


def test_a_name_that_is_no_file_is_an_error(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/no/such/chrome")
    with pytest.raises(browser.NoBrowser, match="BROWSER_PATH='/no/such/chrome' is no file"):
        browser.find()


def test_finds_one_on_the_path(bare, monkeypatch):
    monkeypatch.setattr(browser.shutil, "which", {"google-chrome": "/opt/chrome"}.get)
    assert browser.find() == "/opt/chrome"


def test_installs_one(bare, monkeypatch):
    found = iter([None, "/usr/bin/chromium"])
    monkeypatch.setattr(browser, "find", lambda: next(found))
    monkeypatch.setattr(browser, "_install_debian", lambda: None)
    assert browser.find_or_install() == "/usr/bin/chromium"


def test_says_what_to_install_when_nothing_works(bare, monkeypatch):
    monkeypatch.setattr(browser, "_install_debian", lambda: "no apt-get here")
    monkeypatch.setattr(browser, "_install_playwright", lambda: "playwright install chromium ended with 1")
    with pytest.raises(browser.NoBrowser) as caught:
        browser.find_or_install()
    message = str(caught.value)
    assert "no apt-get here; playwright install chromium ended with 1" in message
    assert "install your system's `chromium` or Google Chrome" in message
    assert "\n" not in message


@pytest.mark.parametrize(("user", "sandboxed"), [(0, False), (1000, True)])
def test_only_root_runs_without_a_sandbox(monkeypatch, user, sandboxed):
    monkeypatch.setattr(browser.os, "geteuid", lambda: user)
    assert ("--no-sandbox" not in browser.flags()) == sandboxed
