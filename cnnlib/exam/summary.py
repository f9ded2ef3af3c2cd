"""How a paper went: its marks, and the misconceptions behind its wrong answers, most frequent first."""

from collections import Counter

from cnnlib.exam.misconceptions import MISCONCEPTIONS
from cnnlib.tables import Table

NONE = "no wrong answer whose cause is known"


def summary(items, answers) -> Table:
    """A table of misconceptions, with the marks in its caption. See `Paper.mistakes`."""
    judged = [judge(number, item, answer) for number, (item, answer) in enumerate(zip(items, answers, strict=True), 1)]
    right = [item.marks for item, (good, _) in zip(items, judged, strict=True) if good]
    still_open = sum(good is None for good, _ in judged)
    counts = Counter(cause for _, cause in judged if cause)
    rows = [(times(count), MISCONCEPTIONS[cause].name, where(cause)) for cause, count in counts.most_common()]
    told = f"{sum(right)} of {sum(item.marks for item in items)} marks: {len(right)} of {len(items)} questions right"
    return Table(
        rows or [("", NONE, "")],
        ["", "what the wrong answers come from", "where the book mends it"],
        caption=f"{told}, {still_open} open.",
    )


def judge(number, item, answer):
    """Whether an answer is right, None while it is open; and the misconception behind a wrong one, None if unknown."""
    if answer is None:
        return None, None
    if item.choices:
        if answer not in item.choices:
            raise ValueError(
                f"mistakes: the answer to question {number} is {answer!r}; use one of {', '.join(item.choices)}"
            )
        found = [wrong.misconception for wrong in item.wrong if wrong.value == answer]
        return answer == item.answer, found[0] if found else None
    if isinstance(answer, str | bool) or not hasattr(answer, "__float__"):
        raise TypeError(
            f"mistakes: the answer to question {number} is {answer!r}, which is no number; use None for none"
        )
    if _near(answer, item.answer, item.tolerance):
        return True, None
    meant = [wrong for wrong in item.wrong if _near(answer, wrong.value, item.tolerance)]
    nearest = min(meant, key=lambda wrong: abs(float(answer) - wrong.value), default=None)
    return False, nearest.misconception if nearest else None


def _near(answer, value, tolerance):
    """As the page judges: within the tolerance, and never stricter than rounding."""
    rounding = abs(value) * (1e-14 if isinstance(value, int) else 1e-9)
    return abs(float(answer) - value) <= max(tolerance, rounding)


def times(count: int) -> str:
    """Once, Twice, 3 times."""
    return {1: "Once", 2: "Twice"}.get(count, f"{count} times")


def where(misconception: str) -> str:
    """The chapter and section that mends a misconception, in words."""
    _, chapter, section = MISCONCEPTIONS[misconception]
    return f"chapter {int(chapter.partition('-')[0])}" + (f", “{section}”" if section else "")
