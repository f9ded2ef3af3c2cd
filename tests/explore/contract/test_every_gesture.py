"""Every explorer by keyboard, by mouse and by a drag."""

import numpy as np

from tests.explore.contract.every import EVERY, compared, made
from tests.explore.contract.page import as_python
from tests.explore.hand import read

FAR = 25  # presses with Shift, ten pixels each, that lead beyond the border of every picture from its middle


@EVERY
def test_by_keyboard_alone(bare, kind):
    """Tab reaches every control and every picture that takes keys; arrows move each; Enter edits a number."""
    explorer = made(kind)
    page = bare(explorer)
    title = page.title_of(explorer)
    root = page.locator(".cnnlib-explorer")
    page.evaluate("(title) => driver.start(driver.explorers(title)[0])", title)
    assert root.locator(".status").get_attribute("aria-live") == "polite"
    wanted = root.evaluate(
        """(root) => [...root.querySelectorAll("input, select, button, summary, [tabindex='0']")]
        .filter((e) => !e.disabled && e.offsetParent && e.tabIndex >= 0).length"""
    )
    page.evaluate("() => document.activeElement?.blur()")
    reached = set()
    for _ in range(wanted + 3):
        page.keyboard.press("Tab")
        mark = page.evaluate(
            """() => { const e = document.activeElement; if (!e.closest(".cnnlib-explorer")) return null;
            e.dataset.tab ??= String(globalThis.tabs = (globalThis.tabs ?? 0) + 1); return e.dataset.tab; }"""
        )
        reached.add(mark)
    assert len(reached - {None}) == wanted
    for slider in root.locator('input[type="range"]:not(:disabled)').all():
        if not slider.is_visible():
            continue
        slider.focus()
        before = slider.input_value()
        page.keyboard.press("ArrowRight" if before != slider.get_attribute("max") else "ArrowLeft")
        page.evaluate("(title) => driver.settle(driver.explorers(title)[0])", title)
        assert slider.input_value() != before, slider.get_attribute("data-parameter")
        text = slider.get_attribute("aria-valuetext").replace("−", "-")
        assert text.startswith(slider.input_value()) and ", from " in text
        page.evaluate("(title) => driver.reset(driver.explorers(title)[0])", title)
    for element in root.locator("[role=application], [role=slider][tabindex='0']").all():
        if not element.is_visible():
            continue
        element.focus()
        page.keyboard.press("ArrowDown")
        seen = element.evaluate(
            """(one) => { const outlined = [one, one.closest(".picture"), one.querySelector(".cursor:not([hidden])")];
            const marked = (e) => getComputedStyle(e).outlineStyle === "solid" || e.matches(".cursor");
            return outlined.some((e) => e && marked(e)); }"""
        )
        assert seen, element.get_attribute("aria-label")
        there_and_back(explorer, element)
        edited(explorer, root, element)


def pressed(element, *keys):
    """What is said, and the state, after each of the keys that does not only lead far."""
    press = "(element, keys) => driver.press(element.closest('.cnnlib-explorer'), element, keys)"
    return element.evaluate(press, keys)


def there_and_back(explorer, element):
    """Each arrow goes its way and the opposite one back; with Shift ever further, and never to where nothing is."""
    label = element.get_attribute("aria-label")
    keys = ("ArrowRight", "ArrowLeft", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowDown")
    right, left, right_again, down, up, down_again = pressed(element, *keys)
    assert (right, down) == (right_again, down_again), label
    assert (right, down) != (left, up), label
    for axis, there, back in ((1, right, left), (0, down, up)):
        changed = {name for name, value in there["parameters"].items() if value != back["parameters"][name]}
        for name in changed if len(changed) == 1 else ():
            if explorer.traits()[name].kind == "pair" and "from one to the next" not in label:
                steps = np.subtract(there["parameters"][name], back["parameters"][name])
                assert steps[axis] > 0 and steps[1 - axis] == 0, (label, name)
    for way in (["Shift+ArrowDown", "Shift+ArrowRight"], ["Shift+ArrowUp", "Shift+ArrowLeft"] * 2):
        as_python(explorer, pressed(element, *way * FAR)[-1]["parameters"])


def edited(explorer, root, grid):
    """A number that is written into a cell, where one can be, stands there; the cells beside it stay as they were."""

    def around():
        home = ["Shift+ArrowUp", "Shift+ArrowLeft"] * 3
        said = pressed(grid, *home, "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")
        return dict(one["cell"].rpartition(": ")[::2] for one in said)

    if not grid.evaluate("(grid) => grid.matches('.cells') && /Enter (edits|writes)/.test(grid.ariaLabel)"):
        return
    before = around()
    _, start, _ = pressed(grid, "ArrowRight", "ArrowDown", "Enter")
    editor, name = root.locator(".cell-editor"), start["cell"].rpartition(": ")[0]
    assert editor.get_attribute("aria-label").endswith(f", {name}")
    assert editor.input_value() == before[name].replace("−", "-")
    number = "0.5" if before[name] == "0.25" else "0.25"
    editor.fill(number)
    editor.press("Enter")
    assert around() == {**before, name: number}
    seen, traits = read(root), explorer.traits()
    changed = {each for each, value in seen["parameters"].items() if value != start["parameters"][each]}
    (array,) = (each for each in changed if traits[each].kind == "matrix")
    assert {each for each in changed if traits[each].kind == "choice"} <= {traits[array].shows[0]}
    compared(explorer, [{"moved": array, "to": number, **seen}])


@EVERY
def test_pointing_changes_no_state(bare, kind):
    """A mouse that crosses the pictures on its way to a slider leaves every parameter as it was."""
    explorer = made(kind)
    page = bare(explorer)
    title = page.title_of(explorer)
    page.evaluate("(title) => driver.start(driver.explorers(title)[0])", title)
    before = page.evaluate("(title) => driver.parameters(driver.explorers(title)[0])", title)
    for element in page.locator(".cnnlib-explorer").locator(".cells, .marks, canvas.chart").all():
        if not element.is_visible():
            continue
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        for part in (0.2, 0.5, 0.8):
            page.mouse.move(box["x"] + part * box["width"], box["y"] + part * box["height"])
            page.evaluate("() => driver.frame()")
    assert page.evaluate("(title) => driver.parameters(driver.explorers(title)[0])", title) == before


@EVERY
def test_a_drag_tells_the_kernel_once_a_frame_and_touches_and_moves_nothing_in_vain(bare, kind):
    """Ten changes within a frame are one message; a slider stays where it is when it is dragged a second time.

    Whatever grows in the first drag keeps its room: only a choice from a list lets an explorer shrink again. And what
    is hidden once more, or put where it is already, would have its styles and its layout computed again.
    """
    explorer = made(kind)
    page = bare(explorer)
    title = page.title_of(explorer)
    told, moved, touched = page.evaluate(
        """async (title) => {
          const root = driver.explorers(title)[0];
          await driver.start(root);
          const there = new Set(root.querySelectorAll("*"));
          const touched = new Set();
          const name = (element) => `${element.localName}.${element.className}`;
          const observer = new MutationObserver((records) => {
            for (const { type, target, attributeName, oldValue, addedNodes } of records) {
              if (type === "attributes" && oldValue === target.getAttribute(attributeName))
                touched.add(`${name(target)} ${attributeName}=${oldValue}`);
              for (const node of addedNodes) if (there.has(node)) touched.add(`${name(node)} put again`);
            }
          });
          const watched = { subtree: true, childList: true, attributes: true, attributeOldValue: true };
          const attributeFilter = ["hidden", "width", "height", "class", "aria-pressed"];
          const model = driver.model(root);
          const moved = [];
          let told = 0;
          model.save_changes = () => { told += 1; };
          for (const input of driver.controls(root).filter((each) => each.type === "range")) {
            observer.observe(root, { ...watched, attributeFilter });
            for (const value of driver.values(input, 10)) await driver.set(root, input.dataset.parameter, value);
            observer.disconnect();
            await driver.reset(root);
            const top = () => input.getBoundingClientRect().top - root.getBoundingClientRect().top;
            const [before, values] = [top(), driver.values(input, 10)];
            await driver.frame();
            const count = told;
            for (const value of values) {
              input.value = value;
              input.dispatchEvent(new Event("input", { bubbles: true }));
            }
            await driver.settle(root);
            if (told - count > 1) moved.push(`${input.dataset.parameter}: ${told - count} messages`);
            if (Math.abs(top() - before) > 0.5) moved.push(`${input.dataset.parameter}: ${top() - before} px`);
            await driver.reset(root);
          }
          return [told, moved, [...touched]];
        }""",
        title,
    )
    assert told > 0
    assert moved == []
    assert touched == []
