"""No broken link, no address on another host in what a page loads."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

LOADED = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src",
    "embed": "src", "object": "data", "link": "href", "use": "href",
}  # fmt: skip
CSS_ADDRESS = re.compile(r"""(?:url\(\s*|@import\s+)['"]?([^'")\s;]+)""")


# The theme gives the search page its form twice, in the page and in the pop-up that Ctrl+K opens, under
# one id. Either works, and each has a name of its own.
TWICE = {("search.html", "search-input")}


@pytest.fixture(scope="module")
def soups(site_dir, parsed):
    """Each page of the site; not those on which another process tries the explorers."""
    paths = [p for p in site_dir.rglob("*.html") if p.relative_to(site_dir).parts[0] not in ("_static", "_sources")]
    paths = [p for p in paths if not p.name.startswith("trial-")]
    return {path: parsed(path.relative_to(site_dir).as_posix()) for path in paths}


STATE = re.compile(r"[A-Za-z]+-\d+:")


@pytest.fixture(scope="module")
def anchors(soups):
    """The names that a link can lead to on each page."""
    return {
        page: {element.get("id") for element in soup.find_all(id=True)}
        | {element.get("name") for element in soup.find_all(attrs={"name": True})}
        for page, soup in soups.items()
    }


def broken(site_dir: Path, anchors, page: Path, address: str) -> str | None:
    """Why an address on a page leads nowhere, or None."""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https", "mailto", "data", "javascript"):
        return None
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return f"{page.relative_to(site_dir)}: {address} leads to no file"
    if STATE.match(parts.fragment):
        return None  # an explorer in a state: what builds such a link tries it
    if parts.fragment and unquote(parts.fragment) not in anchors.get(target, {unquote(parts.fragment)}):
        return f"{page.relative_to(site_dir)}: {address} leads to no element of its page"
    return None


def test_every_link_leads_somewhere(site_dir, soups, anchors):
    addresses = [
        (page, element[key])
        for page, soup in soups.items()
        for key in ("href", "src")
        for element in soup.find_all(attrs={key: True})
    ]
    assert len(addresses) > 100
    found = [why for page, address in addresses if (why := broken(site_dir, anchors, page, address))]
    assert not found, "\n".join(sorted(set(found)))


def test_nothing_loaded_has_another_host(site_dir, soups):
    found = [
        f"{page.relative_to(site_dir)}: <{tag} {key}={element[key]!r}>"
        for page, soup in soups.items()
        for tag, key in LOADED.items()
        for element in soup.find_all(tag, attrs={key: True})
        if urlsplit(element[key]).netloc and "canonical" not in element.get("rel", [])
    ]
    assert not found, "\n".join(found)


def test_no_style_sheet_names_another_host(site_dir):
    sheets = list(site_dir.rglob("*.css"))
    assert len(sheets) > 5
    found = [
        f"{path.relative_to(site_dir)}: {address}"
        for path in sheets
        for address in CSS_ADDRESS.findall(path.read_text(encoding="utf-8"))
        if urlsplit(address).netloc
    ]
    assert not found, "\n".join(found)


def test_every_id_is_used_once_on_its_page(site_dir, soups):
    found = []
    for page, soup in soups.items():
        counted = Counter(element["id"] for element in soup.find_all(id=True))
        name = page.relative_to(site_dir).as_posix()
        found += [(name, anchor) for anchor, count in counted.items() if count > 1]
    assert set(found) <= TWICE, found


def test_pictures_in_chapters_are_described(site_dir, soups):
    """A sentence, not a file name; what axe asks for is less."""
    found = [
        f"{page.relative_to(site_dir)}: {image.get('src', '')[:60]} alt={image.get('alt')!r}"
        for page, soup in soups.items()
        if page.relative_to(site_dir).parts[0] == "chapters"
        for image in soup.select("article img")
        if len((image.get("alt") or "").split()) < 3 or "/" in (image.get("alt") or "").split()[0]
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("index.html", True),
        ("chapters/index.html#convolutional-networks-live", True),
        ("chapters/index.html#no-such-element", False),
        ("no-such-page.html", False),
        ("#no-such-element", False),
        ("https://example.org/anything", True),
    ],
)
def test_the_link_check_sees(site_dir, anchors, address, good):
    assert (broken(site_dir, anchors, site_dir / "search.html", address) is None) == good
