"""Every explorer by keyboard, by mouse and by a drag."""

from tests.explore.contract.every import EVERY, made


@EVERY
def test_by_keyboard_alone(bare, kind):
    """Tab reaches every control and every picture that takes keys; arrows move each slider and say something new."""
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
    spoken = """(root) => [root.querySelector(".status"), ...root.querySelectorAll(".announced")]
      .map((e) => e.textContent)
      .concat([...root.querySelectorAll("[role=slider]")].map((e) => e.getAttribute("aria-valuetext"))).join("|")"""
    for element in root.locator("[role=application], [role=slider][tabindex='0']").all():
        if not element.is_visible():
            continue
        element.focus()
        said = {root.evaluate(spoken)}
        for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
            page.keyboard.press(key)
            page.evaluate("(title) => driver.settle(driver.explorers(title)[0])", title)
            said.add(root.evaluate(spoken))
        assert len(said) > 1, element.get_attribute("aria-label")
        seen = element.evaluate(
            """(one) => { const outlined = [one, one.closest(".picture"), one.querySelector(".cursor:not([hidden])")];
            const marked = (e) => getComputedStyle(e).outlineStyle === "solid" || e.matches(".cursor");
            return outlined.some((e) => e && marked(e)); }"""
        )
        assert seen, element.get_attribute("aria-label")


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
def test_a_drag_tells_the_kernel_once_a_frame_and_moves_nothing(bare, kind):
    """Ten changes within a frame are one message; a slider stays where it is when it is dragged a second time.

    Whatever grows in the first drag keeps its room: only a choice from a list lets an explorer shrink again.
    """
    explorer = made(kind)
    page = bare(explorer)
    title = page.title_of(explorer)
    told, moved = page.evaluate(
        """async (title) => {
          const root = driver.explorers(title)[0];
          await driver.start(root);
          const model = driver.model(root);
          const moved = [];
          let told = 0;
          model.save_changes = () => { told += 1; };
          for (const input of driver.controls(root).filter((each) => each.type === "range")) {
            for (const value of driver.values(input, 10)) await driver.set(root, input.dataset.parameter, value);
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
          return [told, moved];
        }""",
        title,
    )
    assert told > 0
    assert moved == []
