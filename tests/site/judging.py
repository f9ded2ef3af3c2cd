"""axe on a page of the site, text of one look judged once: a page has a thousand pieces of text and fifty looks.

What axe says of a text's contrast depends on its own style and on what lies behind it, and saying it takes most of
axe's time. Texts are alike if their styles are, and the backgrounds, opacities and filters of all elements around
them; one that is taken out of the flow is alike only to what is in boxes of the same class. Of each look the first, the
middle and the last text are judged, and all of them if axe has no verdict on these. So what escapes is a text that
something else than the elements around it lies behind or upon. In the long form every text is judged.
"""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT

from tests.conftest import LONG

JUDGE = Path(__file__).with_name("judge.js").read_text(encoding="utf-8")
#: The rules that look at colours: what they find depends on the scheme, and not on the width.
COLOURS = ["color-contrast", "link-in-text-block"]
SHAPE_ONLY = {"rules": {rule: {"enabled": False} for rule in COLOURS}}
ALL, SHAPE, COLOUR, NONE = "all of axe", "axe but for colours", "colours alone", "no axe"


def judged(page, what, every=LONG):
    """What axe finds on a page: ``faults``, a sentence each; how many ``rules``, ``texts`` and ``links`` it judged."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    colours = [] if what == SHAPE else COLOURS
    return page.evaluate(f"(given) => {{ {JUDGE} return judge(given); }}", [SHAPE_ONLY, colours, what != COLOUR, every])
