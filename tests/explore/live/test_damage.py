"""Stored pages that are damaged: what can't be started keeps its words or its picture, and the others live."""

import json

import pytest
from ipywidgets import jslink

from cnnlib.explore import ConvArithmetic, KernelOnPhotograph, LayerCosts
from tests.explore.contract.page import stored


def of(state, name):
    """The first stored model of a kind, by its name in the state."""
    return next(k for k, m in state["state"].items() if m["state"].get("_anywidget_id", "").endswith(name))


def spoiled_buffer(state, **values):
    state["state"][of(state, "KernelOnPhotograph")]["buffers"][0].update(values)


ALL = 3
CASES = {
    "cut off": (None, "the stored state of this page can't be read", ALL),
    "unknown class": (
        lambda s: s["state"][of(s, "ConvArithmetic")]["state"].update(_anywidget_id="lost.Explorer"),
        "lost.Explorer is not known to this site",
        1,
    ),
    "missing model": (lambda s: s["state"].pop(of(s, "ConvArithmetic")), "its stored state is missing", 1),
    "null": (
        lambda s: s["state"].update({of(s, "ConvArithmetic"): None}),
        "its stored state can't be read (there is none)",
        1,
    ),
    "no base64": (lambda s: spoiled_buffer(s, data="?"), "its stored state can't be read (", 1),
    "unknown encoding": (
        lambda s: spoiled_buffer(s, encoding="hex"),
        "its stored state can't be read (a buffer in the encoding hex)",
        1,
    ),
    "wrong path": (lambda s: spoiled_buffer(s, path=["photo", "data"]), "its stored state can't be read (", 1),
}


@pytest.mark.parametrize(("change", "words", "lost"), CASES.values(), ids=CASES)
def test_what_is_damaged_keeps_its_words_and_the_others_live(bare, change, words, lost):
    explorers = [ConvArithmetic(), KernelOnPhotograph(image=[[0, 0, 1, 1]] * 3), LayerCosts()]
    link = jslink((explorers[0], "stride"), (explorers[1], "stride"))  # a link loses one of its ends
    state = json.loads(json.dumps(stored([*explorers, link])))
    if change:
        change(state)
    page = bare(*explorers, state=state if change else json.dumps(state)[:2000])
    mounts, notes = page.locator(".live-mount"), page.locator(".live-trouble")
    live = mounts.filter(has=page.locator(".cnnlib-explorer"))
    assert (notes.count(), live.count()) == (lost, ALL - lost)
    page.wait_for_function("() => [...document.querySelectorAll('.status')].every((e) => e.textContent)")
    assert words in notes.first.inner_text()
    for broken in mounts.filter(has=notes).all():
        assert broken.locator(".live-still pre").is_visible()
        assert broken.locator(".live-trouble").inner_text().endswith(". The lines below describe its first state.")
