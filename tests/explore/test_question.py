"""Questions: what they refuse, and what they say to right, wrong and misread answers."""

import pytest

from cnnlib.explore import Question

WRONG = [[54.25, "divided"], [217, "no stride"]]
NUMBER = {"answer": 55, "wrong": WRONG, "choices": [], "tolerance": 0, "why": "Since it is."}


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"answer": "55"}, TypeError, r"Question: answer='55' is text; use a number, or give choices"),
        ({"answer": float("nan")}, ValueError, r"answer=nan is not finite"),
        ({"answer": True}, TypeError, r"answer=True is a bool"),
        ({"wrong": {5: "x"}}, ValueError, r"wrong has 5, which lies within tolerance"),
        ({"wrong": {5.15: "x"}, "tolerance": 0.1}, ValueError, r"wrong has 5\.15, which lies within tolerance=0\.1"),
        ({"answer": "c", "choices": ["a", "b"]}, ValueError, r"answer='c' is not among choices"),
        ({"answer": "a", "choices": ["a", "b"]}, ValueError, r"the choice 'b' has no hint"),
        ({"answer": "a", "choices": ["a"], "wrong": {"d": "y"}}, ValueError, r"wrong has 'd', which is no wrong"),
        ({"tolerance": -1}, ValueError, r"tolerance=-1\.0 is negative"),
        ({"tolerance": float("nan")}, ValueError, r"tolerance=nan is not finite"),
        ({"answer": 2**53 + 1}, ValueError, r"answer=9007199254740993 is too large to be exact in a browser"),
        ({"wrong": {2**60 + 1: "x"}}, ValueError, r"too large to be exact"),
        ({"wrong": {7: ""}}, ValueError, r"wrong has 7 with the hint ''; say what went wrong"),
        ({"wrong": 7}, TypeError, r"wrong=7 is no dict"),
        ({"wrong": {7: "x", 7.3: "y"}, "tolerance": 0.5}, ValueError, r"7 and 7\.3, which tolerance=0\.5 can't"),
        ({"answer": "a", "choices": ["a", "a"]}, ValueError, r"the choice 'a' stands twice"),
        ({"hint": "x"}, TypeError, r"Question: unknown keyword 'hint'"),
    ],
)  # fmt: skip
def test_bad_questions_are_refused(values, error, message):
    with pytest.raises(error, match=message):
        Question("?", **{"answer": 5, **values})


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
        ("-55", False, "No: that is too small. Go through the section above once more, step by step."),
        ("fifty", None, "Write a number, such as 12 or 0.5 or 3/4 or 10^9."),
        ("", None, "Write a number, such as 12 or 0.5 or 3/4 or 10^9."),
        ("12 m", None, "Give the number in columns. Write a number, such as 12 or 0.5 or 3/4 or 10^9."),
        ("55 columns", True, "Yes. Since it is."),
    ],
)
def test_numbers_are_judged(library, given, right, text):
    verdict = judge(library, NUMBER | {"unit": "columns"}, given)
    assert (verdict["right"], verdict["text"]) == (right, text)


def judge(library, question, given, time=1):
    script = '([question, given, time]) => cnnlibExplorers.load("question/view.mjs").judge(question, given, time)'
    return library.evaluate(script, [question, given, time])


LARGE, STILL = "too large. Go through", "Still too large. The answer lies between 28 and 110."
GUESS, KEEP = "A guess is fine; read on", "Keep your guess in mind"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({}, [LARGE, STILL, "The answer is 55. Since"]),
        ({"opening": True}, [GUESS, KEEP, "The answer is 55. Since it is."]),
        ({"hints": ["Count."], "way": "(227 - 11) / 4 + 1."}, ["Count.", "Still too large.", "(227 - 11) / 4 + 1."]),
    ],
    ids=["plain", "opening", "own"],
)
def test_a_wrong_answer_that_nobody_foresaw_climbs_the_ladder(library, question, said):
    for time, words in enumerate(said, 1):
        verdict = judge(library, NUMBER | {"unit": ""} | question, "1000", time)
        assert words in verdict["text"]
        assert verdict["right"] is False
        assert verdict["unforeseen"] is True
    assert "unforeseen" not in judge(library, NUMBER | question, "217", 3)


def test_the_nearest_of_two_wrong_answers_is_meant(library):
    question = NUMBER | {"tolerance": 10, "wrong": [[100, "far"], [112, "near"]]}
    assert judge(library, question, "110")["text"] == "near"
    assert judge(library, question, "102")["text"] == "far"


def test_a_large_whole_number_must_be_right_to_the_last_digit(library):
    question = NUMBER | {"answer": 40_000_000_000}
    assert judge(library, question, "40 000 000 000")["right"] is True
    assert judge(library, question, "40,000,000,001")["right"] is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("290,400", 290400), ("290 400", 290400), ("290'400", 290400), ("1.234.567", 1234567),
        ("1,234,567.5", 1234567.5),
        ("0,5", 0.5), ("0,125", 0.125), ("1.88", 1.88), ("1,5", 1.5), ("−3", -3), ("3/4", 0.75), ("1e9", 1e9),
        ("10^9", 1e9), ("10**9", 1e9), ("2 x 10^9", 2e9), ("2·10⁹", 2e9), ("10⁻²", 0.01), ("4*1000", 4000),
        ("25 %", 0.25),
        ("10 billion", 1e10), ("≈ 7", 7),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(library, text, value):
    assert library.evaluate('(text) => cnnlibExplorers.load("question/view.mjs").readNumber(text)', text) == value


@pytest.mark.parametrize("text", ["12 apples", "1-2", "3//4", "1..5", "12,34,5", "2^3^4", "x"])
def test_what_is_no_number_is_none(library, text):
    assert library.evaluate('(text) => Number.isNaN(cnnlibExplorers.load("question/view.mjs").readNumber(text))', text)


@pytest.mark.parametrize(("text", "value"), [("160 GB", 160), ("160gb", 160), ("50 %", 0.5)])
def test_a_number_may_carry_its_unit(library, text, value):
    assert library.evaluate('(text) => cnnlibExplorers.load("question/view.mjs").readNumber(text, "GB")', text) == value


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"10^9", "10⁹"),
        (r"2^{-10} \times \frac{a}{b + 1}", "2⁻¹⁰ × a/(b + 1)"),
        (r"\left\lfloor x_1 \right\rfloor", "⌊ x₁ ⌋"),
        (r"x_k^{ab}", "x_k^(ab)"),
    ],
)
def test_a_formula_has_a_line_of_its_own(library, tex, plain):
    script = '(tex) => cnnlibExplorers.load("kit/mathematics.mjs").plainMath(tex).trim()'
    assert library.evaluate(script, tex) == plain


def test_values_set_later_are_checked_too():
    question = Question("?", answer=5, wrong={7: "x"})
    for name, value, error, message in [
        ("tolerance", -1, ValueError, "tolerance=-1.0 is negative"),
        ("tolerance", 2, ValueError, "wrong has 7, which lies within tolerance"),
        ("answer", 7, ValueError, "wrong has 7, which lies within"),
        ("answer", "five", TypeError, "is text"),
        ("choices", ["a"], ValueError, "answer=5 is not among"),
        ("wrong", {5: "x"}, ValueError, "wrong has 5"),
    ]:
        with pytest.raises(error, match=message):
            setattr(question, name, value)
    assert (question.answer, question.wrong, question.tolerance) == (5, [[7, "x"]], 0)
    with question.hold_trait_notifications():
        question.answer, question.wrong = 7, {5: "y"}
    assert question.wrong == [[5, "y"]]


def stored(page):
    """The stored states of a page's questions."""
    return page.evaluate(
        """() => {
          const stored = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]');
          return Object.values(JSON.parse(stored.textContent).state).map((model) => model.state)
            .filter((state) => state._anywidget_id?.endsWith(".Question"));
        }"""
    )


def test_every_question_of_the_chapter(chapter):
    """On the page, by hand: every stored wrong answer gets its hint, the right one is accepted."""
    states = stored(chapter)
    questions = chapter.locator(".question")
    assert questions.count() == len(states) >= 2
    for state in states:
        question = questions.filter(has_text=state["prompt"]).first
        for answer, reply in [*state["wrong"], [state["answer"], "Yes."]]:
            if state["choices"]:
                question.get_by_role("radio", name=answer, exact=True).check()
            else:
                question.get_by_role("textbox").fill(str(answer))
            assert question.get_by_role("status").inner_text() == "", "what is not checked yet is not judged"
            question.get_by_role("button", name="Check").click()
            said = question.get_by_role("status").inner_text()
            assert reply in said
            assert said.startswith("✓" if answer == state["answer"] else "✗")


def test_answers_are_kept_until_they_are_forgotten(open_chapter):
    page = open_chapter()
    question = page.locator(".question").first
    question.get_by_role("textbox").fill("1000")
    question.get_by_role("button", name="Check").click()
    said = question.get_by_role("status").inner_text()
    assert said.startswith("✗")
    page.reload()
    assert question.get_by_role("textbox").input_value() == "1000"
    assert question.get_by_role("status").inner_text() == said
    question.get_by_role("textbox").fill("1001")
    question.get_by_role("button", name="Check").click()
    assert question.get_by_role("status").inner_text() != said, "the second hint, not the first again"
    page.get_by_role("button", name="Forget my answers").click()
    assert question.get_by_role("textbox").input_value() == ""
    assert question.get_by_role("status").inner_text() == ""
    page.reload()
    assert page.locator(".question").first.get_by_role("textbox").input_value() == ""


def test_progress_is_counted(open_chapter):
    page = open_chapter()
    line = page.locator(".answers-line [role=status]")
    count = page.locator(".question").count()
    assert line.inner_text().startswith(f"Questions: 0 of {count} answered")
    question = page.locator(".question").first
    state = next(s for s in stored(page) if s["prompt"] == question.locator("legend").inner_text())
    question.get_by_role("textbox").fill(f"{state['answer']} {state['unit']}")
    question.get_by_role("button", name="Check").click()
    assert line.inner_text().startswith(f"Questions: 1 of {count} answered")


@pytest.mark.parametrize("values", [NUMBER, {**NUMBER, "answer": 0, "unit": "μm", "hints": ["a", "b"], "way": "so"}])
def test_a_sealed_question_is_the_same_question(values):
    question = Question("How $x$?", **values)
    text = question.seal()
    again = Question.sealed(text.replace("\n", "\n    "))
    assert {name: getattr(again, name) for name in Question.parameters} == {
        name: getattr(question, name) for name in Question.parameters
    }
    assert repr(again) == repr(question)
    assert "Since" not in text and max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (b"abc", TypeError, r"Question\.sealed: text=b'abc' is no text"),
        ("abc!", ValueError, r"Question\.sealed: text is damaged or cut short; take the cell"),
        ("YWJj", ValueError, r"Question\.sealed: text is damaged"),
        (Question("a", answer=1).seal()[:-8], ValueError, r"Question\.sealed: text is damaged"),
    ],
)
def test_a_damaged_seal_is_refused(text, error, message):
    with pytest.raises(error, match=message):
        Question.sealed(text)
