"""Cut the theme's icon font down to the icons that the site shows.

Font Awesome comes with some 2,000 icons in 260 kB of fonts and 100 kB of style sheet, and as 1.5 MB of script
besides. The site shows about twenty. Which ones is read off the built pages, so a new icon needs no list.
"""

import io
import logging
import re
import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.WARNING)

VENDOR = "_static/vendor/fontawesome"
STYLES = {"solid": "fa-solid-900", "regular": "fa-regular-400", "brands": "fa-brands-400"}

RULE = re.compile(r'((?:\.fa-[\w-]+:{1,2}before,?)+)\{content:"\\?([^"]+)"\}')
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
NAME = re.compile(r"\bfa-([a-z0-9-]+)")
CODE = re.compile(r'"\\(f[0-9a-f]{3})"|"([\ue000-\uf8ff])"')

FACE = (
    '@font-face{{font-family:"Font Awesome 6 {family}";font-style:normal;font-weight:{weight};'
    "font-display:block;src:url(../webfonts/{name}.woff)}}"
)
FAMILIES = {"solid": ("Free", 900), "regular": ("Free", 400), "brands": ("Brands", 400)}


def cut_icons(app, exception):
    """Replace the copied style sheet and fonts by their used part."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    for sheet in Path(app.outdir, VENDOR).glob("*/css/all.min.css"):
        fonts = sheet.parent.parent / "webfonts"
        if not list(fonts.glob("*.ttf")):
            continue  # nothing was copied again: the part in place is the right one
        css = sheet.read_text(encoding="utf-8")
        names, codes = used(Path(app.outdir), static)
        wanted = set(codes)
        kept = []
        for rule in RULE.finditer(css):
            selectors = [s for s in rule[1].split(",") if NAME.search(s)[1] in names]
            if selectors:
                kept.append(f'{",".join(selectors)}{{content:"\\{rule[2]}"}}')
                wanted.add(rule[2])
        faces = [face for style in STYLES if (face := cut_font(fonts, style, wanted))]
        base = FONT_FACE.sub("", RULE.sub("", css))
        sheet.write_text(base + "".join(faces) + "".join(kept), encoding="utf-8")
        for path in [*fonts.glob("*.ttf"), *fonts.glob("*.woff2"), *sheet.parent.glob("*.css")]:
            if path != sheet:
                path.unlink()
        shutil.rmtree(sheet.parent.parent / "js", ignore_errors=True)


def used(site: Path, static: Path) -> tuple[set[str], set[str]]:
    """Names of icons in pages and scripts, and code points in style sheets other than the icons' own."""
    pages = [p for p in site.rglob("*.html") if static not in p.parents]
    scripts = [p for p in static.rglob("*.js") if not {"fontawesome", "supply"} & set(p.parts)]
    sheets = [p for p in static.rglob("*.css") if "fontawesome" not in p.parts]
    names = {name for path in [*pages, *scripts] for name in NAME.findall(path.read_text(encoding="utf-8"))}
    found = [match for path in sheets for match in CODE.findall(path.read_text(encoding="utf-8"))]
    return names, {code or f"{ord(letter):x}" for code, letter in found}


def cut_font(folder: Path, style: str, codes: set[str]) -> str | None:
    """Write one font with the wanted code points only; its @font-face rule, or None if it has none."""
    source = folder / f"{STYLES[style]}.ttf"
    font = TTFont(io.BytesIO(source.read_bytes()), recalcTimestamp=False)
    points = {int(code, 16) for code in codes if re.fullmatch("[0-9a-f]+", code)} & set(font.getBestCmap())
    if not points:
        return None
    options = subset.Options(flavor="woff", layout_features=[], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    font.flavor = "woff"
    font.save(folder / f"{STYLES[style]}.woff")
    family, weight = FAMILIES[style]
    return FACE.format(family=family, weight=weight, name=STYLES[style])


def setup(app):
    app.connect("build-finished", cut_icons, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
