"""One command for each thing one does with the book: python -m tools COMMAND.

book      set up, build, and serve at a local address (PORT=8123 to choose one)
site      build the site into _build/html
slides    build a deck of slides from each chapter (or those named) into _build/slides
zip       build the site and write it as one file, to carry and to open from a folder
test      run every test there is, or one part of them (PART=package, chapters, site or explorers);
          LONG=1 draws 2,200 new random cases a property and looks at every view
lab       open the chapters in JupyterLab
chapters  execute the chapters (or those named) and store their outputs
check     say what is missing in the stored chapters (or those named)
class     write the chapters to hand out in class, an edition for students and one for instructors, into _build/class
lite      write the students' notebooks as a JupyterLab that runs in the browser, into _build/lite, and serve it
new       write a skeleton that passes every test: new chapter 08-NAME
bench     measure, and print
vendor    fetch anew what runs in the page: Pyodide, its wheels, the editor
lint      look over the code, its format and its spelling
format    bring the code to its format
clean     remove what was built (the environment stays)
"""

import os
import shutil
import subprocess
import sys

from . import environment, serve
from .environment import ROOT

# JupyterLab does not start for root without being told so; it listens on this machine only.
AS_ROOT = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []

# So that a chapter that is saved there stays in its normal form; what does it is in lab/.
LAB = [f"--LabApp.app_settings_dir={ROOT / 'tools/lab/settings'}", "--ServerApp.jpserver_extensions=tools.lab=True"]

# What a command needs, and what then runs in the environment.
COMMANDS = {
    "book": ("site", ["-m", "tools.book"]),
    "site": ("site", ["-m", "tools.site"]),
    "slides": ("site", ["-m", "tools.slides"]),
    "zip": ("site", ["-m", "tools.zip"]),
    "test": ("dev", ["-m", "tools.suite"]),
    "lab": (
        "class",
        ["-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}", "--LabApp.default_url=/lab/tree/chapters", *LAB, *AS_ROOT],
    ),
    "chapters": ("class", ["-m", "tools.chapters", "execute"]),
    "check": ("site", ["-m", "tools.chapters", "check"]),
    "class": ("site", ["-m", "tools.editions"]),
    "lite": ("site", ["-m", "tools.lite"]),
    "new": ("class", ["-m", "tools.new"]),
    "bench": ("dev", ["-m", "tools.bench"]),
    "vendor": ("site", ["-m", "tools.vendor"]),
    "lint": ("dev", ["-m", "tools.lint"]),
    "format": ("dev", ["-m", "tools.lint", "--format"]),
}
BUILT = ("_build", ".pytest_cache", ".hypothesis", ".ruff_cache")


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["clean"]:
        for name in BUILT:
            shutil.rmtree(ROOT / name, ignore_errors=True)
        return 0
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments in ([], ["help"], ["--help"]) else 2
    level, command = COMMANDS[arguments[0]]
    try:
        if arguments[0] == "book":
            serve.check_port(os.environ.get("PORT"))
        python = environment.setup(level)
    except (environment.SetupFailed, serve.PortBusy, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    try:
        return subprocess.run([python, *command, *arguments[1:]], cwd=ROOT).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
