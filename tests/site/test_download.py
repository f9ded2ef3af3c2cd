"""What a page's download button gives: the chapter's edition for students."""

import re

from bs4 import BeautifulSoup

from tools.chapters import storage
from tools.editions.__main__ import chapters, prose_of
from tools.editions.edition import edition


def test_every_chapter_gives_its_edition_for_students(site_dir):
    prose = prose_of(chapters()[0].parent.parent)
    for path in chapters():
        page = site_dir / "chapters" / f"{path.stem}.html"
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        (button,) = soup.find_all("a", href=re.compile(r"_sources/.*\.ipynb$"))
        given = (page.parent / button["href"]).read_text(encoding="utf-8")
        assert given == storage.text(edition(path, "students", prose)), path.name
