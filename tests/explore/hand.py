"""How a test takes hold of an explorer on a page."""


def explorer(page, title, index=0):
    return page.locator(f'.cnnlib-explorer[aria-label="{title}"]').nth(index)


def control(root, name):
    return root.locator(f'[data-parameter="{name}"]')


def status(root):
    """The spoken line, once it has settled and a photograph is unpacked."""
    root.evaluate("(root) => driver.settle(root)")
    return root.locator(".status").inner_text()
