"""Practice papers: questions on the parts of the exam, with worked answers and hints that know the usual mistakes."""

import secrets
from functools import cache, cached_property

import numpy as np

from cnnlib.arguments import integer
from cnnlib.exam import templates as _templates  # noqa: F401  registers them
from cnnlib.exam.picking import LEAST_MARKS, MOST_MARKS, MOST_SEEDS, VARIANTS, pick, scramble, variant
from cnnlib.exam.summary import summary, where
from cnnlib.exam.template import TEMPLATES, TRIES, Item
from cnnlib.values import listed

PARTS = tuple(dict.fromkeys(template.part for template in TEMPLATES.values()))
_LISTED = [(name, template.part, template.marks) for name, template in TEMPLATES.items()]


class Paper:
    """Questions to practise with; in a notebook it is shown as `Question` explorers. Made by `paper`.

    Attributes
    ----------
    seed : int
        Gives the same paper again.
    parts : tuple of str
        The parts of the exam that it draws from.
    items : list of Item
        The questions: prompt, answer, wrong answers with their misconceptions, hint, worked answer, marks.
    marks : int
        Of all questions together.
    """

    def __init__(self, seed: int, parts: tuple[str, ...], items: list[Item]):
        self.seed, self.parts, self.items = seed, parts, items

    @property
    def marks(self) -> int:
        return sum(item.marks for item in self.items)

    @cached_property
    def questions(self) -> list:
        """The questions as `Question` explorers, numbered, with part and marks."""
        from cnnlib.explore import Question

        states = [item.state() for item in self.items]
        return [
            Question(**state | {"prompt": f"{_head(number, item)} {item.prompt}"})
            for number, (item, state) in enumerate(zip(self.items, states, strict=True), 1)
        ]

    def __repr__(self):
        count = f"{len(self.items)} question{'s' if len(self.items) > 1 else ''}"
        lines = [f"Paper(seed={self.seed}, {count}, {self.marks} marks)"]
        for number, item in enumerate(self.items, 1):
            lines.append(f"{_head(number, item)} {item.prompt}")
            lines += [f"   - {choice}" for choice in item.choices]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **options):
        from ipywidgets import VBox

        bundle = VBox(self.questions)._repr_mimebundle_(**options)
        bundle["text/plain"] = repr(self)
        return bundle

    def worked(self) -> str:
        """The paper with its worked answers and the usual mistakes, as Markdown.

        Returns
        -------
        str
            A heading for each question; below it the answer, the way to it, and what each wrong answer comes from.

        Examples
        --------
        >>> print(paper(seed=1, parts=["3c"], marks=2).worked().splitlines()[0])
        ## 1. (3c, 2 marks)
        """
        blocks = []
        for number, item in enumerate(self.items, 1):
            lines = [f"## {_head(number, item)}", "", item.prompt, ""]
            lines += [f"- {choice}" for choice in item.choices] + [""] * bool(item.choices)
            lines += [f"**Answer: {shown(item.answer, item.unit)}.** {' '.join(item.worked)}", ""]
            for wrong in item.wrong:
                lines.append(f"- Not {shown(wrong.value)}. {wrong.sentence} ({where(wrong.misconception)})")
            blocks.append("\n".join(lines))
        return "\n\n".join(blocks) + "\n"

    def mistakes(self, answers):
        """What the wrong answers come from, and where the book mends it, as after a paper on the book's page.

        Parameters
        ----------
        answers : sequence
            One for each question, in order: a number, or the text of a choice; None where there is no answer.

        Returns
        -------
        cnnlib.tables.Table
            A row for each misconception, the most frequent first. The caption gives the marks. A wrong
            answer that nobody foresaw costs its marks and has no row.

        Raises
        ------
        TypeError
            If `answers` is no sequence, or one of them no number where a number is asked for.
        ValueError
            If their number is not that of the questions, or one is none of the choices.

        Examples
        --------
        >>> paper(seed=7, parts=["4a"], marks=2).mistakes([42])
        0 of 2 marks: 0 of 1 questions right, 0 open.
              what the wrong answers come from  where the book mends it
        ----  --------------------------------  ----------------------------------------
        Once  which pixels are never read       chapter 6, “AlexNet at 227, 225 and 224”
        """
        if isinstance(answers, str) or not hasattr(answers, "__len__"):
            raise TypeError(f"mistakes: answers={answers!r} is no sequence; use a list with an answer to each question")
        if len(answers) != len(self.items):
            raise ValueError(
                f"mistakes: answers has {len(answers)} entries for {len(self.items)} questions; "
                "give one for each, None where there is no answer"
            )
        return summary(self.items, answers)


def paper(*, seed=None, parts=None, marks=30) -> Paper:
    """Draw a practice paper.

    Parameters
    ----------
    seed : int, optional
        From 0 on; the same one gives the same paper. Seeds below 1,000,000 draw from the questions that are stored
        with the book's page of practice papers, which shows the same paper for the same seed, parts and marks. Larger
        ones draw fresh questions. Without a seed the paper is fresh, and says its seed.
    parts : list of str, optional
        Such as ``["5a", "6c"]``; without, all 18 parts of the exam.
    marks : int
        From 2 to 100.

    Returns
    -------
    Paper
        With exactly that many marks; in the order of the exam.

    Raises
    ------
    TypeError
        If `seed` or `marks` is no integer, or `parts` is no list of texts.
    ValueError
        For a part that the exam does not have, or marks out of range.

    Examples
    --------
    >>> paper(seed=7, parts=["4a"], marks=2)
    Paper(seed=7, 1 question, 2 marks)
    1. (4a, 2 marks) 133 columns, kernel 5, stride 3, no padding. How many columns at the right are read by no window?
    """
    seed = MOST_SEEDS + secrets.randbelow(2**31) if seed is None else integer("paper", "seed", seed)
    marks = integer("paper", "marks", marks, LEAST_MARKS)
    if marks > MOST_MARKS:
        raise ValueError(f"paper: marks={marks} is too many; use at most {MOST_MARKS}")
    parts = _parts(parts)
    items, seen = [], set()
    for name, turn in pick(_LISTED, seed, parts, marks):
        item = stored(name)[variant(seed, name, turn)] if seed < MOST_SEEDS else _fresh(name, seed, seen)
        seen.add(_identity(item))
        items.append(item)
    return Paper(seed, parts, items)


@cache
def stored(name: str) -> tuple[Item, ...]:
    """The questions of one template that the page holds, all different."""
    r, seen = np.random.default_rng(scramble(name)), set()
    items = []
    for _ in range(VARIANTS):
        items.append(_unseen(name, r, seen))
        seen.add(_identity(items[-1]))
    return tuple(items)


def shown(value, unit="") -> str:
    """An answer as it is read: with thousands' marks and its unit, of which there may be one."""
    text = value if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else f"{round(value, 4):,}"
    return f"{text} {unit.removesuffix('s') if value == 1 else unit}".strip()


def _parts(parts):
    if parts is None:
        return PARTS
    given, parts = parts, listed("paper", "parts", parts, "a list of names, such as ['5a', '6c']")
    if not all(isinstance(part, str) for part in parts):
        raise TypeError(f"paper: parts={given!r} is no list of names; use parts such as ['5a', '6c']")
    for part in parts:
        if part not in PARTS:
            raise ValueError(f"paper: parts has {part!r}, which the exam does not have; it has {', '.join(PARTS)}")
    if not parts:
        raise ValueError(f"paper: parts={given!r} is empty; leave it out for all of {', '.join(PARTS)}")
    return tuple(part for part in PARTS if part in parts)


def _fresh(name, seed, seen):
    """A question that this paper does not hold yet."""
    return _unseen(name, np.random.default_rng([seed, scramble(name), len(seen)]), seen)


def _unseen(name, r, seen):
    for _ in range(TRIES):
        _, item = TEMPLATES[name].drawn(r)
        if _identity(item) not in seen:
            return item
    raise RuntimeError(f"{name}: none of {TRIES} draws gives a question that was not there before")


def _identity(item):
    return item.template, item.prompt, tuple(sorted(item.choices))


def _head(number, item):
    return f"{number}. ({item.part}, {item.marks} marks)"
