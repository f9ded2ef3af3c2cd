"""The network on a picture: the Python half by hand, what is done to a picture in both halves, and its own gestures."""

import base64
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest

from cnnlib import data, squeezenet
from cnnlib.explore import NetworkLive, network_live
from cnnlib.explore.network_live import assets, picture
from tests.explore.contract.page import html
from tests.explore.hand import BYTES, bytes_of, control, corner, floats_of, keys, put, read, status
from tests.explore.network_live.check import check

PLAIN = {"shift": (0, 0), "turn": 0, "zoom": 100, "cover": (113, 113), "cover_size": 0, "cover_fill": "mean"}
PLAIN |= {"grey": False, "shuffle": "nothing", "coarse": False}


def changed(image, **values):
    return picture.changed(image, SimpleNamespace(**PLAIN | values))


# What is done to the picture ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def sheep():
    return assets.levels("sheep") / 255


def test_a_shift_moves_every_pixel(sheep):
    found = changed(sheep, shift=(3, -2))
    np.testing.assert_allclose(found[3:, :-2], sheep[:-3, 2:], atol=1e-12)
    np.testing.assert_allclose(found[:3, :-2], sheep[2::-1, 2:], atol=1e-12)  # mirrored at the upper edge


def test_a_quarter_turn_goes_clockwise(sheep):
    np.testing.assert_allclose(changed(sheep, turn=90), np.rot90(sheep, -1), atol=1e-9)


def test_zoom_by_two_keeps_the_middle(sheep):
    found = changed(sheep, zoom=200)
    np.testing.assert_allclose(found[1::2, 1::2], sheep[57:170, 57:170], atol=1e-12)


def test_shuffled_tiles_are_the_same_tiles(sheep):
    found = changed(sheep, shuffle="tiles of 56")
    tiles = [sheep[r : r + 56, c : c + 56] for r in range(0, 224, 56) for c in range(0, 224, 56)]
    moved = [found[r : r + 56, c : c + 56] for r in range(0, 224, 56) for c in range(0, 224, 56)]
    places = [next(n for n, tile in enumerate(tiles) if np.array_equal(tile, one)) for one in moved]
    assert sorted(places) == list(range(16)) != places
    assert np.array_equal(found[224:], sheep[224:])
    pixels = changed(sheep, shuffle="pixels")
    assert not np.array_equal(pixels, sheep)
    assert np.array_equal(np.sort(pixels.reshape(-1, 3), axis=0), np.sort(sheep.reshape(-1, 3), axis=0))


def test_cover_and_grey(sheep):
    found = changed(sheep, cover=(5, 226), cover_size=20, cover_fill="black", grey=True)
    assert found[:15, 216:].max() == 0 and np.array_equal(found[15:], changed(sheep, grey=True)[15:])
    np.testing.assert_allclose(found[100, 100], sheep[100, 100] @ [0.299, 0.587, 0.114], atol=1e-12)


def test_both_halves_do_the_same_to_a_picture(library, sheep):
    random = np.random.default_rng(8)
    library.evaluate(BYTES)
    sheep = sheep.astype(np.float32)
    for case in range(12):
        values = {
            "shift": [int(n) for n in random.integers(-32, 33, 2)],
            "turn": int(random.integers(-180, 181)),
            "zoom": int(random.integers(50, 201)),
            "cover": [int(n) for n in random.integers(0, 227, 2)],
            "cover_size": int(random.integers(0, 161)),
            "cover_fill": list(picture.FILLS)[case % 3],
            "grey": bool(case % 2),
            "shuffle": list(picture.SHUFFLES)[case % 6],
        }
        script = """([planes, state]) => { const { changed, shrunk } = cnnlibExplorers.load("network_live/picture.mjs");
          const whole = changed(Float64Array.from(sent(planes)), state);
          return [written(whole), written(shrunk(whole, 113))]; }"""
        whole, coarse = library.evaluate(script, [bytes_of(sheep.transpose(2, 0, 1)), values])
        for found, expected in ((whole, changed(sheep, **values)), (coarse, changed(sheep, **values, coarse=True))):
            planes = floats_of(found, 3, *expected.shape[:2]).transpose(1, 2, 0)
            assert np.abs(planes - expected).max() < 1e-6, values


def test_the_page_unpacks_the_same_levels(library):
    library.evaluate(BYTES)
    script = """async (text) => written(await cnnlibExplorers.load("network_live/picture.mjs").unpackSquare(
      Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer))"""
    for name in ("cow", "kingfisher"):
        found = library.evaluate(script, base64.b64encode(assets.packed(name)).decode())
        levels = np.rint(255 * floats_of(found, 3, 227, 227)).transpose(1, 2, 0)
        assert np.array_equal(levels, assets.levels(name))


# The Python half ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", squeezenet.ROWS)
def test_the_sum_of_a_unit_is_its_response(stage):
    """At the strongest unit, and in a corner, where the padding has no terms."""
    explorer = NetworkLive(photo="lemur", stage=stage, coarse=True)
    channels = [None, 0, explorer.channels - 1]  # the last channel of a fire module is of its 3 x 3 half
    for channel, position in [(c, at) for c in channels for at in (None, (0, 0))]:
        explorer.channel, explorer.position = channel, position
        unit = explorer.unit
        assert unit.total == pytest.approx(explorer.map[unit.position], rel=1e-4, abs=2e-3)
        products = unit.weights * unit.values
        assert unit.before == pytest.approx(products.sum() + unit.bias)


def test_stages_have_the_sizes_and_fields_of_the_table():
    rows = network_live.rows(227)
    assert rows["conv1"] == [64, 113, 3, 2, 0] and rows["fire5"][:4] == [256, 28, 63, 8]
    assert [rows[name][1] for name in ("pool1", "pool2", "pool3", "conv10")] == [56, 28, 14, 14]
    assert network_live.rows(113)["conv10"][:2] == [1000, 7]


def test_an_array_is_the_same_picture_as_its_levels():
    levels = assets.levels("owl")
    named, given = NetworkLive(photo="owl"), NetworkLive(image=levels)
    assert given.photo == "array" and given.best[0][0] == named.best[0][0]
    np.testing.assert_allclose(given.probabilities, named.probabilities, atol=1e-4)
    np.testing.assert_allclose(NetworkLive(image=levels / 255).probabilities, named.probabilities, atol=1e-4)
    grey = NetworkLive(image=data.photograph("owl", grey=True))
    assert grey.image.shape[2] == 3 and grey.input.shape == (227, 227, 3)


@pytest.mark.parametrize(
    ("image", "error", "message"),
    [
        ("owl", TypeError, "image is a str; use an array"),
        (np.zeros((3, 4, 2)), ValueError, r"image of shape \(3, 4, 2\) is no picture"),
        (np.full((3, 4), 7.0), ValueError, "image has values from 7 to 7; use 0 to 1, or uint8"),
        (np.full((3, 4, 3), np.nan), ValueError, "every number must be finite"),
        (np.zeros((600, 4, 3)), ValueError, "too large; use at most 512 x 512"),
        ([[1, 2], [3]], ValueError, "rows of unequal length"),
    ],
)
def test_what_is_no_picture(image, error, message):
    with pytest.raises(error, match=f"NetworkLive: .*{message}"):
        NetworkLive(image=image)


def test_the_stored_answers_are_those_that_are_computed():
    names = data.imagenet_classes()
    for photo, pairs in network_live.stored_answers().items():
        if photo in ("sheep", "cow", "owl"):
            best = NetworkLive(photo=photo).best
            assert [name for name, _ in pairs] == [name for name, _ in best] and set(dict(best)) <= set(names)
            np.testing.assert_allclose([p for _, p in pairs], [p for _, p in best], atol=2e-4)


def test_the_kernel_hands_over_what_it_is_asked_for(monkeypatch):
    explorer, sent = NetworkLive(), []
    monkeypatch.setattr(explorer, "send", lambda message, buffers: sent.append((message, buffers)), raising=False)
    for asked in ("squeezenet", "photo-cow", "../secret", None):
        explorer._handle_custom_msg({"asset": asked}, [])
    explorer._handle_custom_msg("noise", [])
    assert [message["asset"] for message, _ in sent] == ["squeezenet", "photo-cow"]
    assert sent[0][1] == [assets.network()] and sent[1][1] == [assets.packed("cow")]


# The page ----------------------------------------------------------------------------------------


def opened(bare, **values):
    page = bare(NetworkLive(**values))
    root = page.locator(".cnnlib-explorer")
    status(root)
    return page, root


def test_at_full_size_the_page_says_what_python_says(bare):
    for values in ({}, {"photo": "cow", "stage": "fire6", "channel": 300, "turn": 20, "remove": "fire7 3x3"}):
        explorer = NetworkLive(**values)
        root = opened(bare, **values)[1]
        seen = read(root)
        check(explorer, seen)
        assert seen["status"].replace("×", "x") == explorer.result()


def test_down_to_one_product_and_back_up(bare):
    """From the class to a pixel by the largest product each time, as Python's sums say."""
    page, root = opened(bare, coarse=True)
    start = read(root)["parameters"]
    explorer = NetworkLive(coarse=True)
    stages = []
    while explorer.unit.source != "input":
        unit = explorer.unit
        place = unit.places[np.abs(unit.weights * unit.values).argmax()].tolist()
        root.locator(".term").first.click()
        status(root)
        explorer = NetworkLive(coarse=True, stage=unit.source, channel=place[0], position=tuple(place[1:]))
        seen = read(root)
        check(explorer, seen)
        assert seen["parameters"]["stage"] == unit.source and seen["parameters"]["position"] == place[1:]
        stages.append(unit.source)
    assert stages == list(squeezenet.ROWS[-2::-1])
    assert root.locator(".term").first.is_disabled() and "pixel" in root.locator(".term").first.inner_text()
    for _ in stages:
        root.get_by_role("button", name="Back up").click()
        status(root)
    assert read(root)["parameters"] == start and not root.get_by_role("button", name="Back up").is_visible()


def test_tiles_bars_and_channels_open(bare):
    page, root = opened(bare, coarse=True, photo="dog")
    root.locator(".tiles button").nth(3).click()
    assert "of fire3, 28 × 28" in status(root)
    gallery = root.locator(".panel.channels .marks")
    gallery.focus()
    keys(root, "ArrowRight", "ArrowDown")
    order = json.loads(re.search(r"^order = (.*)$", read(root)["numbers"], re.M)[1])
    assert read(root)["parameters"]["channel"] == order[7]
    root.locator(".answer-row").nth(1).click()
    second = NetworkLive(coarse=True, photo="dog").best[1][0]
    assert f"({second}) of conv10" in status(root)
    assert root.locator(".answer-row").nth(1).get_attribute("aria-pressed") == "true"
    box = root.locator(".panel.map .marks")
    page.mouse.click(*corner(box, 0.5, 0.5))
    status(root)
    assert read(root)["parameters"]["position"] == [3, 3]


def test_a_press_on_the_picture_covers_it_and_the_bars_say_what_it_was(bare):
    page, root = opened(bare, coarse=True)
    page.mouse.click(*corner(root.locator(".panel.input .marks"), 0.25, 0.75))
    assert "57 × 57 pixels about (" in status(root)
    seen = read(root)["parameters"]
    assert seen["cover_size"] == 57 and np.abs(np.subtract(seen["cover"], [57, 170])).max() <= 3
    explorer = NetworkLive(coarse=True, cover_size=57, cover=seen["cover"])
    text = root.locator(".answer-row").first.inner_text()
    first = int(explorer.probabilities.argmax())
    now, before = (f"{p[first]:.3f}" for p in (explorer.probabilities, explorer.intact))
    assert now in text and f"was {before}" in text and now != before
    root.locator(".panel.input .marks").focus()
    keys(root, "ArrowDown", "ArrowRight")
    assert read(root)["parameters"]["cover"] == [seen["cover"][0] + 8, seen["cover"][1] + 8]


def test_taking_out_the_channel_that_is_shown(bare):
    page, root = opened(bare, coarse=True, stage="fire8", channel=17)
    root.get_by_role("button", name="Take out the channel shown").click()
    assert "Channel 17 of fire8, 7 × 7: 0 at" in status(root)
    assert control(root, "remove").input_value() == "fire8 channel"
    put(root, "stage", "pool3")
    root.get_by_role("button", name="Take out the channel shown").click()
    assert "open one of these stages" in root.locator(".note").inner_text()


def test_a_drag_shows_a_rough_answer_first_and_the_latest_last(bare):
    page, root = opened(bare)
    explorer = NetworkLive(turn=60)
    said = page.evaluate(
        """async () => {
          const root = document.querySelector(".cnnlib-explorer");
          const said = new Set();
          const watch = new MutationObserver(() => said.add(root.querySelector(".answers .caption, .panel.answers")
            .firstChild.textContent));
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
    assert any("roughly" in text for text in said) and "roughly" not in root.locator(".panel.answers").inner_text()
    check(explorer, read(root))


# Loading -----------------------------------------------------------------------------------------


@pytest.fixture
def site(browser, tmp_path):
    """A folder as the built site has it: a page without assets, and a script for each; opened without a server."""
    from tests.conftest import Watch

    def site(explorer, *, scripts=True):
        text = re.sub(r"<script>for \(const \[name, text\].*?</script>", "", html([explorer]), flags=re.DOTALL)
        model = next(part for part in text.split("<script>") if "function hand(" in part).partition("</script>")[0]
        (tmp_path / "model.js").write_text(model, encoding="utf-8")
        (tmp_path / "page.html").write_text(
            text.replace(f"<script>{model}</script>", '<script src="model.js"></script>'), encoding="utf-8"
        )
        for name, make in explorer.assets.items():
            if scripts or name.startswith("photo"):
                body = f"cnnlibExplorers.hand({json.dumps(name)}, {json.dumps(base64.b64encode(make()).decode())});"
                (tmp_path / f"asset-{name}.js").write_text(body, encoding="utf-8")
        page = browser.new_page()
        watch = Watch()
        asked = []
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        watch.follow(page)
        page.goto((tmp_path / "page.html").as_uri())
        return page, asked, watch

    yield site
    for context in browser.contexts:
        for page in context.pages:
            if page.url.startswith(tmp_path.as_uri()):
                page.close()


def test_the_network_is_loaded_when_it_is_asked_for(site):
    """From a folder, the picture and the stored answer at once; the weights by the button, which says their size."""
    page, asked, watch = site(NetworkLive(photo="cow"))
    root = page.locator(".cnnlib-explorer")
    assert "stored answer: English springer 0.2" in status(root)
    assert "asset-photo-cow.js" in asked and "asset-squeezenet.js" not in asked
    assert not root.locator(".panel.sum").is_visible()
    put(root, "grey", True)
    assert "Your change waits for it" in status(root)
    put(root, "grey", False)
    size = len(base64.b64encode(assets.network())) / 1e6
    root.get_by_role("button", name=f"Run the network here ({size:.1f} MB)").click()
    page.wait_for_function("() => /without the changes/.test(document.querySelector('.status').textContent)")
    assert asked.count("asset-squeezenet.js") == 1
    assert status(root).replace("×", "x") == NetworkLive(photo="cow").result()
    assert watch.problems == []
    page.close()


def test_a_network_that_is_not_there_gets_a_sentence(site):
    page, _, _ = site(NetworkLive(), scripts=False)
    root = page.locator(".cnnlib-explorer")
    status(root)
    root.get_by_role("button", name="Run the network here").click()
    root.get_by_text("The network can't be loaded (squeezenet could not be loaded).").first.wait_for()
    assert root.get_by_role("button", name="Run the network here").is_visible()  # to try again
    page.close()


def test_a_kernel_is_asked_once(library):
    """Without a page of the site the model is asked, and what comes for another name is left alone."""
    script = """async () => {
      const { kernelAsset } = cnnlibExplorers.load("kit/assets.mjs");
      const sent = [];
      let hear = null;
      const asset = kernelAsset({ send: (message) => sent.push(message), on: (name, listener) => (hear = listener) });
      const [one, two] = [asset("squeezenet"), asset("squeezenet")];
      hear({ asset: "photo-cow" }, [new DataView(new ArrayBuffer(2))]);
      hear({ other: 1 }, []);
      const whole = Uint8Array.from([9, 1, 2, 3, 9]);
      hear({ asset: "squeezenet" }, [new DataView(whole.buffer, 1, 3)]);
      return [sent, Array.from(new Uint8Array(await one)), one === two]; }"""
    assert library.evaluate(script) == [[{"asset": "squeezenet"}], [1, 2, 3], True]
