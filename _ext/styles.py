"""Cut the theme's style sheets down to the rules that can apply.

Bootstrap, the theme and the design extension bring 400 kB of rules, most of them for classes that no page has. A rule
stays unless it names a class that occurs in no page and in no script of the site.
"""

import re
from pathlib import Path

import tinycss2
from book import SHEETS

OWN = (*SHEETS, "live", "python", "vendor", "mathjax")
WORD = re.compile(r"[A-Za-z_][\w-]*")
CLASSES = re.compile(r"""\bclass=(?:"([^"]*)"|'([^']*)')""")
NEGATED = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
NESTING = ("media", "supports", "layer", "container")


def cut_styles(app, exception):
    """Rewrite each copied style sheet with its used rules only."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    names = used(site)
    for sheet in (site / "_static").rglob("*.css"):
        if not set(sheet.relative_to(site / "_static").parts) & set(OWN):
            css = sheet.read_text(encoding="utf-8")
            sheet.write_text(cut(css, names), encoding="utf-8")


def used(site: Path) -> set[str]:
    """Every class in a page, and every word in a script: a script may set any of them."""
    names = set()
    for path in site.rglob("*.html"):
        for double, single in CLASSES.findall(path.read_text(encoding="utf-8")):
            names.update((double or single).split())
    for path in (site / "_static").rglob("*.js"):
        if not {"mathjax", "vendor", "supply"} & set(path.parts):
            names.update(WORD.findall(path.read_text(encoding="utf-8")))
    return names


def cut(css: str, names: set[str]) -> str:
    """The style sheet without rules whose every selector needs a class that is not among the names."""
    return _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), names)


def _rules(rules, names):
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _selectors(rule.prelude) if _needed(s) <= names]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in NESTING and rule.content is not None:
            inner = _rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), names)
            if inner:
                kept.append(f"@{rule.at_keyword} {tinycss2.serialize(rule.prelude).strip()}{{{inner}}}")
        else:
            kept.append(rule.serialize())
    return "\n".join(kept)


def _selectors(prelude):
    """The selectors of a rule, cut at its outermost commas."""
    parts = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def _needed(selector):
    """Classes without which the selector cannot match; `:is(.a, .b)` needs neither by itself."""
    plain = re.sub(r":(?:is|where|has)\((?:[^()]|\([^()]*\))*\)", "", NEGATED.sub("", selector))
    return {name.replace("\\", "") for name in CLASS.findall(re.sub(r"\[[^]]*\]", "", plain))}


def setup(app):
    app.connect("build-finished", cut_styles, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
