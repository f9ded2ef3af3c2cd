"""Every public function outside of the explorers, walked with arguments of every kind.

For each the tests state what it does: the right result, that of the plain argument, or a refusal by name, a TypeError
or ValueError that begins with the function's own. No argument is changed.
"""

import dataclasses
import inspect
import re
from importlib import import_module

import numpy as np
import pytest
import torch

from tests.edges.calls import CALLS, ELSEWHERE, WITH_A_NAME, WITHOUT_ARGUMENTS, operation
from tests.ops.test_every_operation import OPERATIONS

MODULES = ["geometry", "networks", "transforms", "equivariance", "matrices", "kernels", "retina"]
MODULES += ["data", "filters", "mosaics", "registration", "scenes", "tables", "plots", "spectrum", "squeezenet"]
MODULES += ["conventions", "exam", "quantisation", "sheep", "squeezenet_gradient"]
ALL = CALLS | {f"ops.{name}": operation(name) for name in OPERATIONS}
INTEGERS = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64]
pytestmark = pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")


def each(role):
    """Every argument of that role, of every function."""
    cases = [(name, argument) for name, call in ALL.items() for argument in getattr(call, role)]
    return pytest.mark.parametrize(("name", "argument"), cases, ids=[f"{name}:{a}" for name, a in cases])


def run(name, **changed):
    call = ALL[name]
    return call.function(**(call.arguments | changed))


def refuses(name, kinds=(TypeError, ValueError), **changed):
    with pytest.raises(kinds) as error:
        run(name, **changed)
    start = ALL[name].name or re.escape(ALL[name].function.__name__)
    assert re.match(f"{start}: ", str(error.value)), f"{name}: {error.value}"
    (argument,) = changed
    assert re.search(rf"\b{argument}s?\b", str(error.value)), f"{name}: {argument} is not in: {error.value}"


def seen(result):
    """A result as something that `equal` compares: arrays, in lists."""
    if isinstance(result, np.ndarray):
        return result
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, tuple | list):
        return [seen(part) for part in result]
    if dataclasses.is_dataclass(result) and any(isinstance(v, np.ndarray) for v in vars(result).values()):
        return [seen(part) for part in vars(result).values()]
    if type(result).__name__ == "Axes":
        return [np.asarray(image.get_array(), float) for image in result.images] + [t.get_text() for t in result.texts]
    if isinstance(result, float | np.floating):
        return np.asarray(result)
    return repr(result)


def equal(one, other, tolerance=0.0):
    if isinstance(one, list):
        return len(one) == len(other) and all(equal(a, b, tolerance) for a, b in zip(one, other, strict=True))
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and np.allclose(one, other, rtol=tolerance, atol=tolerance, equal_nan=True)
    return one == other


def changed_to(kind, value):
    return tuple(kind(v) for v in value) if isinstance(value, tuple) else kind(value)


# ------------------------------------------------------------------ complete
def test_every_public_function_is_walked():
    there = set()
    for name in MODULES:
        module = import_module(f"cnnlib.{name}")
        for public in module.__all__:
            thing = getattr(module, public)
            if callable(thing):
                there.add(f"{name}.{public}")
    tables = WITHOUT_ARGUMENTS | WITH_A_NAME | set(ELSEWHERE) | set(CALLS)
    assert there - tables == set()
    assert tables - there - {"retina.Retina.repaint", "ops.separable_terms"} == set()


@pytest.mark.parametrize("name", ALL)
def test_no_argument_is_left_out(name):
    """What is not named here has a default that the function's own tests change."""
    call = ALL[name]
    parameters = inspect.signature(call.function).parameters.values()
    needed = {p.name for p in parameters if p.default is p.empty and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)}
    assert needed <= set(call.arguments)
    run(name)


# ------------------------------------------------------------------ sizes, flags, numbers
@each("sizes")
def test_integers_of_every_width(name, argument):
    value, want = ALL[name].sizes[argument], seen(run(name))
    for kind in [*INTEGERS, np.array, torch.tensor]:
        assert equal(seen(run(name, **{argument: changed_to(kind, value)})), want), kind
    if isinstance(value, tuple):
        assert equal(seen(run(name, **{argument: list(value)})), want)


@each("sizes")
def test_no_size_is_a_float_a_bool_or_text(name, argument):
    value = ALL[name].sizes[argument]
    for kind in (float, np.float16, np.float64, str, bool, np.bool_, complex, lambda v: np.nan, lambda v: None):
        wrong = (kind(value[0]), *value[1:]) if isinstance(value, tuple) else kind(value)
        if wrong is not None or not none_is_a_size(name, argument):
            named = argument == "padding" and isinstance(wrong, str)  # of some, padding may be a name, but not this one
            refuses(name, (TypeError, ValueError) if named else TypeError, **{argument: wrong})
    refuses(name, **{argument: [1] * 5} if argument != "shape" else {argument: [1.0] * 5})
    if argument not in ("turns", "offset", "unit", "dividend", "divisor"):
        refuses(name, ValueError, **{argument: -(10**30)})


def none_is_a_size(name, argument):
    """Where None stands for another size: the whole, the kernel's, that of the image."""
    parameter = inspect.signature(ALL[name].function).parameters.get(argument)
    others = {("networks.Row", "size"), ("networks.Node", "groups"), ("networks.Node", "channels")}
    return (parameter is not None and parameter.default is None) or (name, argument) in others


@each("flags")
def test_flags(name, argument):
    value = ALL[name].flags[argument]
    assert equal(seen(run(name, **{argument: np.bool_(value)})), seen(run(name)))
    for wrong in ("no", 1, 0, None, np.int8(1), np.array([True]), 1.0, [True]):
        refuses(name, TypeError, **{argument: wrong})


@each("numbers")
def test_numbers(name, argument):
    value, want = ALL[name].numbers[argument], seen(run(name))
    for kind in (np.float16, np.float32, np.float64, np.array):
        assert equal(seen(run(name, **{argument: kind(value)})), want), kind
    for wrong in (float("nan"), float("inf"), -np.inf, np.float16("nan")):
        refuses(name, ValueError, **{argument: wrong})
    for wrong in ("2", True, np.True_, None, 1j, np.ones(2)):
        refuses(name, TypeError, **{argument: wrong})


# ------------------------------------------------------------------ arrays
KINDS = [np.uint8, np.uint16, np.uint32, np.uint64, np.int8, np.int64, np.float16, np.float32, np.float64]


def tolerance_of(name, kind):
    return {np.float16: 1e-4, np.float32: 1e-4}.get(kind, 1e-12)


@each("images")
def test_arrays_of_every_kind(name, argument):
    """Unsigned, signed, half, single, double: the same values give the same result."""
    value = np.abs(ALL[name].images[argument])
    want = seen(run(name, **{argument: value.astype(np.float64)}))
    for kind in KINDS:
        assert equal(seen(run(name, **{argument: value.astype(kind)})), want, tolerance_of(name, kind)), kind
    want = seen(run(name, **{argument: (value > 2).astype(np.float64)}))
    assert equal(seen(run(name, **{argument: value > 2})), want, 1e-12)


@each("images")
def test_lists_tensors_and_arrays_that_can_not_be_written(name, argument):
    value = np.asarray(ALL[name].images[argument], float)
    want = seen(run(name, **{argument: value}))
    fixed = value.copy()
    fixed.flags.writeable = False
    hidden = np.ma.masked_array(value)
    for form in (value.tolist(), fixed, value.copy("F"), torch.tensor(value), hidden, np.ma.masked_array(value, False)):
        assert equal(seen(run(name, **{argument: form})), want, 1e-12), type(form)


@each("images")
def test_no_argument_is_changed_and_no_result_shares_its_memory(name, argument):
    given = {key: np.array(value, float) for key, value in ALL[name].images.items()}
    before = {key: value.copy() for key, value in given.items()}
    result = seen(run(name, **given))
    assert equal([*given.values()], [*before.values()])
    for part in result if isinstance(result, list) else [result]:
        if isinstance(part, np.ndarray):
            assert not any(np.shares_memory(part, value) for value in given.values())


@each("images")
def test_arrays_that_are_refused(name, argument):
    value = np.asarray(ALL[name].images[argument], float)
    wrong = {
        "masked": np.ma.masked_equal(value, value.flat[0]),
        "requires grad": torch.tensor(value, requires_grad=True),
        "text": value.astype(str),
        "objects": value.astype(object),
        "complex": value * 1j,
    }
    if name in MOVES:  # these move values, of any kind
        for kind in ("text", "objects", "complex"):
            assert run(name, **{argument: wrong.pop(kind)}).dtype.kind in "UOc"
    for array in wrong.values():
        refuses(name, TypeError, **{argument: array})


@each("images")
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity(name, argument, number):
    """One such value in an array: refused, or kept, which is to say that it gets into the result or was not read."""
    value = np.array(ALL[name].images[argument], float)
    value.flat[READ.get(name, 0) if argument == "x" else 0] = number
    if ALL[name].nan == "refused":
        refuses(name, ValueError, **{argument: value})
    elif np.isinf(number) and number in VANISHES.get((name, argument), ()):
        value[np.isinf(value)] = np.sign(number) * 1e9
        finite = seen(run(name, **{argument: value}))
        value[np.abs(value) == 1e9] = number
        assert equal(seen(run(name, **{argument: value})), finite) and np.isfinite(finite).all()
    else:
        result = seen(run(name, **{argument: value}))
        parts = [part for part in (result if isinstance(result, list) else [result]) if np.size(part)]
        finite = np.concatenate([np.isfinite(part).ravel() for part in parts])
        assert not finite.all()


MOVES = {"transforms.Flip", "transforms.QuarterTurn", "transforms.Shift", "conventions.relaid", "conventions.flipped"}
MOVES |= {"conventions.with_holes", "conventions.dense_weights", "conventions.channels_first", "conventions.taps_first"}
MOVES |= {f"conventions.{name}_offsets" for name in ("exchanged", "interleaved")}
MOVES |= {f"conventions.{name}_channels" for name in ("depth_to_space", "pixel_shuffle")}
MOVES |= {"conventions.depthwise_kernel", "conventions.grouped_kernel"}

#: Of an image that is not read everywhere, an entry that is.
READ = {"transforms.Zoom": 9, "ops.bilinear_sample": 5, "ops.rounded_sample": 5}
#: Where an infinity does what any large number does, and is gone in the result.
VANISHES = {
    ("ops.max_pool2d", "x"): [-np.inf],  # a value that is never the largest
    ("ops.global_max_pool2d", "x"): [-np.inf],
    ("ops.relu", "x"): [-np.inf],
    ("ops.softmax_cross_entropy", "x"): [-np.inf],  # a class that is ruled out
    ("ops.bilinear_sample", "points"): [-np.inf, np.inf],  # outside of the image, where it is zero
    ("ops.rounded_sample", "points"): [-np.inf, np.inf],
    ("ops.deform_conv2d", "offset"): [-np.inf, np.inf],
}


# ------------------------------------------------------------------ names
@pytest.mark.parametrize("name", sorted(WITH_A_NAME))
def test_names_are_text(name):
    module, _, public = name.partition(".")
    function = getattr(import_module(f"cnnlib.{module}"), public)
    for wrong in (3, None, ["paper"], np.True_, b"paper"):
        with pytest.raises(TypeError, match=f"^{public}: "):
            function(wrong)
    with pytest.raises(ValueError, match=f"^{public}: "):
        function("nobody")
