"""The files that Python in the page is loaded from: all there, the same in both forms, refused when they do not fit."""

import base64
import gzip
import json
import re
import sys

import pytest

from tools.environment import ROOT


@pytest.fixture(scope="module")
def extensions():
    """The modules of _ext that make the files."""
    sys.path.insert(0, str(ROOT / "_ext"))
    try:
        import runtime
        import supply

        yield runtime, supply
    finally:
        sys.path.remove(str(ROOT / "_ext"))


@pytest.fixture(scope="module")
def manifest(site_dir):
    text = (site_dir / "_static/supply/manifest.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("cnnlibPython.manifest = ").removesuffix(";\n"))


def test_every_file_is_listed_with_its_size_and_is_the_same_as_a_script(site_dir, manifest):
    folder = site_dir / "_static/supply"
    listed = manifest["start"] | manifest["data"]
    for name, entry in listed.items():
        content = (folder / entry["file"]).read_bytes()
        assert len(content) == entry["size"], name
        script = (folder / f"{entry['file']}.js").read_text(encoding="ascii")
        given, text = re.fullmatch(r'cnnlibPython\.handIn\("([^"]+)", "([^"]*)"\);\n', script).groups()
        assert (given, base64.b64decode(text)) == (name, content)
        assert entry["gzip"] == (content[:2] == b"\x1f\x8b")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"manifest.js"}
    assert found == {entry["file"] + end for entry in listed.values() for end in ("", ".js")}


def test_the_files_are_those_of_the_repository(site_dir, manifest, extensions):
    folder, (_, supply) = site_dir / "_static/supply", extensions
    source = supply.vendored(ROOT)
    for name in ("pyodide.asm.wasm", *(path.name for path in source.glob("*.whl"))):
        entry = manifest["start"][name]
        content = (folder / entry["file"]).read_bytes()
        assert (gzip.decompress(content) if entry["gzip"] else content) == (source / name).read_bytes()
    data = {f"data/{path.relative_to(ROOT / 'data')}" for path in (ROOT / "data").rglob("*.*") if path.suffix != ".md"}
    assert set(manifest["data"]) == {name for name in data if not name.endswith(".gitkeep")}


def test_what_does_not_fit_is_refused(tmp_path, extensions):
    runtime, supply = extensions
    module = tmp_path / "codejar.js"
    module.write_text("export function CodeJar(a) {}\nexport const more = 1;\n")
    with pytest.raises(ValueError, match=r"codejar\.js exports something else than CodeJar alone"):
        runtime.classic(module)
    lock = json.loads((supply.vendored(ROOT) / supply.LOCK).read_text(encoding="utf-8"))
    (tmp_path / lock["packages"]["contourpy"]["file_name"]).touch()
    with pytest.raises(ValueError, match=r"contourpy needs \['numpy'\], which vendor/ does not hold"):
        supply.trimmed(lock, tmp_path)
