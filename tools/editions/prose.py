"""MyST as plain Markdown: a text that JupyterLab, VS Code, Colab and a code host all show alike.

The parser of the site finds what is MyST; everything else stays as it was written. Admonitions become quotations,
citations links, terms of the glossary and entries of the index words, links to other chapters stay links.
"""

import re
from collections.abc import Callable

from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from . import Unwritable
from .citations import Citations

WORDS = ("term", "index", "ref", "doc", "abbr")  # roles of which the words stay: `words` or `words <target>`
TITLES = {name: name.capitalize() for name in ("note", "tip", "hint", "important", "warning", "caution", "seealso")}
TARGETED = re.compile(r"(.+?)\s*<[^<>]+>", re.DOTALL)


class Prose:
    """Turns the Markdown cells of a chapter into plain Markdown.

    `extensions` are those of MyST that the book uses, `known` tells whether an edition holds a file of the chapters'
    folder, and `elsewhere` gives the address of one that it does not hold, or None.
    """

    def __init__(
        self,
        extensions: list[str],
        citations: Citations,
        known: Callable[[str], bool],
        elsewhere: Callable[[str], str | None],
    ):
        self._parser = create_md_parser(MdParserConfig(enable_extensions=set(extensions)), RendererHTML)
        self._citations, self._known, self._elsewhere = citations, known, elsewhere

    def plain(self, text: str) -> str:
        """The text in plain Markdown; what has no plain form raises Unwritable."""
        lines, blocks = text.split("\n"), []
        span = None
        for token in self._parser.parse(text):
            span = token.map or span  # the cells of a table have no lines of their own, their row has
            if token.type in ("colon_fence", "fence") and token.info.lstrip().startswith("{"):
                blocks.append((token.map, self._directive(token)))
            elif token.type == "inline":
                blocks.append((span, self._inline(token, "\n".join(lines[slice(*span)]))))
            elif token.type == "myst_target":
                blocks.append((token.map, ""))
            elif token.type.startswith(("myst", "dl_", "footnote", "substitution")):
                raise Unwritable(f"{token.type.removesuffix('_open')} has no form in plain Markdown: {text[:60]!r}")
        for (first, end), new in reversed(_rows_once(blocks)):
            lines[first:end] = new.split("\n")
        return "\n".join(lines).strip("\n")

    def _directive(self, token) -> str:
        """An admonition as a quotation with its title in bold."""
        name, _, title = token.info.strip().removeprefix("{").partition("}")
        if name not in (*TITLES, "admonition"):
            raise Unwritable(f"the directive {{{name}}} has no form in plain Markdown")
        content = token.content.split("\n")
        while content and re.match(r":[\w-]+:", content[0]):  # its options
            content.pop(0)
        title = self.plain(title.strip()) or TITLES[name]
        quoted = ["**" + title + "**", "", *self.plain("\n".join(content).strip("\n")).split("\n")]
        return "\n".join(f"> {line}".rstrip() for line in quoted)

    def _inline(self, token, text: str) -> str:
        """The lines of a paragraph, a heading or a row with its roles and links in plain form."""
        at = 0
        for child in token.children or ():
            if child.type == "myst_role":
                written = f"{{{child.meta['name']}}}`{child.content}`"
                text, at = _replaced(text, written, self._role(child), at)
            elif child.type == "link_open" and (target := child.attrs["href"]) and not _complete(target):
                text, at = self._link(text, target, at)
        return text

    def _role(self, token) -> str:
        name, content = token.meta["name"], token.content
        if name.partition(":")[0] == "cite":
            return self._citations.links(re.split(r"\s*,\s*", content), bare=name == "cite:t")
        if name == "math":
            return f"${content}$"
        if name in WORDS:
            targeted = TARGETED.fullmatch(content)
            return targeted[1] if targeted else content
        raise Unwritable(f"the role {{{name}}} has no form in plain Markdown: {content[:60]!r}")

    def _link(self, text: str, target: str, at: int) -> tuple[str, int]:
        """A link to a chapter without its anchor; to a page that the edition does not hold, only its words."""
        file = target.partition("#")[0]
        end = text.find(f"]({target})", at)
        if end < 0:
            raise Unwritable(f"the link to {target} is not written as [words]({target}): {text[:60]!r}")
        if self._known(file) or (address := self._elsewhere(file)):
            new = file if self._known(file) else address
            return text[: end + 2] + new + text[end + 2 + len(target) :], end + 2 + len(new)
        start = text.rfind("[", 0, end)
        return text[:start] + text[start + 1 : end] + text[end + len(target) + 3 :], end


def _replaced(text, old, new, start):
    """The text with the first `old` from a position on replaced, and the position behind it."""
    found = text.find(old, start)
    if found < 0:
        raise Unwritable(f"{old} is written in a way that the editions do not follow: {text[:60]!r}")
    return text[:found] + new + text[found + len(old) :], found + len(new)


def _rows_once(blocks):
    """The blocks with one entry for each stretch of lines."""
    spans = [tuple(span) for span, _ in blocks]
    doubled = {span for span in spans if spans.count(span) > 1}
    if doubled:
        raise Unwritable("a table holds roles or links in a row, which the editions do not follow yet")
    return [(span, new) for span, (_, new) in zip(spans, blocks, strict=True)]


def _complete(target):
    return re.match(r"[a-z]+:", target) is not None
