"""Packed questions: the answer goes with all that led to it, and nothing that another cell needs."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from cnnlib.explore import Question
from tools.chapters.widgets import STATE, VIEW
from tools.editions import Unwritable, questions

QUESTION = 'Question("How many $x$?", answer=right, wrong={7: "no"})'


def sealed(source, *after, before=(), **values):
    """The cell of a question between others, packed."""
    question = Question("How many $x$?", **({"answer": 5, "wrong": {7: "no"}} | values))
    state = {name: getattr(question, name) for name in Question.parameters}
    cell = new_code_cell(
        source, outputs=[new_output("execute_result", data={VIEW: {"model_id": "m"}, "text/plain": "Q"})]
    )
    cells = [*map(new_code_cell, before), cell, *map(new_code_cell, after)]
    questions.seal(cells, nbformat.from_dict({STATE: {"state": {"m": {"state": state}}}}))
    return cell


def code_of(cell):
    return cell.source.partition(questions.NOTE)[0].strip()


def test_the_packed_cell_asks_the_same():
    cell = sealed("from cnnlib.explore import Question\n\nright = 5\n" + QUESTION)
    assert code_of(cell) == "from cnnlib.explore import Question"
    *_, last = cell.source.partition(questions.NOTE)
    asked = eval(last.strip(), {"Question": Question})
    assert (asked.prompt, asked.answer, asked.wrong) == ("How many $x$?", 5, [[7, "no"]])


def test_what_is_asked_can_be_read_before_the_cell_runs():
    cell = sealed("right = 'a'\n" + QUESTION, answer="a", choices=["a", "b"], wrong={"b": "no"})
    text = cell.outputs[0]["data"]["text/markdown"]
    assert text.startswith("**How many $x$?**") and "- a\n- b" in text and "no" not in text.split()


@pytest.mark.parametrize(
    ("before", "helpers", "after", "kept"),
    [
        ([], "right = 5", ["print(1)"], ""),
        ([], "right = 5", ["print(right)"], "right = 5"),
        ([], "right = 5", ["right = 7", "print(right)"], ""),
        ([], "right = 5", ["left, right = 1, 2", "print(right)"], ""),
        ([], "right = 5", ["right += 1"], "right = 5"),
        ([], "right = 5", ["def f(right):\n    return right"], ""),
        ([], "right = 5", ["def f():\n    return right"], "right = 5"),
        (["def f():\n    return right"], "right = 5", ["f()"], "right = 5"),
        ([], "right = 5", ["[right for right in (1, 2)]"], ""),
        ([], "right = 5", ["[right for right in right]"], "right = 5"),
        ([], "right = 5", ["[x * right for x in (1, 2)]"], "right = 5"),
        ([], "right = 5", ["f = lambda x=right: x"], "right = 5"),
        ([], "right = 5", ["def f():\n    right = 1\n    return right"], ""),
        ([], "right = 5", ["def f():\n    global right\n    right = right + 1"], "right = 5"),
        ([], "right = 5", ["class A:\n    x = right"], "right = 5"),
        ([], "right = 5", ["print(f'{right}')"], "right = 5"),
        ([], "a = 4\nright = a + 1", ["print(0)"], ""),
        ([], "a = 4\nright = a + 1", ["print(a)"], "a = 4"),
        ([], "def f(x):\n    return x + 1\nright = f(4)", ["f = 3"], ""),
        ([], "def f(x):\n    return x + 1\nright = f(4)", ["[f(x) for x in (1, 2)]"], "def f(x):\n    return x + 1"),
        ([], "box.right = 5\nright = 5", [], "box.right = 5"),
        ([], "# why\nimport math\nright = math.floor(5.5)", [], "# why\nimport math"),
    ],
)
def test_only_what_led_to_the_answer_alone_goes(before, helpers, after, kept):
    assert code_of(sealed(f"{helpers}\n{QUESTION}", *after, before=before)) == kept


@pytest.mark.parametrize("source", [f"q = {QUESTION}\nq", f"{QUESTION}\n{QUESTION}", f"[{QUESTION}]"])
def test_a_question_that_cannot_be_packed_is_said(source):
    with pytest.raises(Unwritable, match="one question a cell, at its end"):
        sealed("right = 5\n" + source)
