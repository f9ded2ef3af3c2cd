"""Filter bank: the Python half by hand, its modules against cnnlib, and its gestures."""

import re

import numpy as np
import pytest

from cnnlib import data, filters
from cnnlib.explore import FilterBank, filter_bank
from tests.explore.hand import control, corner, keys, status


def test_one_position_of_the_map_by_hand():
    chosen = FilterBank(photo="sheep", filter=7, stride=3, position=(2, 5))
    window = chosen.input[:, 6:17, 15:26]
    assert chosen.map[2, 5] == pytest.approx((window * chosen.weights).sum())
    assert chosen.parts.sum() == pytest.approx(chosen.map[2, 5])


def test_the_input_is_the_photograph_less_its_mean_colour():
    photograph = data.photograph("kingfisher", side=144).transpose(2, 0, 1)
    given = FilterBank(photo="kingfisher").input
    assert np.abs(given.mean(axis=(1, 2))).max() < 1e-12
    np.testing.assert_allclose(given, photograph - photograph.mean(axis=(1, 2), keepdims=True), atol=1 / 255)


@pytest.mark.parametrize("stride", [1, 4, 8])
def test_best_windows_are_large_and_apart(stride):
    chosen = FilterBank(filter=3, stride=stride)
    answers, best = chosen.map, chosen.best
    values = [answers[where] for where in best]
    assert values == sorted(values, reverse=True) and values[0] == answers.max()
    for one in best:
        for other in best:
            assert one == other or max(abs(a - b) for a, b in zip(one, other, strict=True)) * stride >= 11
    far = [
        answers[r, c]
        for r, c in np.ndindex(answers.shape)
        if all(max(abs(r - a), abs(c - b)) * stride >= 11 for a, b in best)
    ]
    assert max(far) <= values[-1]


def test_orders():
    for sort in filter_bank.SORTS[1:]:
        chosen = FilterBank(bank="face", sort=sort)
        key = getattr(chosen.features, sort)[chosen.order]
        assert (np.diff(key) >= 0).all() and sorted(chosen.order) == list(range(32))


def test_what_is_handed_out_can_not_be_written_into():
    with pytest.raises(ValueError, match="read-only"):
        FilterBank().features.energy[0] = 1


@pytest.mark.parametrize("name", filter_bank.BANKS)
def test_banks_and_what_is_measured_are_the_same(library, name):
    found = library.evaluate(
        """async (name) => { const { BANKS } = cnnlibExplorers.load("filter_bank/weights.mjs");
        const bank = await cnnlibExplorers.load("filter_bank/model.mjs").unpackBank(BANKS[name]);
        return { filters: bank.filters.map((f) => Array.from(f)), measured: bank.measured, orders: bank.orders,
          power: Array.from(cnnlibExplorers.load("mirror/filters.mjs").power(bank.filters[1], bank.side)) }; }""",
        name,
    )
    bank, measured = filters.bank(name), filters.features(filters.bank(name))
    np.testing.assert_array_equal(np.reshape(found["filters"], bank.shape), bank)
    np.testing.assert_allclose(np.reshape(found["power"], (32, 32)), filters.power(bank)[1], rtol=1e-9, atol=1e-9)
    for key in measured._fields:
        mine = [one[key] for one in found["measured"]]
        np.testing.assert_allclose(mine, getattr(measured, key), rtol=1e-9, atol=1e-9, err_msg=key)
    for sort in filter_bank.SORTS:
        assert found["orders"][sort] == FilterBank(bank=name, sort=sort).order.tolist()


def test_the_gallery_by_keyboard_and_by_mouse(opened):
    """An arrow key goes to the next filter shown, in the order of the gallery; a press takes the one under it."""
    page, root = opened(FilterBank())
    control(root, "sort").select_option("orientation")
    gallery = root.get_by_role("application", name="Gallery of the filters.")
    before = int(control(root, "filter").input_value())
    order = FilterBank(sort="orientation").order.tolist()
    index = order.index(before)
    gallery.focus()
    keys(root, "ArrowRight", "ArrowDown")
    assert f"Filter {order[min(95, min(95, index + 1) + 16)]}: " in status(root)
    x, y = corner(gallery)
    page.mouse.move(x + 3, y + 3)
    assert f"Filter {order[0]}: " not in status(root) or index == 0  # not in passing
    page.mouse.down()
    assert f"Filter {order[0]}: " in status(root)
    page.mouse.move(x + 40, y + 3, steps=3)
    page.mouse.up()
    assert f"Filter {order[1]}: " in status(root)


def test_the_window_by_keyboard_by_mouse_and_from_the_best_ones(bare):
    root = bare(FilterBank()).locator(".cnnlib-explorer")
    text = status(root)
    row, column = (int(v) for v in re.search(r"Window \((\d+), (\d+)\)", text).groups())
    root.get_by_role("application", name="Map of the filter.").focus()
    keys(root, "ArrowLeft" if column else "ArrowRight")
    assert f"Window ({row}, {column - 1 if column else 1})" in status(root)
    root.get_by_role("application", name="The best windows.").focus()
    keys(root, "ArrowRight")
    assert f"Window ({row}, {column})" in status(root)
    photograph = root.get_by_role("application", name="Photograph.")
    photograph.click(position={"x": 2, "y": 2})
    assert "Window (0, 0)" in status(root)
