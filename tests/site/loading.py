"""Waiting until a page has all that it shows: a state of the page, and not a time in which nothing moves."""

# Fonts and pictures are there, formulas are set, and every explorer in sight has said what it shows.
LOADED = """() => document.readyState === "complete" && document.fonts.status === "loaded"
  && [...document.images].every(e => e.complete)
  && [...document.querySelectorAll(".live-explorer .status")].filter(e => e.offsetParent)
    .every(e => e.textContent && !/Unpacking|Computing|being loaded/.test(e.textContent))"""

# Explorers measure their room when they are told that it changed, and draw in the frame after that.
DRAWN = (
    "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))"
)


def goto(page, address):
    """Go to an address, and wait for all that its page shows."""
    page.goto(address, wait_until="load")
    loaded(page)


def loaded(page):
    """Wait until a page that was opened shows everything; what it may load later is not waited for."""
    page.evaluate("() => window.MathJax?.startup?.promise.then(() => {})")
    page.wait_for_function(LOADED)
    page.evaluate(DRAWN)
