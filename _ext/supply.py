"""What a page needs to run Python, made from `vendor/`, the package and the data: files that are loaded when asked for.

Each file stands there twice: as it is, or gzipped where that makes it smaller, for a page that comes from a server;
and as a script that hands it in as text, for a page that was opened from a folder, where a browser lets a page read no
files. `manifest.js` lists them with their sizes.
"""

import base64
import gzip
import hashlib
import io
import json
import zipfile
from importlib.metadata import files
from pathlib import Path

PYTHON = Path(__file__).parent / "python"
LOCK = "pyodide-lock.json"
# Pure Python that the site's own environment holds, in the versions that its requirements name.
PACKAGES = ("traitlets", "comm", "ipywidgets")
LEFT_OUT = ("/tests/", "__pycache__", ".dist-info/")
NEVER_IMPORTED = {"fonttools", "pytz", "matplotlib-pyodide"}  # that Matplotlib names, and its Agg backend does not use
SPARED = 0.9  # gzip is worth it below this share of a file
EPOCH = (1980, 1, 1, 0, 0, 0)


def vendored(root: Path) -> Path | None:
    """The folder of Pyodide's files in a book, or None where a book has none."""
    return next(iter(sorted((root / "vendor").glob("pyodide-*"))), None)


def pieces(root: Path) -> dict[str, bytes]:
    """Name to content of everything that is loaded before the first cell runs."""
    source = vendored(root)
    scripts = [source / "pyodide.asm.js", source / "pyodide.js", PYTHON / "kernel" / "worker.js"]
    engine = b"\n".join(script.read_bytes() for script in scripts)
    lock = trimmed(json.loads((source / LOCK).read_text(encoding="utf-8")), source)
    found = {"engine.js": engine, LOCK: json.dumps(lock).encode(), "book.zip": book(root)}
    for name in ("pyodide.asm.wasm", "python_stdlib.zip", *(entry["file_name"] for entry in lock["packages"].values())):
        found[name] = (source / name).read_bytes()
    return found


def trimmed(lock: dict, source: Path) -> dict:
    """Pyodide's list of packages with those only that are here."""
    kept = {name: entry for name, entry in lock["packages"].items() if (source / entry["file_name"]).is_file()}
    for entry in kept.values():
        entry["depends"] = [name for name in entry["depends"] if name not in NEVER_IMPORTED]
        if missing := set(entry["depends"]) - set(kept):
            raise ValueError(f"supply: {entry['name']} needs {sorted(missing)}, which vendor/ does not hold")
    return {"info": lock["info"], "packages": kept}


def data(root: Path) -> dict[str, bytes]:
    """Name below data/ to content of every file that `cnnlib.data` may open."""
    kept = (path for path in sorted((root / "data").rglob("*")) if path.is_file() and path.suffix not in ("", ".md"))
    return {path.relative_to(root / "data").as_posix(): path.read_bytes() for path in kept}


def book(root: Path) -> bytes:
    """cnnlib, the kernel of the page and the widgets' packages."""
    entries = {}
    for folder in (root / "cnnlib", PYTHON / "kernel", *(PYTHON / "stubs").iterdir()):
        for path in folder.rglob("*.py"):
            entries[path.relative_to(folder.parent).as_posix()] = path.read_bytes()
    for package in PACKAGES:
        for entry in files(package) or ():
            name = entry.as_posix()
            if name.endswith(".py") and not any(part in name for part in LEFT_OUT):
                entries[name] = Path(entry.locate()).read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(entries.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write(folder: Path, loaded: dict[str, bytes], later: dict[str, bytes], more: dict) -> None:
    """Write the files and their list below ``folder``, unless they are there as they should be.

    ``more`` is what else the page is told.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed = {"start": {}, "data": {}}
    for part, contents in (("start", loaded), ("data", {f"data/{name}": text for name, text in later.items()})):
        for name, content in contents.items():
            listed[part][name] = _write_one(folder, name, content)
    listed |= more
    text = f"cnnlibPython.manifest = {json.dumps(listed)};\n"
    (folder / "manifest.js").write_text(text, encoding="utf-8")


def _write_one(folder, name, content):
    """One file in its two forms; where it is, how many bytes are loaded, and whether they are gzipped."""
    packed = gzip.compress(content, 6, mtime=0)
    zipped = len(packed) < SPARED * len(content)
    content, stored = (packed, f"{name}.gz") if zipped else (content, name)
    target = folder / stored
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    text = f"cnnlibPython.handIn({json.dumps(name)}, {json.dumps(base64.b64encode(content).decode())});\n"
    (folder / f"{stored}.js").write_text(text, encoding="ascii")
    return {"file": stored, "size": len(content), "gzip": zipped, "tag": hashlib.sha256(content).hexdigest()[:8]}
