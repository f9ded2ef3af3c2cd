"""What `make lite` writes: Pyodide's own packages and ours beside them, so that no other host is asked."""

import json
import os
import zipfile

import pytest

from tools import lite, vendor
from tools.environment import ROOT

PYODIDES = json.loads((vendor.folder(f"pyodide@{vendor.PYODIDE}") / vendor.LOCK).read_text(encoding="utf-8"))


@pytest.fixture
def ours(tmp_path):
    """A file in place of each wheel of ours, with what it needs."""
    found = {}
    for name, needs in {**lite.NEEDS, "cnnlib": lite.CNNLIB}.items():
        path = tmp_path / f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
        path.write_bytes(name.encode())
        found[name] = (path, needs)
    return found


def test_the_list_of_packages_holds_all_that_a_kernel_starts_with_and_no_more(ours):
    packages = lite.lock(PYODIDES, ours)["packages"]
    reached, open_ = set(), list(lite.KERNEL)
    while open_:
        name = open_.pop().replace("_", "-")
        if name not in reached:
            reached.add(name)
            open_ += packages[name]["depends"]
    assert reached == set(packages)
    assert {"numpy", "matplotlib", "pillow", "anywidget", "ipywidgets", "micropip"} < reached
    assert "pandas" in PYODIDES["packages"] and "pandas" not in packages


def test_what_is_pyodides_stays_as_it_is_and_what_is_ours_has_its_own_hash(ours):
    packages = lite.lock(PYODIDES, ours)["packages"]
    for name, entry in packages.items():
        if name not in ours:
            assert entry == PYODIDES["packages"][name]
    for name, (path, _) in ours.items():
        entry = packages[name]
        assert (entry["sha256"], entry["file_name"]) == (vendor.sha256(path), path.name)
        assert entry["imports"] == [name.replace("-", "_")]


def test_the_wheel_holds_the_data_that_chapters_read(tmp_path):
    path = lite.wheel(tmp_path / "cnnlib")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        large = archive.read(f"cnnlib/_data/{lite.LARGE}")
    assert large == (ROOT / "data" / lite.LARGE).read_bytes()
    assert len(names) == len(set(names)) and "cnnlib/explore/kit/frame.mjs" in names


def test_the_kernel_asks_no_other_host(tmp_path):
    lite._configure(tmp_path, tmp_path / "out")
    runs = json.loads((tmp_path / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    (kernel,) = runs["litePluginSettings"].values()
    assert kernel == {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": lite.KERNEL}}
    built = json.loads((tmp_path / "jupyter_lite_config.json").read_text(encoding="utf-8"))["LiteBuildConfig"]
    assert built["output_dir"] == str(tmp_path / "out") and not os.path.exists(built["output_dir"])


def test_what_is_downloaded_does_not_lie_where_jupyterlite_takes_it_for_its_output():
    assert not str(lite.WORK).startswith(str(lite.FOLDER))


def test_the_kernel_is_of_the_series_made_for_the_pyodide_that_is_vendored():
    """0.6 of the kernel was made for Pyodide 0.27; whoever changes one of the two has to look at the other."""
    pinned = (ROOT / lite.REQUIREMENTS).read_text(encoding="utf-8")
    assert "jupyterlite-pyodide-kernel==0.6." in pinned and vendor.PYODIDE.startswith("0.27.")


@pytest.mark.parametrize("name", lite.NEEDS)
def test_every_package_of_ours_is_pinned(name):
    assert lite._version(name)[0].isdigit()
