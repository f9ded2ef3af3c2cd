"""What a first visit costs, in bytes as served, with nothing in the cache."""

MEGABYTE = 1_000_000
FIRST_VISIT = 2_100_000  # 2,000,000 until pages got their switch, search and kept answers: 60 kB of scripts and styles
OWN = ("/_static/explorers", "/_static/live", "/_static/cnnlib")


def answers(page) -> dict:
    """What answers a page's requests from now on, by address; it grows as long as the page loads anything."""
    found = {}
    page.on("response", lambda response: found.setdefault(response.url, response))
    return found


def weights(answers) -> dict[str, int]:
    """Bytes of each file that came over http."""
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
