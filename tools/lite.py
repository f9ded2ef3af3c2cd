"""The students' notebooks in a JupyterLab that needs no server: JupyterLite, with a Python that runs in the browser.

`python -m tools lite` writes a folder of files into `_build/lite` that any web server can hand out; `PORT=8123` says
where it is served afterwards. Its Python is the Pyodide that the site vendors. That comes with cnnlib, its data and all
that the explorers need already in it, so a chapter's first cell finds the package and fetches nothing.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat

from . import pip, serve, vendor
from .editions import Unwritable
from .editions.__main__ import write
from .environment import ROOT

FOLDER = ROOT / "_build/lite"
# What was downloaded, kept for the next time. JupyterLite passes over all that lies where its own output path begins.
WORK = ROOT / "_build/parts-of-lite"
REQUIREMENTS = "requirements-lite.txt"
SOURCES = ("cnnlib", "data", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")
LARGE = "fashion_mnist_10k.npz"  # which the wheel leaves out, and five chapters read
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")

# What a kernel of JupyterLite starts with, from Pyodide's own list of packages; cnnlib brings the rest.
KERNEL = ["micropip", "ssl", "sqlite3", "jedi", "ipython", "comm", "cnnlib"]
# What Pyodide's list does not hold, in the versions of constraints.txt, and what each needs.
NEEDS = {
    "typing-extensions": [],
    "comm": [],
    "psygnal": [],
    "ipywidgets": ["comm", "traitlets", "ipython"],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
}
CNNLIB = ["numpy", "pillow", "matplotlib", "anywidget", "ipywidgets"]


def build(into: Path = FOLDER, work: Path = WORK) -> Path:
    """Write the whole of it into a folder, in place of what it holds, and return that folder."""
    project = work / "project"
    shutil.rmtree(project, ignore_errors=True)
    pyodide = project / "static/pyodide"
    pyodide.mkdir(parents=True)
    for name in ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"):
        shutil.copy(vendor.folder(f"pyodide@{vendor.PYODIDE}") / name, pyodide)
    ours = {name: (_pure_wheel(name, work / "wheels"), needs) for name, needs in NEEDS.items()}
    ours["cnnlib"] = (wheel(project / "cnnlib"), CNNLIB)
    wanted = lock(json.loads((vendor.folder(f"pyodide@{vendor.PYODIDE}") / vendor.LOCK).read_text("utf-8")), ours)
    (pyodide / vendor.LOCK).write_text(json.dumps(wanted), encoding="utf-8")
    theirs = {each["file_name"]: each["sha256"] for name, each in wanted["packages"].items() if name not in ours}
    fetched = work / "pyodide"
    fetched.mkdir(parents=True, exist_ok=True)
    if not all((fetched / name).is_file() and vendor.sha256(fetched / name) == theirs[name] for name in theirs):
        vendor.fetch_wheels(None, fetched, theirs)
    for path in [*(fetched / name for name in theirs), *(path for path, _ in ours.values())]:
        shutil.copy(path, pyodide)
    write("students", project / "files")
    for path in (project / "files").glob("*.ipynb"):  # JupyterLite's outline reads texts, not lists of lines
        path.write_text(json.dumps(nbformat.read(path, as_version=4)), encoding="utf-8")
    _configure(project, into)
    shutil.rmtree(into, ignore_errors=True)
    _run([sys.executable, "-m", "jupyterlite_core", "build"], project)
    return into


def lock(pyodides: dict, ours: dict[str, tuple[Path, list[str]]]) -> dict:
    """Pyodide's list of packages with ours in it, and without those that none of them needs.

    `ours` has the wheel of each package and the names of those that it needs.
    """
    known = pyodides["packages"] | {name: _entry(name, path, needs) for name, (path, needs) in ours.items()}
    wanted, open_ = {}, list(KERNEL)
    while open_:
        name = open_.pop().replace("_", "-")
        if name not in wanted:
            wanted[name] = known[name]
            open_ += known[name]["depends"]
    return {"info": pyodides["info"], "packages": dict(sorted(wanted.items()))}


def _entry(name, path, needs):
    return {
        "name": name,
        "version": path.name.split("-")[1],
        "file_name": path.name,
        "install_dir": "site",
        "sha256": vendor.sha256(path),
        "package_type": "package",
        "imports": [name.replace("-", "_")],
        "depends": needs,
        "unvendored_tests": False,
    }


def wheel(folder: Path) -> Path:
    """A wheel of cnnlib with all the data that chapters read; it is made in a folder of its own."""
    folder.mkdir(parents=True)
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    _run([sys.executable, "-c", "from setuptools import build_meta; build_meta.build_wheel('dist')"], folder)
    (path,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(ROOT / "data" / LARGE, f"cnnlib/_data/{LARGE}")
    return path


def _pure_wheel(name, folder):
    """The wheel of a package that is Python alone, downloaded once."""
    pattern = f"{name.replace('-', '_')}-{_version(name)}-*.whl"
    if not any(folder.glob(pattern)):
        plain = ["--no-deps", "--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
        where = ["--python-version=3.12", "--dest", str(folder), f"{name}=={_version(name)}"]
        _run([sys.executable, "-m", "pip", "download", "-q", *plain, *where], ROOT)
    return next(folder.glob(pattern))


def _version(name):
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return next(line.partition("==")[2] for line in lines if line.partition("==")[0].replace("_", "-") == name)


def _configure(project, into):
    """What JupyterLite builds, and what its kernel starts with: nothing is asked of another host."""
    extensions = [str(Path(sys.prefix, "share/jupyter/labextensions", name)) for name in EXTENSIONS]
    built = {
        "LiteBuildConfig": {
            "apps": ["lab"],
            "contents": [str(project / "files")],
            "output_dir": str(into),
            "cache_dir": str(project / "cache"),
            "federated_extensions": extensions,
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        }
    }
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": KERNEL}}
    runs = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "disabledExtensions": ["@jupyterlab/extensionmanager-extension"],
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
        },
    }
    (project / "jupyter_lite_config.json").write_text(json.dumps(built), encoding="utf-8")
    (project / "jupyter-lite.json").write_text(json.dumps(runs), encoding="utf-8")


def _run(command, folder):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise vendor.Refused(f"lite: {' '.join(command[1:4])} ended with {done.returncode}: {done.stdout[-1500:]}")


def _install():
    """JupyterLite into the environment, the first time."""
    wanted = ROOT / REQUIREMENTS
    stamp, now = WORK / "installed", hashlib.sha256(wanted.read_bytes() + sys.prefix.encode()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != now:
        WORK.mkdir(parents=True, exist_ok=True)
        pip.install(Path(sys.executable), ["-r", str(wanted)], wanted.name, WORK / "setup.log", ROOT)
        stamp.write_text(now)


def main() -> int:
    try:
        port = serve.port_from(os.environ.get("PORT"))
        _install()
        folder = build()
        server = serve.FolderServer(folder, port)
    except (vendor.Refused, pip.PipFailed, Unwritable, serve.PortBusy, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"lite: {folder}, {size / 1e6:.0f} MB; served at {server.url}lab/index.html (Ctrl+C stops it)", flush=True)
    server.forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
