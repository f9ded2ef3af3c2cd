"""Style sheets keep every rule that can apply, and lose those that cannot."""

import re
import sys

import pytest

from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
import styles

DECORATION = re.compile(r"text-decoration:([^;}]*)")


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a{x:1}", True),
        (".b{x:1}", False),
        (".a .b{x:1}", False),
        (".a:not(.b){x:1}", True),
        (":is(.a,.b) p{x:1}", True),
        ("p{x:1}", True),
        ("[class*='.b']{x:1}", True),
        ("html[data-theme=dark] .b{x:1}", False),
        ("@media print{.a{x:1}}", True),
        ("@media print{.b{x:1}}", False),
        ("@media print{@supports (y:1){.a{x:1}}}", True),
        ("@font-face{font-family:F}", True),
        ("@keyframes b{to{x:1}}", True),
        (r".a\:c{x:1}", True),
    ],
)
def test_a_rule_stays_if_it_can_apply(css, kept):
    assert (styles.cut(css, {"a", "a:c"}) != "") == kept


def test_of_several_selectors_the_possible_ones_stay():
    assert styles.cut(".a,.b>p,h1{x:1}", {"a"}) == ".a,h1{x:1}"


def test_cutting_twice_is_cutting_once():
    css = ":root{--a:1}\n.a,.b{x:url(data:image/svg+xml;utf8,<svg/>)}"
    css += "@media (min-width:1px){.a::before{content:'}'}.b{y:1}}"
    once = styles.cut(css, {"a"})
    assert "content:'}'" in once or 'content:"}"' in once
    assert styles.cut(once, {"a"}) == once


def test_classes_come_from_pages_and_scripts(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "page.html").write_text("<p class=\"one two\"><b class='three'>class four</b>")
    (tmp_path / "_static" / "x.js").write_text("element.classList.add('five-six');")
    assert {"one", "two", "three", "five-six"} <= styles.used(tmp_path)
    assert "four" not in styles.used(tmp_path)


def test_a_line_below_text_is_written_in_words_that_safari_knows():
    """It drops `text-decoration: underline dotted` whole, and the terms of the glossary looked like any text."""
    sheets = [*(ROOT / "_ext").rglob("*.css"), *(ROOT / "cnnlib").rglob("*.css")]
    values = [value for sheet in sheets for value in DECORATION.findall(sheet.read_text(encoding="utf-8"))]
    assert len(values) > 5
    assert [value for value in values if " " in value.strip()] == []
