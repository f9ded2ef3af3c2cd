"""The boxes of chapters lead to their claims, and the page of the exam leads back."""

import json
import sys
from pathlib import Path

import pytest

from tools.chapters import FOLDER

sys.path.append(str(Path(__file__).resolve().parent.parent.parent / "_ext"))
from claims import cells_of, meet

BOX = ":::{admonition} The exam, checked\nText.\n:::"


def notebook(folder, *cells):
    """A file with these cells, (source, *tags); code where the source begins with a percent sign."""
    made = [
        {
            "cell_type": "code" if source.startswith("%") else "markdown",
            "source": source,
            "metadata": {"tags": [f"claim-{tag}" for tag in tags]},
        }
        for source, *tags in cells
    ]
    path = folder / "chapter.ipynb"
    path.write_text(json.dumps({"cells": made}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("cells", "meetings", "boxes"),
    [
        ([("# A",), ("## B",), ("% code", "C001")], {"C001": [(1, None)]}, []),
        ([("# A",), ("Text.\n\n## B", "C001")], {"C001": [(0, None)]}, []),
        ([("# A",), ("## B\n\nText.", "C001")], {"C001": [(1, None)]}, []),
        ([("# A",), (f"Text.\n\n{BOX}\n\n## B", "C001")], {"C001": [(0, 0)]}, [["C001"]]),
        ([("# A",), (f"## B\n\n{BOX}", "C001")], {"C001": [(1, 0)]}, [["C001"]]),
        ([("# A",), ("% code", "C001"), (BOX,)], {"C001": [(0, 0), (0, None)]}, [["C001"]]),
        (
            [("# A",), ("% code", "C001"), (BOX,), ("% code", "C002"), (BOX,)],
            {"C001": [(0, 0), (0, None)], "C002": [(0, 1), (0, None)]},
            [["C001"], ["C002"]],
        ),
        ([("# A",), ("% # no heading", "C001"), ("```\n# none\n```\n\n## B",)], {"C001": [(0, None)]}, []),
    ],
)
def test_meetings_of_claims(tmp_path, cells, meetings, boxes):
    assert meet(cells_of(notebook(tmp_path, *cells))) == (meetings, boxes)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_each_box_of_a_chapter_leads_to_its_claims(parsed, path):
    wanted = meet(cells_of(path))[1]
    page = parsed(f"chapters/{path.stem}.html")
    boxes = [
        box for box in page.select("div.admonition") if box.find(class_="admonition-title").text == "The exam, checked"
    ]
    assert len(boxes) == len(wanted)
    for number, (box, claims) in enumerate(zip(boxes, wanted, strict=True), 1):
        assert box["id"] == f"exam-{number}" or box.select(f"#exam-{number}")
        assert claims, f"box {number} meets no claim"
        assert [link["href"] for link in box.select(".box-claims a")] == [
            f"exam-checked.html#{name}" for name in claims
        ]
        assert not box.select('a[href^="index.html"]'), (
            "the map is for notebooks; on the site the box leads to the claim"
        )
