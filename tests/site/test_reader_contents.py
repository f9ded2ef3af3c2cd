"""Where a reader is: numbers, contents, sources and their way back, what a preview of a link says."""

import re

import pytest

from tools.environment import ROOT

CHAPTERS = sorted(path.stem for path in ROOT.glob("chapters/[0-9]*.ipynb"))


@pytest.fixture(scope="module")
def soup(parsed):
    """A page of the book, parsed."""
    return lambda name: parsed(f"chapters/{name}.html")


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_carries_the_number_of_its_file(soup, name):
    number = f"{int(name[:2])}. "
    page = soup(name)
    assert page.select_one("article h1").get_text().startswith(number)
    assert page.title.get_text().startswith(number)
    others = {link["href"]: link.get_text().strip() for link in page.select(".bd-sidebar-primary a.reference")}
    for other in CHAPTERS:
        if other != name:
            assert others[f"{other}.html"].startswith(f"{int(other[:2])}. ")
    for link in page.select(".prev-next-footer a"):
        at = re.match(r"(\d\d)-", link["href"])
        assert at is None or f"{int(at[1])}. " in link.get_text()


@pytest.mark.parametrize("name", CHAPTERS)
def test_explorers_stand_in_the_contents(soup, name):
    page = soup(name)
    entries = page.select(".bd-sidebar-secondary .toc-explorer > a")
    anchors = [mount["id"] for mount in page.select("article .live-mount[id]")]
    assert [entry["href"] for entry in entries] == [f"#{anchor}" for anchor in anchors]
    assert len(anchors) >= 1
    for entry in entries:  # in words, not by the name of a class
        assert re.fullmatch(r"[A-Z]\S*( .+)?", entry.get_text().strip())
        assert not re.search(r"[a-z][A-Z]", entry.get_text())
    for entry in entries:
        section = entry.find_parent("ul").find_previous_sibling("a")
        holder = page.find(id=entry["href"][1:]).find_parent("section")
        assert section is None or section["href"] == f"#{holder['id']}"


def test_an_entry_of_the_contents_leads_to_its_explorer(open_page):
    page = open_page(f"chapters/{CHAPTERS[3]}.html")
    entry = page.locator(".bd-sidebar-secondary .toc-explorer > a").first
    anchor = entry.get_attribute("href")
    entry.click()
    page.wait_for_function("id => Math.abs(document.querySelector(id).getBoundingClientRect().top) < 300", arg=anchor)


def test_sources_lead_back_to_where_they_are_cited(soup):
    page = soup("bibliography")
    sources = page.select("article .citation")
    cited = [source for source in sources if source.select(".cited-in a")]
    assert len(cited) > 0.9 * len(sources) > 40
    for link in page.select(".cited-in a")[:20]:
        name, _, anchor = link["href"].partition("#")
        there = soup(name.removesuffix(".html")).find(id=anchor)
        mine = link.find_parent(class_="citation")["id"]
        assert f"bibliography.html#{mine}" in [a["href"] for a in there.find_all("a")]


def test_a_source_with_an_address_is_a_link_to_it(soup):
    page = soup("bibliography")
    links = [a["href"] for a in page.select("article .citation a.external")]
    assert any(link.startswith("https://arxiv.org/abs/") for link in links)
    for source in page.select("article .citation"):
        for number in re.findall(r"arXiv:(\d{4}\.\d{4,5})", source.get_text()):
            assert source.find("a", href=re.compile(number)), number


@pytest.mark.parametrize("name", ["index", *CHAPTERS])
def test_a_preview_of_a_link_says_what_the_page_is(soup, site_dir, name):
    page = soup(name)
    head = {tag.get("name") or tag.get("property"): tag["content"] for tag in page.select("head meta[content]")}
    assert 60 < len(head["description"]) <= 200
    assert head["og:description"] == head["description"]
    assert head["og:title"] in page.title.get_text()
    assert (site_dir / "chapters" / head["og:image"]).is_file()


def test_the_front_pages_title_stands_once(soup):
    page = soup("index")
    title = page.select_one("article h1").get_text().rstrip("#")
    assert page.title.get_text().count(title) == 1
    assert sum(title in link.get_text() for link in page.select(".bd-sidebar-primary a")) == 1


def test_credits_of_every_photograph_are_on_the_site(soup):
    page = soup("credits").select_one("article")
    for line in (ROOT / "data/photos.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, author = line.split("\t")[0], line.split("\t")[4]
        assert name in page.get_text()
        assert " ".join(author.split()) in " ".join(page.get_text().split())


def test_pages_of_the_reference_are_short(open_page, site_dir):
    """The three with the most text, and so all of them."""
    pages = sorted((site_dir / "chapters/api").glob("*.html"), key=lambda path: len(path.read_text(encoding="utf-8")))
    for path in pages[-3:]:
        page = open_page(f"chapters/api/{path.name}")
        assert page.locator("article").bounding_box()["height"] < 20 * 900, path.stem
