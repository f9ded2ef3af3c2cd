"""cnnlib by itself: a wheel with its data, installed away from the book and used there."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser

import pytest
import yaml

import cnnlib
from tools.environment import ROOT

SOURCES = ("cnnlib", "data", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")
LARGE = 30_000_000  # bytes, unpacked
USE = """
import numpy as np
import cnnlib
from cnnlib import data, explore, geometry, ops, plots

assert {folder!r} in cnnlib.__file__, cnnlib.__file__
for name in explore.__all__:
    if name not in ("Question", "SideBySide"):
        print(repr(getattr(explore, name)()).partition("(")[0])
print(data.photograph("sheep", side=64).shape, len(data.photograph_names()), data.sheep_mask(side=64).shape)
print(ops.conv2d(np.ones((1, 1, 5, 5)), np.ones((1, 1, 3, 3))).sum(), geometry.conv_output_size(7, 3))
print(data.stored_result("squeezenet_shifts") is not None)
try:
    data.fashion_mnist()
except FileNotFoundError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel of a copy of the sources, so that nothing is left behind in the book's folder."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    code = "from setuptools import build_meta; print(build_meta.build_wheel('dist'))"
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)
    (path,) = (folder / "dist").glob("*.whl")
    return path


def test_it_works_where_the_book_is_not(wheel, tmp_path):
    folder = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(folder), str(wheel)]
    subprocess.run(pip, check=True, cwd=tmp_path)
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "CNNLIB_DATA")}
    run = subprocess.run(
        [sys.executable, "-c", USE.format(folder=str(folder))],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    said = run.stdout.splitlines()
    explorers = [name for name in cnnlib.explore.__all__ if name not in ("Question", "SideBySide")]
    assert [line for line in said if line in explorers] == explorers
    assert "(46, 64, 3) " in run.stdout and "81.0 5" in said and "True" in said
    assert said[-1].startswith(
        "fashion_mnist: fashion_mnist_10k.npz is too large for the installed package; it lies in the folder data/"
    )


def test_it_says_what_it_is(wheel):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as file:
        (name,) = (name for name in file.namelist() if name.endswith("dist-info/METADATA"))
        metadata = Parser().parsestr(file.read(name).decode())
        assert any(name.endswith("licenses/LICENSE") for name in file.namelist())
        assert "cnnlib/_data/CREDITS.md" in file.namelist()
        assert sum(each.file_size for each in file.infolist()) < LARGE
    assert metadata["Name"] == "cnnlib" and metadata["Version"] == cnnlib.__version__ == project["version"]
    assert metadata["License-Expression"] == "MIT" and metadata["Requires-Python"] == project["requires-python"]
    assert len(metadata["Summary"]) > 50 and "interactive Jupyter Book" in metadata.get_payload()


def test_it_can_be_cited():
    """The fields that the format requires, and what stands elsewhere too."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(cited) and cited["cff-version"] == "1.2.0"
    assert cited["version"] == cnnlib.__version__ and cited["license"] == "MIT"
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert cited["title"] == config["title"] and [each["name"] for each in cited["authors"]] == [config["author"]]
    assert re.fullmatch(r"\d+\.\d+\.\d+", cited["version"])
