"""What a first visit costs, in bytes as served, with nothing in the cache."""

MEGABYTE = 1_000_000
FIRST_VISIT = 2_100_000  # 2,000,000 until pages got their switch, search and kept answers: 60 kB of scripts and styles
OWN = ("/_static/explorers", "/_static/live", "/_static/cnnlib")


def first_visit(page, address: str) -> dict[str, int]:
    """Bytes of each file that an empty page loads when it goes to an address and is read to its end."""
    answers = {}

    def keep(response):
        answers.setdefault(response.url, response)

    page.on("response", keep)
    page.goto(address, wait_until="networkidle")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", keep)
    return {url: len(answer.body()) for url, answer in answers.items() if url.startswith("http")}


def overweight(sizes: dict[str, int]) -> list[str]:
    """What is too much: everything, or the page's own part, which is its HTML, figures and explorers."""
    own = sum(size for url, size in sizes.items() if "/_static/" not in url or any(part in url for part in OWN))
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert sum(sizes.values()) > 100_000, "the page loaded next to nothing, so nothing was weighed"
    return [
        f"{what} weighs {size:,} bytes, the limit is {limit:,}; the heaviest files are {heaviest}"
        for what, size, limit in (("the page's own part", own, MEGABYTE), ("it", sum(sizes.values()), FIRST_VISIT))
        if size > limit
    ]
