"""The pairs as a page shows them: a table for each topic, with an anchor for each row."""

import re
from html import escape

from cnnlib.conventions import borders, coordinates, counting, images, kernels, values
from cnnlib.conventions.pair import Pair
from cnnlib.values import choice

#: Topic to its pairs, in the order of the book.
TOPICS = {
    "kernels": kernels.PAIRS,
    "padding and sizes": borders.PAIRS,
    "images": images.PAIRS,
    "coordinates": coordinates.PAIRS,
    "counting": counting.PAIRS,
    "values and names": values.PAIRS,
}


def pair(name) -> Pair:
    """The pair of that name.

    Raises
    ------
    TypeError, ValueError
        If there is none.

    Examples
    --------
    >>> pair("dilation-or-holes").rule.partition(".")[0]
    'd = h + 1'
    """
    found = {each.name: each for pairs in TOPICS.values() for each in pairs}
    return found[choice("pair", "name", name, found)]


def sheet(topic):
    """The pairs of one topic as a `Sheet`.

    Raises
    ------
    TypeError, ValueError
        If there is no such topic.

    Examples
    --------
    >>> print(str(sheet("counting")).partition(chr(10))[0])
    Multiply-adds or operations
    """
    return Sheet(TOPICS[choice("sheet", "topic", topic, TOPICS)])


class Sheet:
    """Pairs of conventions: a table where that can be shown, lines of text everywhere else.

    Parameters
    ----------
    pairs : iterable of Pair
    """

    def __init__(self, pairs):
        self.pairs = tuple(pairs)

    def __repr__(self) -> str:
        return "\n\n".join(map(_text, self.pairs))

    def _repr_html_(self) -> str:
        return f'<div class="conventions">\n{"".join(map(_table, self.pairs))}</div>'


def _facts(pair):
    """What is said of a pair below its two sides, each under its heading, and the example's difference."""
    example = pair.example()
    functions = [
        f"`{each.__name__}`"
        for each in dict.fromkeys((pair.forth, pair.back))
        if each is not None and each.__name__.isidentifier()
    ]
    return {
        "Conversion": pair.rule,
        "In code": " and ".join(functions),
        "Example": f"{example.says}. Largest difference: {round(example.difference, 12):g}.",
        "Trap": pair.trap,
        "Where they stand": "; ".join(f"{who}: {side}" for who, side in pair.stands.items()) + ".",
    }


def _text(pair):
    lines = [pair.title, f"  {pair.left} | {pair.right}"]
    lines += [f"  {heading}: {said}" for heading, said in _facts(pair).items() if said]
    lines.append("  Sources: " + "; ".join(what for what, _ in pair.sources) + ".")
    return "\n".join(lines).replace("`", "")


def _table(pair):
    facts = "".join(
        f'<p><span class="heading">{heading}.</span> {_marked(said)}</p>'
        for heading, said in _facts(pair).items()
        if said
    )
    sources = "; ".join(
        f'<a href="{escape(address)}">{_marked(what)}</a>' if address else _marked(what)
        for what, address in pair.sources
    )
    return (
        f'<table id="{pair.name}"><caption><a href="#{pair.name}">{escape(pair.title)}</a></caption>\n'
        f'<tbody><tr><th scope="col">{_marked(pair.left)}</th><th scope="col">{_marked(pair.right)}</th></tr>\n'
        f'<tr><td colspan="2">{facts}<p class="sources"><span class="heading">Sources.</span> {sources}.</p></td></tr>'
        "</tbody></table>\n"
    )


def _marked(text):
    """HTML of a text with code between backquotes."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
