"""What every explorer does with its parameters: one after the other, several at once, within what there is."""

import pytest

from cnnlib.explore import ConvArithmetic
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import Choice, Matrix, Pair, Whole


class Shelf(Explorer):
    """Places on a shelf, and one of them."""

    module = "question/view.mjs"
    silent = ("place",)

    places = Whole(1, 9, 5)
    place = Whole(1, 9, 1, within="places")
    corner = Pair(0, 9, (0, 0), within="shape")
    order = Choice(("rising", "own"))
    numbers = Matrix(3, shows=("order", "own"))

    @property
    def shape(self):
        return 2, self.places

    def result(self):
        return f"{self.place} of {self.places}"


def test_what_is_left_without_a_place_moves_to_the_last():
    shelf = Shelf(place=5, corner=(1, 4))
    shelf.places = 3
    assert (shelf.place, shelf.corner) == (3, (1, 2))
    shelf.places = 9
    assert (shelf.place, shelf.corner) == (3, (1, 2))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"place": 6}, r"Shelf: place=6 is out of range; use an integer from 1 to 5"),
        ({"corner": (0, 5)}, r"Shelf: corner=\(0, 5\) lies outside the output of 2 x 5; use a row from 0 to 1 and a"),
    ],
)
def test_what_is_set_outside_is_refused(values, message):
    (name, value) = next(iter(values.items()))
    with pytest.raises(ValueError, match=message):
        Shelf(**values)
    shelf = Shelf()
    with pytest.raises(ValueError, match=message):
        setattr(shelf, name, value)


def test_numbers_of_ones_own_are_shown():
    shelf = Shelf(numbers=[[1, 2]])
    assert shelf.order == "own"
    assert Shelf(numbers=[[1, 2]], order="rising").order == "rising"
    shelf.order = "rising"
    assert repr(shelf) == "Shelf(places=5, corner=(0, 0), order='rising')\n1 of 5"
    shelf.numbers = [[3]]
    assert shelf.order == "own"
    assert repr(shelf) == "Shelf(places=5, corner=(0, 0), order='own', numbers=<1 x 1, sum 3>)\n1 of 5"
    with pytest.raises(ValueError, match=r"Shelf: order='own' needs numbers"):
        shelf.numbers = None
    assert shelf.numbers == [[3]]


def test_observers_hear_of_changes_and_of_nothing_that_was_refused():
    explorer, heard = ConvArithmetic(size=5), []
    explorer.observe(lambda change: heard.append((change["name"], change["new"])), ["stride", "size", "dilation"])
    explorer.stride = 2
    explorer.size = 9
    explorer.size = 9
    with pytest.raises(ValueError, match="out of range"):
        explorer.dilation = 9
    assert heard == [("stride", 2), ("size", (9, 9))]


def test_a_refused_value_changes_nothing():
    explorer = ConvArithmetic(size=5)
    with pytest.raises(ValueError, match="does not fit in 5"):
        explorer.dilation = 3
    assert explorer.dilation == 1
    with pytest.raises(ValueError, match="does not fit"), explorer.hold_trait_notifications():
        explorer.kernel_size = 4
        explorer.dilation = 4
    assert (explorer.kernel_size, explorer.dilation) == (3, 1)


def test_changes_that_only_fit_together():
    explorer = ConvArithmetic(size=5)
    with explorer.hold_trait_notifications():
        explorer.dilation = 4
        explorer.padding = 2
    assert explorer.output.shape == (1, 1)


def test_the_layout_is_everybodys():
    explorer = ConvArithmetic(layout={"width": "60%"})
    explorer.layout.width = "50%"
    assert explorer.layout.width == "50%"
    with pytest.raises(AttributeError, match=r"ConvArithmetic: unknown attribute 'strid'; did you mean 'stride'\?"):
        explorer.strid = 3


def test_a_file_by_its_ending(tmp_path):
    explorer = ConvArithmetic(stride=2)
    explorer.save(tmp_path / "one.mjs")
    first, *_, last = (tmp_path / "one.mjs").read_text(encoding="utf-8").splitlines()
    assert first.startswith("const STATE = {") and '"stride": 2' in first
    assert last == 'export default load("conv_arithmetic/embed.mjs").default;'
    with pytest.raises(
        ValueError, match=r"ConvArithmetic\.save: path='one\.txt' ends in '\.txt'; use \.html for a page"
    ):
        explorer.save("one.txt")
    with pytest.raises(ValueError, match=r"path='one' ends in 'nothing'; use \.html"):
        explorer.save("one")


def test_the_kernel_hands_over_what_it_is_asked_for(monkeypatch):
    """Or says why it can't; without an answer the page would wait for ever."""

    def broken():
        raise OSError("the file is damaged")

    monkeypatch.setattr(Shelf, "assets", {"book": lambda: b"words", "lost": broken})
    shelf, sent = Shelf(), []
    monkeypatch.setattr(shelf, "send", lambda message, buffers=None: sent.append((message, buffers)), raising=False)
    for message in ({"asset": "book"}, {"asset": None}, {"asset": ["book"]}, "noise", {"asset": "../secret"}):
        shelf._handle_custom_msg(message, [])
    assert sent.pop(0) == ({"asset": "book"}, [b"words"])
    why = "Shelf: asset='../secret' is unknown; it has book, lost"
    assert sent.pop() == ({"asset": "../secret", "error": why}, None)
    shelf._handle_custom_msg({"asset": "lost"}, [])
    assert sent == [({"asset": "lost", "error": "OSError: the file is damaged"}, None)]
