"""The project's own Python environment in .venv, set up once and again when requirements change.

This file runs with nothing installed: standard library only.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import pip

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
STAMP = FOLDER / "book-setup.json"

# Each level holds the one before it.
LEVELS = {
    "site": "requirements-site.txt",
    "class": "requirements.txt",
    "dev": "requirements-dev.txt",
}


class SetupFailed(RuntimeError):
    """The environment could not be made; the message says what would help."""


def python() -> Path:
    """The environment's Python."""
    return FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def setup(level: str) -> Path:
    """Make sure that .venv holds what `level` needs, and return its Python.

    Nothing is done when the last set-up was for this level or a higher one, no requirement has changed since, and
    the environment lies where it was made. It is made anew when it was moved or copied here, since its programs and
    its kernel carry the path, and when another version of Python asks for it.
    """
    have = _stamped()
    if have is not None and list(LEVELS).index(have) >= list(LEVELS).index(level):
        return python()
    if not os.access(ROOT, os.W_OK):
        raise SetupFailed(
            f"setup: {ROOT} cannot be written to, and the environment and all that is built go there; "
            "copy the book into a folder of your own and run this in the copy"
        )
    STAMP.unlink(missing_ok=True)
    if why := _unfit():
        _create(why)
    _install(level)
    STAMP.write_text(json.dumps({"level": level, "digest": _digest(level)}))
    return python()


def _stamped() -> str | None:
    """The level of the last complete set-up, if it still holds."""
    try:
        stamp = json.loads(STAMP.read_text())
        level = stamp["level"]
        current = python().is_file() and stamp["digest"] == _digest(level)
    except (OSError, ValueError, KeyError):
        return None
    return level if current else None


def _digest(level: str) -> str:
    names = list(LEVELS.values())[: list(LEVELS).index(level) + 1]
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for name in [*names, "constraints.txt", "pyproject.toml"]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _unfit() -> str | None:
    """Why the environment must be made, or made anew; None if it serves."""
    try:
        lines = (FOLDER / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "there is none yet"
    said = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
    version = ".".join(map(str, sys.version_info[:2]))
    if not said.get("version", "").startswith(f"{version}."):
        return f"it holds Python {said.get('version', 'of no version')}, this is {version}"
    folder = said.get("command", "").rpartition(" -m venv ")[2].removeprefix("--clear ")
    if folder != str(FOLDER):
        return f"it was made for {folder or 'another folder'}"
    if subprocess.run([python(), "-m", "pip", "--version"], capture_output=True).returncode:
        return "it does not work"
    return None


def _create(why: str) -> None:
    print(f"setup: making the environment {FOLDER.name}: {why} ...", flush=True)
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    trouble = _venv()
    if "ensurepip" in trouble and _install_debian_venv():
        trouble = _venv()
    if trouble:
        shutil.rmtree(FOLDER, ignore_errors=True)
        advice = "install its venv module (on Debian and Ubuntu: apt install python3-venv) and run this again; "
        raise SetupFailed(
            f"setup: Python cannot make an environment here; {advice * ('ensurepip' in trouble)}it says:\n{trouble}"
        )


def _venv() -> str:
    """Make the environment; gives what Python says if it cannot, nothing if it can."""
    base = getattr(sys, "_base_executable", None) or sys.executable  # not the Python of an environment made anew
    made = subprocess.run([base, "-m", "venv", "--clear", str(FOLDER)], capture_output=True, text=True)
    return (made.stdout + made.stderr).strip() or "nothing" if made.returncode else ""


def _install_debian_venv() -> bool:
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    print(f"setup: installing Debian's {package} ...", flush=True)
    subprocess.run(["apt-get", "-qq", "update"], stdout=subprocess.DEVNULL)
    command = ["apt-get", "-qq", "-y", "install", "--no-install-recommends", package]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode == 0


def _install(level: str) -> None:
    """Install the requirements of a level, and before them torch's build for the CPU where an address is given."""
    index = os.environ.get("TORCH_INDEX")
    log = FOLDER / "book-setup.log"
    log.unlink(missing_ok=True)
    try:
        if level != "site":
            wanted = next(line for line in (ROOT / LEVELS["class"]).read_text().split() if line.startswith("torch=="))
            if index:
                pip.install(python(), [wanted, "--index-url", index], "torch for the CPU", log, ROOT)
            elif warning := pip.large_build(python(), wanted):
                print(warning, flush=True)
        pip.install(python(), ["-r", LEVELS[level]], LEVELS[level], log, ROOT)
    except pip.PipFailed as error:
        raise SetupFailed(str(error)) from None
