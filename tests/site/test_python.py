"""Python in the page: cells run where they are read, and nothing is loaded before a reader asks."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import FADED, Watch

from .python_page import READY, bar, cell, press, run_cell, start, write

CHAPTER = "chapters/06-stride-padding-dilation.html"


@pytest.fixture(scope="module")
def running(browser, site_url):
    """One page whose Python several tests use, each for cells that it writes itself.

    `page.begun` is what its first click did, with `asked` and `later` the addresses asked for before and after it.
    """
    context = browser.new_context()
    page, watch = context.new_page(), Watch()
    watch.follow(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site_url + CHAPTER, wait_until="networkidle")
    before = {"asked": list(asked), "bars": page.locator(".python-bar").count()}
    page.begun = before | first_click(page) | {"later": asked[len(before["asked"]) :]}
    yield start(page)
    context.close()
    assert watch.problems == []


def first_click(page):
    """Run a cell, and what the page said meanwhile and shows then; go back to the stored output."""
    said = []
    page.expose_function("said", lambda text: said.append(text))
    page.evaluate(
        """() => {
          const bar = () => document.querySelector(".python-bar");
          globalThis.listening = new MutationObserver(() => said(bar()?.innerText ?? ""));
          listening.observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true });
        }"""
    )
    press(page, 2, "run")
    page.wait_for_function("cnnlibPython.cells[2].element.querySelector('.live-output table')")
    page.evaluate("listening.disconnect()")
    one = cell(page, 2)
    caption, stored = one.locator(".live-output caption").inner_text(), one.locator(".cell_output:not(.live-output)")
    shown = {"lines": [" ".join(text.split()) for text in said], "caption": caption, "both": stored.is_visible()}
    press(page, 2, "stored output")
    outputs, back = one.locator(".cell_output").count(), one.locator(".cell_output table").is_visible()
    return shown | {"outputs": outputs, "back": back}


def test_nothing_is_loaded_before_a_reader_asks_and_then_one_line_says_how_far_it_is(running):
    begun = running.begun
    later = ("/supply/", "codejar", "prism", "session.js", "outputs.js")
    assert [url for url in begun["asked"] if any(part in url for part in later)] == [] and begun["bars"] == 0
    assert all(any(part in url for url in begun["later"]) for part in later if part not in ("codejar", "prism"))
    lines = begun["lines"]
    assert any(re.match(r"Loading Python: \d+\.\d of \d+\.\d MB, \d+\.\d s", line) for line in lines)
    assert any(re.match(r"Starting Python: \d+\.\d s", line) for line in lines)
    assert begun["caption"] == "Pixels are counted from 0." and not begun["both"]
    assert begun["outputs"] == 1 and begun["back"]
    assert len([url for url in begun["later"] if "asm.wasm" in url]) == 1


def test_what_a_cell_shows(running):
    """Cells share one namespace; those that a cell needs run first; each kind of output has its form."""
    page = running
    figure = cell(page, 1)
    run_cell(page, 1)
    picture = figure.locator(".live-output .figure-frame img")
    stored = figure.locator(".cell_output:not(.live-output) img").get_attribute("alt")
    assert picture.get_attribute("alt") == stored
    page.wait_for_function("e => e.complete && e.naturalWidth > 400", arg=picture.element_handle())
    write(page, 3, "print('one'); print('two')\nimport sys\nprint('three', file=sys.stderr)\n4 * 5")
    assert run_cell(page, 3) == [["stdout", "one\ntwo"], ["stderr", "three"], ["value", "20"]]
    write(page, 4, "here = [1]")
    assert run_cell(page, 4) == []
    write(page, 6, "here.append(2)\nhere;")
    assert run_cell(page, 6) == []
    write(page, 8, "here")
    assert run_cell(page, 8) == [["value", "[1, 2]"]]
    write(page, 9, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('Two')\nplt.show()")
    assert run_cell(page, 9) == [["value", "Figure: Two"]]
    write(page, 10, "from IPython.display import display\ndisplay(1)\nfor k in range(3): display(k)")
    assert run_cell(page, 10) == [["value", "1"], ["value", "0"], ["value", "1"], ["value", "2"]]


def test_errors_show_as_python_shows_them(running):
    page = running
    for number, (code, shown) in enumerate(
        [
            ("x = 1\ny = (\n", "  File \"cell 3\", line 2\n    y = (\n        ^\nSyntaxError: '(' was never closed"),
            (
                "def f(x):\n    return 1 / x\n\nf(0)",
                'Traceback (most recent call last):\n  File "cell 4", line 4, in <module>\n    f(0)\n'
                '  File "cell 4", line 2, in f\n    return 1 / x\n           ~~^~~\n'
                "ZeroDivisionError: division by zero",
            ),
            (
                "import torch",
                'Traceback (most recent call last):\n  File "cell 5", line 1, in <module>\n    import torch\n'
                "ModuleNotFoundError: torch does not run in a browser. To run this cell, open the chapter in "
                "JupyterLab from the book's folder: make lab",
            ),
        ],
        2,
    ):
        write(page, number, code)
        assert run_cell(page, number) == [["error", shown]]
        assert cell(page, number).locator(".live-output .error pre").inner_text().strip("\n") == shown
    write(page, 6, "import numpy as np\n[np.empty(260_000_000) for _ in range(3)]")
    ((kind, text),) = run_cell(page, 6)
    assert kind == "error"
    assert "MemoryError: Unable to allocate" in text
    write(page, 8, "1 + 1")
    assert run_cell(page, 8) == [["value", "2"]]


def test_an_endless_loop_is_stopped_and_python_starts_anew(running):
    page = running
    write(page, 2, "kept = 1\nprint('begun')\nwhile True:\n    pass")
    page.evaluate("void cnnlibPython.run(cnnlibPython.cells[2])")
    page.wait_for_function("cnnlibPython.cells[2].element.querySelector('.live-output')?.textContent.includes('begun')")
    assert page.evaluate("1 + 1") == 2  # the page itself is not held up
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function(READY)
    text = cell(page, 2).locator(".live-output").inner_text()
    assert "begun" in text
    assert "KeyboardInterrupt: stopped. Python starts anew; what was computed is gone." in text
    assert page.evaluate("cnnlibPython.cells[2].text").startswith("kept = 1")
    write(page, 3, "'kept' in globals()")
    assert run_cell(page, 3) == [["value", "False"]]
    write(page, 4, "while True:\n    print('again and again')")  # a flood that must not drown the page
    page.evaluate("void cnnlibPython.run(cnnlibPython.cells[4])")
    page.wait_for_function("cnnlibPython.cells[4].element.querySelector('.live-output')?.textContent.length > 10_000")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function(READY)
    write(page, 5, "print('a' * 300_000)\nprint('b')")
    run_cell(page, 5)
    text = cell(page, 5).locator(".live-output pre").text_content()
    assert text == "a" * 200_000 + "\n... too long to be shown\n"
    page.get_by_role("button", name="Restart").click()
    page.wait_for_function(READY)
    assert page.locator(".live-output").count() == 0


def test_an_explorer_from_a_live_cell_is_live_in_both_directions(running):
    page = running
    write(page, 6, "from cnnlib.explore import ConvArithmetic\ne = ConvArithmetic(size=9, stride=3)\ne")
    run_cell(page, 6)
    explorer = cell(page, 6).locator(".live-output .cnnlib-explorer")
    status = explorer.locator(".status")
    page.wait_for_function("e => e.textContent.startsWith('Output 3 × 3')", arg=status.element_handle())
    write(page, 8, "e.stride = 2\ne.stride")
    assert run_cell(page, 8) == [["value", "2"]]
    page.wait_for_function("e => e.textContent.startsWith('Output 4 × 4')", arg=status.element_handle())
    slider = explorer.get_by_role("slider", name="Stride")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("e => e.textContent.startsWith('Output 7 × 7')", arg=status.element_handle())
    write(page, 9, "e.stride")
    assert run_cell(page, 9) == [["value", "1"]]
    assert explorer.get_by_role("button", name="Copy link").count() == 0  # no address leads back to it


def test_explorers_that_the_page_has_no_script_for_and_links_between_two(running):
    page = running
    write(page, 2, "from cnnlib.explore import CortexCells\nCortexCells()")
    run_cell(page, 2)
    cell(page, 2).locator(".live-output .cnnlib-explorer .status").wait_for()
    code = """from cnnlib.explore import ConvArithmetic, SideBySide
from ipywidgets import jslink
a, b = ConvArithmetic(size=9), ConvArithmetic(size=9, dilation=2)
link = jslink((a, "stride"), (b, "stride"))
SideBySide(a, b)"""
    write(page, 3, code)
    run_cell(page, 3)
    both = cell(page, 3).locator(".live-output .cnnlib-explorer")
    both.nth(1).wait_for()
    slider = both.nth(0).get_by_role("slider", name="Stride")
    slider.focus()
    page.keyboard.press("ArrowRight")
    second = both.nth(1).get_by_role("slider", name="Stride")
    page.wait_for_function("e => e.value === '2'", arg=second.element_handle())
    write(page, 4, "a.stride, b.stride")
    assert run_cell(page, 4) == [["value", "(2, 2)"]]


def test_the_editor_works_by_keys_alone_and_axe_finds_nothing(running):
    """Keys come as fast as they can: a new line at the end of a text that has no colours yet once was lost."""
    page = running
    write(page, 11, "x = 1")
    editing = cell(page, 11).locator(".cell-tools button[aria-label^='edit:']")
    editing.focus()
    page.keyboard.press("Enter")
    editor = page.get_by_role("textbox", name="Code cell 12. Shift and Enter run it, Escape leaves the editor.")
    page.wait_for_function("e => document.activeElement === e", arg=editor.element_handle())
    page.keyboard.press("Control+A")
    page.keyboard.type('# "mine"\nfor k in range(2):\nprint(k + 0.5, "text")')  # the line after a colon is indented
    page.keyboard.press("Shift+Enter")
    page.wait_for_function("cnnlibPython.cells[11].element.querySelector('.live-output')?.textContent.includes('1.5')")
    assert page.evaluate("cnnlibPython.cells[11].text") == '# "mine"\nfor k in range(2):\n    print(k + 0.5, "text")'
    write(page, 12, "1 / 0")
    run_cell(page, 12)
    cell(page, 12).locator(".live-output .error").wait_for()
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        page.evaluate(FADED)
        parts = {"include": [[".cell.changed"], [".python-bar"]]}
        result = Axe().run(page, context=parts, options={"preload": False}).response
        assert len(result["passes"]) > 5
        found = [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in result["violations"]]
        assert found == [], theme
    page.evaluate("() => { document.documentElement.dataset.theme = 'light'; }")
    editor.focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "run"


def test_a_lost_connection_is_said_and_nothing_is_lost(open_page, watch):
    page = open_page(CHAPTER)
    page.route("**/supply/numpy-*", lambda route: route.abort("connectionreset"))
    press(page, 2, "edit")
    cell(page, 2).locator(".cell-editor:focus").wait_for()
    page.keyboard.type("# mine\n")
    press(page, 2, "run")
    note = cell(page, 2).locator(".cell-tools [role=status]")
    page.wait_for_function("e => e.textContent.includes('could not be loaded')", arg=note.element_handle())
    assert note.inner_text() == (
        "Python could not be loaded: the connection was lost. Nothing that you wrote is lost; "
        "once there is a connection again, run the cell again."
    )
    assert all("numpy" in problem or "ERR_CONNECTION_RESET" in problem for problem in watch.problems)
    assert watch.problems
    watch.problems.clear()
    page.unroute("**/supply/numpy-*")
    press(page, 2, "run")
    page.wait_for_function("cnnlibPython.cells[2].element.querySelector('.live-output table')")
    assert page.evaluate("cnnlibPython.cells[2].text").startswith("# mine\n")
    assert "could not" not in bar(page)


def test_a_cell_that_needs_torch_says_so_and_runs_nothing(open_page, site_dir):
    """No chapter has one now; a reader's own book may, and its build marks it as this page's cell is marked."""
    text = (site_dir / CHAPTER).read_text(encoding="utf-8")
    marked = text.replace('class="cell ', 'class="needs-torch cell ', 1)
    assert marked != text
    trial = site_dir / "chapters/trial-torch.html"
    trial.write_text(marked, encoding="utf-8")
    try:
        page = open_page("chapters/trial-torch.html")
        (one,) = page.locator(".cell.needs-torch").all()
        one.locator(".cell-tools").wait_for()
        assert "needs torch, which no browser runs; in JupyterLab (make lab) it runs" in one.inner_text()
        assert one.locator(".cell-tools button").count() == 0
    finally:
        trial.unlink()


def test_no_chapter_needs_torch(site_dir):
    """So every cell runs in the page, as the front page says, and a class's kernels are small."""
    marked = [path.name for path in site_dir.glob("chapters/*.html") if "needs-torch" in path.read_text("utf-8")]
    assert [name for name in marked if "trial-" not in name] == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_paper_and_a_page_without_scripts_have_no_run_and_edit(open_page, script):
    page = open_page(CHAPTER, java_script_enabled=script)
    if script:
        assert page.locator(".cell-tools:visible").count() > 5
        page.emulate_media(media="print")
    assert page.locator(".cell-tools:visible, .python-bar:visible").count() == 0
    assert page.locator(".cell_output:visible").count() > 20
