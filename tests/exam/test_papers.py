"""Practice papers: right answers by a second definition, wrong ones that nobody can take for them, papers by seed."""

import inspect
import json
import re
from pathlib import Path

import numpy as np
import pytest

from cnnlib import exam
from cnnlib.exam.misconceptions import MISCONCEPTIONS
from cnnlib.exam.papers import PARTS, stored
from cnnlib.exam.picking import VARIANTS
from cnnlib.exam.summary import where
from cnnlib.exam.template import TEMPLATES
from tests.conftest import LONG

from .oracles import ORACLES as SIMPLE
from .oracles_of_variants import ORACLES as VARIED

ROOT = Path(__file__).resolve().parents[2]
SEEDS = 500
ORACLES = SIMPLE | VARIED
each_template = pytest.mark.parametrize("name", TEMPLATES)
pytestmark = pytest.mark.filterwarnings("ignore:Widget.* is deprecated:DeprecationWarning")


def drawn(name, count):
    return [TEMPLATES[name].drawn(np.random.default_rng([seed, 5])) for seed in range(count)]


# ---------------------------------------------------------------- questions
@each_template
def test_the_right_answer_is_what_running_or_counting_gives(name):
    oracle = ORACLES[name]
    chooses = "choices" in inspect.signature(oracle).parameters
    for template, item in drawn(name, SEEDS if LONG else 25):
        expected = oracle(template, item.choices) if chooses else oracle(template)
        if item.choices:
            assert item.answer == expected, item
        else:
            assert item.answer == pytest.approx(expected, abs=1e-8), item


@each_template
def test_no_two_answers_can_be_taken_for_each_other(name):
    made = set()
    for _, item in drawn(name, SEEDS):
        values = [item.answer, *(wrong.value for wrong in item.wrong)]
        assert len(item.wrong) >= 2
        for index, value in enumerate(values):
            for other in values[:index]:
                if item.choices:
                    assert value != other
                else:
                    assert abs(value - other) > 2 * item.tolerance, item
        assert sorted(item.choices) == (sorted(values) if item.choices else [])
        made |= {wrong.sentence for wrong in item.wrong}
        whole = isinstance(item.answer, int | str)
        assert whole or "decimal" in item.prompt, f"{item.answer} has decimals, and nobody says how many"
    assert made == {method.sentence for method in TEMPLATES[name].mistakes}, "a mistake that is never made"


def test_every_part_has_two_templates_and_can_fill_any_number_of_marks():
    exam_parts = json.loads((ROOT / "data/exam/claims.json").read_text(encoding="utf-8"))["parts"]
    assert tuple(part["question"] + part["part"] for part in exam_parts) == PARTS
    for part in PARTS:
        marks = [template.marks for template in TEMPLATES.values() if template.part == part]
        assert len(marks) >= 2
        assert set(marks) == {2, 3}, part


def test_every_misconception_is_met_and_mended_in_a_section_that_exists():
    used = {method.misconception for template in TEMPLATES.values() for method in template.mistakes}
    assert used == set(MISCONCEPTIONS)
    assert len({misconception.name for misconception in MISCONCEPTIONS.values()}) == len(MISCONCEPTIONS)
    for name, (_, chapter, section) in MISCONCEPTIONS.items():
        notebook = json.loads((ROOT / f"chapters/{chapter}.ipynb").read_text(encoding="utf-8"))
        text = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
        assert not section or section in re.findall(r"^##+ (.+)$", text, re.MULTILINE), f"{name}: {chapter}, {section}"


@each_template
def test_a_question_explorer_takes_every_stored_question(name):
    from cnnlib.explore import Question

    items = stored(name)
    assert len({(item.prompt, tuple(sorted(item.choices))) for item in items}) == VARIANTS
    for item in items[:: 1 if LONG else 8]:
        assert Question(**item.state()).answer == item.answer
        assert item.hint and item.worked


# ------------------------------------------------------------------- papers
@pytest.mark.parametrize("marks", [2, 3, 4, 15, 30, 60, 100])
def test_a_paper_has_exactly_its_marks_and_no_question_twice(marks):
    for seed in (*range(5), 2_000_000):
        for parts in (None, ["3c"], ["5a", "6b", "2c"]):
            paper = exam.paper(seed=seed, parts=parts, marks=marks)
            assert paper.marks == marks == sum(item.marks for item in paper.items)
            assert {item.part for item in paper.items} <= set(parts or PARTS)
            asked = [(item.prompt, tuple(sorted(item.choices))) for item in paper.items]
            assert len(set(asked)) == len(asked)
            assert [item.part for item in paper.items] == sorted(item.part for item in paper.items)


def test_thirty_marks_on_all_parts_leave_hardly_one_out():
    assert all(len({item.part for item in exam.paper(seed=seed, marks=60).items}) == 18 for seed in range(20))
    assert all(len({item.part for item in exam.paper(seed=seed, marks=30).items}) >= 10 for seed in range(20))


def test_a_seed_gives_the_same_paper_again_and_another_one_another():
    for seed in (0, 7, 999_999, 1_000_000, 2**40):
        assert repr(exam.paper(seed=seed)) == repr(exam.paper(seed=seed))
    assert len({repr(exam.paper(seed=seed)).partition("\n")[2] for seed in range(50)}) == 50


def test_a_paper_without_a_seed_is_fresh_and_says_how_to_get_it_again():
    one, two = exam.paper(), exam.paper()
    assert one.seed != two.seed and min(one.seed, two.seed) >= 1_000_000
    assert repr(exam.paper(seed=one.seed)) == repr(one)
    pool = {item.prompt for name in TEMPLATES for item in stored(name)}
    assert any(item.prompt not in pool for item in one.items)


def test_what_a_notebook_shows():
    paper = exam.paper(seed=4, marks=15)
    bundle = paper._repr_mimebundle_()
    assert bundle["text/plain"] == repr(paper)
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert len(paper.questions) == len(paper.items)
    for question, item in zip(paper.questions, paper.items, strict=True):
        assert question.prompt.endswith(item.prompt)
        assert f"({item.part}, {item.marks} marks)" in question.prompt


@pytest.mark.parametrize("seed", range(1, 6))
def test_worked_papers_hold_every_answer_and_every_mistake(seed):
    paper = exam.paper(seed=seed)
    text = paper.worked()
    assert text.count("## ") == text.count("**Answer: ") == len(paper.items)
    for item in paper.items:
        assert item.prompt in text
        for wrong in item.wrong:
            assert wrong.sentence in text
            assert MISCONCEPTIONS[wrong.misconception].section in text
    assert not re.search(r"\d\.\d{5}", text), "a number of more decimals than anybody reads"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"seed": "7"}, TypeError, r"paper: seed='7'"),
        ({"seed": -1}, ValueError, r"paper: seed=-1"),
        ({"seed": True}, TypeError, r"paper: seed=True is a bool"),
        ({"marks": 1}, ValueError, r"paper: marks=1"),
        ({"marks": 101}, ValueError, r"paper: marks=101 is too many; use at most 100"),
        ({"marks": 7.5}, TypeError, r"paper: marks=7\.5"),
        ({"parts": "5a"}, TypeError, r"paper: parts='5a' is a str; use a list of names, such as \['5a', '6c'\]"),
        ({"parts": [5]}, TypeError, r"paper: parts=\[5\] is no list of names; use parts such as"),
        ({"parts": 5}, TypeError, r"paper: parts=5 is an int; use a list of names"),
        ({"parts": ["5a", "7a"]}, ValueError, r"paper: parts has '7a', which the exam does not have; it has 1a, 1b, "),
        ({"parts": []}, ValueError, r"paper: parts=\[\] is empty; leave it out for all of 1a, "),
    ],
)
def test_bad_arguments_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        exam.paper(**options)


# ------------------------------------------------------------------ mistakes
def counted(paper, misconception):
    """Answers that make one mistake wherever it can be made, and are right elsewhere."""
    for item in paper.items:
        causes = {wrong.misconception: wrong.value for wrong in item.wrong}
        yield causes.get(misconception, item.answer)


def test_a_paper_sums_up_its_mistakes_by_misconception():
    paper = exam.paper(seed=3, marks=60, parts=["4c", "5b"])
    answers = list(counted(paper, "bias"))
    open_at = next(n for n, item in enumerate(paper.items) if answers[n] == item.answer)
    other = next(n for n, item in enumerate(paper.items) if answers[n] == item.answer and n != open_at)
    wrong = next(wrong for wrong in paper.items[other].wrong if wrong.misconception != "bias")
    answers[open_at], answers[other] = None, wrong.value
    biased = sum(answer != item.answer for answer, item in zip(answers, paper.items, strict=True)) - 2
    assert biased > 2
    found = paper.mistakes(answers)
    right = [item for item, answer in zip(paper.items, answers, strict=True) if answer == item.answer]
    assert found.caption == (
        f"{sum(item.marks for item in right)} of 60 marks: {len(right)} of {len(paper.items)} questions right, 1 open."
    )
    assert found.cells == (
        (f"{biased} times", MISCONCEPTIONS["bias"].name, "chapter 7, “Counting”"),
        ("Once", MISCONCEPTIONS[wrong.misconception].name, where(wrong.misconception)),
    )


def test_right_answers_and_unforeseen_ones_have_no_row():
    paper = exam.paper(seed=5, marks=15, parts=["1a"])
    right = [item.answer for item in paper.items]
    assert paper.mistakes(right).caption.startswith("15 of 15 marks")
    numbers = [n for n, item in enumerate(paper.items) if not item.choices]
    right[numbers[0]] = -12345.678
    table = paper.mistakes(right)
    assert table.cells == (("", "no wrong answer whose cause is known", ""),)
    assert f"{len(right) - 1} of {len(right)} questions right, 0 open" in table.caption


@each_template
def test_every_mistake_is_known_by_what_the_page_would_call_it(name):
    for item in stored(name)[:20]:
        table = exam.Paper(1, (item.part,), [item] * (1 + len(item.wrong))).mistakes(
            [item.answer, *(wrong.value for wrong in item.wrong)]
        )
        assert f"1 of {1 + len(item.wrong)} questions right" in table.caption
        causes = [wrong.misconception for wrong in item.wrong]
        assert {row[1] for row in table.cells} == {MISCONCEPTIONS[cause].name for cause in causes}
        assert sum({"Once": 1, "Twice": 2}.get(row[0]) or int(row[0].split()[0]) for row in table.cells) == len(causes)


@pytest.mark.parametrize(
    ("answers", "error", "words"),
    [
        ("2", TypeError, "answers='2' is no sequence"),
        (2, TypeError, "answers=2 is no sequence"),
        ([], ValueError, "0 entries for 1 questions"),
        (["2"], TypeError, "question 1 is '2', which is no number"),
        ([True], TypeError, "question 1 is True, which is no number"),
    ],
)
def test_answers_that_cannot_be_judged_are_refused(answers, error, words):
    with pytest.raises(error, match=re.escape(words)):
        exam.paper(seed=7, parts=["4a"], marks=2).mistakes(answers)


def test_a_choice_that_is_not_there_is_refused():
    paper = exam.Paper(1, ("1b",), [next(item for name in TEMPLATES for item in stored(name) if item.choices)])
    with pytest.raises(ValueError, match="question 1 is 'perhaps'; use one of"):
        paper.mistakes(["perhaps"])
