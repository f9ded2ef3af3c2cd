"""The JavaScript of the explorers, from files that import each other to one text a browser can load anywhere.

A notebook front end loads a widget's module from a ``blob:`` address, where ``import "./kit/dom.mjs"`` has nothing to
be relative to; the built site must also work from ``file://``, where the browser refuses modules altogether. So each
file becomes a function that is given what it imports and returns what it exports. The files stay plain modules: they
use ``import { a, b } from "./x.mjs"``, ``export function``, ``export const`` and ``export default``, no other form.
Comments and indentation, a fifth of the text, are left to those who read the files; so no text in backquotes runs over
lines, and a comment behind code holds no quotation mark or it stays.
"""

import functools
import json
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

FOLDER = Path(__file__).parent.parent

_COMMENT = re.compile(r"^[ \t]*(/\*\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_BEHIND = re.compile(r"[ \t]+// [^\"'`\n]*$", re.MULTILINE)
_STYLE = re.compile(r"/\*.*?\*/", re.DOTALL)
_AROUND = re.compile(r"\s*;?\s*(})\s*|\s*([{;,])\s*|(?<=:)\s+")  # spaces in a style sheet that say nothing
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_MARK = re.compile(r"[`{}\n]")


def modules(entry: str, generated: dict[str, Callable[[], str]] | None = None) -> dict[str, str]:
    """All modules that ``entry`` needs, as functions, each after those that it imports.

    Parameters
    ----------
    entry : str
        A file below this folder, such as ``"conv_arithmetic/view.mjs"``.
    generated : dict, optional
        Modules that are no files: name to a function that gives the text.

    Returns
    -------
    dict
        Name to ``(load) => {...}``: JavaScript source of a function that returns the module's exports.

    Raises
    ------
    ValueError
        If a file uses a form of import or export that is not understood.
    """
    found: dict[str, str] = {}

    def visit(name: str) -> None:
        if name in found:
            return
        text = generated[name]() if generated and name in generated else (FOLDER / name).read_text(encoding="utf-8")
        parent = PurePosixPath(name).parent
        for _, target in _IMPORT.findall(text):
            visit(_resolve(parent, target))
        found[name] = _as_function(name, text, parent)

    visit(entry)
    return found


def joined(entry: str, generated: dict[str, Callable[[], str]] | None = None) -> str:
    """One module text with everything that ``entry`` needs, for a widget's ``_esm``."""
    lines = ["const loaded = {};", "const load = (name) => loaded[name];"]
    for name, function in modules(entry, generated).items():
        lines.append(f"loaded[{json.dumps(name)}] = ({function})(load);")
    lines.append(f"export default load({json.dumps(entry)}).default;")
    return "\n".join(lines) + "\n"


SHARED = ("kit/explorer.css", "kit/parts.css")


def style(*sheets: str) -> str:
    """Style sheets as one, without comments and what else says nothing: those that all explorers share, or others."""
    text = "".join((FOLDER / name).read_text(encoding="utf-8") for name in sheets or SHARED)
    return _AROUND.sub(lambda found: found[1] or found[2] or "", _STYLE.sub("", text)).strip()


def _resolve(parent: PurePosixPath, target: str) -> str:
    parts: list[str] = []
    for part in (parent / target).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


@functools.cache  # most modules are in many explorers
def _as_function(name: str, text: str, parent: PurePosixPath) -> str:
    def take(match: re.Match) -> str:
        names = match[1].replace(" as ", ": ").strip()
        return f"const {{ {names} }} = load({json.dumps(_resolve(parent, match[2]))});\n"

    text = _INDENT.sub("", _BEHIND.sub("", _COMMENT.sub("", text)))
    exports = _EXPORT.findall(text)
    body = _EXPORT.sub("", _IMPORT.sub(take, text))
    if _DEFAULT.search(body):
        body = _DEFAULT.sub("const module_default = ", body, count=1)
        exports.append("default: module_default")
    if over := _over_lines(body):
        raise ValueError(f"modules: {name} has a text in backquotes that runs over lines, {over!r}; use \\n in it")
    left = re.search(r"^(import|export)\b.*", body, re.MULTILINE)
    if left:
        raise ValueError(
            f'modules: {name} has the line {left[0]!r}; use import {{ ... }} from "./file.mjs", '
            "export function, export const or export default"
        )
    return f'(load) => {{\n"use strict";\n{body}return {{ {", ".join(exports)} }};\n}}'


def _over_lines(text: str) -> str | None:
    """The line where a text in backquotes goes on in the next, or None; code put into one may run over lines."""
    open_ones = []  # "`" for a text, "{" for code
    for mark in _MARK.finditer(text):
        at, letter = mark.start(), mark[0]
        in_text = open_ones[-1:] == ["`"]
        if letter == "`" and text[at - 1] != "\\":
            open_ones.pop() if in_text else open_ones.append(letter)
        elif letter == "{" and (not in_text or text[at - 1] == "$"):
            open_ones.append(letter)
        elif letter == "}" and not in_text and open_ones:
            open_ones.pop()
        elif letter == "\n" and in_text:
            return text[:at].rpartition("\n")[2]
    return None
