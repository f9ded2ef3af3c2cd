"""Windows along an axis: how far one reaches, how many fit, what none of them reads."""

from ..arguments import padding4, pair

AXES = ("height", "width")


def span(kernel_size, dilation=1):
    """Count the pixels from the first tap of a window to its last, gaps included.

    Parameters
    ----------
    kernel_size : int or (height, width)
        Taps along the axis, >= 1.
    dilation : int or (height, width)
        Distance between two taps in pixels, >= 1; 1 leaves no gap.

    Returns
    -------
    int or (int, int)
        ``dilation * (kernel_size - 1) + 1``

    Raises
    ------
    TypeError
        If an argument is no integer (a bool is none).
    ValueError
        If an argument is below 1.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning",
    arXiv:1603.07285, section 5.1 (their dilation `d` is this one).

    Examples
    --------
    Five taps at distance 2 reach as far as nine taps without gaps:

    >>> span(5, dilation=2), span(9)
    (9, 9)

    A single tap has nothing to put a gap between:

    >>> span(1, dilation=100)
    1
    """
    kernel = pair("span", "kernel_size", kernel_size, 1)
    gaps = pair("span", "dilation", dilation, 1)
    return in_form(map(_span, kernel, gaps), kernel_size, dilation)


def unread(size, kernel_size, *, stride=1, padding=0, dilation=1):
    """Count the pixels at the end of the input that no window reads.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation
        As for `conv_output_size`.

    Returns
    -------
    int or (int, int)
        ``size - 1 - last``, where ``last`` is the last input pixel under any tap. Without
        padding this is ``(size - span) mod stride``, the remainder that the floor drops.

    Raises
    ------
    TypeError
        If an argument is no integer (a bool is none).
    ValueError
        If an argument is out of range, or if not even one window fits.

    Examples
    --------
    AlexNet's first layer never sees the last two rows and columns of a 225 pixel image.
    A pixel of padding on every side brings them in; in front alone it pushes a third one out:

    >>> unread(225, 11, stride=4), unread(225, 11, stride=4, padding=1)
    (2, 0)
    >>> unread(225, 11, stride=4, padding=(1, 0, 1, 0))
    (3, 3)
    """
    name = "unread"
    counts = pair(name, "size", window_counts(name, size, kernel_size, stride, padding, dilation))
    sizes, kernels = pair(name, "size", size), pair(name, "kernel_size", kernel_size)
    strides, gaps = pair(name, "stride", stride), pair(name, "dilation", dilation)
    arguments = (sizes, kernels, strides, gaps, padding4(name, padding)[::2], counts)
    missed = [_unread(*(values[axis] for values in arguments)) for axis in (0, 1)]
    return in_form(missed, size, kernel_size, stride, padding, dilation)


def positions(function, sizes, kernels, strides, sides, gaps, *, names=AXES):
    """Count window positions per axis, from arguments already in their full form.

    This is the count that `cnnlib.ops` shares: pairs and a 4-tuple in, a pair out, and the
    error in the name of the `function` that the reader called, with the `names` of its axes.
    """
    down = (sizes[0] + sides[0] + sides[1] - _span(kernels[0], gaps[0])) // strides[0] + 1
    across = (sizes[1] + sides[2] + sides[3] - _span(kernels[1], gaps[1])) // strides[1] + 1
    if down < 1 or across < 1:
        _refuse(function, 0 if down < 1 else 1, (sizes, kernels, gaps, sides), names, pooling=False)
    return down, across


def pool_positions(function, sizes, kernels, strides, sides, gaps, ceil_mode):
    """The same for a pooling: its padding is half a window at most, and its windows may hang over."""
    counts = []
    for axis in (0, 1):
        before, after = sides[2 * axis : 2 * axis + 2]
        if max(before, after) > kernels[axis] // 2:
            raise ValueError(
                f"{function}: padding={both(before, after)} is more than half of kernel_size="
                f"{kernels[axis]} along the {AXES[axis]}; use at most {kernels[axis] // 2}"
            )
        room = sizes[axis] + before + after - _span(kernels[axis], gaps[axis])
        count = room // strides[axis] + 1
        if ceil_mode:
            count = _ceil(room, sizes[axis] + before, strides[axis])
        if count < 1:
            _refuse(function, axis, (sizes, kernels, gaps, sides), AXES, pooling=True)
        counts.append(count)
    return tuple(counts)


def same_sides(sizes, kernels, strides, gaps):
    """The padding, ``(top, bottom, left, right)``, with which stride S turns N pixels into ceil(N / S)."""
    sides = []
    for size, taps, stride, gap in zip(sizes, kernels, strides, gaps, strict=True):
        total = max((-(-size // stride) - 1) * stride + _span(taps, gap) - size, 0)
        sides += [total // 2, total - total // 2]  # the odd pixel at the end
    return tuple(sides)


def window_counts(function, size, kernel_size, stride, padding, dilation):
    """Bring the arguments into their full form, count, and return the form asked for."""
    counts = positions(function, *full(function, size, kernel_size, stride, padding, dilation))
    return in_form(counts, size, kernel_size, stride, padding, dilation)


def full(function, size, kernel_size, stride, padding, dilation):
    """Check the arguments of a window; return them as pairs and a 4-tuple, as `positions` takes them."""
    return (
        pair(function, "size", size, 1),
        pair(function, "kernel_size", kernel_size, 1),
        pair(function, "stride", stride, 1),
        padding4(function, padding),
        pair(function, "dilation", dilation, 1),
    )


def in_form(values, *arguments):
    """Return the two `values` as a pair, or as one integer if no argument was a pair."""
    height, width = values
    return (height, width) if any(isinstance(a, (tuple, list)) for a in arguments) else height


def both(before, after):
    """Write the padding of one axis: a number, or two where the sides differ."""
    return f"{before}" if before == after else f"{before}+{after}"


def _span(taps, gap):
    return gap * (taps - 1) + 1


def _unread(size, taps, stride, gap, before, count):
    """Look for the last input pixel under any tap: for each tap, in its last window inside."""
    last = -1
    for offset in range(0, taps * gap, gap):
        window = min(count - 1, (before + size - 1 - offset) // stride)
        if window >= 0:
            last = max(last, window * stride + offset - before)
    return size - 1 - last


def _ceil(room, beyond, stride):
    """One window more where the floor left pixels over, unless it starts at `beyond` the input or later."""
    count = -(-room // stride) + 1
    return count - 1 if (count - 1) * stride >= beyond else count


def _refuse(function, axis, arguments, names, pooling):
    sizes, kernels, gaps, sides = arguments
    alike = all(of[0] == of[1] for of in (sizes, kernels, gaps)) and sides[:2] == sides[2:]
    where = "" if alike else f" along the {names[axis]}"
    size, taps, gap = sizes[axis], kernels[axis], gaps[axis]
    before, after = sides[2 * axis : 2 * axis + 2]
    reach = _span(taps, gap)
    remedy = "enlarge the input" if pooling else f"use padding >= {-(-(reach - size) // 2)}"
    raise ValueError(
        f"{function}: a window spanning {reach} (kernel_size={taps}, dilation={gap}) does not fit "
        f"in {size + before + after} (size={size}, padding={both(before, after)}){where}; "
        f"shrink the window or {remedy}"
    )
