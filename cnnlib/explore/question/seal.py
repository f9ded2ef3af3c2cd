"""A question as one text that shows nothing of its answer: for notebooks whose code everybody sees.

It is packed, not encrypted. Who wants to can open it; nobody reads the answer while looking for the question.
"""

import base64
import binascii
import json
import textwrap
import zlib


def sealed(values: dict) -> str:
    """The keywords of a question as letters, digits and a few signs, in lines of 100."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")
    return "\n".join(textwrap.wrap(packed, 100))


def opened(text: str) -> dict:
    """The keywords that `sealed` packed; spaces and line ends do not count."""
    if not isinstance(text, str):
        raise TypeError(f"Question.sealed: text={text!r} is no text; give what Question.seal returned")
    try:
        packed = base64.b64decode("".join(text.split()), validate=True)
        return json.loads(zlib.decompress(packed).decode("utf-8"))
    except (binascii.Error, zlib.error, ValueError):
        raise ValueError(
            "Question.sealed: text is damaged or cut short; take the cell from the notebook as it was given out"
        ) from None
