"""Links to a state: keyed by the kind of explorer and its count, and a sentence for what a link can't set."""

import pytest

from tests.explore.hand import control, explorer

ARITHMETIC, PHOTOGRAPH = "Convolution arithmetic", "Kernel on a photograph"
SENTENCE = ".live-link-trouble"


@pytest.fixture
def follow(open_chapter):
    """The chapter, opened by a link, once the explorers have drawn."""

    def follow(fragment):
        page = open_chapter(fragment=fragment)
        page.evaluate("(title) => driver.settle(driver.explorers(title).at(-1))", PHOTOGRAPH)
        return page

    return follow


def test_a_link_counts_only_explorers_of_its_kind(follow):
    """The third photograph has been the third one whatever else stands above it."""
    page = follow("#KernelOnPhotograph-3:stride=7")
    strides = [control(explorer(page, PHOTOGRAPH, i), "stride").input_value() for i in range(3)]
    assert strides[2] == "7" and "7" not in strides[:2]
    assert page.locator(SENTENCE).count() == 0
    page.evaluate("() => (location.hash = '#ConvArithmetic-1:stride=5')")
    page.wait_for_function("(title) => driver.state(driver.explorers(title)[0]).stride === 5", arg=ARITHMETIC)


def test_links_that_count_every_explorer_are_still_read(follow, chapter):
    keys = chapter.evaluate("() => [...document.querySelectorAll('.live-explorer')].map((e) => e.id)")
    number = keys.index("explorer-KernelOnPhotograph-3") + 1
    page = follow(f"#explorer={number}&stride=6")
    assert control(explorer(page, PHOTOGRAPH, -1), "stride").input_value() == "6"


@pytest.mark.parametrize(
    ("fragment", "name"),
    [("#explorer=99", "explorer 99"), ("#ConvArithmetic-9:stride=2", "ConvArithmetic-9"), ("#Lost-1:", "Lost-1")],
)
def test_a_link_to_an_explorer_that_is_not_there_gets_a_sentence(follow, fragment, name):
    page = follow(fragment)
    said = page.locator(SENTENCE)
    assert said.count() == 1
    assert said.inner_text().startswith(f"The link asks for {name}, which this page does not have (it has ")
    assert "KernelOnPhotograph-3" in said.inner_text()
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


def test_an_ordinary_anchor_is_left_alone(follow):
    page = follow("#stride-padding-dilation")
    assert page.locator(SENTENCE).count() == 0
