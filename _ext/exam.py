"""The page of the exam, checked: its claims as tables, in the HTML whole, with the way to each chapter and back.

``{exam-counts}``, ``{exam-claims} 5`` (a question), ``{exam-contradictions}`` and ``{exam-questions}`` write what
stands in ``data/exam/claims.json``. `static/exam.js` adds filters and opens what an address names; without it all is
there.
"""

from cells import Fold
from claims import PAGE
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

HEAD = ("claim", "the exam says", "verdict", "what is true")
WIDTHS = (8, 29, 15, 48)
VERDICTS = ("holds", "holds with condition", "contested", "wrong", "not testable")
SETTLED = {
    "literature": "Settled in the literature, not by a calculation.",
    "definition": "A definition; there is nothing to calculate.",
    "argument": "Settled by an argument.",
    "chapter": "Measured in the chapter, beside its controls; the numbers are there.",
    "not tested": "Not tested.",
}


class Taught(nodes.General, nodes.Element):
    """Where the links to the chapters go that meet a claim."""


class Mention(nodes.Inline, nodes.Element):
    """A claim that a text names, which becomes a link to it."""


def mention(name, rawtext, text, lineno, inliner, options=None, content=()):
    """The role ``{claim}`` with a claim's number, on any page."""
    return [Mention(claim=text)], []


class _Exam(SphinxDirective):
    """What the directives share: reading the claims, and prose with its citations."""

    def inline(self, text):
        """Text as the page's own Markdown."""
        holder = nodes.Element()
        self.state.nested_parse(StringList([text], source=self.env.docname), self.content_offset, holder)
        return holder[0].children

    def run(self):
        from cnnlib.exam import ledger

        return self.write(ledger)


class Counts(_Exam):
    def write(self, ledger):
        """How many claims came to each verdict, each number leading to them."""
        claims = ledger.claims()
        shelf = nodes.bullet_list(classes=["exam-counts"])
        for verdict in VERDICTS:
            count = sum(claim.verdict == verdict for claim in claims)
            link = nodes.reference("", str(count), refuri=f"?verdict={slug(verdict)}", internal=True)
            shelf += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(" "), badge(verdict)))
        run = sum(claim.checked == "run" for claim in claims)
        words = f"{len(claims)} claims. {run} of them have a number that a function of this book computes."
        return [shelf, nodes.paragraph("", words)]


class Claims(_Exam):
    required_arguments = 1

    def write(self, ledger):
        """The table of a question's claims."""
        mine = [claim for claim in ledger.claims() if claim.question == self.arguments[0]]
        return [table(HEAD, [row for claim in mine for row in self.rows(claim)], WIDTHS)]

    def rows(self, claim):
        """A row with the claim and one below it, as wide as the table, with how we know."""
        name = nodes.reference("", claim.id, refuri=f"#{claim.id}", internal=True)
        part = f"{claim.question} ({claim.part})" if claim.part else "paper"
        cells = (
            [nodes.paragraph("", "", name), nodes.paragraph("", part, classes=["exam-part"])],
            [nodes.paragraph("", "", *self.inline(claim.says))],
            [nodes.paragraph("", "", badge(claim.verdict))],
            [nodes.paragraph("", "", *self.inline(claim.truth))],
        )
        row = nodes.row(ids=[claim.id], classes=["claim", f"q{claim.question}", slug(claim.verdict), claim.kind])
        for cell in cells:
            row += nodes.entry("", *cell)
        below = nodes.row("", nodes.entry("", self.details(claim), morecols=3), classes=["claim-below"])
        return [row, below]

    def details(self, claim):
        """How we know: the calculation and what it gives, where it is taught, what guards it, the sources."""
        fold = Fold(classes=["claim-more"], summary="How we know")
        if claim.command:
            fold += nodes.literal_block(claim.command, claim.command, language="python", classes=["claim-command"])
            shown = output(claim.value)
            fold += nodes.literal_block(shown, shown, language="text", classes=["claim-output"])
        else:
            fold += nodes.paragraph("", SETTLED[claim.checked])
        fold += Taught(claim=claim.id)
        if claim.guard:
            module, _, function = claim.guard.rpartition(".")
            text = (
                f"Guarded by `{function}` in `{module.replace('.', '/')}.py`, which `tests/exam/test_claims.py` runs."
            )
            fold += nodes.paragraph("", "", *self.inline(text), classes=["claim-guard"])
        if claim.sources:
            text = "; ".join(f"{{cite:t}}`{source.key}` ({seen(source.seen)})" for source in claim.sources)
            fold += nodes.paragraph("", "", *self.inline(f"Sources: {text}."))
        return fold


class Contradictions(_Exam):
    def write(self, ledger):
        """Where the answers contradict each other."""
        rows = []
        for entry in ledger.exam()["contradictions"]:
            row = nodes.row()
            for text, name in zip((entry["one"], entry["other"]), entry["claims"], strict=True):
                link = nodes.reference("", name, refuri=f"#{name}", internal=True)
                row += nodes.entry("", nodes.paragraph("", "", *self.inline(text), nodes.Text(" "), link))
            rows.append(row)
        return [table(("in one place", "in another"), rows, (50, 50))]


class Questions(_Exam):
    def write(self, ledger):
        """For each wrong claim, the claim among two true statements; the answer folded."""
        shelf = nodes.enumerated_list(classes=["wrong-ones"], enumtype="arabic")
        for entry in ledger.exam()["questions"]:
            wrong = ledger.claim(entry["wrong"])
            lines = [(text["states"], text["claim"]) for text in entry["true"]]
            index = int(wrong.id[1:]) % 3
            lines.insert(index, (entry["states"], wrong.id))
            choices = nodes.enumerated_list(enumtype="upperalpha", suffix=".", classes=["choices"])
            for at, (text, _) in enumerate(lines):
                choices += nodes.list_item(
                    "", nodes.paragraph("", "", *self.inline(text)), classes=["is-wrong"] if at == index else []
                )
            fold = Fold(classes=["solution"], summary="Show the answer")
            answer = nodes.paragraph("", "", nodes.strong("", f"{'ABC'[index]} is wrong."), nodes.Text(" "))
            answer += self.inline(wrong.truth)
            fold += answer
            links = nodes.paragraph("", "See claim ")
            for at, name in enumerate(dict.fromkeys(name for _, name in lines)):
                links += [nodes.Text(", ")] * bool(at)
                links += nodes.reference("", name, refuri=f"#{name}", internal=True)
            fold += links
            shelf += nodes.list_item("", choices, fold)
        return [shelf]


def slug(verdict):
    return verdict.replace(" ", "-")


def badge(verdict):
    """A verdict in words; its icon and colour come with the class."""
    return nodes.inline("", verdict, classes=["verdict", slug(verdict)])


def seen(how):
    return f"read {how}" if how[:1].isdigit() else how


def output(value) -> str:
    """A value as lines that a reader can take in."""
    if not isinstance(value, dict):
        return number(value)
    return "\n".join(f"{label}: {number(part)}" for label, part in value.items())


def number(value):
    if isinstance(value, list):
        return "[" + ", ".join(number(part) for part in value) + "]"
    return f"{value:,}".replace("-", "−") if isinstance(value, int | float) else str(value)


def table(head, rows, widths):
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in widths]
    top = nodes.row()
    for words in head:
        top += nodes.entry("", nodes.paragraph("", words))
    group += nodes.thead("", top)
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=["exam-table", "colwidths-given"])


def lead_to_chapters(app, doctree, docname):
    """Once all chapters have been read, link each claim to where they meet it, and each mention to the claim."""
    for node in list(doctree.findall(Mention)):
        page = app.builder.get_relative_uri(docname, PAGE)
        node.replace_self(nodes.reference("", node["claim"], internal=True, refuri=f"{page}#{node['claim']}"))
    for node in list(doctree.findall(Taught)):
        line = nodes.paragraph("", "Taught in ")
        for name in sorted(app.env.found_docs):
            found = app.env.metadata.get(name, {}).get("claims", {}).get(node["claim"])
            if not found:
                continue
            anchor, section = found[0]
            title, page = app.env.titles[name].astext(), app.builder.get_relative_uri(docname, name)
            line += [nodes.Text("; ")] * (len(line) > 1)
            line += nodes.reference("", title, internal=True, refuri=page)
            if section != title:
                line += [nodes.Text(", "), nodes.reference("", section, internal=True, refuri=f"{page}#{anchor}")]
        line += nodes.Text(".")
        node.replace_self([line] if len(line) > 2 else [])


def write_again(app, env):
    """The page follows from the chapters, so it is written whenever one of them was."""
    return [PAGE] if PAGE in env.found_docs else []


def setup(app):
    """Called by Sphinx."""
    app.add_node(Taught)
    app.add_node(Mention)
    app.add_role("claim", mention)
    for name, directive in (("counts", Counts), ("claims", Claims)):
        app.add_directive(f"exam-{name}", directive)
    app.add_directive("exam-contradictions", Contradictions)
    app.add_directive("exam-questions", Questions)
    app.connect("env-updated", write_again)
    app.connect("doctree-resolved", lead_to_chapters)
    app.add_css_file("exam.css", priority=960)
    app.add_js_file("exam.js", priority=310)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
