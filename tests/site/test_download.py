"""What a page's download button gives: the chapter's edition for students."""

import re

from tools.chapters import storage
from tools.editions.__main__ import chapters, prose_of
from tools.editions.edition import edition


def test_every_chapter_gives_its_edition_for_students(site_dir, parsed):
    prose = prose_of(chapters()[0].parent.parent)
    for path in chapters():
        (button,) = parsed(f"chapters/{path.stem}.html").find_all("a", href=re.compile(r"_sources/.*\.ipynb$"))
        given = (site_dir / "chapters" / button["href"]).read_text(encoding="utf-8")
        assert given == storage.text(edition(path, "students", prose)), path.name
