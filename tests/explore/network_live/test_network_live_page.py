"""The network on its page: from the class down to a pixel and back, and its gestures."""

import json
import re

import numpy as np

from cnnlib import squeezenet
from cnnlib.explore import NetworkLive
from cnnlib.explore.network_live import assets
from tests.explore import kept
from tests.explore.hand import control, corner, keys, put, read, status
from tests.explore.network_live.check import check


def test_at_full_size_the_page_says_what_python_says(opened):
    for values in ({}, {"photo": "cow", "stage": "fire6", "channel": 300, "turn": 20, "remove": "fire7 3x3"}):
        explorer = NetworkLive(**values)
        root = opened(NetworkLive(**values))[1]
        seen = read(root)
        check(explorer, seen)
        assert seen["status"].replace("×", "x") == explorer.result()


def test_down_to_one_product_and_back_up(opened):
    """From the class to a pixel by the largest product each time, as Python's sums say."""
    page, root = opened(NetworkLive(coarse=True))
    start = read(root)["parameters"]
    explorer = NetworkLive(coarse=True)
    stages = []
    while explorer.unit.source != "input":
        unit = explorer.unit
        index = unit.indices[np.abs(unit.weights * unit.values).argmax()].tolist()
        root.locator(".term").first.click()
        status(root)
        explorer = NetworkLive(coarse=True, stage=unit.source, channel=index[0], position=tuple(index[1:]))
        seen = read(root)
        check(explorer, seen)
        assert seen["parameters"]["stage"] == unit.source and seen["parameters"]["position"] == index[1:]
        stages.append(unit.source)
    assert stages == list(squeezenet.ROWS[-2::-1])
    assert root.locator(".term").first.is_disabled() and "pixel" in root.locator(".term").first.inner_text()
    for _ in stages:
        root.get_by_role("button", name="Back up").click()
        status(root)
    assert read(root)["parameters"] == start and not root.get_by_role("button", name="Back up").is_visible()


def test_tiles_bars_and_channels_open(opened):
    page, root = opened(NetworkLive(coarse=True, photo="dog"))
    root.locator(".tiles button").nth(3).click()
    assert "of fire3, 28 × 28" in status(root)
    gallery = root.locator(".panel.channels .marks")
    gallery.focus()
    keys(root, "ArrowRight", "ArrowDown")
    order = json.loads(re.search(r"^order = (.*)$", read(root)["numbers"], re.M)[1])
    assert read(root)["parameters"]["channel"] == order[7]
    root.locator(".prediction-row").nth(1).click()
    second = NetworkLive(coarse=True, photo="dog").best[1][0]
    assert f"({second}) of conv10" in status(root)
    assert root.locator(".prediction-row").nth(1).get_attribute("aria-pressed") == "true"
    box = root.locator(".panel.map .marks")
    page.mouse.click(*corner(box, 0.5, 0.5))
    status(root)
    assert read(root)["parameters"]["position"] == [3, 3]


def test_a_press_on_the_picture_covers_it_and_the_bars_say_what_it_was(opened):
    page, root = opened(NetworkLive(coarse=True))
    page.mouse.click(*corner(root.locator(".panel.input .marks"), 0.25, 0.75))
    assert "57 × 57 pixels about (" in status(root)
    seen = read(root)["parameters"]
    assert seen["cover_size"] == 57 and np.abs(np.subtract(seen["cover"], [57, 170])).max() <= 3
    explorer = NetworkLive(coarse=True, cover_size=57, cover=seen["cover"])
    text = root.locator(".prediction-row").first.inner_text()
    first = int(explorer.probabilities.argmax())
    now, before = (f"{p[first]:.3f}" for p in (explorer.probabilities, explorer.intact))
    assert now in text and f"was {before}" in text and now != before
    root.locator(".panel.input .marks").focus()
    keys(root, "ArrowDown", "ArrowRight")
    assert read(root)["parameters"]["cover"] == [seen["cover"][0] + 8, seen["cover"][1] + 8]


def test_on_a_phone_the_picture_and_all_that_changes_it_fit_one_screen(bare):
    """And the answers stand beside it; the stages are in rows of at least five, each with its text inside."""
    for width in (390, 320):
        root = bare(NetworkLive(coarse=True), width=width).locator(".cnnlib-explorer")
        status(root)
        found = root.evaluate("""(root) => {
          const box = (where) => root.querySelector(where).getBoundingClientRect();
          const tiles = [...root.querySelectorAll(".tiles button")];
          const words = (tile) => [...tile.querySelectorAll("b, span")].map((e) => e.getBoundingClientRect().width);
          return {
            far: box('[data-parameter="removed_channel"]').bottom - box(".panel.input").top,
            beside: box(".panel.predictions").top === box(".panel.input").top,
            spill: Math.max(...tiles.map((e) => Math.max(...words(e)) - e.getBoundingClientRect().width)),
            rows: new Set(tiles.map((e) => e.getBoundingClientRect().top)).size,
            inside: [".panel.strip", ".panel.map"].every((where) => box(where).top > box(".controls").bottom),
          };
        }""")
        assert found["spill"] <= 0 and found["rows"] <= 3 and found["inside"]
        assert width == 320 or (found["far"] < 844 and found["beside"])


def test_taking_out_the_channel_that_is_shown(opened):
    page, root = opened(NetworkLive(coarse=True, stage="fire8", channel=17))
    root.get_by_role("button", name="Take out the channel shown").click()
    assert "Channel 17 of fire8, 7 × 7: 0 at" in status(root)
    assert control(root, "remove").input_value() == "fire8 channel"
    put(root, "stage", "pool3")
    assert root.get_by_role("button", name="Take out the channel shown").is_disabled()
    assert "only of conv1" in root.locator(".control.out").inner_text()


def test_a_drag_shows_a_rough_prediction_first_and_the_latest_last(opened):
    page, root = opened(NetworkLive())
    explorer = NetworkLive(turn=60)
    said = page.evaluate(
        """async () => {
          const root = document.querySelector(".cnnlib-explorer");
          const said = new Set();
          const watch = new MutationObserver(() => said.add(root
            .querySelector(".predictions .caption, .panel.predictions").firstChild.textContent));
          watch.observe(root, { subtree: true, childList: true, characterData: true });
          for (let turn = 0; turn <= 60; turn += 5) {
            const input = root.querySelector('[data-parameter="turn"]');
            input.value = turn;
            input.dispatchEvent(new Event("input", { bubbles: true }));
            await driver.frame();
          }
          await driver.settle(root);
          return [...said];
        }"""
    )
    assert any("roughly" in text for text in said) and "roughly" not in root.locator(".panel.predictions").inner_text()
    check(explorer, read(root))


def test_a_saved_file_takes_along_what_it_shows(bare, browser, tmp_path):
    """From Python and from the page: its photograph and those that every file has; the list offers no others."""
    explorer = NetworkLive(photo="chambord")
    assert "chambord" not in assets.CARRIED
    explorer.save(tmp_path / "python.html")
    page = bare(explorer)
    status(page.locator(".cnnlib-explorer"))
    kept.keep(page, NetworkLive, tmp_path / "page.html")
    for name in ("python.html", "page.html"):
        with kept.opened(browser, tmp_path / name) as root:
            assert status(root).replace("×", "x") == explorer.result()  # the network is in the file
            options = control(root, "photo").evaluate("(list) => [...list.options].map((option) => option.value)")
            assert options == sorted({*assets.CARRIED, "chambord"})
            assert control(root, "photo").locator("option:checked").inner_text() == "Chambord"
            put(root, "photo", "owl")
            assert status(root).startswith(NetworkLive(photo="owl").best[0][0])
