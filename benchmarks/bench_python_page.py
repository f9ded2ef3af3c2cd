"""Python in the page, in seconds: from the click to the first result, a second cell, a figure, and the page's frames.

A page of the built site, from a local server, in a headless browser: with an empty cache and with a filled one, as a
reader comes back. Of several visits the least, as other work on the machine only ever adds. The frames are those of the
page itself while a cell computes: the interpreter has a thread of its own.
"""

import sys
import tempfile

from playwright.sync_api import sync_playwright

from tools.browser import NoBrowser, find_or_install, flags
from tools.serve import FolderServer
from tools.site import build

PAGE = "chapters/06-stride-padding-dilation.html"
VISITS = 3
BUDGETS = {"first": 6.0, "again": 3.0, "figure": 1.0}
VISIT = """async () => {
  const seconds = async (number, code) => {
    if (code) cnnlibPython.cells[number].write(code);
    const since = performance.now();
    await cnnlibPython.run(cnnlibPython.cells[number]);
    return (performance.now() - since) / 1000;
  };
  const result = { start: await seconds(2, "1 + 1"), second: await seconds(3, "2 + 2") };
  await seconds(1); // the first figure brings Matplotlib
  result.figure = await seconds(1, cnnlibPython.cells[1].stored + "\\n");
  const gaps = [];
  let last = performance.now();
  let watching = true;
  const frame = (now) => { gaps.push(now - last); last = now; if (watching) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  await seconds(4, "sum(k * k for k in range(3_000_000))");
  watching = false;
  result.frame = gaps.slice(1).sort((a, b) => a - b)[Math.floor(0.95 * (gaps.length - 1))];
  result.loading = cnnlibPython.session.report.seconds;
  result.bytes = cnnlibPython.session.report.size;
  return result;
}"""


def visits(context, address: str) -> dict[str, float]:
    """The least of each time over some visits in one browser context, so with what its cache holds."""
    found = []
    for _ in range(VISITS):
        page = context.new_page()
        page.goto(address)
        found.append(page.evaluate(VISIT))
        page.close()
    return {name: min(one[name] for one in found) for name in found[0]}


def main() -> int:
    try:
        path = find_or_install()
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    with FolderServer(build(), port=None) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags())
        first = []
        for _ in range(VISITS):
            context = browser.new_context()
            page = context.new_page()
            page.goto(server.url + PAGE)
            first.append(page.evaluate(VISIT))
            context.close()
        with tempfile.TemporaryDirectory() as profile:
            context = playwright.chromium.launch_persistent_context(profile, executable_path=path, args=flags())
            again = visits(context, server.url + PAGE)
            context.close()
        browser.close()
    once = {name: min(one[name] for one in first) for name in first[0]}
    print(f"loaded before the first cell runs: {once['bytes'] / 1e6:.1f} MB")
    print(f"{'':34}{'first visit':>12}{'again':>12}")
    rows = (("start", "from the click to the first result"), ("second", "a second cell"), ("figure", "a figure"))
    for name, words in rows:
        print(f"{words:34}{once[name]:10.2f} s{again[name]:10.2f} s")
    print(f"{'frame of the page, 95th percentile':34}{once['frame']:9.1f} ms{again['frame']:9.1f} ms")
    words = f"{BUDGETS['first']:.0f} s at first, {BUDGETS['again']:.0f} s again, a figure {BUDGETS['figure']:.0f} s"
    print(f"budgets: {words}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
