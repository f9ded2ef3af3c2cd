"""The thirty pairs themselves: whole, consistent, and shown with anchors."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from cnnlib import conventions

PAIRS = [pair for pairs in conventions.TOPICS.values() for pair in pairs]


def test_there_are_thirty_with_names_of_their_own():
    assert len(PAIRS) == len({pair.name for pair in PAIRS}) == len({pair.title for pair in PAIRS}) == 30
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", pair.name) for pair in PAIRS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_pair_is_whole_and_its_example_agrees(pair):
    for text in (pair.title, pair.left, pair.right, pair.rule, pair.trap):
        assert text.strip() == text != ""
        assert text.count("`") % 2 == 0
    assert pair.left != pair.right and pair.stands
    assert all(address.startswith("http") or "remembered" in what or "cnnlib" in what for what, address in pair.sources)
    example = pair.example()
    assert np.asarray(example.left, float).size > 0
    assert example.difference < 1e-12
    assert not example.says.endswith(".")


def test_an_example_that_disagrees_says_by_how_much():
    assert conventions.Example("", [1, 2], [1, 2.5]).difference == 0.5
    assert conventions.Example("", [1, 2], [[1], [2]]).difference == float("inf")


@pytest.mark.parametrize("topic", conventions.TOPICS)
def test_a_sheet_has_a_row_for_each_pair(topic):
    sheet = conventions.sheet(topic)
    found = Anchors()
    found.feed(sheet._repr_html_())
    assert found.ids == [pair.name for pair in conventions.TOPICS[topic]]
    assert found.depth == 0
    for pair in sheet.pairs:
        assert pair.title in repr(sheet) and pair.title in found.text
        assert all(what.replace("`", "") in found.text for what in pair.stands)


class Anchors(HTMLParser):
    """What has an id, what is written, and whether every tag is closed."""

    def __init__(self):
        super().__init__()
        self.ids, self.text, self.depth = [], "", 0

    def handle_starttag(self, tag, attributes):
        self.depth += 1
        self.ids += [value for name, value in attributes if name == "id"]

    def handle_endtag(self, tag):
        self.depth -= 1

    def handle_data(self, data):
        self.text += data


def test_unknown_names_are_refused():
    assert conventions.pair("gb-or-gib").forth is conventions.gib_of
    with pytest.raises(ValueError, match="pair: name='same' is unknown; use one of 'convolution-or-correlation', '"):
        conventions.pair("same")
    with pytest.raises(ValueError, match="sheet: topic='sizes' is unknown; use one of 'kernels', '"):
        conventions.sheet("sizes")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: conventions.relaid(np.zeros((2, 3)), "HWIO", "OIHW"),
            "relaid: source='HWIO' and target='OIHW' do not",
        ),
        (lambda: conventions.relaid(np.zeros((2, 3)), "HW", "HC"), "use each letter once in both"),
        (lambda: conventions.flipped([1, 2]), r"flipped: kernel of shape \(2,\) has no rows and columns"),
        (lambda: conventions.grouped_kernel(np.zeros((3, 3))), r"grouped_kernel: .* use \(KH, KW, C, M\)"),
        (lambda: conventions.depthwise_kernel(np.zeros((5, 1, 3, 3)), 3), r"none of channels=3; use \(C \* M, 1"),
        (lambda: conventions.padding_from("onnx", [1, 2]), r"padding=\[1, 2\] has 2 values; use one for each"),
        (lambda: conventions.padding_to("caffe", 1), "padding_to: notation='caffe'"),
        (lambda: conventions.same_sides("caffe", 5, 3), "same_sides: rule='caffe'"),
        (lambda: conventions.dense_weights(np.zeros((2, 5)), (1, 2, 3)), r"do not read shape=\(1, 2, 3\)"),
        (lambda: conventions.pixel_shuffle_channels(np.zeros((1, 6, 2, 2)), 2), r"has no C \* 4 channels"),
        (lambda: conventions.taps_first(np.zeros((5, 2)), 2), "do not hold channels=2"),
        (lambda: conventions.exchanged_offsets(np.zeros((1, 3, 2, 2))), "has no pair for each tap"),
        (lambda: conventions.positions_read(2, 4, "centre"), "positions_read: mode='centre'"),
        (lambda: conventions.other_momentum(1.5), "other_momentum: momentum=1.5 is out of range"),
        (lambda: conventions.logits_of([-0.1, 1]), "logits_of: probabilities holds -0.1"),
        (lambda: conventions.stored_values(9, 1, batch_norm="all"), "batch_norm='all' is unknown"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
