"""A file that a reader keeps of an explorer, by the page's own button, and what it shows without the page."""

import contextlib
import json

from cnnlib.explore.base import embed
from tests.explore.contract.page import DRIVER, LIVE

EMBED = """async ([name, parameters]) => {
  const root = document.querySelector(".cnnlib-explorer");
  const state = Object.fromEntries(parameters.map((each) => [each, driver.model(root).get(each)]));
  await cnnlibExplorers.embed(name, state, root.parentElement); }"""


def keep(page, kind, path):
    """Save the bare page's explorer as one HTML file, as the button "Embed" of the built site does."""
    page.add_script_tag(content=(LIVE / "embed.js").read_text(encoding="utf-8"))
    parts = json.dumps(embed.parts(kind))
    page.add_script_tag(content=f"cnnlibExplorers.embeddings.set('{kind.__name__}', {parts})")
    page.evaluate(EMBED, [kind.__name__, list(kind.parameters)])
    with page.expect_download() as file:
        page.get_by_role("link", name=f"{kind.__name__}.html").click()
    file.value.save_as(path)


@contextlib.contextmanager
def opened(browser, path):
    """The explorer of a kept file, on a page without network."""
    context = browser.new_context(offline=True)
    context.add_init_script(DRIVER)
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        root = page.locator(".cnnlib-explorer")
        root.wait_for()
        yield root
    finally:
        context.close()
