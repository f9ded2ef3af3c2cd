"""Which cells a cell needs: those above it that bind the names it reads.

The site's builder asks it which cells need torch, the page's kernel which cells must run before the one that is asked
for. It reads names only: a cell that changes a list made elsewhere is not seen as making it.
"""

import ast
import builtins

KNOWN = {*dir(builtins), "__name__", "__file__", "__doc__"}
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
BLOCKS = ("body", "orelse", "handlers", "finalbody")


def names(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell binds, and those that it reads and something else must have bound.

    >>> names("import numpy as np; y = np.ones(n); print(y)") == ({"np", "y"}, {"n"})
    True

    Code that is no Python binds and reads nothing.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set(), set()
    bound, free = set(), set()
    _walk(tree.body, bound, free)
    return bound, free - KNOWN


def above(sources: list[str], at: int) -> list[int]:
    """The cells above cell ``at`` that it needs, directly or through others, in their order."""
    wanted, found = names(sources[at])[1], []
    for number in range(at - 1, -1, -1):
        bound, free = names(sources[number])
        if bound & wanted:
            found.append(number)
            wanted = (wanted - bound) | free
    return found[::-1]


def imports(source: str) -> set[str]:
    """The modules that a cell imports, wherever in it, with the packages around them."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found | {name.rpartition(".")[0] for name in found if "." in name}


def tainted(sources: list[str], modules: set[str]) -> list[int]:
    """The cells that import one of the ``modules`` or need a cell that does."""
    own = {at for at, source in enumerate(sources) if imports(source) & modules}
    return [at for at in range(len(sources)) if own & {at, *above(sources, at)}]


def _walk(statements, bound, free):
    for statement in statements:
        if isinstance(statement, (*SCOPES, ast.ClassDef)):
            free |= _read(statement) - bound - {statement.name}
            bound.add(statement.name)
            continue
        blocks = [getattr(statement, block, []) for block in BLOCKS]
        blocks += [case.body for case in getattr(statement, "cases", [])]
        inner = {part for block in blocks for part in block} | {*getattr(statement, "cases", [])}
        head = [part for part in ast.iter_child_nodes(statement) if part not in inner]
        for part in head:
            free |= _read(part) - bound
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            free |= {statement.target.id} - bound
        for part in head:
            bound |= _stored(part)
        if isinstance(statement, ast.Import | ast.ImportFrom):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
        if isinstance(statement, ast.ExceptHandler) and statement.name:
            bound.add(statement.name)
        for case in getattr(statement, "cases", []):
            bound |= _stored(case.pattern)
            free |= (_read(case.pattern) | _read(case.guard or ast.Pass())) - bound
        for block in blocks:
            _walk(block, bound, free)


def _read(node) -> set[str]:
    """The names that a piece of code reads from outside it; what it binds for itself in an inner scope is not among."""
    found = set()
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else found
    for part in ast.iter_child_nodes(node):
        found |= _read(part)
    own = set()
    if isinstance(node, SCOPES):
        arguments = node.args
        everyone = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        own = {argument.arg for argument in everyone if argument}
        if not isinstance(node, ast.Lambda):
            own |= {name for statement in node.body for name in _stored(statement)}
            own |= {each.name for each in ast.walk(node) if isinstance(each, (*SCOPES[:2], ast.ClassDef))}
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        own = {name for loop in node.generators for name in _stored(loop.target)}
    return found - own


def _stored(node) -> set[str]:
    """The names that a piece of code binds in its own scope."""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
        return set()
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
        return {node.name}.union(*(_stored(part) for part in ast.iter_child_nodes(node)))
    found = {(alias.asname or alias.name).partition(".")[0] for alias in getattr(node, "names", []) if _is_alias(alias)}
    return found.union(*(_stored(part) for part in ast.iter_child_nodes(node)))


def _is_alias(thing):
    return isinstance(thing, ast.alias)
