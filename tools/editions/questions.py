"""Questions whose source shows nothing of their answer.

A question's call is replaced by its packed form, and what its cell computed for it alone goes with it. Everything that
another cell uses stays.
"""

import ast

from cnnlib.explore import Question

from ..chapters.widgets import STATE, VIEW
from . import Unwritable, names

NOTE = "# The question is packed, so that nobody reads its answer by accident. Run the cell to answer."


def seal(cells: list, widgets: dict) -> None:
    """Pack the questions of a chapter's cells, in place; `widgets` is its stored widget state."""
    models = widgets.get(STATE, {}).get("state", {})
    for cell in cells:
        if cell.cell_type == "code" and _asks(cell.source):
            state = _state(cell, models)
            cell.source = _without_answer(cell, Question(**state).seal(), cells)
            _show(cell, state)


def _asks(source):
    """Whether a cell ends in a question. One that stands elsewhere cannot be packed."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _named(node) == "Question"]
    if calls and not (len(calls) == 1 and isinstance(tree.body[-1], ast.Expr) and tree.body[-1].value is calls[0]):
        raise Unwritable("a question is not the last expression of its cell; write one question a cell, at its end")
    return bool(calls)


def _named(call):
    return getattr(call.func, "id", getattr(call.func, "attr", None))


def _state(cell, models):
    """The keywords of the question that a cell shows, from the stored state."""
    (name,) = (output["data"][VIEW]["model_id"] for output in cell.outputs if VIEW in output.get("data", {}))
    return {key: value for key, value in models[name]["state"].items() if key in Question.parameters}


def _without_answer(cell, packed, cells):
    statements = ast.parse(cell.source).body
    lines = cell.source.split("\n")
    call = statements.pop()
    before, after = cells[: cells.index(cell)], cells[cells.index(cell) + 1 :]
    used_by_functions = set().union(*map(names.later, _statements(before)))
    later, drop = list(_statements(after)), {*range(call.lineno - 1, call.end_lineno)}
    for number in range(len(statements) - 1, -1, -1):
        statement, rest = statements[number], [*statements[number + 1 :], *later]
        made = names.makes(statement)
        if made and not any(name in used_by_functions or names.live(name, rest) for name in made):
            drop |= {*range(statement.lineno - 1, statement.end_lineno)}
            del statements[number]
    kept = "\n".join(line for index, line in enumerate(lines) if index not in drop).strip("\n")
    question = f'{NOTE}\n{ast.unparse(call.value.func)}.sealed("""\n{packed}\n""")'
    return f"{kept}\n\n{question}" if kept else question


def _statements(cells):
    for cell in cells:
        if cell.cell_type == "code":
            yield from ast.parse(cell.source).body


def _show(cell, state):
    """What is asked, to be read where the cell has not run."""
    for output in cell.outputs:
        if VIEW in output.get("data", {}):
            choices = "".join(f"\n- {choice}" for choice in state["choices"])
            output["data"]["text/markdown"] = f"**{state['prompt']}**\n{choices}\n\n*Run the cell to answer.*"
