"""Finding a browser, installing one, and the sentence when neither works."""

import pytest

from tools import browser

CHROMIUM = "echo Chromium 150.0.7871.100 built on Debian"
LACKS_LIBRARIES = (
    "echo 'chrome: error while loading shared libraries: libnspr4.so: cannot open shared object file' >&2; exit 127"
)
SNAP_STUB = "echo \"Command '$0' requires the chromium snap to be installed.\" >&2; exit 1"


@pytest.fixture
def bare(monkeypatch):
    """A machine without a browser."""
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    monkeypatch.setattr(browser, "PATHS", ())
    monkeypatch.setattr(browser, "_playwright_browser", lambda: None)


@pytest.fixture
def fake(tmp_path):
    """A file that acts as a browser when it is asked for its version: `fake("chrome", SHELL_CODE)`."""

    def fake(name, code):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{code}\n")
        path.chmod(0o755)
        return str(path)

    return fake


@pytest.mark.parametrize(
    "version",
    [CHROMIUM, "echo 'Google Chrome 131.0.6778.85 '", "echo 'Google Chrome for Testing 151.0.1.2'"],
    ids=["Chromium", "Chrome", "Playwright's"],
)
def test_takes_the_one_that_is_named(monkeypatch, fake, version):
    path = fake("chrome", version)
    monkeypatch.setenv("BROWSER_PATH", path)
    assert browser.find() == path


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("true", r"does not tell .*exit code 0, it says: nothing\); name Chromium or Chrome, or unset it"),
        ("echo Mozilla Firefox 128.0", r"it says: Mozilla Firefox 128\.0"),
        (f"{CHROMIUM}; exit 1", "exit code 1"),
        (LACKS_LIBRARIES, r"libnspr4\.so.*python\S* -m playwright install-deps chromium` brings what it lacks"),
    ],
    ids=["/bin/true", "another browser", "a crash", "no libraries"],
)
def test_a_named_file_that_is_no_browser_is_an_error(monkeypatch, fake, code, says):
    path = fake("chrome", code)
    monkeypatch.setenv("BROWSER_PATH", path)
    with pytest.raises(browser.NoBrowser, match=rf"BROWSER_PATH='{path}' .*{says}"):
        browser.find()


def test_a_named_file_that_cannot_be_run_is_an_error(monkeypatch, tmp_path):
    path = tmp_path / "chrome"
    path.write_text("text")
    monkeypatch.setenv("BROWSER_PATH", str(path))
    with pytest.raises(browser.NoBrowser, match=r"does not start \(.*Permission denied"):
        browser.find()


def test_a_name_that_is_no_file_is_an_error(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/no/such/chrome")
    with pytest.raises(browser.NoBrowser, match="BROWSER_PATH='/no/such/chrome' is no file"):
        browser.find()


def test_finds_one_on_the_path(bare, fake, monkeypatch):
    path = fake("google-chrome", CHROMIUM)
    monkeypatch.setattr(browser.shutil, "which", {"google-chrome": path}.get)
    assert browser.find() == path


def test_passes_over_one_that_does_not_start(bare, fake, monkeypatch):
    """Ubuntu's `chromium-browser` only says that there is a snap; Chrome comes later on the list."""
    stub, path = fake("chromium-browser", SNAP_STUB), fake("google-chrome", CHROMIUM)
    monkeypatch.setattr(browser.shutil, "which", {"chromium-browser": stub, "google-chrome": path}.get)
    assert browser.find() == path
    monkeypatch.setattr(browser.shutil, "which", {"chromium-browser": stub}.get)
    assert browser.find() is None


def test_installs_one(bare, monkeypatch):
    found = iter([None, "/usr/bin/chromium"])
    monkeypatch.setattr(browser, "find", lambda: next(found))
    monkeypatch.setattr(browser, "_install_debian", lambda: None)
    assert browser.find_or_install() == "/usr/bin/chromium"


def message_of_failure():
    with pytest.raises(browser.NoBrowser) as caught:
        browser.find_or_install()
    message = str(caught.value)
    assert "install your system's `chromium` or Google Chrome" in message
    assert "\n" not in message
    return message


def test_says_what_to_install_when_nothing_works(bare, monkeypatch):
    monkeypatch.setattr(browser, "_install_debian", lambda: "no apt-get here")
    monkeypatch.setattr(browser, "_install_playwright", lambda: "playwright install chromium ended with 1")
    assert "(no apt-get here; playwright install chromium ended with 1)" in message_of_failure()


def test_an_installed_one_that_lacks_libraries_is_named_with_the_remedy(bare, fake, monkeypatch):
    """Playwright's browser on a bare Debian, where nobody may install packages."""
    path = fake("chrome", LACKS_LIBRARIES)
    monkeypatch.setattr(browser, "_install_debian", lambda: "installing Debian's chromium needs root")
    monkeypatch.setattr(browser, "_install_playwright", lambda: None)
    monkeypatch.setattr(browser, "_playwright_browser", lambda: path)
    message = message_of_failure()
    assert "needs root" in message and f"{path} does not tell a Chromium's or Chrome's version" in message
    assert "libnspr4.so" in message and "-m playwright install-deps chromium` brings what it lacks, with apt" in message


@pytest.mark.parametrize(
    ("user", "apt", "libraries"),
    [(0, "/usr/bin/apt-get", True), (1000, "/usr/bin/apt-get", False), (0, None, False)],
)
def test_playwright_brings_libraries_where_it_may(bare, monkeypatch, user, apt, libraries):
    ran = []
    monkeypatch.setattr(browser.os, "geteuid", lambda: user)
    monkeypatch.setattr(browser.shutil, "which", lambda name: apt)
    monkeypatch.setattr(browser.subprocess, "run", lambda command, check: ran.append(command) or Done())
    assert browser._install_playwright() is None
    assert ("--with-deps" in ran[0]) == libraries


class Done:
    returncode = 0


@pytest.mark.parametrize(("user", "sandboxed"), [(0, False), (1000, True)])
def test_only_root_runs_without_a_sandbox(monkeypatch, user, sandboxed):
    monkeypatch.setattr(browser.os, "geteuid", lambda: user)
    assert ("--no-sandbox" not in browser.flags()) == sandboxed
