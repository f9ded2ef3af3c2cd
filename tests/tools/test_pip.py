"""pip as the set-up runs it: never silent for long, and gigabytes are announced."""

import json
import sys

import pytest

from tools import environment, pip


def follow(tmp_path, code, silence):
    return pip.follow([sys.executable, "-c", code], pip.Progress(), tmp_path / "log", tmp_path, silence)


def test_a_silent_command_is_reported_all_the_same(tmp_path, capsys):
    """It prints nothing until it is allowed to end, which is after a report."""
    code = "import pathlib, time\nwhile not pathlib.Path('go').exists(): time.sleep(0.01)"

    class Told(pip.Progress):
        def __str__(self):
            (tmp_path / "go").touch()
            return "still at it"

    assert pip.follow([sys.executable, "-c", code], Told(), tmp_path / "log", tmp_path, silence=0.01) == (0, [])
    assert "still at it" in capsys.readouterr().out


def test_what_it_says_is_counted_and_kept(tmp_path, capsys):
    lines = ["Collecting numpy", "Collecting pillow", "Installing collected packages: numpy, pillow"]
    code, said = follow(tmp_path, f"print({chr(10).join(lines)!r}); raise SystemExit(3)", silence=1000)
    assert (code, said) == (3, lines)
    assert (tmp_path / "log").read_text().splitlines() == lines
    assert "setup: 2 packages being unpacked" in capsys.readouterr().out


def test_a_failure_ends_with_what_pip_said(tmp_path):
    with pytest.raises(pip.PipFailed, match=r"could not install nothing \(all it said is in .*log\); the end:\n"):
        pip.install(sys.executable, ["--no-such-option"], "nothing", tmp_path / "log", tmp_path)


class Answer:
    def __init__(self, text="", code=0):
        self.stdout, self.returncode = text, code


def report(*needs):
    return json.dumps({"install": [{"metadata": {"name": "torch", "requires_dist": list(needs)}}]})


CARD, CPU = report("filelock", 'nvidia-cudnn-cu13==9; platform_system == "Linux"'), report("filelock", "sympy>=1.13")


@pytest.mark.parametrize(
    ("system", "here", "version", "found", "warned"),
    [
        ("linux", False, "pip 25.0 from x", CARD, True),
        ("linux", False, "pip 25.0 from x", CPU, False),
        ("linux", False, "pip 25.0 from x", "ERROR: no matching distribution", False),
        ("linux", True, "pip 25.0 from x", CARD, False),
        ("linux", False, "pip 23.0.1 from x", None, True),  # it would fetch the package to look into it
        ("darwin", False, "pip 25.0 from x", None, False),
    ],
    ids=["for graphics cards", "for the CPU", "no network", "installed", "an old pip", "a Mac"],
)
def test_gigabytes_are_announced(monkeypatch, system, here, version, found, warned):
    def answer(python, command, *arguments):
        return {"show": Answer(code=not here), "--version": Answer(version), "install": Answer(found)}[command]

    monkeypatch.setattr(pip.sys, "platform", system)
    monkeypatch.setattr(pip, "_run", answer)
    said = pip.large_build("python", "torch==2.13.0")
    assert (said is not None) == warned
    assert not warned or ("several GB" in said and "TORCH_INDEX=ADDRESS" in said)


def test_an_address_for_the_cpu_comes_first(monkeypatch, tmp_path):
    ran = []
    monkeypatch.setattr(environment, "FOLDER", tmp_path)
    monkeypatch.setattr(pip, "install", lambda python, what, *_: ran.append(what))
    monkeypatch.setattr(pip, "large_build", lambda *_: pytest.fail("nobody needs to be warned"))
    monkeypatch.setenv("TORCH_INDEX", "https://example.org/cpu")
    environment._install("dev")
    (torch, *address), (_, requirements) = ran
    assert torch.startswith("torch==") and address == ["--index-url", "https://example.org/cpu"]
    assert requirements == "requirements-dev.txt"
    environment._install("site")
    assert ran[2:] == [["-r", "requirements-site.txt"]]  # which brings no torch
