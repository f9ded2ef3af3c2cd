"""A question that checks itself, also where there is no kernel."""

import hashlib
import operator

import traitlets

from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import StateTypeError, StateValueError, real
from cnnlib.explore.question import seal


class _Wrong(traitlets.TraitType):
    """Wrong answers and their hints: a dict, or the list of pairs that it is kept and synced as."""

    def validate(self, obj, value):
        try:
            pairs = [[answer, hint] for answer, hint in (value.items() if isinstance(value, dict) else value)]
        except (TypeError, ValueError):
            raise StateTypeError(f"Question: wrong={value!r} is no dict of answers to hints") from None
        for answer, hint in pairs:
            if not isinstance(hint, str) or not hint.strip():
                raise StateValueError(f"Question: wrong has {answer!r} with the hint {hint!r}; say what went wrong")
        return pairs


class Question(Explorer):
    """A number to find or a choice to make, with a hint for each wrong answer that somebody is likely to give.

    A reader may write a number as 12, 0.5, 3/4, 1e9, 10^9 or 290,400, with or without its unit. Texts may hold
    formulas of TeX between dollars.

    Parameters
    ----------
    prompt : str
        The question.
    answer : number or str
        The right number, or the right one of ``choices``. Let the package compute it.
    wrong : dict
        Wrong answers to hints, each made from a misconception: ``{54: "You floored before ..."}``. With ``choices``,
        every wrong one needs its hint.
    choices : list of str, optional
        What to choose from, in this order.
    tolerance : number, at least 0
        How far from ``answer`` (or a wrong answer) still counts as it.
    why : str
        Why the right answer is right: comes with it.
    unit : str
        Written behind the field of a number.
    opening : bool
        True for a question at the start of a page, to which a guess is a good answer: it is told to read on.
    hints : list of str, at most 2
        What to say to the first and second wrong number that nobody foresaw; without, whether it is too large or small.
    way : str
        What to say to the third: the way to the answer. Without, the answer and ``why``.

    Raises
    ------
    TypeError
        For an unknown keyword, or an answer that is neither number nor text.
    ValueError
        If a wrong answer can't be told from the right one or from another, if a choice has no hint, or for a whole
        number that a browser can't hold.

    Examples
    --------
    >>> Question("A window of 3 on 7 pixels: how many outputs?", answer=5, wrong={7: "Not all start a window."})
    Question('A window of 3 on 7 pixels: how many outputs?', 1 wrong answer with a hint)
    Answer, as a fingerprint: ef2d127d.
    """

    module = "question/view.mjs"
    parameters = ("prompt", "answer", "wrong", "choices", "tolerance", "why", "unit", "opening", "hints", "way")

    prompt = traitlets.Unicode().tag(sync=True)
    answer = traitlets.Any().tag(sync=True)
    wrong = _Wrong(default_value=[]).tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    tolerance = traitlets.Any(0.0).tag(sync=True)
    why = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    opening = traitlets.Bool(False).tag(sync=True)
    hints = traitlets.List(traitlets.Unicode(), maxlen=2).tag(sync=True)
    way = traitlets.Unicode().tag(sync=True)

    def __init__(self, prompt, *, answer, wrong=None, choices=None, **more):
        super().__init__(prompt=prompt, answer=answer, wrong=wrong or {}, choices=list(choices or []), **more)

    def seal(self) -> str:
        """The question as a text that shows nothing of its answer, for `Question.sealed`.

        >>> text = Question("A window of 3 on 7 pixels: how many outputs?", answer=5).seal()
        >>> "7 pixels" in text, Question.sealed(text).answer
        (False, 5)
        """
        return seal.sealed({name: getattr(self, name) for name in self.parameters})

    @classmethod
    def sealed(cls, text: str) -> "Question":
        """The question that `seal` turned into a text. The edition for students holds its questions so.

        Raises TypeError for what is no text, and ValueError for one that is damaged.
        """
        return cls(**seal.opened(text))

    @traitlets.validate("answer", "wrong", "choices", "tolerance")
    def _fits_the_others(self, proposal):
        """Check a new value together with the others; hold_trait_notifications() sets several at once."""
        name = proposal["trait"].name
        parts = {part: getattr(self, part) for part in ("answer", "wrong", "choices", "tolerance")}
        parts[name] = proposal["value"]
        parts["tolerance"] = real("Question: tolerance", parts["tolerance"])
        if parts["tolerance"] < 0:
            raise StateValueError(f"Question: tolerance={parts['tolerance']} is negative; use 0 or a positive number")
        if parts["choices"]:
            _check_choices(**parts)
        else:
            parts["answer"] = _number("answer", parts["answer"])
            parts["wrong"] = [[_number("wrong", value), hint] for value, hint in parts["wrong"]]
            _check_numbers(**parts)
        return parts[name]

    def result(self):
        fingerprint = hashlib.sha256(repr(self.answer).encode()).hexdigest()[:8]
        return f"Answer, as a fingerprint: {fingerprint}."

    def __repr__(self):
        hints = f"{len(self.wrong)} wrong answer{'' if len(self.wrong) == 1 else 's'} with a hint"
        return f"Question({self.prompt!r}, {hints})\n{self.result()}"

    def figure(self):
        return None


def _check_choices(answer, wrong, choices, tolerance):
    hinted = [choice for choice, _ in wrong]
    if answer not in choices:
        raise StateValueError(f"Question: answer={answer!r} is not among choices={choices}; use one of them")
    for choice in choices:
        if choices.count(choice) > 1:
            raise StateValueError(f"Question: the choice {choice!r} stands twice in choices; leave one out")
        if choice != answer and choice not in hinted:
            raise StateValueError(f"Question: the choice {choice!r} has no hint; add it to wrong")
    for choice in hinted:
        if choice not in choices or choice == answer:
            raise StateValueError(f"Question: wrong has {choice!r}, which is no wrong choice of {choices}")


def _check_numbers(answer, wrong, choices, tolerance):
    values = [value for value, _ in wrong]
    for index, value in enumerate(values):
        if abs(value - answer) <= 2 * tolerance:
            raise StateValueError(
                f"Question: wrong has {value!r}, which lies within tolerance={tolerance} of answer={answer!r}; "
                "leave it out or use a smaller tolerance"
            )
        for other in values[:index]:
            if abs(value - other) <= tolerance:
                raise StateValueError(
                    f"Question: wrong has {other!r} and {value!r}, which tolerance={tolerance} can't tell apart; "
                    "leave one out or use a smaller tolerance"
                )


def _number(name, value):
    """A finite number as an int where it is whole, or the error that says so."""
    value = getattr(value, "item", lambda: value)()
    if isinstance(value, str):
        raise StateTypeError(f"Question: {name}={value!r} is text; use a number, or give choices")
    number = real(f"Question: {name}", value)
    whole = int(number) if number.is_integer() else number
    if hasattr(value, "__index__") and operator.index(value) != whole:
        raise StateValueError(f"Question: {name}={value} is too large to be exact in a browser; use at most 2**53")
    return whole
