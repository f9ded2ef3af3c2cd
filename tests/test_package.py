"""What `import cnnlib` brings along, and what it costs."""

import os
import subprocess
import sys

import pytest

import cnnlib

HEAVY = {"torch", "matplotlib", "PIL", "ipywidgets", "anywidget", "IPython", "scipy", "traitlets"}


def fresh(code, *flags, compiled_in=None):
    """Run `code` in a Python of its own and return what it printed, and its timings.

    Compiled modules are kept in the folder `compiled_in`, as they are wherever a package is used
    twice, whatever the environment of the tests says.
    """
    environment = dict(os.environ)
    if compiled_in:
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(compiled_in)
    command = [sys.executable, *flags, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600, env=environment)
    return done.stdout, done.stderr


def milliseconds(code, folder):
    """Time that NumPy takes to import, and what `code` takes on top of it, in one process."""
    numpy, above = None, 0.0
    timings = fresh("import numpy; " + code, "-X", "importtime", compiled_in=folder)[1]
    for line in timings.splitlines():
        own, _, rest = line.removeprefix("import time:").partition("|")
        if not own.strip().isdigit():
            continue
        cumulative, name = rest.split("|")
        if numpy is not None:
            above += int(own) / 1000
        elif name == " numpy":
            numpy = int(cumulative) / 1000
    assert numpy is not None, "NumPy's own line is missing from the timings"
    return numpy, above


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
    loaded = fresh(code + "; import sys; print(*{name.split('.')[0] for name in sys.modules})")[0]
    assert not HEAVY & set(loaded.split())


def test_import_costs_little_above_numpy(tmp_path):
    """At most 10 ms: the least of five, as other work on the machine only ever adds."""
    costs = [milliseconds("import cnnlib", tmp_path)[1] for _ in range(6)]
    assert min(costs[1:]) <= 10, costs


def test_the_light_modules_cost_a_fraction_of_numpy(tmp_path):
    """A ratio within one process, so that it holds on a slow or busy machine as well."""
    costs = [milliseconds("from cnnlib import geometry, ops", tmp_path) for _ in range(6)]
    assert min(above / numpy for numpy, above in costs[1:]) <= 0.35, costs


def test_modules_load_when_named():
    out = fresh(
        "import sys, cnnlib; a = 'cnnlib.geometry' in sys.modules;"
        "cnnlib.geometry.span(3); print(a, 'cnnlib.geometry' in sys.modules)"
    )[0]
    assert out.split() == ["False", "True"]


def test_what_is_there():
    assert {"geometry", "networks", "ops", "equivariance", "data", "plots"} <= set(dir(cnnlib))
    assert cnnlib.__version__.count(".") == 2


def test_an_unknown_name_is_said():
    with pytest.raises(AttributeError, match=r"no attribute 'geometri'; it has geometry, networks, "):
        cnnlib.geometri  # noqa: B018
