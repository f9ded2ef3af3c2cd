"""Run pip so that one sees it work, and know before it starts whether it would fetch gigabytes.

Standard library only: nothing is installed yet.
"""

import json
import queue
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

SILENCE = 15.0  # seconds after which a line says that the work goes on

LARGE = (
    "setup: the usual build of torch for Linux is the one for graphics cards, several GB that the book does not need.\n"
    "setup: To spare them press Ctrl+C and run this once with TORCH_INDEX=ADDRESS, torch's own address for CPU builds"
)
METADATA_ALONE = (23, 2)  # since this version pip reads what a package needs without fetching the package


class PipFailed(RuntimeError):
    """Something could not be installed; the message holds the end of what pip said."""


def install(python: Path, what: list[str], name: str, log: Path, folder: Path) -> None:
    """Install requirements, write all that pip says to `log`, and print a line at least every few seconds."""
    print(f"setup: installing {name} (once; minutes on a slow network) ...", flush=True)
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", *what]
    start = time.monotonic()
    code, said = follow(command, Progress(), log, folder)
    if code:
        tail = "\n".join(said[-15:])
        raise PipFailed(f"setup: pip could not install {name} (all it said is in {log}); the end:\n{tail}")
    print(f"setup: done in {time.monotonic() - start:.0f} s", flush=True)


class Progress:
    """How far pip is, from the lines that it prints."""

    def __init__(self):
        self.packages, self.doing = 0, "looked up"

    def hear(self, line: str) -> bool:
        """Take in a line; true when a new stage begins, which is worth telling at once."""
        self.packages += line.startswith("Collecting ")
        begins = line.startswith("Installing collected")
        if begins:
            self.doing = "being unpacked"
        return begins

    def __str__(self):
        return f"setup: {self.packages} packages {self.doing}"


def follow(command: list, progress, log: Path, folder: Path, silence: float = SILENCE) -> tuple[int, list[str]]:
    """Run a command; gives its exit code and its lines. Between its lines, however long it is silent, it reports."""
    lines: queue.Queue[str | None] = queue.Queue()
    said, start, code = [], time.monotonic(), None
    with log.open("a", encoding="utf-8") as kept:
        process = subprocess.Popen(
            command, cwd=folder, text=True, encoding="utf-8", errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
        reader.start()
        told = start
        while code is None:
            try:
                line = lines.get(timeout=max(0.0, told + silence - time.monotonic()))
            except queue.Empty:
                line, new = "", True
            else:
                if line is None:
                    code = process.wait()
                    break
                kept.write(line)
                said.append(line.rstrip("\n"))
                new = progress.hear(line)
            if new:
                told = time.monotonic()
                print(f"{progress}, {told - start:.0f} s", flush=True)
    return code, said


def _read(stream, lines):
    for line in stream:
        lines.put(line)
    lines.put(None)


def large_build(python: Path, torch: str) -> str | None:
    """What to say before torch's build for graphics cards is fetched; None where pip would fetch another, or none."""
    if not sys.platform.startswith("linux") or _run(python, "show", "torch").returncode == 0:
        return None
    version = re.match(r"pip (\d+)\.(\d+)", _run(python, "--version").stdout)
    if not version or tuple(map(int, version.groups())) < METADATA_ALONE:
        return LARGE
    told = _run(python, "install", "--quiet", "--dry-run", "--no-deps", "--report", "-", torch)
    try:
        (found,) = json.loads(told.stdout)["install"]
        needs = found["metadata"].get("requires_dist", [])
    except (ValueError, KeyError):
        return None  # what is wrong, the installation itself says
    return LARGE if any(need.startswith(("nvidia-", "cuda-")) for need in needs) else None


def _run(python, *arguments):
    command = [python, "-m", "pip", *arguments, "--disable-pip-version-check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)
