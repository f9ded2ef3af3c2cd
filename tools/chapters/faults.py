"""What is wrong with a stored chapter, seen without running it."""

import ast
import re

from . import storage, widgets
from .normal import normalise
from .prose import unproven

ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
EXERCISE = re.compile(r"\bexercises\.check_\w+\(")
DEFAULT_FIGURE = re.compile(r"^<.*>$", re.DOTALL)
INTERACT = ("interact", "interactive", "interactive_output", "interact_manual")
TALKERS = ("print", "display", "pprint")


def faults(notebook, text: str | None = None) -> list[str]:
    """One sentence for each fault. `text` is the stored file, to compare with the normal form."""
    found, expected = [], 1
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if cell.execution_count != expected:
            found.append(
                f"cell {number}: its execution count is {cell.execution_count}, "
                f"from top to bottom it would be {expected}; execute the chapter"
            )
        expected += 1
        found += [f"cell {number}: {what}" for what in _cell(cell)]
    found += unproven(notebook)
    if cells := widgets.lost(notebook):
        return found + [
            f"cell {number}: it shows an explorer whose state is not stored, which would be dead on the site; "
            "execute the chapter"
            for number in cells
        ]
    form = storage.text(normalise(notebook))
    if (text if text is not None else storage.text(notebook)) != form:
        found.append("it is not in the normal form; run `python -m tools.chapters normalise`")
    return found


def _cell(cell):
    try:
        tree = ast.parse(_plain(cell.source))
    except SyntaxError as error:
        yield f"it does not parse: {error}"
        return
    tags = set(cell.metadata.get("tags", []))
    if EXERCISE.search(cell.source) and not tags & {"idea", "solution"}:
        yield "it is an exercise, whose code a reader must see; tag it idea (or solution)"
    for name in sorted(_names(tree) & set(INTERACT)):
        yield f"it uses {name}, which needs a kernel; show an explorer instead"
    if not cell.outputs and (reason := speaks(tree, cell.source)):
        yield f"it {reason} but stores no output; execute the chapter"
    for output in cell.outputs:
        yield from _output(output)


def _output(output):
    if output.output_type == "error":
        yield f"an output is an error: {output.ename}: {output.evalue}"
    if output.output_type == "stream":
        if output.name == "stderr":
            yield f"it writes to stderr: {output.text.strip()}"
        if ADDRESS.search(output.text):
            yield f"an output shows a memory address: {output.text.strip()}"
    data = output.get("data", {})
    text = data.get("text/plain", "").strip()
    pictured = any(kind.startswith("image/") for kind in data)
    if pictured and (not text or DEFAULT_FIGURE.match(text)):
        yield (
            f"a picture has no description (text/plain is {text!r}); end the cell in plots.described(figure, sentence)"
        )
    elif ADDRESS.search(text):
        yield f"an output shows a memory address: {text}"


def speaks(tree: ast.Module, source: str) -> str | None:
    """Why a cell must have an output, or None when it only defines, imports and assigns."""
    for statement in tree.body:
        if name := _talks(statement):
            return f"calls {name}"
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        quiet = source.rstrip().endswith(";")
        if not quiet and not _is_none(tree.body[-1].value):
            return "ends in an expression"
    return None


def _is_none(node):
    return isinstance(node, ast.Constant) and node.value in (None, ...)


def _talks(statement):
    """Name of a talking function that the statement calls when it runs; definitions only define."""
    pending = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", None))
            if name in TALKERS and not any(word.arg == "file" for word in node.keywords):
                return name
        pending += ast.iter_child_nodes(node)
    return None


def _names(tree):
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imports = (n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom))
    return names | {alias.name for node in imports for alias in node.names}


def _plain(source):
    """The cell without IPython's own lines."""
    return re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)
