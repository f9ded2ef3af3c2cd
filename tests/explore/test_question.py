"""Questions: what they refuse, and what they say to right, wrong and misread answers."""

import pytest

from cnnlib.explore import Question

NUMBER = {
    "answer": 55,
    "wrong": [[54.25, "divided"], [217, "no stride"]],
    "choices": [],
    "tolerance": 0,
    "why": "Since it is.",
}


@pytest.mark.parametrize(
    ("arguments", "values", "error", "message"),
    [
        (("?",), {"answer": "55"}, TypeError, r"Question: answer='55' is text; use a number, or give choices"),
        (("?",), {"answer": float("nan")}, ValueError, r"answer=nan is not finite"),
        (("?",), {"answer": True}, TypeError, r"answer=True is a bool"),
        (("?",), {"answer": 5, "wrong": {5: "x"}}, ValueError, r"wrong has 5, which lies within tolerance"),
        (
            ("?",),
            {"answer": 5, "wrong": {5.15: "x"}, "tolerance": 0.1},
            ValueError,
            r"wrong has 5\.15, which lies within tolerance=0\.1",
        ),
        (("?",), {"answer": "c", "choices": ["a", "b"]}, ValueError, r"answer='c' is not among choices"),
        (("?",), {"answer": "a", "choices": ["a", "b"]}, ValueError, r"the choice 'b' has no hint"),
        (
            ("?",),
            {"answer": "a", "choices": ["a", "b"], "wrong": {"b": "x", "d": "y"}},
            ValueError,
            r"wrong has 'd', which is no wrong choice",
        ),
        (("?",), {"answer": 5, "hint": "x"}, TypeError, r"Question: unknown keyword 'hint'"),
    ],
)
def test_bad_questions_are_refused(arguments, values, error, message):
    with pytest.raises(error, match=message):
        Question(*arguments, **values)


def test_the_text_guards_the_answer_without_giving_it_away():
    text = repr(Question("How many?", answer=55))
    assert "55" not in text.splitlines()[0]
    assert text != repr(Question("How many?", answer=54))


@pytest.mark.parametrize(
    ("given", "right", "text"),
    [
        ("55", True, "Yes. Since it is."),
        (" 55.0 ", True, "Yes. Since it is."),
        ("54,25", False, "divided"),
        ("217/4", False, "divided"),
        ("217", False, "no stride"),
        ("-55", False, "No. Look at the formula again, and count."),
        ("fifty", False, "Write a number, such as 12 or 0.5 or 3/4."),
        ("", False, "Write a number, such as 12 or 0.5 or 3/4."),
    ],
)
def test_numbers_are_judged(library, given, right, text):
    verdict = library.evaluate(
        '([question, given]) => cnnlibExplorers.load("question/view.mjs").judge(question, given)', [NUMBER, given]
    )
    assert verdict == {"right": right, "text": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [("290,400", 290400), ("290 400", 290400), ("0,5", 0.5), ("1.88", 1.88), ("−3", -3), ("3/4", 0.75), ("1,5", 1.5)],
)
def test_numbers_are_read_as_people_write_them(library, text, value):
    assert library.evaluate('(text) => cnnlibExplorers.load("question/view.mjs").readNumber(text)', text) == value


def test_every_question_of_the_chapter(chapter):
    """On the page, by hand: every stored wrong answer gets its hint, the right one is accepted."""
    states = chapter.evaluate(
        """() => {
          const stored = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]');
          return Object.values(JSON.parse(stored.textContent).state).map((model) => model.state)
            .filter((state) => state._anywidget_id?.endsWith(".Question"));
        }"""
    )
    questions = chapter.locator(".question")
    assert questions.count() == len(states) >= 2
    for state in states:
        question = questions.filter(has_text=state["prompt"]).first
        for answer, reply in [*state["wrong"], [state["answer"], "Yes."]]:
            if state["choices"]:
                question.get_by_role("radio", name=answer, exact=True).check()
            else:
                question.get_by_role("textbox").fill(str(answer))
                question.get_by_role("button", name="Check").click()
            said = question.get_by_role("status").inner_text()
            assert reply in said
            assert said.startswith("✓" if answer == state["answer"] else "✗")
