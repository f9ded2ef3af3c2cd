"""Measure what each page of the built site gives its height to, and how far down its first picture comes.

    python -m tools.measure_pages [SITE FOLDER] [WIDTH]

Shares are of the height of the page's text column, as a reader who has changed nothing sees it.
"""

import sys
from pathlib import Path

from tools.browser import find_or_install, flags
from tools.site import ROOT

SCREEN = (1280, 900)
KINDS = ("code", "printed", "tables", "figures", "explorers", "questions")

MEASURE = """() => {
  const article = document.querySelector("article.bd-article");
  const shown = (e) => e.checkVisibility() && e.getBoundingClientRect().height > 0;
  const outermost = (selector) =>
    [...article.querySelectorAll(selector)].filter((e) => shown(e) && !e.parentElement.closest(selector));
  const height = (elements) => elements.reduce((sum, e) => sum + e.getBoundingClientRect().height, 0);
  const live = outermost(".live-mount");
  const questions = live.filter((e) => e.querySelector(".question"));
  const explorers = live.filter((e) => !e.querySelector(".question"));
  const outside = (selector) => outermost(selector).filter((e) => !e.closest(".live-mount"));
  const figures = outside("img");
  const top = (e) => e.getBoundingClientRect().top + scrollY;
  const first = [...figures, ...explorers].map(top);
  return {
    height: article.getBoundingClientRect().height,
    code: height(outside(".cell_input, details.hide > summary")),
    printed: height(outside(".cell_output div.highlight")),
    tables: height(outside("table")),
    figures: height(figures), explorers: height(explorers), questions: height(questions),
    first: first.length ? Math.min(...first) / innerHeight : null,
  };
}"""


def measure(site: Path, width: int = SCREEN[0]):
    """For each page below ``chapters/``: its name, height in screens, shares by kind, screens to the first picture."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=flags())
        page = browser.new_page(viewport={"width": width, "height": SCREEN[1]})
        for path in sorted(site.glob("chapters/**/*.html")):
            page.goto(path.resolve().as_uri(), wait_until="load")
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            page.wait_for_load_state("networkidle")
            found = page.evaluate(MEASURE)
            shares = [found[kind] / found["height"] for kind in KINDS]
            name = path.relative_to(site / "chapters").with_suffix("")
            yield name, found["height"] / SCREEN[1], shares, found["first"]
        browser.close()


def main() -> int:
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/html"
    width = int(sys.argv[2]) if len(sys.argv) > 2 else SCREEN[0]
    print(f"{'page':36}{'screens':>8}" + "".join(f"{kind:>11}" for kind in KINDS) + f"{'first picture':>15}")
    for name, screens, shares, first in measure(site, width):
        there = "none" if first is None else f"{first:.1f}"
        print(f"{name!s:36}{screens:8.1f}" + "".join(f"{share:11.1%}" for share in shares) + f"{there:>15}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
