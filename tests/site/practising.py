"""What the tests of the practice page do on it, and what a notebook's paper holds."""

import json

from cnnlib import exam

PAGE = "chapters/practice.html"
TOLD = ".paper-summary [role=status]"


def link(seed=1, marks=15, parts=(), mode="practice"):
    return f"#seed={seed}&marks={marks}" + (f"&parts={'.'.join(parts)}" if parts else "") + f"&mode={mode}"


def asked(page):
    """Prompt and choices of every question on the page."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".paper-questions > li")].map((li) => [
          li.querySelector("legend").textContent,
          [...li.querySelectorAll("input[type=radio]")].map((input) => input.value)])"""
    )


def expected(**wish):
    """The same of a notebook's paper; the page raises powers of ten."""
    return [[item.prompt.replace("10^9", "10⁹"), list(item.choices)] for item in exam.paper(**wish).items]


def question(page, n):
    return page.locator(".paper-questions > li").nth(n)


def answer(page, n, value, *, check=True):
    found = question(page, n)
    if found.get_by_role("radio").count():
        found.locator(f"input[value={json.dumps(str(value))}]").check()
    else:
        found.get_by_role("textbox").fill(str(value))
    if check:
        found.get_by_role("button", name="Check").click()
    return found
