"""Links to a state: keyed by the kind of explorer and its count, and a sentence for what a link can't set."""

import json

import pytest

from cnnlib.explore import ConvArithmetic, LayerCosts, Question
from tests.explore.hand import control, explorer

ARITHMETIC, COSTS = "Convolution arithmetic", "Layer costs"
SENTENCE = ".live-link-trouble"


@pytest.fixture
def follow(bare):
    """A page with a question, one explorer of a kind and three of another, opened by a link."""

    def follow(fragment):
        page = bare(ConvArithmetic(), Question("?", answer=1), *(LayerCosts() for _ in range(3)))
        page.evaluate("(hash) => { location.hash = hash; }", fragment)
        page.evaluate("() => driver.frame()")
        return page

    return follow


def test_a_link_counts_only_explorers_of_its_kind(follow):
    """The third one of a kind is the third one whatever else stands above it."""
    page = follow("#LayerCosts-3:batch_size=7&quantity=%22outputs%22")
    sizes = [control(explorer(page, COSTS, i), "quantity").input_value() for i in range(3)]
    assert sizes == ["parameters", "parameters", "outputs"]
    assert page.locator(SENTENCE).count() == 0
    page.evaluate("() => (location.hash = '#ConvArithmetic-1:stride=5')")
    page.wait_for_function("(title) => driver.state(driver.explorers(title)[0]).stride === 5", arg=ARITHMETIC)


def test_a_page_that_is_opened_by_a_link_begins_there(bare):
    page = bare(ConvArithmetic())
    page.evaluate("() => (location.hash = '#ConvArithmetic-1:stride=5')")
    page.reload()
    page.wait_for_function("(title) => driver.state(driver.explorers(title)[0]).stride === 5", arg=ARITHMETIC)
    page.evaluate("(title) => driver.reset(driver.explorers(title)[0])", ARITHMETIC)
    assert control(explorer(page, ARITHMETIC), "stride").input_value() == "1"


def test_links_that_count_every_explorer_are_still_read(follow):
    page = follow("#explorer=5&channels=6")
    shown = [control(explorer(page, COSTS, i), "channels").input_value() for i in range(3)]
    assert shown[:2] == [shown[0]] * 2 and shown[2] == "6" != shown[0]


@pytest.mark.parametrize(
    ("fragment", "name"),
    [("#explorer=99", "explorer 99"), ("#ConvArithmetic-9:stride=2", "ConvArithmetic-9"), ("#Lost-1:", "Lost-1")],
)
def test_a_link_to_an_explorer_that_is_not_there_gets_a_sentence(follow, fragment, name):
    page = follow(fragment)
    said = page.locator(SENTENCE)
    assert said.count() == 1
    assert said.inner_text().startswith(f"The link asks for {name}, which this page does not have (it has ")
    assert "LayerCosts-3" in said.inner_text()
    page.evaluate("() => (location.hash = '#ConvArithmetic-1:stride=2')")
    page.wait_for_function(f"() => !document.querySelector('{SENTENCE}')")


@pytest.mark.parametrize("fragment", ["#ConvArithmetic-1:strid=3&padding=2", "#ConvArithmetic-1:padding=2&strid=3"])
def test_an_unknown_parameter_gets_a_sentence_and_the_others_are_set(follow, fragment):
    page = follow(fragment)
    said = page.locator(SENTENCE)
    assert said.count() == 1
    assert said.inner_text().startswith("The link sets strid, which this explorer does not have; it has ")
    assert "stride" in said.inner_text()
    assert control(explorer(page, ARITHMETIC), "padding").input_value() == "2"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("stride=0", "stride=0 is out of range; use an integer from 1 to 6."),
        ('stride="two"', 'stride="two" can\'t be shown; use an integer from 1 to 6.'),
        ("stride=%5B", 'stride="[" can\'t be shown'),
        (
            "size=%5B3,3%5D&kernel_size=7",
            "A window spanning 7 (kernel_size=7, dilation=1) does not fit in 3 (size=3, padding=0); shrink the window "
            "or use padding >= 2.",
        ),
        ("position=%5B7,0%5D", "position=(7, 0) lies outside the output of 5 x 5; use a row from 0 to 4"),
        ("image=%5B%5B1%5D,%5B1,2%5D%5D", "Image can't be shown; use rows of equal length"),
        ('pattern="array"', "pattern='array' needs image; give some"),
    ],
)
def test_an_impossible_link_gets_the_sentence_of_what_is_wrong(follow, query, words):
    """Reset brings the picture back."""
    page = follow(f"#ConvArithmetic-1:{query}")
    root = explorer(page, ARITHMETIC)
    assert words.lower() in root.locator(".trouble").inner_text().lower()
    assert not root.locator(".stage").is_visible()
    page.evaluate("(title) => driver.reset(driver.explorers(title)[0])", ARITHMETIC)
    assert root.locator(".stage").is_visible() and not root.locator(".trouble").is_visible()


def test_an_older_link_with_numbers_of_ones_own_shows_them(follow):
    """Links used to give the numbers without the choice that now says so."""
    numbers = json.dumps([[0, 2], [0, 0]]).replace(" ", "")
    page = follow(f"#ConvArithmetic-1:kernel_size=2&weights={numbers}")
    root = explorer(page, ARITHMETIC)
    assert "0·0 + 2·1 + 0·10 + 0·11 = 2." in root.locator(".status").inner_text()


def test_an_ordinary_anchor_is_left_alone(follow):
    page = follow("#stride-padding-dilation")
    assert page.locator(SENTENCE).count() == 0
