"""Receptive field stack: the Python half by itself, and the live one against it in every state."""

import json
import re

import numpy as np
import pytest
import torch
from torch import nn

from cnnlib import geometry
from cnnlib.explore import FieldStack, field_stack
from cnnlib.explore.field_stack import stacks
from tests.explore.hand import control, explorer, follow, status

TITLE = "Receptive field stack"
PAGE = "chapters/05-receptive-fields.html"


@pytest.fixture
def page(open_chapter):
    return open_chapter(address=PAGE)


# ------------------------------------------------------------------ the Python half
def test_by_hand():
    """Two layers of 2: three pixels, the middle one by two paths."""
    stack = FieldStack(layers=[{"kernel_size": 2}] * 2, size=5, unit=(0, 2))
    assert stack.sizes == [5, 4, 3]
    assert stack.fields == [(2, 1, 0), (3, 1, 0)]
    assert [profile.tolist() for profile in stack.profiles] == [[0.5, 1, 0.5, 0, 0], [0, 0, 0.5, 1, 0.5]]
    assert stack.effective_size == 3


def test_random_weights_spread_wider():
    one, two = (FieldStack(layers="fifteen 3x3", weights=weights) for weights in ("ones", "random"))
    np.testing.assert_allclose(two.effective**2, one.effective, atol=1e-12)
    assert one.effective_size < two.effective_size < one.fields[-1].size


def test_ones_is_the_gradient_of_torch():
    stack = FieldStack(
        layers=[{"padding": 1}, {"kind": "pool", "kernel_size": 2, "stride": 2}, {"dilation": 2}], size=14
    )
    net = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.AvgPool2d(2), nn.Conv2d(1, 1, 3, dilation=2)).double()
    for parameter in net.parameters():
        nn.init.ones_(parameter)
    x = torch.zeros(1, 1, 14, 14, dtype=torch.float64, requires_grad=True)
    net(x)[0, 0][stack.place[1]].backward()
    np.testing.assert_allclose(stack.effective, x.grad[0, 0] / x.grad.max(), atol=1e-12)


def test_random_is_the_root_mean_square_gradient():
    """4,000 stacks of random signs: the mean square comes near, and nearer than the plain mean does."""
    stack = FieldStack(layers=[{}, {"kernel_size": 2, "stride": 2}], size=9, weights="random")
    generator = torch.Generator().manual_seed(5)
    x = torch.zeros(4000, 1, 9, 9, dtype=torch.float64, requires_grad=True)
    w = [torch.randint(0, 2, (4000, 1, k, k), generator=generator).double() * 2 - 1 for k in (3, 2)]
    y = nn.functional.conv2d(x.transpose(0, 1), w[0], groups=4000)
    y = nn.functional.conv2d(y, w[1], stride=2, groups=4000)
    y[0, :, 1, 1].sum().backward()
    root = x.grad[:, 0].square().mean(0).sqrt()
    np.testing.assert_allclose(root / root.max(), stack.effective, atol=0.03)


def test_a_preset_is_a_name_and_its_rows_are_the_published_ones():
    assert FieldStack(layers="AlexNet").shown("layers") == "'AlexNet'"
    assert [f.size for f in FieldStack(layers="AlexNet").fields] == [11, 19, 51, 67, 99, 131, 163, 195]
    assert [f.size for f in FieldStack(layers="VGG-16").fields][-2:] == [196, 212]
    assert FieldStack(layers="ResNet-50 start").fields[-1] == (35, 4, -17)
    for name, (size, layers) in stacks.PRESETS.items():
        stack = FieldStack(layers=name)
        assert (stack.size, stack.layers) == (size, layers) and stack.layer == len(layers)


def test_a_layer_may_be_a_layer_of_geometry():
    stack = FieldStack(layers=[geometry.Layer(5, stride=2), {"kind": "pool"}])
    assert stack.layers[0] == {"kind": "conv", "kernel_size": 5, "stride": 2, "padding": 0, "dilation": 1}
    assert stack.shown("layers") == "[{'kernel_size': 5, 'stride': 2}, {'kind': 'pool'}]"


def test_places_that_are_not_there_become_the_nearest():
    stack = FieldStack(layers="five 3x3", layer=2, unit=(1, 500))
    assert stack.place == (2, (1, 27))
    stack.layers = [{}]
    assert stack.place == (1, (1, 29))


def test_a_unit_that_reads_only_padding_has_no_field():
    stack = FieldStack(layers=[{"padding": 16}], size=4, unit=(0, 0))
    assert stack.effective_size == 0 and not stack.effective.any()


def test_changes_that_only_fit_together():
    stack = FieldStack(layers="five 3x3")
    with pytest.raises(ValueError, match=r"FieldStack: layer 2: a window spanning 31 .* does not fit in 24"):
        stack.layers = [{"kernel_size": 11, "padding": 1}, {"kernel_size": 11, "dilation": 3}]
    with stack.hold_trait_notifications():
        stack.size, stack.layers = stacks.PRESETS["AlexNet"]
    assert stack.sizes[-1] == 6


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"layer": 0}, ValueError, r"FieldStack: layer=0 is out of range; use an integer from 1 to 18"),
        ({"layrs": []}, TypeError, r"FieldStack: unknown keyword 'layrs'; did you mean 'layers'\?"),
        ({"layers": "Alexnet"}, ValueError, r"layers='Alexnet' is unknown; use one of five 3x3, .* or a list"),
        ({"layers": 3}, TypeError, r"layers=3 is a int; use a list of layers, or one of five 3x3"),
        ({"layers": []}, ValueError, r"layers has 0 layers; use 1 to 18"),
        ({"layers": [3]}, TypeError, r"layers\[0\]=3 is a int; use a dict with kind, kernel_size"),
        ({"layers": [{}, {"kernel": 3}]}, TypeError, r"layers\[1\] has an unknown option 'kernel'; use kind"),
        ({"layers": [{"kind": "relu"}]}, ValueError, r"layers\[0\]: kind='relu' is unknown; use one of conv, pool"),
        ({"layers": [{"stride": 5}]}, ValueError, r"layers\[0\]: stride=5 is out of range; use an integer from 1 to 4"),
        ({"layers": [{"stride": True}]}, TypeError, r"layers\[0\]: stride=True is a bool"),
        ({"layers": [{"kind": "pool", "padding": 2}]}, ValueError, r"padding=2 is more than half of the 3 .* at most"),
        ({"layers": [geometry.Layer(3, transposed=True)]}, ValueError, r"transposed=True\) is more than a stack shows"),
        ({"layers": [{}] * 5, "size": 10}, ValueError, r"layer 5: a window spanning 3 .* does not fit in 2"),
        ({"weights": "one"}, ValueError, r"weights='one' is unknown; use one of ones, random"),
        ({"unit": (1, 2, 3)}, ValueError, r"unit=\(1, 2, 3\) has 3 numbers"),
    ],
)  # fmt: skip
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=message):
        FieldStack(**values)


# ------------------------------------------------------------------ the two halves
def test_limits_and_presets_are_the_same(library):
    assert library.evaluate('() => cnnlibExplorers.load("field_stack/words.mjs").LIMITS') == {
        name: list(limits) for name, limits in field_stack.LIMITS.items()
    }
    assert library.evaluate('() => cnnlibExplorers.load("field_stack/words.mjs").SHARE') == field_stack.SHARE
    found = library.evaluate('() => cnnlibExplorers.load("field_stack/presets.mjs").PRESETS')
    assert found == {name: [size, layers] for name, (size, layers) in stacks.PRESETS.items()}
    assert list(found) == list(stacks.PRESETS)


def random_stacks(count, seed=5):
    """Random stacks; some do not fit."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        layers = [
            {
                "kind": "conv",
                "kernel_size": int(random.integers(1, 8)),
                "stride": int(random.choice([1, 1, 2, 3])),
                "padding": int(random.integers(0, 5)),
                "dilation": int(random.choice([1, 1, 2, 4])),
            }
            for _ in range(random.integers(1, 9))
        ]
        yield {
            "layers": layers, "size": int(random.integers(8, 129)), "weights": str(random.choice(["ones", "random"])),
            "layer": int(random.integers(1, 10)), "unit": [int(at) for at in random.integers(0, 40, 2)], "edited": 1,
        }  # fmt: skip


def test_400_random_stacks_agree(library):
    """Sizes, fields, windows and the effective field, against cnnlib; a misfit in the same words."""
    tried = list(random_stacks(400))
    found = library.evaluate(
        """(cases) => {
          const { levelFields, levelSizes, pathsBelow, shares, effectiveSize, windowsBelow, centreOf } =
            cnnlibExplorers.load("mirror/fields.mjs");
          const { problem, placeOf, SHARE } = cnnlibExplorers.load("field_stack/words.mjs");
          return cases.map((state) => {
            if (problem(state)) return { problem: problem(state) };
            const { layers, size, weights } = state;
            const sizes = levelSizes(layers, size), fields = levelFields(layers);
            const { level, unit } = placeOf(state, sizes);
            const profiles = unit.map((at) => shares(pathsBelow(layers, sizes, level, at)[0], weights === "random"));
            return { sizes, level, unit, fields: fields.slice(1).map((f) => [f.size, f.jump, f.start, centreOf(f, 0)]),
              windows: unit.map((at) => windowsBelow(layers, level, at)[0]),
              profiles: profiles.map((p) => Array.from(p)), effective: effectiveSize(...profiles, SHARE) };
          });
        }""",
        tried,
    )
    fitting = 0
    for case, answer in zip(tried, found, strict=True):
        try:
            stack = FieldStack(**case)
        except ValueError as error:
            what = str(error).removeprefix("FieldStack: l").replace(": a window", ": A window")
            assert answer == {"problem": f"L{what}."}
            continue
        fitting += 1
        level, unit = stack.place
        assert (answer["sizes"], answer["level"], tuple(answer["unit"])) == (stack.sizes, level, unit)
        assert answer["fields"] == [[f.size, f.jump, f.start, float(f.centre)] for f in stack.fields]
        assert [tuple(w) for w in answer["windows"]] == [stack.fields[level - 1].window(at) for at in unit]
        np.testing.assert_allclose(answer["profiles"], stack.profiles, rtol=1e-12)
        assert answer["effective"] == pytest.approx(stack.effective_size, rel=1e-12)
    assert 130 < fitting < 390


# ------------------------------------------------------------------ on the page
def parsed(torch_line):
    """The layers that a line of torch builds, and the network itself."""
    net = eval(torch_line, {"nn": nn, "range": range})
    names = stacks.WINDOW
    layers = [
        {"kind": "conv" if isinstance(module, nn.Conv2d) else "pool"}
        | {name: value[0] if isinstance(value := getattr(module, name), tuple) else value for name in names}
        for module in net
    ]
    return layers, net


def check(shown):
    """One state as the page shows it, against cnnlib."""
    state = shown["state"]
    assert shown["trouble"] is None, shown
    layers, net = parsed(shown["torch"])
    preset = state["preset"]
    assert (preset == "yours") == all(layers != known for _, known in stacks.PRESETS.values())
    assert preset == "yours" or layers == stacks.PRESETS[preset][1]
    edited = layers[state["edited"] - 1]
    assert edited == {name: state[name] for name in edited}
    where = re.match(
        r"Layer (\d+) of (\d+), unit \((\d+), (\d+)\) of (\d+) × \d+: size (\d+), jump (\d+), ", shown["status"]
    )
    layer, count, row, column, units, size, jump = map(int, where.groups())
    stack = FieldStack(
        layers=layers, size=state["size"], weights=state["weights"], layer=state["layer"], unit=(row, column)
    )
    assert (layer, count, stack.place) == (state["layer"], len(layers), (layer, (row, column)))
    fields, profiles = stack.fields, stack.profiles
    field = fields[layer - 1]
    assert (units, size, jump) == (stack.sizes[layer], field.size, field.jump)
    said = shown["status"].replace("−", "-")
    assert (
        "rows {} to {}".format(*field.window(row)) in said and "columns {} to {};".format(*field.window(column)) in said
    )
    read = [np.count_nonzero(profile) for profile in profiles]
    assert f"reads {read[0]} × {read[1]} pixels" in said
    seen = np.sqrt((np.outer(*profiles) > field_stack.SHARE).sum())
    assert abs(float(re.search(r"Effective ([\d.]+),", said)[1]) - seen) < 0.0501
    lines = shown["numbers"].splitlines()[1:]
    table = [json.loads(line) for line in lines if line.startswith("[")]
    assert table == [
        [n, f.size, f.jump, f.start, float(f.centre)] for n, f in zip(stack.sizes[1:], fields, strict=True)
    ]
    for line, profile in zip(lines[-2:], profiles, strict=True):
        np.testing.assert_allclose(json.loads(line.partition(" = ")[2]), profile, rtol=1e-6)
    formula = shown["formula"].replace("−", "-").splitlines()
    for line, value in zip(formula, field, strict=False):
        left, _, right = line[6:].replace("·", "*").rpartition(" = ")
        assert eval(left) == float(right) == value, line
    if state["size"] <= 40:
        with torch.no_grad():
            assert net(torch.zeros(1, 1, state["size"], state["size"])).shape[-1] == stack.sizes[-1]


def test_every_control_over_its_whole_range(page):
    seen = page.evaluate("(title) => driver.sweep(title)", TITLE)
    names = {"preset", "size", "layer", "weights", "edited", "kind", "kernel_size", "stride", "padding", "dilation"}
    assert {shown["moved"] for shown in seen} == names
    for shown in seen:
        assert shown["moved"] != "reset", f"Reset did not restore {shown}"
        if shown["to"] != "yours":
            assert shown["state"][shown["moved"]] == shown["to"]
        if shown["moved"] != "size" or shown["to"] % 5 == 0:  # 246 sizes: a fifth of them number by number
            check(shown)
        assert shown["trouble"] is None


def test_a_random_walk_of_250_states(page):
    seen = page.evaluate("([title]) => driver.walk(title, 250, 20261122)", [TITLE])
    assert len({json.dumps(shown["state"], sort_keys=True) for shown in seen}) > 180
    for shown in seen:
        check(shown)


def test_layers_are_added_and_removed(page):
    root = explorer(page, TITLE)
    add, remove = root.get_by_role("button", name="Add a layer above"), root.get_by_role("button", name="Remove")
    assert "Layer 5 of 5" in status(root)
    for count in range(6, 19):
        add.click()
        assert f"Layer {count} of {count}," in status(root)
    assert add.is_disabled()
    for count in range(17, 0, -1):
        remove.click()
        assert f"Layer {count} of {count}," in status(root)
    assert remove.is_disabled()
    root.get_by_role("button", name="Reset").click()
    assert "Layer 5 of 5" in status(root)


def test_keys_move_the_unit_and_the_layer(page):
    root = explorer(page, TITLE)
    side = root.get_by_role("application", name="The stack from the side.")
    side.focus()
    page.keyboard.press("ArrowRight")
    assert "unit (11, 12) of 22" in status(root)
    page.keyboard.press("ArrowDown")  # the unit of layer 4 under it, by its centre
    assert "Layer 4 of 5, unit (12, 13) of 24" in status(root)
    page.keyboard.press("Shift+ArrowUp")
    assert "Layer 5 of 5" in status(root)
    root.get_by_role("application", name="The image.").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    assert "unit (10, 2) of 22" in status(root)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.dataset.parameter") == "preset"


def test_pointing_shows_and_clicking_keeps(page):
    root = explorer(page, TITLE)
    side = root.get_by_role("application", name="The stack from the side.")
    before = status(root)
    box = side.bounding_box()
    side.hover(position={"x": box["width"] * 0.45, "y": box["height"] * 0.4})
    pointed = status(root)
    assert pointed != before and int(control(root, "layer").input_value()) == 5
    page.mouse.move(5, 5)
    assert status(root) == before
    side.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.4})
    page.mouse.move(5, 5)
    assert status(root) == pointed and f"Layer {control(root, 'layer').input_value()} of 5" in pointed


def test_touch_moves_the_unit_and_the_page_is_not_widened(open_chapter):
    page = open_chapter(address=PAGE, width=390, has_touch=True)
    root = explorer(page, TITLE)
    plane = root.get_by_role("application", name="The image.")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    page.touchscreen.tap(box["x"] + 4, box["y"] + 4)
    assert "unit (0, 0) of 22" in status(root)
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".cnnlib-explorer canvas, .cnnlib-explorer .control")]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5).length"""
    )
    assert wide == 0


def test_a_link_restores_the_state(page, open_chapter):
    root = explorer(page, TITLE)
    for name, value in {"preset": "AlexNet", "edited": 3, "dilation": 2, "layer": 4, "weights": "random"}.items():
        page.evaluate("([t, n, v]) => driver.set(driver.explorers(t)[0], n, v)", [TITLE, name, value])
    root.get_by_role("button", name="Copy link").click()
    page.wait_for_function("() => /^#\\w+-\\d+:/.test(location.hash)")
    again = open_chapter(address=PAGE, fragment=page.evaluate("() => location.hash"))
    assert status(explorer(again, TITLE)) == status(root)
    assert "Layer 4 of 8" in status(root)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("size=2", "Layer 1: A window spanning 3 (kernel_size=3, dilation=1) does not fit in 2"),
        ("layers=%5B%5D", "layers = [] can't be shown; use 1 to 18 layers."),
        ('layers=[{"kind":"conv"}]', "layers[0].kernel_size = undefined can't be shown"),
        ("layers=%5B7%5D", "layers[0] = 7 is no layer."),
        ("layer=0", "layer = 0 can't be shown; use a whole number from 1 to 18."),
    ],
)
def test_an_impossible_link_gets_a_sentence(page, open_chapter, query, words):
    root = follow(open_chapter, page, TITLE, PAGE, query)
    assert words in root.locator(".trouble").inner_text()
    root.get_by_role("button", name="Reset").click()
    root.page.evaluate("() => driver.frame()")
    assert root.locator(".stage").is_visible()


def test_a_kind_that_does_not_fit_says_why(page, open_chapter):
    """A pooling pads at most half of its window, which would leave the layer above too little."""
    window = {"stride": 1, "dilation": 1, "kind": "conv"}
    layers = [{**window, "kernel_size": 3, "padding": 3}, {**window, "kernel_size": 7, "padding": 0}]
    query = f"size=3&layers={json.dumps(layers)}&layer=2&edited=1"
    root = follow(open_chapter, page, TITLE, PAGE, query)
    before = status(root)
    control(root, "kind").select_option("pool")
    assert status(root) == before and control(root, "kind").input_value() == "conv"
    said = root.locator(".note").inner_text()
    assert said.startswith("It stays a convolution: Layer 2: A window spanning 7 (kernel_size=7, dilation=1) does not")
    control(root, "weights").select_option("random")
    assert root.locator(".note").inner_text() == ""


def test_drawing_takes_less_than_a_frame_and_keeps_its_height(page):
    """The largest stack there is, over all its layers, three times: the best time of each, and the stage's height."""
    found = page.evaluate(
        """async (title) => {
          const root = driver.explorers(title)[0], stage = root.querySelector(".stage");
          await driver.set(root, "preset", "VGG-16");
          const slider = root.querySelector('[data-parameter="layer"]'), times = [], heights = new Set();
          for (let round = 0; round < 3; round += 1) for (let v = 1; v <= 18; v += 1) {
            slider.value = v;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise(requestAnimationFrame);
            const from = performance.now();
            const channel = new MessageChannel();
            await new Promise((done) => { channel.port1.onmessage = done; channel.port2.postMessage(0); });
            times[v] = Math.min(times[v] ?? Infinity, performance.now() - from);
            heights.add(stage.offsetHeight);
          }
          const sorted = times.filter(Number.isFinite).sort((a, b) => a - b);
          return { median: sorted[sorted.length >> 1], heights: heights.size };
        }""",
        TITLE,
    )
    assert found["heights"] == 1
    assert found["median"] < 16
