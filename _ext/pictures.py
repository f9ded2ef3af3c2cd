"""Store the site's figures as lossless WebP: the same pixels in about a third of the bytes of PNG."""

import re
from pathlib import Path

from PIL import Image


def shrink_pictures(app, exception):
    """Convert the copied PNG files where it helps, and let the pages name the new files."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    converted = {path.name for path in (site / "_images").glob("*.png") if shrink(path)}
    if not converted:
        return
    pattern = re.compile("_images/(" + "|".join(re.escape(name) for name in converted) + ")")
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        renamed = pattern.sub(lambda match: match[0].removesuffix(".png") + ".webp", text)
        if renamed != text:
            page.write_text(renamed, encoding="utf-8")


def shrink(path: Path) -> bool:
    """Replace a PNG file by a WebP file of the same pixels; False when that would be no smaller."""
    smaller = path.with_suffix(".webp")
    with Image.open(path) as image:
        image.save(smaller, "WEBP", lossless=True, exact=True, quality=80, method=4)
    if smaller.stat().st_size >= path.stat().st_size:
        smaller.unlink()
        return False
    path.unlink()
    return True


def setup(app):
    app.connect("build-finished", shrink_pictures, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
