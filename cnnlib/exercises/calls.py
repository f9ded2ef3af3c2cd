"""A reader's function, called so that a verdict always comes: on copies, and for a bounded number of lines."""

import copy
import os
import sys
import sysconfig

import numpy as np

__all__ = ["CannotJudge", "call", "unchanged"]

#: Lines that a call may run, what libraries do not counted. The solutions need a few thousand at the most.
LINES = 200_000
#: Code that nobody is waiting for to end: the standard library, installed packages, and this one.
_LIBRARIES = (
    sysconfig.get_path("stdlib"),
    os.path.dirname(os.path.dirname(np.__file__)),
    os.path.dirname(os.path.dirname(__file__)),
    "<frozen",
)
#: What code names that reads the variables of its caller, or stops the count.
_PRYING = frozenset(
    "_current_frames _getframe currentframe f_back f_locals get_objects get_referrers setprofile settrace "  # noqa: SIM905
    "tb_frame".split()
)


class CannotJudge(Exception):
    """The call says nothing about the function; the message says why."""


class _TooLong(BaseException):
    """Thrown into a call that has run too many lines; no ``except Exception`` catches it.

    Python switches a tracer off that raises. Whoever swallows this exception switches it on again.
    """

    def __init__(self, watch):
        self.watch = watch

    def __del__(self):
        self.watch.resume(sys._getframe(1))


def call(function, arguments, read):
    """Call ``function`` on copies of the ``arguments``; return what ``read`` makes of its result, and the copies.

    Parameters
    ----------
    function : callable
        The reader's.
    arguments : tuple
        Copied to the bottom, lists inside of lists too.
    read : callable
        From the result to an array of our own. It is called under the same limit, for a result may have code too.

    Raises
    ------
    CannotJudge
        If the call runs more than `LINES` lines, or its code reads the variables of its caller. Two kinds
        can only be stopped by hand: one that never comes back from C, as ``sum(itertools.repeat(0))`` does not, and
        one whose ``finally`` goes on for ever.
    BaseException
        Whatever the function or ``read`` raises.

    Examples
    --------
    >>> def forever():
    ...     while True:
    ...         pass
    >>> call(forever, (), np.asarray)
    Traceback (most recent call last):
    cnnlib.exercises.calls.CannotJudge: the function has run 200,000 lines without coming to an end
    """
    copies = copy.deepcopy(arguments)
    watch = _Watch()
    try:
        try:
            with np.errstate():  # what the function sets holds until here
                watch.start()
                result = read(function(*copies))
        finally:
            watch.stop()
    except _TooLong:
        watch.stop()
    except BaseException:
        watch.judge()  # whatever else it raised on its way out
        raise
    watch.judge()
    return result, copies


def unchanged(arguments, copies):
    """Tell whether the copies are still what they were copied from: kinds, lengths and values, to the bottom."""
    if isinstance(arguments, np.ndarray):
        same = isinstance(copies, np.ndarray) and copies.dtype == arguments.dtype
        return same and np.array_equal(arguments, copies, equal_nan=arguments.dtype.kind == "f")
    if isinstance(arguments, list | tuple):
        same = type(copies) is type(arguments) and len(copies) == len(arguments)
        return same and all(map(unchanged, arguments, copies))
    return type(copies) is type(arguments) and copies == arguments


class _Watch:
    """Counts the lines that a call runs, and looks at what its code names. A debugger keeps its own tracing."""

    def __init__(self):
        self.lines, self.pries, self.on, self.before = 0, False, False, sys.gettrace()

    def start(self):
        if self.before is None:
            self.on = True
            sys.settrace(self.trace)

    def stop(self):
        self.on = False
        sys.settrace(self.before)

    def resume(self, frame):
        """Go on with ``frame`` and what called it, up to our own `call`."""
        if self.on:
            sys.settrace(self.trace)
            while frame is not None and frame.f_code is not call.__code__:
                frame.f_trace, frame = self.trace, frame.f_back

    def trace(self, frame, event, argument):
        code = frame.f_code
        if event == "call":
            if code.co_filename.startswith(_LIBRARIES):
                return None
            named = {*code.co_names, *(constant for constant in code.co_consts if isinstance(constant, str))}
            self.pries |= not named.isdisjoint(_PRYING)
        elif event == "line":
            self.lines += 1
            if self.lines > LINES:
                raise _TooLong(self)
        return self.trace

    def judge(self):
        if self.lines > LINES:
            raise CannotJudge(f"the function has run {LINES:,} lines without coming to an end") from None
        if self.pries:
            raise CannotJudge(
                "the function looks into its caller, where the expected result might be; compute it from the arguments"
            ) from None
