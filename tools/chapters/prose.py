"""Numbers in a chapter's prose, held against the numbers that its code put out nearby.

A number in a markdown cell counts as produced when an output of its own section or of the section before shows it, to
the digits that the prose gives: 1.88 for 1.8831, 12 % for 0.1234, 62 million for 62,378,344. Farther away too many
numbers would agree by chance. A number may be said again anywhere, in the opening and in the summary for instance, when
the prose says it once where an output shows it. Free are the whole numbers up to ten, years, names (VGG-16), code,
links, citations, references to a section (section 3.2), the line **Time**, and everything under a heading of sources.
"""

import math
import re

FREE_UP_TO = 10
SCALES = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
    "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
    "ms": 1e-3, "%": 1e-2,
}  # fmt: skip

NUMBER = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:[  ]?(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})(?![A-Za-z]))?"
)
OUTPUT_NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:e[-+]?\d+)?", re.I)

REFERENCE = re.compile(
    r"\b(?:sections?|chapters?|tables?|figures?|fig\.|equations?|eq\.|exams?|questions?|pages?|pp?\."
    r"|parts?|exercises?|steps?|volumes?|lines?|rows?|columns?|layers?|version|python|torch|numpy)"
    r"\s+$",
    re.I,
)
SECTION = re.compile(r"^##?\s", re.M)
TAG = re.compile(r"<[A-Za-z/][^>]*>")
SOURCES = re.compile(r"^#+\s+(?:sources|references|further reading|bibliography)\b", re.I)

REMOVED = (
    re.compile(r"^(`{3,}|~{3,})(?!\s*\{)[^\n]*\n.*?^\1\s*$", re.M | re.S),  # code
    re.compile(r"^(`{3,}|~{3,}|:{3,})\{(?:code|code-block|code-cell|bibliography)\}.*?^\1\s*$", re.M | re.S),
    re.compile(r"^\s*(`{3,}|~{3,}|:{3,})(\{[^}\n]*\})?", re.M),  # fences of other directives
    re.compile(r"^:[\w-]+:.*$", re.M),  # options of a directive
    re.compile(r"^\s*\(?[\w-]+\)?=\s*$", re.M),  # targets
    re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.S),  # code spans and roles
    re.compile(r"<!--.*?-->", re.S),
    TAG,
    re.compile(r"\]\([^)\s]*\)"),  # link targets
    re.compile(r"https?://\S+"),
    re.compile(r"\[@[^\]]*\]"),
    re.compile(r"\b(?:arXiv|doi):\s?\S+", re.I),
    re.compile(r"^\s{0,3}\d+[.)]\s", re.M),  # numbering of a list
    re.compile(r"^#+\s+[\d.]+\s", re.M),  # numbering of a heading
    re.compile(r"\d+(?:\.\d+){2,}"),  # versions
    re.compile(r"^\*\*Time\*\*.*$", re.M),  # how long a page takes to read, an estimate
)


def unproven(notebook) -> list[str]:
    """One sentence for each number in prose that no output nearby shows, and that is not said where one does."""
    parts = sections(notebook)
    shown = [shown_numbers(part) for part in parts]
    said = [list(_said(part)) for part in parts]
    nearby = [shown[k] | (shown[k - 1] if k else set()) for k in range(len(parts))]
    proven = {
        value
        for near, numbers in zip(nearby, said, strict=True)
        for *_, value, step in numbers
        if _in(near, value, step)
    }
    everywhere = set().union(*shown)
    found = []
    for near, numbers in zip(nearby, said, strict=True):
        for number, text, value, step in numbers:
            if _in(near, value, step) or _in(proven, value, step):
                continue
            if _in(everywhere, value, step):
                found.append(
                    f"cell {number}: the prose says {text}, which an output of another section shows, but none of this "
                    "section or the one before; say it there first, or let code show it here"
                )
            else:
                found.append(
                    f"cell {number}: the prose says {text}, which no output of the chapter shows; "
                    "let code give it, or write it in a code span"
                )
    return found


def sections(notebook) -> list[list]:
    """The notebook's cells with their numbers, cut before each heading of the second level; the sources left out."""
    parts = [[]]
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown":
            if SOURCES.match(cell.source.lstrip()):
                break
            if SECTION.search(cell.source):
                parts.append([])
        parts[-1].append((number, cell))
    return parts


def _said(part):
    for number, cell in part:
        if cell.cell_type == "markdown":
            for text, value, step in prose_numbers(cell.source):
                yield number, text, value, step


def _in(numbers, value, step):
    """Whether one of the numbers, rounded as the prose rounds, is this value."""
    return any(abs(other - value) <= step * 0.5000001 for other in numbers)


def prose_numbers(markdown: str):
    """Triples of a number's text, its value, and the step of its last digit."""
    for pattern in REMOVED:
        markdown = pattern.sub(" ", markdown)
    markdown = markdown.replace("{,}", ",").replace(r"\,", " ").replace(r"\%", "%")
    markdown = re.sub(r"\\times(?![a-zA-Z])", "×", markdown)
    markdown = re.sub(r"\\[a-zA-Z]+", " ", markdown)
    markdown = re.sub(r"(?<=\d)[x×](?=\d)", " × ", markdown)
    for match in NUMBER.finditer(markdown):
        before, after = markdown[: match.start()], markdown[match.end() :]
        digits = match["number"].replace(",", "")
        if _is_name(before, after) or _is_free(digits, match, before):
            continue
        scale = SCALES[match["scale"]] if match["scale"] else 1
        decimals = len(digits.partition(".")[2])
        yield match[0].strip(), float(digits) * scale, scale * 10.0**-decimals


def _is_name(before, after):
    """VGG-16, conv1, float32, x_12, 4a, 2-D."""
    return bool(re.search(r"[A-Za-z_]$|_\{$|[A-Za-z]-$|\d\.$", before) or re.match(r"[a-d]\b|-?D\b", after))


def _is_free(digits, match, before):
    if REFERENCE.search(before):
        return True
    if "." in digits or match["scale"] or "," in match["number"]:
        return False
    return int(digits) <= FREE_UP_TO or (len(digits) == 4 and 1900 <= int(digits) <= 2099)


def shown_numbers(part) -> set[float]:
    """Every number in the text of a section's outputs, and those in per cent as shares."""
    numbers = set()
    for _, cell in part:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            texts = [output.get("text", "")]
            texts += [TAG.sub(" ", value) for kind, value in data.items() if kind.startswith("text/")]
            for match in (m for text in texts for m in OUTPUT_NUMBER.finditer(text)):
                value = float(match[0].replace(",", "").replace("−", "-"))
                following = match.string[match.end() : match.end() + 2]
                numbers |= {abs(value)} | ({abs(value) / 100} if "%" in following else set())
    return {number for number in numbers if math.isfinite(number)}
