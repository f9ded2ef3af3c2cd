"""How a test takes hold of an explorer on a page."""


def explorer(page, title, index=0):
    return page.locator(f'.cnnlib-explorer[aria-label="{title}"]').nth(index)


def control(root, name):
    return root.locator(f'[data-parameter="{name}"]')


def status(root):
    """The spoken line, once it has settled and a photograph is unpacked."""
    root.evaluate("(root) => driver.settle(root)")
    return root.locator(".status").inner_text()


def follow(open_chapter, page, title, address, query):
    """The first explorer of that title, opened again by a link with ``query``."""
    find = "(title) => document.querySelector(`[aria-label='${title}']`).closest('.live-explorer').id"
    place = page.evaluate(find, title)
    again = open_chapter(address=address, fragment=f"#{place.removeprefix('explorer-')}:{query}")
    again.evaluate("() => driver.frame()")
    return again.locator(f"#{place} .cnnlib-explorer")
