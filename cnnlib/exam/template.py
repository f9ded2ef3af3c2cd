"""What a template of exam questions is: ranges to draw from, a right answer, and functions that make known mistakes."""

from dataclasses import dataclass

import numpy as np

from cnnlib.exam.misconceptions import MISCONCEPTIONS

TRIES = 5000
TEMPLATES: dict[str, type["Template"]] = {}  # in the order of the exam's parts


class Redraw(Exception):
    """The numbers drawn make no good question: two answers coincide, or something hides which is which."""


@dataclass(frozen=True)
class Wrong:
    """A wrong answer, what to say to it, and the id of the misconception that leads to it."""

    value: int | float | str
    sentence: str
    misconception: str


@dataclass(frozen=True)
class Item:
    """One question of a paper, drawn from a template."""

    template: str
    part: str
    marks: int
    prompt: str
    answer: int | float | str
    wrong: tuple[Wrong, ...]
    choices: tuple[str, ...]
    tolerance: float
    unit: str
    hint: str
    worked: tuple[str, ...]

    def state(self) -> dict:
        """The parameters of the `Question` that asks it."""
        way = " ".join(self.worked)
        return {
            "prompt": self.prompt,
            "answer": self.answer,
            "wrong": [[wrong.value, wrong.sentence] for wrong in self.wrong],
            "choices": list(self.choices),
            "tolerance": self.tolerance,
            "why": way,
            "unit": self.unit,
            "opening": False,
            "hints": [f"Not that. {self.hint}"],
            "way": way,
        }


def mistake(misconception: str, sentence: str):
    """Mark a method of a template as one that makes a known mistake; it gives None where the mistake can't be made."""
    if misconception not in MISCONCEPTIONS:
        raise ValueError(f"mistake: misconception={misconception!r} is none of {sorted(MISCONCEPTIONS)}")

    def mark(method):
        method.misconception, method.sentence = misconception, sentence
        return method

    return mark


class Template:
    """A kind of question. A subclass is registered under its name; an instance holds the numbers of one draw.

    Attributes
    ----------
    part : str
        The part of the exam that it practises, such as ``"5a"``.
    marks : int
        2 for one step of thought, 3 for more.
    decimals : int
        How many decimals the answer is wanted to; 0 for answers that are whole. The prompt says it.
    unit : str
        Written behind the field.
    hint : str
        What to think of, before any number is tried.
    """

    part = ""
    marks = 2
    decimals = 0
    unit = ""
    hint = ""
    choice = False

    def __init_subclass__(cls):
        TEMPLATES[cls.__name__] = cls
        cls.mistakes = [method for method in vars(cls).values() if hasattr(method, "misconception")]

    def draw(self, r):
        """Set the numbers of this question from a random generator, or raise `Redraw`."""
        raise NotImplementedError

    def prompt(self) -> str:
        raise NotImplementedError

    def right(self):
        """The right answer: a number, or the text of the right choice."""
        raise NotImplementedError

    def worked(self) -> list[str]:
        """The way to the answer, in lines."""
        raise NotImplementedError

    @classmethod
    def drawn(cls, r) -> tuple["Template", Item]:
        """An instance with numbers that make a good question, and that question."""
        for _ in range(TRIES):
            template = cls()
            try:
                template.draw(r)
                return template, template.item(r)
            except Redraw:
                continue
        raise RuntimeError(f"{cls.__name__}: none of {TRIES} draws makes a good question")

    def item(self, r) -> Item:
        """The question with its answers, if no two of them can be taken for each other."""
        answer, tolerance = self.right(), self.tolerance()
        wrong = []
        for method in self.mistakes:
            value = method(self)
            if value is not None:
                wrong.append(Wrong(plain(value), method.sentence, method.misconception))
        values = [plain(answer), *(each.value for each in wrong)]
        for index, value in enumerate(values):
            redraw_if(any(same(value, other, tolerance) for other in values[:index]))
        redraw_if(len(wrong) < 2)
        choices = [str(values[k]) for k in r.permutation(len(values))] if self.choice else []
        prompt = self.prompt()
        if self.decimals:
            prompt += f" Answer to {('one decimal', 'two decimals')[self.decimals - 1]}."
        return Item(
            type(self).__name__, self.part, self.marks, prompt, values[0], tuple(wrong), tuple(choices), tolerance,
            self.unit, self.hint, tuple(self.worked()),
        )  # fmt: skip

    def tolerance(self) -> float:
        """Half of the last decimal that is asked for, and a little for a number rounded twice."""
        return 0.6 * 10.0**-self.decimals if self.decimals else 0.0


def redraw_if(condition) -> None:
    """Draw again where the condition holds."""
    if condition:
        raise Redraw


def same(one, other, tolerance) -> bool:
    """Whether two answers could be taken for each other."""
    if isinstance(one, str):
        return one == other
    return abs(one - other) <= max(2 * tolerance, 1e-9)


def plain(value):
    """A number of NumPy or Python as an int where it is whole, else as a float of nine decimals; a text as it is."""
    if isinstance(value, str):
        return value
    value = round(float(value), 9)
    return int(value) if value.is_integer() else value


def one_of(r, *values):
    """One of the values."""
    return values[int(r.integers(len(values)))]


def whole(r, low, high, step=1) -> int:
    """A whole number from low to high, both included, in steps."""
    return int(r.integers((high - low) // step + 1)) * step + low


def written(array) -> str:
    """An array or a list of whole numbers as a list in brackets."""
    return str(np.asarray(array).astype(int).tolist())
