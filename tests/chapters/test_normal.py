"""The normal form: idempotent, blind to what a run makes up, and nothing lost that a reader sees."""

import copy
import uuid

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.chapters import storage
from tools.chapters.normal import normalise
from tools.chapters.widgets import STATE, STUB, VIEW, reachable

from .conftest import build


def test_normalising_twice_is_normalising_once(good):
    assert storage.text(normalise(good)) == storage.text(good)


def test_what_a_run_makes_up_is_dropped(good):
    noisy = copy.deepcopy(good)
    ids = {old: uuid.uuid4().hex for old in noisy.metadata.widgets[STATE]["state"]}
    text = storage.text(noisy)
    for old, new in ids.items():
        text = text.replace(old, new)
    noisy = nbformat.reads(text, as_version=4)
    for cell in noisy.cells:
        cell.id = uuid.uuid4().hex[:8]
        cell.metadata["ExecuteTime"] = "now"
        if cell.cell_type == "code":
            cell.execution_count = (cell.execution_count or 0) + 40
    assert storage.text(normalise(noisy)) == storage.text(good)


def test_widget_state_keeps_what_is_shown_and_the_links_between(good):
    state = good.metadata.widgets[STATE]["state"]
    kinds = [model["model_name"] for model in state.values()]
    assert kinds.count("IntSliderModel") == 2
    assert kinds.count("LinkModel") == 1
    assert "ButtonModel" not in kinds
    assert list(state) == [f"{number:032x}" for number in range(1, len(state) + 1)]
    shown = [o.data[VIEW]["model_id"] for c in good.cells for o in c.get("outputs", []) if VIEW in o.get("data", {})]
    assert all(name in state for name in shown)


def test_an_explorers_source_is_not_stored(good):
    sources = [m["state"]["_esm"] for m in good.metadata.widgets[STATE]["state"].values() if "_esm" in m["state"]]
    assert sources == [STUB]
    assert "Run this cell to start the explorer." in STUB


def test_a_link_is_kept_only_between_two_shown_models():
    def model(name, **state):
        return {"model_name": name, "state": state}

    def link(left, right):
        return model("LinkModel", source=[f"IPY_MODEL_{left}", "value"], target=[f"IPY_MODEL_{right}", "value"])

    models = {
        "x": link("a", "b"),
        "y": link("a", "c"),
        "c": model("S"),
        "a": model("S"),
        "b": model("S", layout="IPY_MODEL_l"),
        "l": model("L"),
    }
    assert reachable(models, ["b", "a"]) == ["b", "l", "a", "x"]


def test_ids_follow_the_cells_and_repeat_no_one():
    notebook = normalise(build([("code", "x = 1"), ("code", "x = 1"), ("markdown", "x = 1")]))
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == 3
    shifted = normalise(build([("markdown", "new"), ("code", "x = 1"), ("code", "x = 1")]))
    assert [cell.id for cell in shifted.cells][1:] == ids[:2]


def test_a_printed_text_in_pieces_becomes_one():
    notebook = build([("code", "print(1)")])
    stream = nbformat.v4.new_output
    notebook.cells[0].outputs = [
        stream("stream", name="stdout", text="1"),
        stream("stream", name="stdout", text="\n"),
        stream("stream", name="stderr", text="!"),
        stream("stream", name="stdout", text="2"),
    ]
    outputs = normalise(notebook).cells[0].outputs
    assert [(output.name, output.text) for output in outputs] == [("stdout", "1\n"), ("stderr", "!"), ("stdout", "2")]


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        (["hide-input"], {"source_hidden": True}),
        (["hide-cell", "solution"], {"source_hidden": True, "outputs_hidden": True}),
        (["fetch-book", "remove-cell"], {"source_hidden": True}),
        (["idea"], None),
        (["claim-C012"], None),
        ([], None),
    ],
)
def test_what_the_site_folds_away_jupyterlab_closes(tags, closed):
    """It reads no tags; what somebody opened by hand and saved is closed again."""
    notebook = build([("code", "1"), ("markdown", "text")])
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({"tags": tags, "collapsed": True, "jupyter": {"source_hidden": False}})
    code, text = normalise(notebook).cells
    assert code.metadata.get("jupyter") == closed and code.metadata.tags == tags
    assert set(code.metadata) <= {"tags", "jupyter"} and set(text.metadata) == {"tags"}


def test_a_picture_keeps_the_size_in_which_it_is_shown():
    notebook = build([("code", "figure")])
    size = {"image/png": {"width": 540, "height": 190}, "text/plain": {"width": 1}, "image/svg+xml": {"width": 1}}
    notebook.cells[0].outputs = [
        nbformat.v4.new_output(
            kind, data={"image/png": "", "text/plain": "a"}, metadata={"needs_background": "light", **size}
        )
        for kind in ("display_data", "execute_result")
    ]
    sizes = [output.metadata for output in normalise(notebook).cells[0].outputs]
    assert sizes == [{"image/png": {"width": 540, "height": 190}}] * 2


def test_a_figure_has_its_size_also_where_a_program_dropped_it(good):
    """Without it a figure stands at double size, since its file has two pixels for one of the page."""
    (output,) = (
        output for cell in good.cells for output in cell.get("outputs", ()) if "image/png" in output.get("data", {})
    )
    assert output.metadata == {"image/png": {"width": 300, "height": 200}}
    output.metadata = nbformat.from_dict({})
    assert storage.text(normalise(good)).count('"width": 300') == 1


SOURCES = st.lists(st.tuples(st.sampled_from(["code", "markdown"]), st.text(max_size=30)), max_size=6)


@given(SOURCES)
def test_any_notebook_reaches_a_form_that_stays(cells):
    once = normalise(build(cells))
    nbformat.validate(once)
    assert storage.text(normalise(once)) == storage.text(once)
    assert storage.text(normalise(nbformat.reads(storage.text(once), as_version=4))) == storage.text(once)
