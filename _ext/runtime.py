"""Python in the page: mark the cells that can run there and those that can't, and put beside the pages what it needs.

A page loads one small script (`python/page/cells.js`), which gives each of its code cells "run" and "edit". All else,
the interpreter above all, is loaded when a reader asks for it; `supply.py` says what and in which form.
"""

import hashlib
import shutil
from pathlib import Path

import figures
import supply
from docutils import nodes
from python.kernel import flow

PAGE = supply.PYTHON / "page"
TORCH = {"torch", "torchvision", "cnnlib.layers"}
CHECK = "exercises.check_"


def mark_cells(app, doctree):
    """Say of each cell whether it needs torch, and whether it is an exercise."""
    if not supply.vendored(Path(app.srcdir)):
        return
    cells = [node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code"]
    sources = [_source(cell) for cell in cells]
    torch = set(flow.tainted(sources, TORCH))
    exercises = 0
    for number, (cell, source) in enumerate(zip(cells, sources, strict=True)):
        if number in torch:
            cell["classes"].append("needs-torch")
        elif CHECK in source and "tag_solution" not in cell["classes"]:
            cell["classes"].append("exercise")
            exercises += 1
    metadata = app.env.metadata[app.env.docname]
    metadata["runs"] = bool(sources)
    metadata["exercises"] = exercises


def _source(cell) -> str:
    parts = cell.children[0] if cell.children and cell.children[0].get("nb_element") == "cell_code_source" else None
    return parts.astext() if parts is not None else ""


def offer(app, pagename, templatename, context, doctree):
    """Give a page with code cells the script that can run them."""
    if app.env.metadata.get(pagename, {}).get("runs"):
        app.add_js_file("python/cells.js", loading_method="defer", **{"data-version": version(app)})
        app.add_css_file("python/python.css")


def version(app) -> str:
    """A short name for what is loaded later, so that no browser mixes two versions of it."""
    if not hasattr(app, "python_version"):
        root = Path(app.srcdir)
        digest = hashlib.sha256((root / "vendor" / "SHA256SUMS").read_bytes())
        for path in sorted([*PAGE.iterdir(), *(root / "cnnlib").rglob("*.py"), *supply.PYTHON.rglob("*.py")]):
            digest.update(path.read_bytes())
        app.python_version = digest.hexdigest()[:8]
    return app.python_version


def write_scripts(app):
    """Write the page's own scripts and the editor's below the build folder, for Sphinx to copy."""
    root = Path(app.srcdir)
    if not supply.vendored(root):
        return
    folder = Path(app.doctreedir, "python_static", "python")
    folder.mkdir(parents=True, exist_ok=True)
    for path in PAGE.iterdir():
        shutil.copy(path, folder / path.name)
    for path in (root / "vendor").glob("prismjs-*/*.js"):
        shutil.copy(path, folder / path.name)
    (folder / "codejar.js").write_text(classic(next((root / "vendor").glob("codejar-*/codejar.js"))), encoding="utf-8")
    app.config.html_static_path.append(str(folder.parent))


def classic(module: Path) -> str:
    """CodeJar's module as a plain script, for a page from a folder may load no modules."""
    text = module.read_text(encoding="utf-8")
    start = "export function CodeJar("
    if text.count("export ") != 1 or text.count(start) != 1:
        raise ValueError(f"runtime: {module.name} exports something else than CodeJar alone; see what is new in it")
    text = text.replace(start, "cnnlibPython.CodeJar = CodeJar;\nfunction CodeJar(")
    return f"(() => {{\n{text}\n}})();\n"


def write_supply(app, exception):
    """Write what is loaded later, unless it is there from the last time."""
    root, folder = Path(app.srcdir), Path(app.outdir, "_static", "supply")
    if exception or app.builder.format != "html" or not supply.vendored(root):
        return
    packages = ["numpy", "pillow", "matplotlib"]
    figure = {"density": figures.DENSITY, "least": figures.LEAST, "points": figures.POINTS}
    more = {"packages": packages, "figure": figure, "explorers": app.explorer_scripts}
    supply.write(folder, supply.pieces(root), supply.data(root), more)


def setup(app):
    app.connect("builder-inited", write_scripts, priority=900)
    app.connect("doctree-read", mark_cells, priority=440)  # before the cells are folded
    app.connect("html-page-context", offer)
    app.connect("build-finished", write_supply, priority=980)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
