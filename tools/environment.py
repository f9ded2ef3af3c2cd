"""The project's own Python environment in .venv, set up once and again when requirements change.

This file runs under any Python 3.11 with nothing installed: standard library only.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
STAMP = FOLDER / "book-setup.json"
LOG = FOLDER / "book-setup.log"

# Each level holds the one before it.
LEVELS = {
    "site": "requirements-site.txt",
    "class": "requirements.txt",
    "dev": "requirements-dev.txt",
}
OLDEST = (3, 11)


class SetupFailed(RuntimeError):
    """The environment could not be made; the message says what would help."""


def python() -> Path:
    """The environment's Python."""
    return FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def setup(level: str) -> Path:
    """Make sure that .venv holds what `level` needs, and return its Python.

    Nothing is done when the last setup was for this level or a higher one and no requirement has
    changed since.
    """
    if sys.version_info < OLDEST:
        raise SetupFailed(
            f"setup: this is Python {sys.version.split()[0]}, the book needs "
            f"{'.'.join(map(str, OLDEST))} or newer; run it with PYTHON=python3.11"
        )
    have = _stamped()
    if have is not None and list(LEVELS).index(have) >= list(LEVELS).index(level):
        return python()
    STAMP.unlink(missing_ok=True)
    if not python().is_file() or not _works():
        _create()
    _install(LEVELS[level])
    STAMP.write_text(json.dumps({"level": level, "digest": _digest(level)}))
    return python()


def _stamped() -> str | None:
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


def _works() -> bool:
    return subprocess.run([python(), "-m", "pip", "--version"], capture_output=True).returncode == 0


def _create() -> None:
    print(f"setup: making the environment {FOLDER.name} ...", flush=True)
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    if not _venv() and not (_install_debian_venv() and _venv()):
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise SetupFailed(
            "setup: Python cannot make an environment here; install its venv module "
            "(on Debian and Ubuntu: apt install python3-venv) and run this again"
        )


def _venv() -> bool:
    command = [sys.executable, "-m", "venv", "--clear", str(FOLDER)]
    return subprocess.run(command, capture_output=True).returncode == 0


def _install_debian_venv() -> bool:
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    print(f"setup: installing Debian's {package} ...", flush=True)
    subprocess.run(["apt-get", "-qq", "update"], stdout=subprocess.DEVNULL)
    command = ["apt-get", "-qq", "-y", "install", "--no-install-recommends", package]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode == 0


def _install(requirements: str) -> None:
    print(f"setup: installing {requirements} (once; minutes on a slow network) ...", flush=True)
    command = [python(), "-m", "pip", "install", "--disable-pip-version-check", "-r", requirements]
    start = last = time.monotonic()
    packages = 0
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, text=True, encoding="utf-8", errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        for line in process.stdout:
            log.write(line)
            packages += line.startswith("Collecting ")
            if line.startswith("Installing collected") or time.monotonic() - last > 10:
                last = time.monotonic()
                doing = "unpacking" if line.startswith("Installing") else "collected"
                print(f"setup: {packages} packages {doing}, {last - start:.0f} s", flush=True)
        code = process.wait()
    if code:
        tail = "".join(LOG.read_text(encoding="utf-8").splitlines(keepends=True)[-15:])
        raise SetupFailed(
            f"setup: pip could not install {requirements} (all it said is in {LOG}); the end:\n{tail}"
        )
    print(f"setup: done in {time.monotonic() - start:.0f} s", flush=True)
