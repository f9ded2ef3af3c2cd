"""The exam's claims as data: what each says, what became of it, and the function that guards it.

The texts stand in ``data/exam/claims.json``, in the book's own words, for the exam's are not quoted. A claim that can
be computed has a function of its name in ``checks_q1.py`` and so on; what it returns must be what is stored.
"""

import inspect
import json
import textwrap
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import NamedTuple

import numpy as np

from cnnlib import data
from cnnlib.values import choice

MODULES = (
    "checks_q0",
    "checks_q1",
    "checks_q2",
    "checks_q3",
    "checks_q4",
    "checks_q5",
    "checks_q5_channels",
    "checks_q6",
)


class Part(NamedTuple):
    """A part of the exam: its question and letter, its marks, what it asks."""

    question: str
    part: str
    marks: int
    asks: str


class Source(NamedTuple):
    """Where a fact comes from: a key of the bibliography, and when or how it was seen there."""

    key: str
    seen: str


@dataclass(frozen=True)
class Claim:
    """One claim of the exam.

    Attributes
    ----------
    id : str
        ``"C001"`` to ``"C177"``.
    question, part : str
        ``"1"`` to ``"6"`` with ``"a"`` to ``"c"``; ``"0"`` with ``""`` for the paper as a whole.
    kind : str
        arithmetic, formula, definition, empirical or historical.
    verdict : str
        holds, holds with condition, contested, wrong or not testable.
    says, truth : str
        What the exam says, in our words; what is true, and under which condition.
    checked : str
        ``"run"`` if a function computes `value`; else literature, definition, argument, chapter (measured there)
        or not tested.
    value : object
        What that function returns: numbers, lists or a dictionary of them. None without a function.
    sources : tuple of Source
        Keys of ``chapters/references.bib``, each with the date on which it was read, or how it is known.
    """

    id: str
    question: str
    part: str
    kind: str
    verdict: str
    says: str
    truth: str
    checked: str
    value: object = None
    sources: tuple[Source, ...] = ()

    @property
    def guard(self) -> str | None:
        """Where the function stands that computes the value, as ``module.function``.

        >>> claim("C119").guard
        'cnnlib.exam.checks_q5.c119'
        """
        check = guards().get(self.id)
        return f"{check.__module__}.{check.__name__}" if check else None

    @property
    def command(self) -> str | None:
        """The lines that compute the value, ready to be read; None where nothing is computed.

        >>> print(claim("C120").command)
        dilations = (1, 2, 4, 8, 16)
        [geometry.receptive_field([Layer(3, dilation=d) for d in dilations[: n + 1]]).size for n in range(5)]
        """
        check = guards().get(self.id)
        if check is None:
            return None
        body = textwrap.dedent("".join(inspect.getsourcelines(check)[0][1:])).rstrip()
        before, _, last = body.rpartition("return ")
        return (before + last).replace("  # fmt: skip", "")


def exam() -> dict:
    """Read everything that is stored about the exam: its parts, claims, contradictions and questions, as lists."""
    return json.loads(data.folder().joinpath("exam", "claims.json").read_text(encoding="utf-8"))


@cache
def parts() -> tuple[Part, ...]:
    """List the exam's parts in its order.

    >>> parts()[0]
    Part(question='1', part='a', marks=8, asks='why dense networks need too many parameters')
    """
    return tuple(Part(**part) for part in exam()["parts"])


def claims() -> tuple[Claim, ...]:
    """List all claims in the exam's order.

    >>> len(claims()), sum(claim.verdict == "wrong" for claim in claims())
    (177, 26)
    """
    return tuple(map(_own, _claims()))


def _own(claim):
    """A claim whose value the caller may change."""
    return replace(claim, value=deepcopy(claim.value))


@cache
def _claims():
    return tuple(
        Claim(**entry | {"sources": tuple(Source(**source) for source in entry.get("sources", ()))})
        for entry in exam()["claims"]
    )


def claim(name: str) -> Claim:
    """Look up one claim.

    Parameters
    ----------
    name : str
        Its number, ``"C119"``.

    Raises
    ------
    TypeError
        If `name` is no string.
    ValueError
        If there is no such claim.

    Examples
    --------
    >>> claim("C119").says
    'Dilation 2 covers 5 × 5 pixels, dilation 4 covers 9 × 9.'
    """
    return _known("claim", name)


def check(name: str) -> object:
    """Compute the value of a claim anew.

    Parameters
    ----------
    name : str
        Its number, ``"C119"``.

    Returns
    -------
    object
        Numbers, a list or a dictionary of them: what is true where the claim is about numbers.

    Raises
    ------
    TypeError
        If `name` is no string.
    ValueError
        If there is no such claim, or nothing to compute for it.

    Examples
    --------
    The exam's five layers of 3 x 3 see 51 pixels, it says:

    >>> check("C042")["field of layer 5"]
    11
    """
    found = _known("check", name)
    if found.id not in guards():
        raise ValueError(
            f"check: {name} has nothing to compute, it was settled by: {found.checked}; see claim({name!r})"
        )
    return plain(guards()[found.id]())


@cache
def guards() -> dict[str, Callable]:
    """Collect the functions that check claims, by the claim's number."""
    found = {}
    for module in MODULES:
        for name, thing in vars(import_module(f"cnnlib.exam.{module}")).items():
            if name.startswith("c") and name[1:].isdigit():
                found[name.upper()] = thing
    return found


def plain(value: object) -> object:
    """Turn NumPy's numbers into Python's, and tuples into lists, as JSON would."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _known(function, name):
    found = {entry.id: entry for entry in _claims()}
    return _own(found[choice(function, "name", name, found)])
