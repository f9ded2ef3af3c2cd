"""A question that checks itself, also where there is no kernel."""

import hashlib

import traitlets

from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import StateTypeError, StateValueError, real


class Question(Explorer):
    """A number to find or a choice to make, with a hint for each wrong answer that somebody is likely to give.

    Parameters
    ----------
    prompt : str
        The question, plain text.
    answer : number or str
        The right number, or the right one of ``choices``. Let the package compute it.
    wrong : dict
        Wrong answers to hints, each made from a misconception: ``{54: "You floored before ..."}``. With ``choices``,
        every wrong one needs its hint.
    choices : list of str, optional
        What to choose from, in this order.
    tolerance : number
        How far from ``answer`` (or a wrong answer) still counts as it.
    why : str
        One sentence that comes with the right answer.
    unit : str
        Written behind the field of a number.

    Raises
    ------
    TypeError
        For an unknown keyword, or an answer that is neither number nor text.
    ValueError
        If a wrong answer can't be told from the right one, or a choice has no hint.

    Examples
    --------
    >>> Question("A window of 3 on 7 pixels: how many outputs?", answer=5, wrong={7: "Not all start a window."})
    Question('A window of 3 on 7 pixels: how many outputs?', 1 wrong answer with a hint)
    Answer, as a fingerprint: ef2d127d.
    """

    module = "question/view.mjs"
    parameters = ("prompt", "answer", "wrong", "choices", "tolerance", "why", "unit")

    prompt = traitlets.Unicode().tag(sync=True)
    answer = traitlets.Any().tag(sync=True)
    wrong = traitlets.List().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    tolerance = traitlets.Float(0.0).tag(sync=True)
    why = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)

    def __init__(self, prompt, *, answer, wrong=None, choices=None, **more):
        wrong, choices = dict(wrong or {}), list(choices or [])
        if choices:
            if answer not in choices:
                raise StateValueError(f"Question: answer={answer!r} is not among choices={choices}; use one of them")
            for choice in choices:
                if choice != answer and choice not in wrong:
                    raise StateValueError(f"Question: the choice {choice!r} has no hint; add it to wrong")
            for choice in wrong:
                if choice not in choices or choice == answer:
                    raise StateValueError(f"Question: wrong has {choice!r}, which is no wrong choice of {choices}")
        else:
            tolerance = more["tolerance"] = real("Question: tolerance", more.get("tolerance", 0.0))
            answer = _number("answer", answer)
            wrong = {_number("wrong", value): hint for value, hint in wrong.items()}
            for value in wrong:
                if abs(value - answer) <= 2 * tolerance:
                    raise StateValueError(
                        f"Question: wrong has {value!r}, which lies within tolerance={tolerance} of answer={answer!r}; "
                        "leave it out or use a smaller tolerance"
                    )
        super().__init__(
            prompt=prompt, answer=answer, wrong=[[*pair] for pair in wrong.items()], choices=choices, **more
        )

    def result(self):
        fingerprint = hashlib.sha256(repr(self.answer).encode()).hexdigest()[:8]
        return f"Answer, as a fingerprint: {fingerprint}."

    def __repr__(self):
        hints = f"{len(self.wrong)} wrong answer{'' if len(self.wrong) == 1 else 's'} with a hint"
        return f"Question({self.prompt!r}, {hints})\n{self.result()}"

    def figure(self):
        return None


def _number(name, value):
    value = getattr(value, "item", lambda: value)()
    if isinstance(value, str):
        raise StateTypeError(f"Question: {name}={value!r} is text; use a number, or give choices")
    value = real(f"Question: {name}", value)
    return int(value) if value.is_integer() else value
