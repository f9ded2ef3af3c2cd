"""What every operation and its gradients refuse at the door, by name, and in the same words."""

import inspect

import numpy as np
import pytest

from cnnlib import ops
from tests.ops.test_every_operation import OPERATIONS, arrays

BOTH = [(name, suffix) for name in OPERATIONS for suffix in ("", "_backward")]
#: Operations whose x has as many axes as you like.
ANY_AXES = ("relu", "linear", "batch_norm")
OPTIONAL = {"batch_norm": ["w", "b"]}
every = pytest.mark.parametrize("name, suffix", BOTH)


def prepare(name, suffix):
    """The function, its own name, and its arrays by the names of their parameters."""
    function, options = getattr(ops, name + suffix), OPERATIONS[name][1]
    given = arrays(name)
    y = np.asarray(getattr(ops, name)(*given, **options))
    given = [np.ones_like(y), *given] if suffix else given
    return function, f"^{name}{suffix}: ", dict(zip(inspect.signature(function).parameters, given, strict=False))


def refuse(name, suffix, change, kind, message, but=()):
    """Every array in turn is changed; the error names the function and the array."""
    function, start, given = prepare(name, suffix)
    function(**given, **OPERATIONS[name][1])
    for wrong in set(given) - set(but):
        with pytest.raises(kind, match=start + f".*{message.format(wrong)}"):
            function(**(given | {wrong: change(given[wrong])}), **OPERATIONS[name][1])


@every
@pytest.mark.parametrize(
    "change, kind, message",
    [
        (lambda a: a.astype(complex), TypeError, "{} holds complex128; use float32 or float64"),
        (lambda a: a.astype(object), TypeError, "{} holds object"),
        (lambda a: a.astype(str), TypeError, "{} holds <U"),
        (lambda a: a.astype(np.longdouble), TypeError, "{} holds (float128|longdouble)"),
        (lambda a: np.full(a.shape, 2**53 + 1), ValueError, r"{} holds an integer beyond 2\*\*53"),
        (lambda a: [[1.0, 2.0], [3.0]], ValueError, "{} is a list whose rows differ in length; use rows of one"),
    ],
    ids=["complex", "object", "text", "long double", "huge", "ragged"],
)
def test_what_no_operation_computes_with(name, suffix, change, kind, message):
    refuse(name, suffix, change, kind, message)


@every
def test_nothing_in_place_of_an_array(name, suffix):
    refuse(name, suffix, lambda a: None, TypeError, "{} is None; use an array", but=OPTIONAL.get(name, ["b"]))


@every
def test_an_axis_too_many(name, suffix):
    """Every array has its number of axes, but x where any will do."""
    free = ["x"] if name in ANY_AXES else []
    refuse(name, suffix, lambda a: a[None], ValueError, r"{} (has shape )?\(1,", but=free)


@every
def test_an_axis_too_few(name, suffix):
    free = ["x"] if name in ANY_AXES else []
    zero = [array for array, value in prepare(name, suffix)[2].items() if not np.ndim(value)]
    refuse(name, suffix, lambda a: a[0], ValueError, r"{} (has shape )?\(", but=free + zero)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != "softmax_cross_entropy"])
def test_a_dy_of_another_size(name):
    """One that broadcasting would let pass, too."""
    others = set(prepare(name, "_backward")[2]) - {"dy"}
    for change in (lambda a: np.repeat(a, 2, -1), lambda a: a[..., :1]):
        refuse(name, "_backward", change, ValueError, r"dy has shape .*; use shape \(", but=others)


@every
def test_an_unknown_keyword(name, suffix):
    function, _, given = prepare(name, suffix)
    with pytest.raises(TypeError, match=f"{name}{suffix}.*unexpected keyword argument 'strid'"):
        function(**given, **OPERATIONS[name][1], strid=2)


OPTIONS = [
    ("stride", 0, ValueError, "stride=0 is below 1"),
    ("stride", 1.5, TypeError, "stride=1.5 is a float"),
    ("stride", np.array([1, 1]), TypeError, r"stride=array\(\[1, 1\]\) is an array of shape \(2,\)"),
    ("padding", -1, ValueError, "padding=-1 is below 0"),
    ("padding", "full", (TypeError, ValueError), "padding='full' is (a str|unknown)"),
    ("padding", 1.0, TypeError, "padding=1.0 is a float"),
    ("output_padding", 2, ValueError, "output_padding=2 is not below the larger of stride=2"),
    ("dilation", 0, ValueError, "dilation=0 is below 1"),
    ("dilation", True, TypeError, "dilation=True is a bool"),
    ("dilation", 9, ValueError, "does not fit in|is all cut away|use at most|more than half"),
    ("groups", 0, ValueError, "groups=0 is below 1"),
    ("groups", 5, ValueError, "groups=5 does not divide"),
    ("kernel_size", 0, ValueError, "kernel_size=0 is below 1"),
    ("kernel_size", 2.0, TypeError, "kernel_size=2.0 is a float"),
    ("size", 0, ValueError, "size=0 is below 1"),
    ("size", (2, 3, 4), ValueError, r"size=\(2, 3, 4\) has 3 entries"),
    ("flip", "no", TypeError, "flip='no' is a str; use True or False"),
    ("flip", 1, TypeError, "flip=1 is an int; use True or False"),
    ("ceil_mode", "no", TypeError, "ceil_mode='no' is a str; use True or False"),
    ("count_include_pad", None, TypeError, "count_include_pad=None is a NoneType; use True or False"),
    ("align_corners", "False", TypeError, "align_corners='False' is a str; use True or False"),
    ("align_corners", np.array([True]), TypeError, r"align_corners=.* is an array of shape \(1,\)"),
    ("padding_mode", ["zeros"], TypeError, r"padding_mode=\['zeros'\] is a list; use one of 'zeros', 'reflect'"),
    ("padding_mode", "same", ValueError, "padding_mode='same' is unknown"),
    ("reduction", "max", ValueError, "reduction='max' is unknown; use one of 'mean', 'sum', 'none'"),
    ("reduction", np.array(["sum", "mean"]), TypeError, "reduction=.* is an array of shape"),
    ("eps", -1, ValueError, "eps=-1 is out of range; use a number >= 0"),
    ("eps", np.nan, ValueError, "eps=nan is not finite; use a number >= 0"),
    ("eps", "0", TypeError, "eps='0' is a str; use a number >= 0"),
    ("scale_factor", "2", TypeError, "scale_factor='2'; use a number or a pair"),
    ("scale_factor", np.inf, ValueError, "scale_factor=inf; use a number > 0"),
    ("output_size", 2.0, TypeError, "output_size=2.0 is a float"),
    ("target", [0.0, 1.0], TypeError, "target holds float64; use integers"),
    ("target", [[0], [1, 2]], ValueError, "target is a list whose rows differ in length"),
    ("target", [0, 5], ValueError, "target holds the class 5"),
]


def options():
    """Every wrong option, for every function that has it."""
    for name, suffix in BOTH:
        has = inspect.signature(getattr(ops, name + suffix)).parameters
        for option, value, kind, message in OPTIONS:
            # a transposed kernel may be as wide as it likes
            if option == "scale_factor":
                continue  # beside a size it is refused for that
            if option in has and (name, str(value)) != ("conv_transpose2d", "9"):
                label = f"{name}{suffix}-{option}={value!r}"
                yield pytest.param(name, suffix, {option: value}, kind, message, id=label)


@pytest.mark.parametrize("name, suffix, option, kind, message", list(options()))
def test_options(name, suffix, option, kind, message):
    """What the forward refuses, its gradient refuses too."""
    function, start, given = prepare(name, suffix)
    with pytest.raises(kind, match=start + f".*({message})"):
        function(**given, **(OPERATIONS[name][1] | option))


def test_the_words_fit_the_operation():
    x, w = np.zeros((1, 1, 5)), np.zeros((1, 1, 3))
    with pytest.raises(
        ValueError, match=r"conv1d: padding=\(1, 1, 1\) has 3 entries; use an integer >= 0 or a pair \(left, right\)$"
    ):
        ops.conv1d(x, w, padding=(1, 1, 1))
    with pytest.raises(ValueError, match=r"in 6 \(size=5, padding=1\+0\) along the length; .* use padding >= 1$"):
        ops.conv1d(x, np.zeros((1, 1, 7)), padding=(1, 0))
    with pytest.raises(ValueError, match=r"conv1d: length=5 is too small to be reflected by 5; use at most 4"):
        ops.conv1d(x, w, padding=5, padding_mode="reflect")
    with pytest.raises(ValueError, match=r"x has shape \(5,\), 1 axis, and needs 3"):
        ops.conv1d(x[0, 0], w)
    terms = ops.separable_terms(np.eye(3))
    with pytest.raises(ValueError, match=r"SeparableTerms\.kernel: terms=-1 is below 0"):
        terms.kernel(-1)
    with pytest.raises(TypeError, match=r"SeparableTerms\.kernel: terms=1\.0 is a float"):
        terms.kernel(1.0)
    assert not terms.kernel(0).any() and (terms.kernel(3) == terms.kernel()).all()
