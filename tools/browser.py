"""Find Chromium or Chrome on this machine, or install it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)

# What the browser would do beside showing the page: Chromium starts two pages for its address bar with every window, at
# the price of a chapter; the rest asks other hosts, or puts off the first painting. The last such list is the one that
# counts, so Playwright's own goes with it.
FEATURES = [
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsUpgrades", "MediaRouter", "NetworkTimeServiceQuerying",
    "OptimizationHints", "PaintHolding", "PreconnectToSearch",
]  # fmt: skip
FLAGS = [
    f"--disable-features={','.join(FEATURES)}",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name but this machine's resolves, so no page can reach another host.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]

CHROMIUM = r"(Chrom|HeadlessShell)\D* \d+\."  # what it says of its version
HELP = (
    "no Chromium or Chrome that starts was found, and installing one failed ({why}); install your system's "
    "`chromium` or Google Chrome, or set BROWSER_PATH to the browser's file"
)
LIBRARIES = "; as root, `{python} -m playwright install-deps chromium` brings what it lacks, with apt"


class NoBrowser(RuntimeError):
    """No browser is here and none could be installed."""


def flags() -> list[str]:
    """Launch flags: no network but this machine; root has no sandbox to use."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return FLAGS + (["--no-sandbox"] if root else [])


def find() -> str | None:
    """Path of a Chromium or Chrome that starts: BROWSER_PATH, the PATH, the usual paths, Playwright's own."""
    chosen = os.environ.get("BROWSER_PATH")
    if chosen:
        if not Path(chosen).is_file():
            raise NoBrowser(f"find: BROWSER_PATH={chosen!r} is no file; unset it or correct it")
        if wrong := trouble(chosen):
            raise NoBrowser(f"find: BROWSER_PATH={chosen!r} {wrong}; name Chromium or Chrome, or unset it")
        return chosen
    return next((path for path in _candidates() if not trouble(path)), None)


def find_or_install() -> str:
    """Path of a browser, installed first if there is none.

    As root on Debian or its kin the system's `chromium` package is installed, elsewhere the browser
    that Playwright brings. Raises NoBrowser with one sentence when neither works.
    """
    if found := find():
        return found
    why = []
    for attempt in (_install_debian, _install_playwright):
        if problem := attempt():
            why.append(problem)
        elif found := find():
            return found
    why += [f"{path} {trouble(path)}" for path in _candidates()]
    raise NoBrowser(HELP.format(why="; ".join(why) or "the installers left nothing behind"))


def _candidates():
    """Files that should be a browser, the likeliest first."""
    yield from filter(None, map(shutil.which, NAMES))
    yield from (path for path in PATHS if Path(path).is_file())
    if ours := _playwright_browser():
        yield ours


def trouble(path: str, says: str = CHROMIUM) -> str | None:
    """What is wrong with a file that should be a browser, None if it tells its version, as it says it."""
    if os.name == "nt":
        return None  # Chrome for Windows opens a window instead
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"does not start ({error})"
    if asked.returncode == 0 and re.search(says, asked.stdout):
        return None
    said = " ".join((asked.stderr + asked.stdout).split())[:200] or "nothing"
    libraries = LIBRARIES.format(python=sys.executable) if "shared librar" in said else ""
    whose = "a Chromium's or Chrome's" if says == CHROMIUM else "Firefox's"
    return f"does not tell {whose} version (exit code {asked.returncode}, it says: {said}){libraries}"


def _playwright_browser() -> str | None:
    # Asked in a process of its own: its event loop would stay in this one.
    code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    return path if path and Path(path).is_file() else None


def _install_debian() -> str | None:
    return install_debian("chromium")


def install_debian(package: str) -> str | None:
    """Install one of Debian's packages; why that could not be done, None where it was."""
    if not shutil.which("apt-get"):
        return "no apt-get here"
    if os.geteuid() != 0:
        return f"installing Debian's {package} needs root"
    print(f"browser: installing Debian's {package} package ...", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "check": False}
    subprocess.run(["apt-get", "-qq", "update"], **quiet)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    code = subprocess.run(
        ["apt-get", "-qq", "-y", "install", "--no-install-recommends", package],
        env=environment,
        **quiet,
    ).returncode
    return f"apt-get install {package} ended with {code}" if code else None


def _install_playwright() -> str | None:
    print("browser: installing the browser that Playwright brings ...", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if shutil.which("apt-get") and os.geteuid() == 0:
        command.insert(-1, "--with-deps")
    code = subprocess.run(command, check=False).returncode
    return f"playwright install chromium ended with {code}" if code else None
