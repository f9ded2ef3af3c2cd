# ruff: noqa: E501 - one case a line
"""What every operation does with options and arrays of unusual kinds: the right result, or a refusal by name.

Every option of every operation is tried, so that a new one cannot be forgotten.
"""

import inspect

import numpy as np
import pytest
import torch

from cnnlib import ops
from tests.ops.test_every_operation import OPERATIONS, in_a_tuple
from tests.ops.test_every_refusal import BOTH, prepare

INTEGERS = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.array]
#: What each option may be instead of what OPERATIONS has.
MORE = {
    "stride": (2, 1), "padding": (1, 0), "dilation": (1, 2), "groups": 2, "output_padding": (1, 0), "kernel_size": (3, 2),
    "size": (9, 5), "output_size": (4, 5), "flip": True, "ceil_mode": True, "count_include_pad": False,
    "align_corners": True, "padding_mode": "reflect", "reduction": "sum", "eps": 1, "scale_factor": 2,
    "kind": "nearest + conv",
}  # fmt: skip
ARRAYS = ("mask", "mean", "var", "target")  # keywords that are arrays
ONE = {"blur_pool2d": {"kernel_size": 3, "stride": 2}, "conv1d": {"stride": 2, "dilation": 2, "padding": 2}}


def options():
    """Each operation with each of its options, and a value that it takes."""
    for name, suffix in BOTH:
        for option, parameter in inspect.signature(getattr(ops, name + suffix)).parameters.items():
            named = parameter.kind is inspect.Parameter.KEYWORD_ONLY or option in ("kernel_size", "output_size")
            if named and option not in ARRAYS:
                yield name, suffix, option


def setting(name, option):
    """All options of the operation, the one among them at a value that its arrays allow."""
    usual = dict(OPERATIONS[name][1])
    value = ONE.get(name, {}).get(option, usual.get(option, MORE[option]))
    if option == "scale_factor":
        usual.pop("size", None)
    if option in ("dilation", "padding") and name in ("local_conv2d", "tiled_conv2d", "deform_conv2d", "fold"):
        value = 1 if option == "dilation" else 0
    if option == "stride" and name in ("deform_conv2d", "fold"):
        value = 1
    return {**usual, option: value}


def tried(name, suffix, chosen):
    """The result, for an upstream gradient of the right shape."""
    function, _, given = prepare(name, "")
    if suffix:
        y = np.asarray(function(**given, **chosen))
        given = {"dy": np.cos(np.arange(y.size)).reshape(y.shape)} | given
    return in_a_tuple(getattr(ops, name + suffix)(**given, **chosen))


def as_type(kind, value):
    """An integer, or each of several, in another type."""
    return tuple(kind(v) for v in value) if isinstance(value, tuple) else kind(value)


def test_every_option_is_known():
    assert {option for *_, option in options()} == set(MORE)


@pytest.mark.parametrize("name, suffix, option", list(options()))
def test_integers_of_few_bits_and_numpy_s_bools(name, suffix, option):
    """They are what they count as, and never overflow."""
    chosen = setting(name, option)
    value = chosen[option]
    if isinstance(value, str):
        return
    kinds = [np.bool_] if isinstance(value, bool) else INTEGERS
    expected = tried(name, suffix, chosen)
    for kind in kinds:
        found = tried(name, suffix, {**chosen, option: as_type(kind, value)})
        for mine, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("name, suffix, option", list(options()))
def test_what_is_no_integer_or_no_flag(name, suffix, option):
    chosen = setting(name, option)
    value = chosen[option]
    if isinstance(value, bool):
        wrong = ["no", 1, None, np.array([True]), np.int8(1)]
    elif isinstance(value, str):
        wrong = [None, 1, ["zeros"], np.array(["sum", "mean"]), {}]
    elif option in ("eps", "scale_factor"):
        wrong = ["1", True, np.True_, [[1]], 1j]
    else:
        wrong = [1.0, np.float32(1), np.array([1.0, 2.0]), True, np.True_, 2.5, 1j, {}]
    if option in ("stride", "size"):
        wrong = [w for w in wrong if w is not None]  # None is the default of some
    for other in wrong:
        with pytest.raises(TypeError, match=f"^{name}{suffix}: .*{option}="):
            tried_with = {**chosen, option: other}
            prepared = prepare(name, suffix)
            prepared[0](**prepared[2], **tried_with)


def test_small_factors_do_not_overflow():
    """100 times an int8 of 2 is 200, and 2049 times a float16 of 1 is 2049."""
    x = np.zeros((1, 1, 100, 2049))
    for factor in (np.int8(2), np.uint8(2), np.float16(2)):
        assert ops.resize_nearest2d(x, scale_factor=(factor, np.float16(1))).shape[2:] == (200, 2049)
        assert ops.resize_bilinear2d(x, scale_factor=(factor, np.float16(1))).shape[2:] == (200, 2049)


# ------------------------------------------------------------------- arrays
@pytest.mark.parametrize("name, suffix", BOTH)
@pytest.mark.parametrize(
    "change, message",
    [
        (lambda a: np.ma.array(a, mask=np.arange(np.size(a)).reshape(np.shape(a)) == 0), "{} is a masked array, and masks are not"),
        (lambda a: [np.ma.masked_array(np.asarray(a).ravel(), mask=True)], "{} holds a masked array, and masks are not"),
        (lambda a: torch.tensor(np.asarray(a)).requires_grad_(), r"{} is a Tensor that requires grad; use {}.detach\(\)"),
        (lambda a: torch.tensor(np.asarray(a)).bfloat16(), "{} is a Tensor of torch.bfloat16, which NumPy cannot read"),
        (lambda a: [torch.tensor(np.asarray(a)).requires_grad_()], "{} is a list that NumPy cannot read"),
    ],
    ids=["masked", "list of masked", "requires grad", "bfloat16", "list of tensors"],
)  # fmt: skip
def test_what_would_lose_something_without_a_word(name, suffix, change, message):
    function, start, given = prepare(name, suffix)
    for wrong in given:
        with pytest.raises(TypeError, match=start + ".*" + message.format(wrong, wrong)):
            function(**(given | {wrong: change(given[wrong])}), **OPERATIONS[name][1])


@pytest.mark.parametrize("name, suffix", BOTH)
def test_tensors_and_masked_arrays_that_lose_nothing(name, suffix):
    """A tensor without grad, also in half precision, and a masked array in which nothing is masked."""
    function, _, given = prepare(name, suffix)
    given = {key: np.asarray(a).astype(np.float16) for key, a in given.items()}
    expected = in_a_tuple(function(**given, **OPERATIONS[name][1]))
    for form in (lambda a: torch.tensor(a), lambda a: np.ma.array(a)):
        found = function(**{key: form(a) for key, a in given.items()}, **OPERATIONS[name][1])
        for mine, other in zip(in_a_tuple(found), expected, strict=True):
            np.testing.assert_array_equal(mine, other)
            assert type(mine) is not np.ma.MaskedArray


@pytest.mark.parametrize("change", [np.ma.masked_greater, None])
def test_a_target_too(change):
    target = np.ma.masked_greater([1, 4], 3) if change else torch.tensor([1.0, 4], requires_grad=True)
    with pytest.raises(
        TypeError, match=r"^softmax_cross_entropy: target is a (masked array|Tensor that requires grad)"
    ):
        ops.softmax_cross_entropy(np.zeros((2, 5)), target)


# -------------------------------------------------------------------- calls
@pytest.mark.parametrize("name, suffix", BOTH)
def test_a_call_that_does_not_fit_says_how_to_write_it(name, suffix):
    function, _, given = prepare(name, suffix)
    call, usual = list(given.values()), OPERATIONS[name][1]
    parameters = inspect.signature(function).parameters.values()
    placed = [p.name for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    extra = [usual[option] for option in placed[len(given) :]]
    with pytest.raises(TypeError, match=rf"^{name}{suffix}: takes {len(placed)} arguments? by position .* and got"):
        function(*call, *extra, 2)
    with pytest.raises(
        TypeError, match=rf"^{name}{suffix}: got x twice, by position and by name; use {name}{suffix}\("
    ):
        function(*call, x=1, **usual)
    with pytest.raises(TypeError, match=rf"^{name}{suffix}: x is missing; use {name}{suffix}\("):
        function(**{key: a for key, a in given.items() if key != "x"}, **usual)
    with pytest.raises(
        TypeError, match=rf"^{name}{suffix}: got an unexpected keyword argument 'input', which is x here; use"
    ):
        function(*call, input=1, **usual)
    if "w" in given:
        with pytest.raises(TypeError, match=rf"^{name}{suffix}: got an unexpected .* 'weight', which is w here; use"):
            function(*call[:-1], weight=1, **usual)


def test_every_public_function_has_such_a_door():
    for name in ops.__all__:
        thing = getattr(ops, name)
        if inspect.isfunction(thing):
            with pytest.raises(
                TypeError, match=f"^{name}: got an unexpected keyword argument 'nonsense_x'; use {name}"
            ):
                thing(nonsense_x=1)


def test_the_options_are_written_out():
    x, w = np.zeros((1, 1, 5, 5)), np.zeros((1, 1, 3, 3))
    with pytest.raises(TypeError, match=r"name the options: conv2d\(x, w, b, stride=2, padding=\(1, 1\)\)$"):
        ops.conv2d(x, w, None, 2, (1, 1))
    with pytest.raises(TypeError, match=r"name the options: max_pool2d\(x, kernel_size, stride=2\)$"):
        ops.max_pool2d(x, 2, 2)


# --------------------------------------------------------------------- time
@pytest.mark.parametrize(
    "name", ["conv2d_backward", "conv_transpose2d", "conv_transpose2d_backward", "tiled_conv2d_backward"]
)
def test_work_grows_with_the_image_and_not_with_the_stride(name, monkeypatch):
    """A stride far beyond the image: as many products as taps, and the result of a stride that just exceeds it."""
    from cnnlib.ops import conv_gradients

    calls, whole = [], conv_gradients.correlate
    monkeypatch.setattr(conv_gradients, "correlate", lambda *a: calls.append(1) or whole(*a))
    rng = np.random.default_rng(0)
    x, w, dy = rng.standard_normal((1, 2, 5, 6)), rng.standard_normal((2, 2, 3, 3)), rng.standard_normal((1, 2, 1, 1))
    function = getattr(ops, name)
    if name.startswith("conv_transpose2d"):
        one = x[:, :, :1, :1]
        given = [one, w] if name == "conv_transpose2d" else [ops.conv_transpose2d(one, w, stride=99), one, w]
    elif "tiled" in name:
        given = [dy, x, w[..., None, None]]
    else:
        given = [dy, x, w]
    results = []
    for stride in (7, 10**5, (10**9, 10**12)):
        calls.clear()
        results.append(in_a_tuple(function(*given, stride=stride)))
        assert len(calls) <= 9
    for other in results[1:]:
        for mine, first in zip(other, results[0], strict=True):
            np.testing.assert_array_equal(mine, first)
