"""Find Firefox on this machine, or install it: a second engine, in which some of the tests are run again."""

import os
import shutil
from pathlib import Path

from .browser import NoBrowser, install_debian, trouble

NAMES = ("firefox-esr", "firefox")
PATHS = ("/Applications/Firefox.app/Contents/MacOS/firefox", r"C:\Program Files\Mozilla Firefox\firefox.exe")
SAYS = r"Firefox \d+\."
HELP = (
    "no Firefox that starts was found, and installing one failed ({why}); install it, as your system's `firefox` or "
    "`firefox-esr` or from Mozilla, or set FIREFOX_PATH to its file"
)


def find() -> str | None:
    """Path of a Firefox that starts: FIREFOX_PATH, the PATH, the usual paths."""
    chosen = os.environ.get("FIREFOX_PATH")
    if chosen:
        if wrong := "is no file" if not Path(chosen).is_file() else trouble(chosen, SAYS):
            raise NoBrowser(f"find: FIREFOX_PATH={chosen!r} {wrong}; name Firefox, or unset it")
        return chosen
    return next((path for path in _candidates() if not trouble(path, SAYS)), None)


def find_or_install() -> str:
    """Path of Firefox; where there is none, root on Debian or its kin gets the system's `firefox-esr` first.

    Raises NoBrowser with one sentence when neither works.
    """
    if found := find():
        return found
    why = install_debian("firefox-esr")
    if not why and (found := find()):
        return found
    whys = [why or "the installer left nothing behind", *(f"{path} {trouble(path, SAYS)}" for path in _candidates())]
    raise NoBrowser(HELP.format(why="; ".join(whys)))


def _candidates():
    yield from filter(None, map(shutil.which, NAMES))
    yield from (path for path in PATHS if Path(path).is_file())
