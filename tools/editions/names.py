"""Which names of a notebook a statement makes, and which it looks up."""

import ast

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def makes(statement: ast.stmt) -> set[str]:
    """Names that an assignment or a definition makes and that could be left out; none for any other statement."""
    if isinstance(statement, ast.FunctionDef):
        return {statement.name}
    if isinstance(statement, ast.Assign) and all(isinstance(node, ast.Name | ast.Tuple) for node in statement.targets):
        return set().union(*map(_stored, statement.targets))
    return set()


def live(name: str, statements: list[ast.stmt]) -> bool:
    """Whether one of the statements looks a name up before another gives it a new value."""
    for statement in statements:
        if name in uses(statement):
            return True
        if name in makes(statement):
            return False
    return False


def uses(node: ast.AST) -> set[str]:
    """Names that a piece of code looks up in the notebook, also those of functions in it, which look them up later."""
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Store) else {node.id}
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return {node.target.id} | uses(node.value)
    if isinstance(node, FUNCTIONS):
        around = [*node.args.defaults, *filter(None, node.args.kw_defaults), *getattr(node, "decorator_list", ())]
        return later(node) | set().union(*map(uses, around))
    if isinstance(node, COMPREHENSIONS):  # all but the first of its sources is looked up in a scope of its own
        own = set().union(*(_stored(each.target) for each in node.generators))
        return (_of_children(node) - own) | uses(node.generators[0].iter)
    return _of_children(node)


def later(node: ast.AST) -> set[str]:
    """Names that the functions in a piece of code look up in the notebook when they are called."""
    if not isinstance(node, FUNCTIONS):
        return set().union(*map(later, ast.iter_child_nodes(node)))
    body = node.body if isinstance(node.body, list) else [node.body]
    given = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
    shared = {name for each in ast.walk(node) if isinstance(each, ast.Global) for name in each.names}
    own = given | set().union(*map(_stored, body)) - shared
    return set().union(*map(uses, body)) - own


def _of_children(node):
    return set().union(*map(uses, ast.iter_child_nodes(node)))


def _stored(node):
    """Names that get a value in a piece of code, without those in a scope of its own."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, (*COMPREHENSIONS, ast.Lambda)):
        return set()
    return set().union(*map(_stored, ast.iter_child_nodes(node)))
