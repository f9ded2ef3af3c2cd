"""What `import cnnlib` brings along, and how long its files are."""

import subprocess
import sys
from pathlib import Path

import pytest

import cnnlib

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"torch", "matplotlib", "PIL", "ipywidgets", "anywidget", "IPython", "scipy", "traitlets"}


def fresh(code):
    """Run `code` in a Python of its own and return what it printed."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    "code",
    [
        "import cnnlib",
        "from cnnlib import *",
        "from cnnlib import geometry, networks, ops, equivariance",
        "import cnnlib; dir(cnnlib)",
    ],
)
def test_nothing_heavy_comes_along(code):
    loaded = fresh(code + "; import sys; print(*{name.split('.')[0] for name in sys.modules})")
    assert not HEAVY & set(loaded.split())


def test_naming_the_package_loads_nothing_of_it_but_names():
    """What that costs in milliseconds, the benchmark of imports measures."""
    loaded = fresh("import numpy, sys; before = set(sys.modules); import cnnlib; print(*set(sys.modules) - before)")
    assert {name for name in loaded.split() if name.startswith("cnnlib")} == {"cnnlib"}
    assert len(loaded.split()) < 10, loaded


def test_the_light_modules_bring_no_package_but_numpy():
    code = "import numpy, sys; before = set(sys.modules); from cnnlib import geometry, ops; "
    loaded = fresh(code + "print(*{name.partition('.')[0] for name in set(sys.modules) - before})")
    assert set(loaded.split()) - set(sys.stdlib_module_names) == {"cnnlib"}


def test_modules_load_when_named():
    out = fresh(
        "import sys, cnnlib; a = 'cnnlib.geometry' in sys.modules;"
        "cnnlib.geometry.span(3); print(a, 'cnnlib.geometry' in sys.modules)"
    )
    assert out.split() == ["False", "True"]


def test_what_is_there():
    assert {"geometry", "networks", "ops", "equivariance", "data", "plots"} <= set(dir(cnnlib))
    assert cnnlib.__version__.count(".") == 2


def test_an_unknown_name_is_said():
    with pytest.raises(AttributeError, match=r"no attribute 'geometri'; it has geometry, networks, "):
        cnnlib.geometri  # noqa: B018


def sources():
    """Every file of code that belongs to the project: generated and foreign ones are not in these folders."""
    folders = ("cnnlib", "tests", "tools", "_ext", "experiments", "benchmarks")
    kinds = {".py", ".js", ".mjs", ".css"}
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.*")) if path.suffix in kinds]


def test_no_file_is_longer_than_300_lines_of_120_columns():
    """A longer one holds two nouns. Python's columns are held by ruff, which knows the tables that may be wider."""
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").splitlines() for path in sources()}
    assert len(texts) > 300
    assert {name: len(lines) for name, lines in texts.items() if len(lines) > 300} == {}
    scripts = {name: lines for name, lines in texts.items() if not name.endswith(".py")}
    wide = [f"{name}:{row}" for name, lines in scripts.items() for row, line in enumerate(lines, 1) if len(line) > 120]
    assert wide == []
