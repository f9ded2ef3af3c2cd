"""Random windows for the tests of geometry, and the plainest way to count them.

Hypothesis draws one string of bytes a case, each byte one choice: far faster than a draw
for each number, and a failing case still shrinks towards the smallest of every choice.
"""

from hypothesis import strategies as st

#: What one axis of a window may be; half of them do not fit.
WINDOW = ((1, 40), (1, 9), (1, 9), (0, 6), (0, 6), (1, 7))


def choices(*ranges):
    """A strategy of tuples with one integer from each ``(low, high)``, both included."""

    def spend(raw):
        return tuple(low + byte % (high - low + 1) for byte, (low, high) in zip(raw, ranges, strict=True))

    return st.binary(min_size=len(ranges), max_size=len(ranges)).map(spend)


def windows():
    """One axis: ``size, kernel_size, stride, (before, after), dilation``, fitting or not."""
    return choices(*WINDOW).map(lambda c: (c[0], c[1], c[2], (c[3], c[4]), c[5]))


def taps(start, kernel, dilation):
    """Positions that a window at `start` reads."""
    return [start + tap * dilation for tap in range(kernel)]


def starts(size, kernel, stride, sides, dilation):
    """Walk a window along the padded axis and note every start at which it fits."""
    length = sides[0] + size + sides[1]
    found, start = [], 0
    while taps(start, kernel, dilation)[-1] < length:
        found.append(start)
        start += stride
    return found
