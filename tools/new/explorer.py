"""A new explorer: both halves, its tests, and its name where explorers are listed."""

import re
from pathlib import Path

SKELETON = Path(__file__).with_name("skeleton")
NAME = re.compile(r"[A-Z][a-z0-9]+([A-Z][a-z0-9]*)*")
EXPORT = "from cnnlib.explore.{} import {}"


def write(name: str, root: Path) -> list[Path]:
    """Write cnnlib/explore/NAME and tests/explore/NAME, and add it to the package's exports and to the API's page."""
    if not NAME.fullmatch(name):
        raise ValueError(f"write: {name!r} is no name of an explorer; give a class's name, such as DeformableGrid")
    words = re.findall(r"[A-Z][a-z0-9]*", name)
    folder = "_".join(words).lower()
    package, tests = root / "cnnlib/explore" / folder, root / "tests/explore" / folder
    if taken := [folder for folder in (package, tests) if folder.exists()]:
        raise FileExistsError(f"write: {taken[0].relative_to(root)} is there already; choose another name")
    named = {"SkeletonName": name, "skeleton_name": folder, "Skeleton title": " ".join(words).capitalize()}
    made = []
    for pattern in sorted(SKELETON.iterdir(), key=lambda path: (path.suffix != ".py", path.name)):
        if pattern.suffix not in (".py", ".mjs"):
            continue
        text = pattern.read_text(encoding="utf-8")
        for old, new in named.items():
            text = text.replace(old, new)
        own = pattern.name in ("check.py", "test_skeleton_name.py")
        made.append((tests if own else package) / pattern.name.replace("skeleton_name", folder))
        made[-1].parent.mkdir(parents=True, exist_ok=True)
        made[-1].write_text(text, encoding="utf-8")
    return [*made, *_list(name, folder, root)]


def _list(name, folder, root):
    """Add the explorer to the package's exports and to the API's page, in the order of the alphabet."""
    exports = root / "cnnlib/explore/__init__.py"
    lines = exports.read_text(encoding="utf-8").splitlines()
    _insert(lines, EXPORT.format(folder, name), r"from cnnlib\.explore\.")
    _insert(lines, f'    "{name}",', r'    "\w+",$')
    exports.write_text("\n".join(lines) + "\n", encoding="utf-8")
    listed = ".. autoclass:: cnnlib.explore."
    page = next(path for path in sorted(root.glob("chapters/**/*.md")) if listed in path.read_text(encoding="utf-8"))
    lines = page.read_text(encoding="utf-8").splitlines()
    _insert(lines, listed + name, re.escape(listed) + r"[A-Z]\w+$")
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [exports, page]


def _insert(lines, line, kind):
    """Put a line among those of its kind."""
    among = [index for index, other in enumerate(lines) if re.match(kind, other)]
    lines.insert(next((index for index in among if lines[index] > line), among[-1] + 1), line)
