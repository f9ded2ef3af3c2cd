"""Two explorers in a row: an HBox that keeps the picture and the text of both."""

import io

import numpy as np
import pytest
from ipywidgets import HBox, IntSlider, jslink
from PIL import Image

from cnnlib import plots
from cnnlib.explore import ConvArithmetic, LayerCosts, Question
from cnnlib.explore.base.side_by_side import SideBySide
from cnnlib.png import UNSEEN


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def figure_of(explorer, side):
    figure = explorer.figure()
    figure.suptitle(side)
    return pixels(plots.described(figure, explorer.result()).png)


def test_the_picture_is_both_figures_and_the_text_both_texts():
    left, right = ConvArithmetic(size=5), LayerCosts()
    data, metadata = SideBySide(left, right)._repr_mimebundle_()
    shown, first, second = pixels(data["image/png"]), figure_of(left, "left"), figure_of(right, "right")
    for part, figure in ((shown[: len(first), : first.shape[1]], first), (shown[len(first) :], second)):
        assert (part == figure).mean() > 0.9
        assert np.sqrt(np.mean((part.astype(float) - figure) ** 2)) < 2 * UNSEEN  # each was stored in 256 colours
    assert metadata["image/png"] == {"width": shown.shape[1] // 2, "height": shown.shape[0] // 2}
    assert data["text/plain"] == f"left: {left!r}\nright: {right!r}"


def test_it_is_an_hbox_to_the_page_and_to_links():
    """The site's mount and JupyterLab know the model by the names that are stored."""
    left, right = ConvArithmetic(), ConvArithmetic()
    row = SideBySide(left, right)
    names = ("_model_name", "_view_name", "_model_module", "_view_module")
    assert [getattr(row, name) for name in names] == [getattr(HBox(), name) for name in names]
    assert row.children == (left, right)
    assert jslink((left, "stride"), (right, "stride")).source == (left, "stride")
    data, _ = row._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == row.model_id


def test_the_same_state_gives_the_same_bytes_and_another_state_others():
    first, again, other = (
        SideBySide(ConvArithmetic(size=5), ConvArithmetic(size=5, stride=stride))._repr_mimebundle_()[0]["image/png"]
        for stride in (1, 1, 2)
    )
    assert first == again != other


def test_a_question_has_words_only():
    question, explorer = Question("How many?", answer=3), ConvArithmetic(size=5)
    data, _ = SideBySide(question, explorer)._repr_mimebundle_()
    assert np.array_equal(pixels(data["image/png"]), figure_of(explorer, "right"))
    data, metadata = SideBySide(question, question)._repr_mimebundle_()
    assert "image/png" not in data and metadata == {}


@pytest.mark.parametrize(("left", "right", "side"), [(IntSlider(), None, "left"), (ConvArithmetic(), "x", "right")])
def test_something_else_is_refused(left, right, side):
    with pytest.raises(TypeError, match=rf"^SideBySide: {side} is an? \w+; use an explorer, or ipywidgets\.HBox"):
        SideBySide(left, right)
