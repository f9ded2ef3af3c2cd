"""`make lab` starts, also for root, and opens the chapters."""

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tools.__main__ import COMMANDS, ROOT


def answers(address, lab):
    """Whether the address serves a page, however late: JupyterLab names it a moment before it listens."""
    while lab.poll() is None:
        try:
            with urllib.request.urlopen(address) as page:
                return page.status == 200
        except urllib.error.URLError:
            time.sleep(0.2)
    return False


def test_lab_starts_and_shows_the_chapters():
    _, command = COMMANDS["lab"]
    lab = subprocess.Popen(
        [sys.executable, *command, "--no-browser"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said = []
    try:
        for line in lab.stdout:
            said.append(line)
            if address := re.search(r"http://127\.0\.0\.1:\S+", line):
                break
        else:
            raise AssertionError("JupyterLab ended:\n" + "".join(said))
        assert "/lab/tree/chapters" in address[0]
        assert answers(address[0], lab)
    finally:
        lab.terminate()
        lab.communicate()
