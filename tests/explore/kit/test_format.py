"""How explorers write numbers, and read what people type."""

import pytest


def call(library, name, *given):
    return library.evaluate(
        """([name, given]) => {
          const found = cnnlibExplorers.load("kit/format.mjs")[name](...given);
          return found?.next ? [...found] : found; // one way after the other, as far as a cell asks
        }""",
        [name, [*given]],
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-3, "−3"), (0.1111, "0.111"), (99999, "99999"), (1234567, "1230000"), (-2.5e-7, "−2.5e−7")],
)
def test_three_digits_and_whole_numbers_whole(library, value, text):
    assert call(library, "short", value) == text


def test_ever_shorter_down_to_the_sign(library):
    assert call(library, "shorter", 1234.5) == ["1230", "1200", "1000", "1e3", "+"]
    assert call(library, "shorter", -0.111) == ["−0.111", "−0.11", "−0.1", "−.1", "−"]
    assert call(library, "shorter", 0) == ["0"]


@pytest.mark.parametrize(
    ("text", "value"), [("2", 2), ("-0,5", -0.5), ("1/9", 1 / 9), ("−1e3", -1000), ("1/2/3", None)]
)
def test_what_people_type(library, text, value):
    found = library.evaluate(
        '(t) => { const v = cnnlibExplorers.load("kit/format.mjs").parsed(t); return Number.isNaN(v) ? null : v; }',
        text,
    )
    assert found == (value if value is None else pytest.approx(value))


def test_per_cent_and_a_capital(library):
    assert [call(library, "percent", share) for share in (0, 0.4444, 1, 0.00012345)] == [
        "0%",
        "44.4%",
        "100%",
        "0.0123%",
    ]
    assert call(library, "percent", 0.98765, 4) == "98.77%"
    assert call(library, "capital", "one filter") == "One filter"


def test_onto_a_range_and_onto_a_grid(library):
    clamp, onto = (
        f'(given) => given.map((one) => cnnlibExplorers.load("kit/clamp.mjs").{name}(...one))'
        for name in ("clamp", "ontoGrid")
    )
    assert library.evaluate(clamp, [[-2, 0, 5], [3, 0, 5], [7, 0, 5], [0.5, 1, 1]]) == [0, 3, 5, 1]
    assert library.evaluate(onto, [[[-1, 9], [4, 6]], [[2, 3], [4, 6]]]) == [[0, 5], [2, 3]]


def test_a_sum_in_words(library):
    assert call(library, "sumInWords", [1, -2, 0.5], [3, -1, 4]) == "1·3 − 2·(−1) + 0.5·4"
    assert call(library, "sumInWords", [-1] * 5, [1, 2, 3, 4, 5], 2) == "−1·1 − 1·2 + … (5 products)"
