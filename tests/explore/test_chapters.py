"""Every chapter on the built site, loaded once: its explorers are live and move, and its questions judge answers."""

import json
import re
from pathlib import Path

import pytest

from tests.explore.contract.page import DRIVER
from tests.explore.hand import control

CHAPTERS = sorted(path.stem for path in Path(__file__).parents[2].glob("chapters/[0-9]*.ipynb"))
#: Panels that could get a scroll bar, which no headless browser shows.
SCROLLING = """() => [...document.querySelectorAll(".cnnlib-explorer .panel")]
  .filter(panel => getComputedStyle(panel).overflow !== "visible").map(panel => panel.className)"""
STATE = re.compile(r'<script type="application/vnd.jupyter.widget-state\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def stored(site_dir, request):
    """The models of a chapter's page, by what they are."""
    text = STATE.search((site_dir / f"chapters/{request.param}.html").read_text(encoding="utf-8"))[1]
    return request.param, list(json.loads(text)["state"].values())


@pytest.mark.parametrize("stored", CHAPTERS, indirect=True)
def test_everything_in_a_chapter_is_live(open_page, stored):
    """Loaded as a reader does, at the usual width; what the page complains of fails the test."""
    name, models = stored
    page = open_page(f"chapters/{name}.html", init=DRIVER)
    assert page.locator(".live-trouble").all_inner_texts() == []
    assert page.locator(".live-mount").count() == page.locator(".live-mount:has(.cnnlib-explorer)").count() > 0
    assert page.evaluate(SCROLLING) == []
    explorers = page.locator(".cnnlib-explorer:not(.question)")
    kinds = [model["state"].get("_anywidget_id", ".").rpartition(".")[2] for model in models]
    assert explorers.count() == len([kind for kind in kinds if kind not in ("", "Question")])
    for index in range(explorers.count()):
        moves(page, explorers.nth(index))
    questions = [model["state"] for model, kind in zip(models, kinds, strict=True) if kind == "Question"]
    assert page.locator(".question").count() == len(questions)
    for index, state in enumerate(questions):
        judges(page.locator(".question").nth(index), state)
    joined(page, models)
    linked(page)


def moves(page, root):
    """A slider by one step: something else is said, and the picture stays."""
    root.evaluate("(root) => driver.start(root)")
    before = root.evaluate("(root) => JSON.stringify(driver.state(root))")
    slider = root.locator('input[type="range"]:enabled:visible').first
    slider.focus()
    page.keyboard.press("ArrowRight" if slider.input_value() != slider.get_attribute("max") else "ArrowLeft")
    root.evaluate("(root) => driver.settle(root)")
    assert root.evaluate("(root) => JSON.stringify(driver.state(root))") != before
    shown = root.evaluate("(root) => driver.read(root)")
    assert shown["trouble"] is None and shown["status"] and root.locator(".stage").is_visible()
    root.evaluate("(root) => driver.reset(root)")


#: Gives each answer to a question, by its own controls, and says what is shown then; its gestures are tested elsewhere.
ANSWER = """(root, answers) => answers.map((answer) => {
  const input = root.querySelector("input[type=text], input:not([type])");
  const choice = [...root.querySelectorAll("input[type=radio]")].find((each) => each.value === answer);
  if (choice) choice.click();
  else {
    input.value = answer;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  [...root.querySelectorAll("button")].find((each) => each.textContent === "Check")?.click();
  return root.querySelector("[role=status]").textContent;
})"""


def judges(question, state):
    """Every stored wrong answer gets its hint, the right one is accepted."""
    expected = [*state["wrong"], [state["answer"], "Yes."]]
    heard = question.evaluate(ANSWER, [str(answer) for answer, _ in expected])
    for said, (answer, reply) in zip(heard, expected, strict=True):
        right = answer == state["answer"]
        assert raised(reply) in said and said.startswith("✓" if right else "✗"), (state["prompt"], answer)


def raised(text):
    """A text with its powers as a page writes them: 2^20 as 2²⁰."""
    return re.sub(r"\^(\d+)", lambda match: match[1].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")), text)


def joined(page, models):
    """What the chapter joins by jslink moves together."""
    for model in (each for each in models if each["model_name"] == "LinkModel"):
        (source, name), (target, other) = model["state"]["source"], model["state"]["target"]
        ends = [page.locator(f'[data-model="{key.removeprefix("IPY_MODEL_")}"]') for key in (source, target)]
        if any(end.count() == 0 for end in ends):  # inside a row: its explorers stand in the row's order
            ends = [page.locator(".live-row .cnnlib-explorer").nth(index) for index in (0, 1)]
        first, second = control(ends[0], name), control(ends[1], other)
        first.evaluate("(input) => driver.set(input.closest('.cnnlib-explorer'), input.dataset.parameter, input.max)")
        assert second.input_value() == first.input_value()


def linked(page):
    """A link by kind and count, and one that counts every explorer of the page, lead to the explorer they name."""
    keys = page.evaluate("() => [...document.querySelectorAll('.live-explorer')].map((e) => e.id)")
    last = next(key for key in reversed(keys) if "Question" not in key)
    for fragment in (f"#{last.removeprefix('explorer-')}:nothing=1", f"#explorer={keys.index(last) + 1}&nothing=1"):
        page.evaluate("(hash) => { location.hash = hash; }", fragment)
        page.wait_for_function(
            """(id) => document.querySelector(".live-link-trouble")?.nextElementSibling?.id === id""", arg=last
        )


def test_an_explorers_own_style_sheet_comes_with_its_script(open_chapter):
    """No other page loads it."""
    ask = """() => ({ sheets: [...document.styleSheets].filter((sheet) =>
        [...sheet.cssRules].some((rule) => rule.selectorText?.includes(".prediction-row"))).length,
      display: getComputedStyle(document.querySelector(".tiles") ?? document.body).display })"""
    network = open_chapter(address="chapters/16-a-whole-network.html")
    assert network.evaluate(ask) == {"sheets": 1, "display": "flex"}
    assert open_chapter().evaluate(ask)["sheets"] == 0
