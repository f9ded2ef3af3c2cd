"""What a checker says of an answer."""

from typing import NamedTuple

import numpy as np

from cnnlib.exercises.calls import CannotJudge, call, unchanged
from cnnlib.exercises.diagnosis import NoNumbers, diagnose, numbers_of

__all__ = ["Verdict", "check"]


class Verdict(NamedTuple):
    """Whether an answer is right, and one sentence about it; true in an ``if`` when right.

    ``right`` is None where the checker can't judge: the function never comes to an end, or looks into its caller.
    """

    right: bool | None
    sentence: str

    def __bool__(self):
        return self.right is True

    def __repr__(self):
        word = {True: "Right", False: "Not yet", None: "Can't judge"}[self.right]
        return f"{word}: {self.sentence}"


def check(function, cases, answer, *, praise):
    """Try ``function`` on each case until one fails.

    The function gets copies of the arguments, to the bottom. What is expected is computed only after it has returned,
    so that no variable of ours holds it while it runs.

    Parameters
    ----------
    function : callable
        The reader's.
    cases : iterable of tuples
        The arguments of each case.
    answer : callable
        From the arguments of a case to the expected array and to ``mistakes``, a dictionary {what was probably done:
        the array that comes of it, or a function that tells whether an array came of it}.
    praise : str
        The sentence for an answer that is right in every case.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> def doubled(x):
    ...     return 2 * x, {"this is x itself": x}
    >>> cases = [(np.array([1.0, 3.0]),), (np.array([4.0]),)]
    >>> check(lambda x: x + x, cases, doubled, praise="every entry is doubled.")
    Right: every entry is doubled.
    >>> check(lambda x: x, cases, doubled, praise="every entry is doubled.")
    Not yet: for an array of 2, this is x itself
    """
    if not callable(function):
        return Verdict(False, f"give the function itself, not its result; this is of type {type(function).__name__}")
    for arguments in cases:
        asked = f"for {_spell(arguments)}, "
        try:
            got, copies = call(function, arguments, numbers_of)
        except NotImplementedError:
            return Verdict(False, "the function is still to be written")
        except CannotJudge as reason:
            return Verdict(None, asked + str(reason))
        except NoNumbers as problem:
            return Verdict(False, asked + str(problem))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return Verdict(False, f"{asked}the function stops with {_named(error)}")
        problem = diagnose(got, *answer(*arguments))
        if not unchanged(arguments, copies):
            problem = (
                f"{problem or 'the result is right'}, {'and' if problem else 'but'} the function changes its input"
            )
        if problem:
            return Verdict(False, asked + problem)
    return Verdict(True, praise)


def _spell(arguments):
    return ", ".join(
        f"an array of {' x '.join(map(str, a.shape))}" if isinstance(a, np.ndarray) else repr(a) for a in arguments
    )


def _named(error):
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # an error whose own text fails
        return type(error).__name__
