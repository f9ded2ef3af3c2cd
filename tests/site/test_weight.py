"""What a first visit costs, in bytes as served, with nothing in the cache."""

MEGABYTE = 1_000_000
OWN = ("/_static/explorers", "/_static/live", "/_static/cnnlib")


def weigh(open_page, page_name):
    """Bytes of everything, and of the page's own part: its HTML, figures and explorers."""
    page = open_page("about:blank")
    sizes = {}
    page.on("response", lambda response: sizes.setdefault(response.url, response))
    address = page_name if "://" in page_name else open_page.url + page_name
    page.goto(address, wait_until="networkidle")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    sizes = {url: len(response.body()) for url, response in list(sizes.items()) if url.startswith("http")}
    own = {u: n for u, n in sizes.items() if "/_static/" not in u or any(part in u for part in OWN)}
    return sum(sizes.values()), sum(own.values()), sizes


def test_a_first_visit_is_under_two_megabytes(open_page, page_name):
    total, own, sizes = weigh(open_page, page_name)
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert total < 2 * MEGABYTE, heaviest
    assert own < MEGABYTE, heaviest
    assert total > 100_000, "the page loaded next to nothing, so nothing was weighed"


def test_mathematics_is_loaded_only_where_there_is_some(open_page, small_book):
    loaded = {}
    for name in ("index", "01-sum", "02-figure"):
        page = open_page("about:blank")
        urls = []
        page.on("request", lambda request, urls=urls: urls.append(request.url))
        page.goto((small_book / "chapters" / f"{name}.html").as_uri(), wait_until="networkidle")
        loaded[name] = any("mathjax" in url for url in urls)
    assert loaded == {"index": False, "01-sum": True, "02-figure": False}
