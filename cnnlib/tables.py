"""Tables for the book: one object that a page shows as a table and that a test compares as text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

import numpy as np

from cnnlib.values import kind, listed

__all__ = ["Table"]


class Table:
    """Rows under named columns, as HTML where that can be shown and as aligned text everywhere else.

    Parameters
    ----------
    rows : iterable of sequences
        The cells, row by row. Text is shown as it is, an integer with thousands separators, any other number as
        ``formats`` says, and None as an empty cell. The first cell of a row is its header.
    columns : sequence of str
        What each column holds, with its unit.
    formats : str or mapping, optional
        How numbers that are not integers are written: one format specification for all columns, such as ``".1f"`` or
        ``".0%"``, or one for each column by its name. By default ``".3g"``.
    caption : str, optional
        What the table shows, in one sentence.

    Raises
    ------
    TypeError
        If the rows or the columns are no lists, or the columns or the caption no strings.
    ValueError
        If there are no rows, a row has more or fewer cells than there are columns, or a format names no column.

    Examples
    --------
    >>> Table([("dense", 9216, 0.5), ("shared", 26, 0.75)], ["layer", "parameters", "accuracy"], formats=".0%")
    layer   parameters  accuracy
    ------  ----------  --------
    dense        9,216       50%
    shared          26       75%
    """

    def __init__(
        self,
        rows: Iterable[Sequence],
        columns: Sequence[str],
        *,
        formats: str | Mapping[str, str] = ".3g",
        caption: str = "",
    ):
        columns = tuple(listed("Table", "columns", columns, "a list of names, one for each column"))
        if not all(isinstance(name, str) for name in columns):
            raise TypeError(f"Table: columns={columns!r} is no list of names; use one string for each column")
        if not isinstance(caption, str):
            raise TypeError(f"Table: caption={caption!r} is {kind(caption)}; use a string")
        if not isinstance(formats, str | Mapping):
            raise TypeError(
                f"Table: formats={formats!r} is {kind(formats)}; use one format for all columns, or a "
                "dictionary from column to format"
            )
        rows = listed("Table", "rows", rows, "a list of rows")
        rows = [tuple(listed("Table", f"rows[{at}]", row, "a list of cells")) for at, row in enumerate(rows)]
        if not rows:
            raise ValueError("Table: there are no rows; give at least one")
        for number, row in enumerate(rows):
            if len(row) != len(columns):
                raise ValueError(
                    f"Table: row {number} has {len(row)} cells for {len(columns)} columns ({', '.join(columns)}); "
                    "give one cell for each column, None for an empty one"
                )
        if not isinstance(formats, str) and (unknown := set(formats) - set(columns)):
            raise ValueError(f"Table: formats for {sorted(unknown)}; use the columns {', '.join(columns)}")
        specifications = [formats if isinstance(formats, str) else formats.get(name, ".3g") for name in columns]
        self.columns, self.caption = columns, caption
        self.cells = tuple(tuple(map(_text, row, specifications)) for row in rows)
        self._right = tuple(any(_is_number(row[column]) for row in rows) for column in range(len(columns)))

    def __repr__(self) -> str:
        lines = [self.columns, *self.cells]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.columns))]
        written = [
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(line, widths, self._right, strict=True)
            ).rstrip()
            for line in lines
        ]
        written.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([self.caption] * bool(self.caption) + written)

    def _repr_html_(self) -> str:
        def cell(kind, text, right, extra=""):
            number = ' class="number"' if right else ""
            return f"<{kind}{extra}{number}>{escape(minus(text))}</{kind}>"

        heads = zip(self.columns, self._right, strict=True)  # a column without a name has no header
        head = "".join(cell("th", *pair, ' scope="col"') if pair[0] else "<td></td>" for pair in heads)
        body = "\n".join(
            "<tr>"
            + cell("th", row[0], self._right[0], ' scope="row"')
            + "".join(cell("td", *pair) for pair in zip(row[1:], self._right[1:], strict=True))
            + "</tr>"
            for row in self.cells
        )
        caption = f"<caption>{escape(minus(self.caption))}</caption>" if self.caption else ""
        label = escape(self.caption or f"Table of {', '.join(filter(None, self.columns))}", quote=True)
        return (
            f'<div class="book-table" role="group" tabindex="0" aria-label="{label}"><table>{caption}\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
        )


def minus(text: str) -> str:
    """Text as a page shows it: a minus sign before negative numbers, none before a zero.

    Programs write a hyphen, and keep it where a number is only just below what rounds to zero. A hyphen that joins two
    words or two numbers stays, and so does one in an exponent.

    Examples
    --------
    >>> minus("-0.05 (-0.35 to -0.00), 2-D, 1e-5")
    '−0.05 (−0.35 to 0.00), 2-D, 1e-5'
    """
    text = re.sub(r"(?<![^\s(\[,:])-(?=0(?:\.0*)?(?![\d.]))", "", text)
    return re.sub(r"(?<![^\s(\[,:])-(?=\.?\d)", "−", text)


def _is_number(value) -> bool:
    return not isinstance(value, str | type(None)) and hasattr(value, "__float__") and not getattr(value, "shape", ())


def _text(value, specification: str) -> str:
    if value is None or value is np.ma.masked:
        return ""
    if not _is_number(value):
        return str(value)
    if hasattr(value, "__index__") and not isinstance(value, bool):
        return f"{value.__index__():,}"
    try:
        return format(float(value), specification)
    except ValueError as error:
        raise ValueError(
            f"Table: formats={specification!r} does not format {value!r} ({error}); use one such as '.1f'"
        ) from None
