"""What every explorer owes its reader, tried on each that there is; what is an explorer's own stands in its folder.

An explorer's `check.py` gives STATES, the keywords of those in which it is tried, and `check(explorer, seen)`, which
holds what the page shows to what the Python half computes in the same state.
"""

import json
import os
import re
from urllib.parse import quote

import pytest

from cnnlib.explore.base.schema import schema
from tests.explore.contract.page import as_python, classes, folder, own_check, stored
from tests.explore.contract.states import FOREIGN, states

LONG = bool(os.environ.get("LONG"))
CHECKED = [kind for kind in classes() if own_check(kind)]
EVERY = pytest.mark.parametrize("kind", CHECKED, ids=folder)
STARTS = [(kind, index) for kind in CHECKED for index in range(len(own_check(kind).STATES))]
START = pytest.mark.parametrize(("kind", "index"), STARTS, ids=[f"{folder(kind)}-{index}" for kind, index in STARTS])


NONSENSE = quote('{"no":1}')


def made(kind, index=0):
    return kind(**own_check(kind).STATES[index])


def compared(explorer, seen):
    """Hold a list of what was seen to the Python half."""
    check = own_check(type(explorer)).check
    for one in seen:
        assert one["trouble"] is None, (one["moved"], one["to"], one["trouble"])
        assert one["status"], one["moved"]
        check(as_python(explorer, one["parameters"]), one)


@START
def test_every_value_of_every_control(bare, kind, index):
    """Each is legal, shows what Python computes, and Reset goes back to the start."""
    explorer = made(kind, index)
    page = bare(explorer)
    seen = page.evaluate(
        "([title, most]) => driver.sweep(title, 0, most)", [page.title_of(explorer), 400 if LONG else 12]
    )
    assert [one["moved"] for one in seen if one["moved"] == "reset"] == []
    assert len({one["moved"] for one in seen}) > 1
    compared(explorer, seen)


@START
def test_a_random_walk(bare, kind, index):
    explorer = made(kind, index)
    page = bare(explorer)
    steps = 300 if LONG else 60
    seen = page.evaluate("([title, steps]) => driver.walk(title, steps, 11)", [page.title_of(explorer), steps])
    assert len({json.dumps(one["parameters"]) for one in seen}) > steps // 3
    compared(explorer, seen)


@EVERY
def test_both_halves_refuse_the_same_with_one_sentence(library, kind):
    """Random states: legal in both halves or in neither, and a refusal says the same in both."""
    tried = list(states(kind, 1500 if LONG else 300, seed=3))
    ask = "([entry, states]) => states.map(cnnlibExplorers.load(entry).default.problem)"
    answers = library.evaluate(ask, [kind.module, tried])
    legal = 0
    for state, answer in zip(tried, answers, strict=True):
        try:
            kind(**state)
        except (TypeError, ValueError) as error:
            message = str(error).removeprefix(f"{kind.__name__}: ")
            assert answer is not None, (state, message)
            assert plain(answer) == plain(message), state
        else:
            assert answer is None, (state, answer)
            legal += 1
    assert 0 < legal < len(tried)


def plain(message):
    """A message without what the two languages write differently: capitals, full stops, brackets, spaces."""
    return re.sub(r"[\s.()\[\]]", "", message.replace("null", "None")).lower()


@EVERY
def test_values_of_another_kind_are_refused_by_both(library, kind):
    start = json.loads(json.dumps({name: entry["default"] for name, entry in schema(kind).items()}))
    for name, entry in schema(kind).items():
        tried = [value for value in FOREIGN if not fits(entry, value)]
        ask = """([entry, start, name, values]) => values.map((value) =>
          cnnlibExplorers.load(entry).default.problem({ ...start, [name]: value }))"""
        for value, answer in zip(tried, library.evaluate(ask, [kind.module, start, name, tried]), strict=True):
            assert answer and name in answer, (name, value, answer)
            with pytest.raises((TypeError, ValueError), match=name):
                kind(**{name: value})


def fits(entry, value):
    """Whether a foreign value is of a parameter's kind all the same."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return (
        (entry["kind"] == "flag" and isinstance(value, bool))
        or (entry["kind"] in ("whole", "pair") and number and entry["low"] <= value <= entry["high"])
        or (entry["kind"] == "real" and (number or value == 0.5) and entry["low"] <= value <= entry["high"])
        or (entry["kind"] == "matrix" and isinstance(value, list) and value == [1, 2, 3])
        or (entry["kind"] == "choice" and value in entry["choices"])
    )


@EVERY
def test_no_change_leads_to_a_state_that_is_refused(kind):
    """Setting one trait after the other: each state is one in which the explorer can be made."""
    explorer, done = kind(), 0
    for state in states(kind, 120, seed=5):
        for name, value in state.items():
            try:
                setattr(explorer, name, value)
            except (TypeError, ValueError):
                continue
            done += 1
            now = {each: getattr(explorer, each) for each in kind.parameters}
            again = kind(**now)
            assert {each: getattr(again, each) for each in kind.parameters} == now
    assert done > 100
    assert isinstance(repr(explorer), str)


@EVERY
def test_a_link_restores_the_state_and_reset_takes_it_out_of_the_address(bare, kind):
    explorer = made(kind)
    page = bare(explorer)
    title = page.title_of(explorer)
    start = page.evaluate("(title) => driver.parameters(driver.explorers(title)[0])", title)
    wanted = page.evaluate("(title) => driver.walk(title, 12, 4)", title)[-1]
    root = page.locator(".cnnlib-explorer")
    root.get_by_role("button", name="Copy link").click()
    page.wait_for_function("() => location.hash.length > 1")
    fragment = page.evaluate("() => location.hash")
    page.evaluate("(title) => driver.reset(driver.explorers(title)[0])", title)
    assert page.evaluate("() => location.hash") == ""
    assert page.evaluate("(title) => driver.parameters(driver.explorers(title)[0])", title) == start
    page.evaluate("(hash) => { location.hash = hash; }", fragment)
    page.wait_for_function(
        "([title, wanted]) => JSON.stringify(driver.parameters(driver.explorers(title)[0])) === wanted",
        arg=[title, json.dumps(wanted["parameters"], separators=(",", ":"), ensure_ascii=False)],
    )
    page.evaluate("(title) => driver.settle(driver.explorers(title)[0])", title)
    assert page.evaluate("(title) => driver.read(driver.explorers(title)[0])", title)["status"] == wanted["status"]
    page.evaluate("(title) => driver.reset(driver.explorers(title)[0])", title)


@EVERY
def test_an_impossible_link_gets_a_sentence(bare, kind):
    """Whatever stands in the link: a sentence in the place of the picture, and Reset brings it back."""
    explorer = made(kind)
    page = bare(explorer)
    root = page.locator(".cnnlib-explorer")
    for name, entry in schema(kind).items():
        page.evaluate("(hash) => { location.hash = hash; }", f"#{kind.__name__}-1:{name}={NONSENSE}")
        root.locator(".trouble").wait_for(state="visible")
        assert name in root.locator(".trouble").inner_text(), entry
        assert not root.locator(".stage").is_visible()
        page.evaluate("(title) => driver.reset(driver.explorers(title)[0])", page.title_of(explorer))
        assert root.locator(".stage").is_visible() and not root.locator(".trouble").is_visible()


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
    for place in root.locator("[role=application], [role=slider][tabindex='0']").all():
        if not place.is_visible():
            continue
        place.focus()
        said = {root.evaluate(spoken)}
        for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
            page.keyboard.press(key)
            page.evaluate("(title) => driver.settle(driver.explorers(title)[0])", title)
            said.add(root.evaluate(spoken))
        assert len(said) > 1, place.get_attribute("aria-label")
        seen = place.evaluate(
            """(one) => { const outlined = [one, one.closest(".picture"), one.querySelector(".cursor:not([hidden])")];
            const marked = (e) => getComputedStyle(e).outlineStyle === "solid" || e.matches(".cursor");
            return outlined.some((e) => e && marked(e)); }"""
        )
        assert seen, place.get_attribute("aria-label")


@EVERY
def test_pointing_changes_no_state(bare, kind):
    """A mouse that crosses the pictures on its way to a slider leaves every parameter as it was."""
    explorer = made(kind)
    page = bare(explorer)
    title = page.title_of(explorer)
    page.evaluate("(title) => driver.start(driver.explorers(title)[0])", title)
    before = page.evaluate("(title) => driver.parameters(driver.explorers(title)[0])", title)
    for place in page.locator(".cnnlib-explorer").locator(".cells, .marks, canvas.chart").all():
        if not place.is_visible():
            continue
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        for part in (0.2, 0.5, 0.8):
            page.mouse.move(box["x"] + part * box["width"], box["y"] + part * box["height"])
            page.evaluate("() => driver.frame()")
    assert page.evaluate("(title) => driver.parameters(driver.explorers(title)[0])", title) == before


@EVERY
def test_a_drag_tells_the_kernel_once_a_frame_and_moves_nothing(bare, kind):
    """Ten changes within a frame are one message; the slider stays where it is while it is dragged."""
    explorer = made(kind)
    page = bare(explorer)
    title = page.title_of(explorer)
    page.evaluate("([title]) => driver.sweep(title, 0, 6)", [title])  # heights have been seen
    told, moved = page.evaluate(
        """async (title) => {
          const root = driver.explorers(title)[0];
          const model = driver.model(root);
          const moved = [];
          let told = 0;
          model.save_changes = () => { told += 1; };
          for (const input of driver.controls(root).filter((each) => each.type === "range")) {
            const place = () => input.getBoundingClientRect().top - root.getBoundingClientRect().top;
            const [before, values] = [place(), driver.values(input, 10)];
            await driver.frame();
            const count = told;
            for (const value of values) {
              input.value = value;
              input.dispatchEvent(new Event("input", { bubbles: true }));
            }
            await driver.settle(root);
            if (told - count > 1) moved.push(`${input.dataset.parameter}: ${told - count} messages`);
            if (Math.abs(place() - before) > 0.5) moved.push(`${input.dataset.parameter}: ${place() - before} px`);
            await driver.reset(root);
          }
          return [told, moved];
        }""",
        title,
    )
    assert told > 0
    assert moved == []


@EVERY
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_page(bare, kind, width):
    for index in range(len(own_check(kind).STATES)):
        explorer = made(kind, index)
        page = bare(explorer, width=width)
        page.evaluate("(title) => driver.start(driver.explorers(title)[0])", page.title_of(explorer))
        wide = page.evaluate(
            """() => [...document.querySelectorAll(".cnnlib-explorer, .cnnlib-explorer *")].filter((e) =>
            e.offsetParent &&
            !e.closest(".picture, .cells, pre, .scrolls") && e.getBoundingClientRect().right > innerWidth + 0.5)
            .map((e) => e.className || e.tagName)"""
        )
        assert wide == []
        cut = page.evaluate(
            """() => [...document.querySelectorAll(".cnnlib-explorer :is(.picture, .cells)")].filter((e) =>
            e.offsetParent &&
            !e.closest(".scrolls") && e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.className)"""
        )
        assert cut == []


@EVERY
def test_both_themes(bare, kind):
    """The frame takes the page's theme, follows when it is switched, and axe finds nothing in either."""
    from axe_playwright_python.sync_playwright import Axe

    explorer = made(kind)
    page = bare(explorer, scheme="light")
    title = page.title_of(explorer)
    colours = """() => { const look = getComputedStyle(document.querySelector(".cnnlib-explorer"));
      return [look.backgroundColor, look.color]; }"""
    looks = []
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        page.wait_for_function(
            "(theme) => document.querySelector('.cnnlib-explorer').dataset.theme === theme", arg=theme
        )
        page.evaluate("(title) => driver.start(driver.explorers(title)[0])", title)
        looks.append(page.evaluate(colours))
        found = Axe().run(page, ".cnnlib-explorer")
        assert found.violations_count == 0, found.generate_report()
    assert looks[0] == looks[1][::-1] or all(one != other for one, other in zip(*looks, strict=True))


@EVERY
def test_damage_gets_a_sentence(bare, kind):
    """A stored parameter that is missing or impossible: the words stay, with a sentence that says what is wrong."""
    explorer = made(kind)
    for name, entry in schema(kind).items():
        for spoil in (
            lambda state, name=name: state.pop(name),
            lambda state, name=name: state.update({name: {"no": 1}}),
        ):
            state = json.loads(json.dumps(stored([explorer])))
            spoil(state["state"][explorer.model_id]["state"])
            page = bare(explorer, state=state)
            note = page.locator(".live-trouble")
            if note.count() == 0:  # a flag or a number that may be missing is not known yet; anything else is said
                pytest.fail(f"{name} ({entry['kind']}) was taken as it is")
            assert name in note.inner_text()
            assert page.locator(".live-still pre").is_visible()


@EVERY
def test_the_python_half_says_what_is_wrong(kind):
    name = kind.parameters[0]
    with pytest.raises(TypeError, match=rf"{kind.__name__}: unknown keyword '{name}x'; did you mean '{name}'\?"):
        kind(**{f"{name}x": 1})
    explorer = kind()
    with pytest.raises(AttributeError, match=rf"{kind.__name__}: unknown attribute '{name}x'; did you mean '{name}'\?"):
        setattr(explorer, f"{name}x", 1)
    explorer.layout.width = "50%"


@START
def test_the_text_and_the_picture_for_where_nothing_is_live(kind, index):
    one, other = made(kind, index), made(kind, index)
    assert repr(one) == repr(other)
    assert repr(one).splitlines()[-1] == one.result()
    data, _ = one._repr_mimebundle_()
    assert data["text/plain"] == repr(one)
    assert data["image/png"] == other._repr_mimebundle_()[0]["image/png"]


def test_every_explorer_is_held_to_its_python_half():
    assert [kind.__name__ for kind in classes() if not own_check(kind)] == []


def test_explorers_on_one_page_do_not_share(bare):
    """All of them at once: ids are unique, and moving one leaves the others."""
    explorers = [made(kind) for kind in CHECKED]
    page = bare(*explorers)
    ids = page.evaluate("() => [...document.querySelectorAll('.live-mount [id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids)) > len(explorers)
    read = "(titles) => titles.map((title) => JSON.stringify(driver.parameters(driver.explorers(title)[0])))"
    titles = [page.title_of(explorer) for explorer in explorers]
    before = page.evaluate(read, titles)
    page.evaluate("(title) => driver.walk(title, 3, 1)", titles[0])
    after = page.evaluate(read, titles)
    assert after[0] != before[0] and after[1:] == before[1:]


def test_from_disk_without_a_server(bare):
    """The bare page is a file, opened with the network off; the explorers are live on it."""
    page = bare(made(CHECKED[0]))
    assert page.url.startswith("file://")
    assert page.evaluate("() => navigator.onLine") is False
