"""The whole site as one file to carry, which opens from the folder that it is unpacked into."""

import re
import sys
import zipfile
from pathlib import Path

import yaml

from .site import ROOT, BuildFailed, build

TIME = (1980, 1, 1, 0, 0, 0)  # of every file, so that the same site gives the same bytes
FIRST = """\
{title}

Open index.html in a browser. Nothing else is needed: no network, no server, nothing to install.
"""


def pack(site: Path, into: Path, title: str) -> Path:
    """Write the site's files and a note on where to begin into one file, below a folder with the site's name."""
    folder = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    path = into / f"{folder}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        _add(file, f"{folder}/OPEN index.html.txt", FIRST.format(title=title).encode("utf-8"))
        for each in sorted(each for each in site.rglob("*") if each.is_file()):
            name = each.relative_to(site).as_posix()
            if name not in (".buildinfo", "objects.inv"):
                _add(file, f"{folder}/{name}", each.read_bytes())
    return path


def _add(file, name, content):
    entry = zipfile.ZipInfo(name, TIME)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    file.writestr(entry, content)


def main() -> int:
    try:
        site = build()
    except BuildFailed as error:
        print(error, file=sys.stderr)
        return 1
    title = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]
    path = pack(site, site.parent, title)
    print(f"zip: {path}, {path.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
