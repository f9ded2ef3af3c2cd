"""Which questions a paper holds, from its seed alone: the same in Python and in the page (`practice/pick.mjs`).

The order comes from a hash that both halves compute with 32-bit integers, not from a generator of random numbers.
"""

from collections.abc import Iterable

MOST_SEEDS = 1_000_000  # seeds below it draw from the stored questions, and so give the page's papers
VARIANTS = 24  # stored questions of a template
LEAST_MARKS, MOST_MARKS = 2, 100
_WORD = 0xFFFFFFFF


def scramble(text: str) -> int:
    """A 32-bit hash of a text: FNV-1a, with the last steps of MurmurHash3, so that similar texts lie far apart.

    Examples
    --------
    >>> scramble("7 1a"), scramble("8 1a")
    (1727845685, 1669621114)
    """
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 & _WORD
    value = (value ^ value >> 16) * 0x85EBCA6B & _WORD
    value = (value ^ value >> 13) * 0xC2B2AE35 & _WORD
    return value ^ value >> 16


def pick(templates: Iterable[tuple[str, str, int]], seed: int, parts: Iterable[str], marks: int) -> list:
    """Choose questions with exactly that many marks, as evenly over the parts as they go.

    The parts take turns, each with its templates in turn. A question that would leave a single mark is passed over:
    every part has questions of 2 and of 3 marks, so any larger rest can be filled.

    Parameters
    ----------
    templates : list of (name, part, marks)
        In the order of the exam.
    seed, parts, marks
        As in `paper`.

    Returns
    -------
    list of (name, turn)
        In the order of the exam. ``turn`` counts from 0 how often the template was passed before.
    """
    known = list(templates)
    shelves = {}
    for part in sorted(parts, key=lambda part: scramble(f"{seed} {part}")):
        names = [(name, worth) for name, home, worth in known if home == part]
        shelves[part] = sorted(names, key=lambda pair: scramble(f"{seed} {pair[0]}"))
    picked, left, turn = [], marks, 0
    while left:
        for names in shelves.values():
            name, worth = names[turn % len(names)]
            if left == worth or left - worth >= LEAST_MARKS:
                picked.append((name, turn // len(names)))
                left -= worth
        turn += 1
    order = [name for name, _, _ in known]
    return sorted(picked, key=lambda pair: (order.index(pair[0]), pair[1]))


def variant(seed: int, name: str, turn: int) -> int:
    """Which of a template's stored questions a paper holds."""
    return (scramble(f"{seed} {name} variant") + turn) % VARIANTS
