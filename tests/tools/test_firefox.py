"""Finding Firefox, installing it, and the sentence when neither works."""

import pytest

from tools import firefox


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine whose PATH holds these programs only, each a line of shell: `machine(firefox="echo ...")`."""
    monkeypatch.delenv("FIREFOX_PATH", raising=False)
    monkeypatch.setattr(firefox, "PATHS", ())

    def machine(**programs):
        paths = {}
        for name, line in programs.items():
            path = tmp_path / name
            path.write_text(f"#!/bin/sh\n{line}\n")
            path.chmod(0o755)
            paths[name] = str(path)
        monkeypatch.setattr(firefox.shutil, "which", paths.get)
        return paths

    return machine


def test_finds_the_one_that_tells_its_version(machine, monkeypatch):
    """Ubuntu's `firefox` may only say that there is a snap; another program by that name is none."""
    paths = machine(firefox="echo Mozilla Firefox 153.8.0esr")
    assert firefox.find() == paths["firefox"]
    monkeypatch.setenv("FIREFOX_PATH", paths["firefox"])
    assert firefox.find_or_install() == paths["firefox"]
    machine(firefox="echo 'requires the firefox snap to be installed' >&2; exit 1")
    with pytest.raises(firefox.NoBrowser, match=r"requires the firefox snap .*; name Firefox, or unset it"):
        firefox.find()
    monkeypatch.setenv("FIREFOX_PATH", "/no/such/file")
    with pytest.raises(firefox.NoBrowser, match="FIREFOX_PATH='/no/such/file' is no file"):
        firefox.find()


def test_installs_one(machine, monkeypatch):
    machine()
    asked = []

    def install(package):
        asked.append((package, machine(**{package: "echo Mozilla Firefox 153.8.0esr"})))

    monkeypatch.setattr(firefox, "install_debian", install)
    assert firefox.find_or_install().endswith("firefox-esr")
    assert [package for package, _ in asked] == ["firefox-esr"]


def test_says_what_to_install_when_nothing_works(machine, monkeypatch):
    machine(firefox="exit 3")
    monkeypatch.setattr(firefox, "install_debian", lambda package: f"installing Debian's {package} needs root")
    with pytest.raises(
        firefox.NoBrowser, match=r"Debian's firefox-esr needs root; .*does not tell Firefox's version"
    ) as no:
        firefox.find_or_install()
    assert "or set FIREFOX_PATH to its file" in str(no.value) and "\n" not in str(no.value)
