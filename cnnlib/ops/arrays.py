"""Arrays at the public door of every operation: kind, number of axes, common type.

What the operations promise about types is kept here, in one place:

- float32 stays float32, float64 stays float64; together they give float64;
- float16 is computed and returned in float32 (every float16 value is exact there);
- integers and bools are computed and returned in float64, and an integer beyond
  2**53, which float64 cannot hold, is refused;
- anything else (complex, long double, objects, text) is refused by name;
- so is what would lose something without a word: a masked array, for its mask, and a tensor
  that requires grad, for its graph.
"""

import sys

import numpy as np

__all__ = ["as_array", "axes", "floats", "shape_of"]

_OPTIONAL = {"b", "mask"}
_NATIVE = (np.dtype(np.float32), np.dtype(np.float64))


def floats(function, **arrays):
    """Return the arrays in one common float type; an optional one that is None stays None.

    Parameters
    ----------
    function : str
        Name of the public function, for the message.
    **arrays : array_like or None
        The arrays, by the names that the caller knows them by.

    Returns
    -------
    list of ndarray
        In the order given; an array that already has the type is not copied.

    Raises
    ------
    TypeError
        If an array holds anything but real numbers of at most 64 bits, or one that is no
        `b` or `mask` is None.
    ValueError
        If an integer is too large to be exact in float64, or rows differ in length.

    Examples
    --------
    >>> x, w = floats("conv2d", x=np.float32([1, 2]), w=np.array([1, -1]))
    >>> x.dtype, w.dtype
    (dtype('float64'), dtype('float64'))
    >>> floats("conv2d", x=np.array([1j]))
    Traceback (most recent call last):
    TypeError: conv2d: x holds complex128; use float32 or float64 (float16 and integers are converted)
    """
    for name, value in arrays.items():
        if value is None and name not in _OPTIONAL:
            raise TypeError(f"{function}: {name} is None; use an array")
    given = [value for value in arrays.values() if value is not None]
    first = getattr(given[0], "dtype", None)
    if first in _NATIVE and all(type(a) is np.ndarray and a.dtype is first for a in given):
        return list(arrays.values())
    checked = {name: None if value is None else _real(function, name, value) for name, value in arrays.items()}
    common = np.result_type(*(a for a in checked.values() if a is not None))
    return [None if a is None else a.astype(common, copy=False) for a in checked.values()]


def _real(function, name, value):
    """One array in float32 or float64, whichever holds its values exactly."""
    array = as_array(function, name, value)
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "f" and size <= 8:
        return array.astype(np.float64 if size == 8 else np.float32, copy=False)
    if kind in "iub":
        if size == 8 and array.size and max(-int(array.min()), int(array.max())) > 2**53:
            raise ValueError(
                f"{function}: {name} holds an integer beyond 2**53, which float64 cannot hold; "
                "convert it to float64 yourself if rounding is what you want"
            )
        return array.astype(np.float64)
    raise TypeError(
        f"{function}: {name} holds {array.dtype}; use float32 or float64 (float16 and integers are converted)"
    )


def as_array(function, name, value):
    """Return what the caller passed as an array, whatever it holds.

    Raises
    ------
    TypeError
        If it is a tensor that NumPy cannot read: one that requires grad, bfloat16; or a masked
        array of which something is masked: NumPy would drop the mask without a word.
    ValueError
        If it is a list whose rows differ in length.

    Examples
    --------
    >>> as_array("conv2d", "x", [[1, 2], [3]])
    Traceback (most recent call last):
    ValueError: conv2d: x is a list whose rows differ in length; use rows of one length
    >>> as_array("conv2d", "x", np.ma.masked_less([1, -1, 2], 0))
    Traceback (most recent call last):
    TypeError: conv2d: x is a masked array, and masks are not honoured; use its filled(...), with a value
    for what is masked
    """
    if type(value) is not np.ndarray and "numpy.ma" in sys.modules and _is_masked(value):
        whose = "is" if isinstance(value, np.ma.MaskedArray) else "holds"
        raise TypeError(
            f"{function}: {name} {whose} a masked array, and masks are not honoured; "
            "use its filled(...), with a value for what is masked"
        )
    kind = type(value).__name__
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{function}: {name} is a {kind} whose rows differ in length; use rows of one length"
        ) from None
    except (TypeError, RuntimeError) as error:
        if getattr(value, "requires_grad", False):
            what, cure = f"is a {kind} that requires grad", f"{name}.detach()"
        elif hasattr(value, "dtype"):
            what, cure = f"is a {kind} of {value.dtype}, which NumPy cannot read", f"{name}.float().cpu()"
        else:
            what, cure = f"is a {kind} that NumPy cannot read ({str(error).rstrip('.')})", "an array of numbers"
        raise TypeError(f"{function}: {name} {what}; use {cure}") from None


def _is_masked(value):
    """Whether anything is masked, in an array or in one of a list."""
    if isinstance(value, (list, tuple)):
        return any(type(entry) not in (int, float) and _is_masked(entry) for entry in value)
    return isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value)


def axes(function, name, array, letters, cure=None):
    """Refuse an array whose axes are not those that `letters` name.

    Parameters
    ----------
    function, name : str
        For the message.
    array : ndarray
        The array to look at.
    letters : str
        One word per axis, such as ``"N C H W"``. Every axis but N must hold
        something: a batch may be empty, an image may not.
    cure : str, optional
        What adds the missing axes, if axes in front would not do.

    Raises
    ------
    ValueError
        If the number of axes differs, or an axis other than N is empty.

    Examples
    --------
    >>> axes("conv2d", "x", np.zeros((5, 5)), "N C H W")
    Traceback (most recent call last):
    ValueError: conv2d: x has shape (5, 5), 2 axes, and needs 4: (N, C, H, W); add axes of length 1, as in x[None, None]
    """
    names = letters.split()
    wanted = f"({', '.join(names)})"
    missing = len(names) - array.ndim
    if missing:
        if missing > 0:
            cure = cure or f"add axes of length 1, as in {name}[{', '.join(['None'] * missing)}]"
        else:
            cure = "take one entry of an axis or reshape"
        raise ValueError(
            f"{function}: {name} has shape {array.shape}, {array.ndim} {'axis' if array.ndim == 1 else 'axes'}, "
            f"and needs {len(names)}: {wanted}; {cure}"
        )
    if array.size == 0:
        for letter, length in zip(names, array.shape, strict=True):
            if length == 0 and letter != "N":
                raise ValueError(
                    f"{function}: {name} has shape {array.shape} {wanted}, with {letter}=0; "
                    f"{letter} must be at least 1 (only a batch may be empty)"
                )


def shape_of(function, name, array, shape, meaning):
    """Refuse an array whose shape is not `shape`, saying which would be right.

    Examples
    --------
    >>> shape_of("conv2d", "b", np.zeros(3), (4,), "(O,)")
    Traceback (most recent call last):
    ValueError: conv2d: b has shape (3,); use shape (4,) = (O,)
    """
    if array.shape != shape:
        raise ValueError(f"{function}: {name} has shape {array.shape}; use shape {shape} = {meaning}")
