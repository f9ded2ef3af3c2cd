"""Controls that are bound to a parameter: range, reason to rest, values of a list, what is written."""

import pytest

RUN = """([schema, state, body]) => {
  const { bind } = cnnlibExplorers.load("kit/bound.mjs");
  const written = [];
  const change = (values) => { written.push(values); Object.assign(state, values); };
  const bound = bind(schema, { state: () => state, change, ranges: { side: (s) => [1, s.flag ? 3 : 9] } });
  const shown = (control) => {
    control.update(state);
    const input = control.element.querySelector("input, select");
    return {
      name: input.dataset.parameter, value: input.type === "checkbox" ? input.checked : input.value,
      range: input.type === "range" ? [Number(input.min), Number(input.max)] : undefined,
      options: [...(input.options ?? [])].map((each) => [each.value, each.textContent]),
      rests: input.disabled, said: control.element.querySelector(".range").textContent,
      spoken: input.getAttribute("aria-valuetext"),
    };
  };
  const put = (control, value) => {
    const input = control.element.querySelector("input, select");
    if (input.type === "checkbox") input.checked = value;
    else input.value = value;
    input.dispatchEvent(new Event(input.type === "range" ? "input" : "change"));
  };
  return new Function("bound", "state", "shown", "put", "written", body)(bound, state, shown, put, written);
}"""
SCHEMA = {
    "side": {"kind": "whole", "low": 1, "high": 9},
    "size": {"kind": "pair", "low": 1, "high": 16},
    "flag": {"kind": "flag"},
    "photo": {"kind": "choice", "choices": ["sheep", "lincoln_memorial"]},
    "units": {"kind": "whole", "low": 1, "high": 9000, "none": True},
}
STATE = {"side": 2, "size": [4, 7], "flag": False, "photo": "sheep", "units": 55}


@pytest.fixture
def run(library):
    return lambda body: library.evaluate(RUN, [SCHEMA, dict(STATE), body])


def test_a_slider(run):
    """It says its range, and of a range that the others narrow, how far it goes."""
    wide, narrow, resting = run(
        """const control = bound.slider("side", "Side", {
          unit: "°", rests: (s) => (s.photo === "sheep" ? "" : "no part") });
        const wide = shown(control);
        state.flag = true;
        const narrow = shown(control);
        state.photo = "lincoln_memorial";
        return [wide, narrow, shown(control)];"""
    )
    assert (wide["name"], wide["value"], wide["range"], wide["said"]) == ("side", "2", [1, 9], "")
    assert wide["spoken"] == "2°, from 1 to 9"
    assert (narrow["range"], narrow["said"], narrow["rests"]) == ([1, 3], "1–3 fit", False)
    assert (resting["rests"], resting["said"], resting["spoken"]) == (True, "no part", "2°; no part")


def test_a_slider_of_one_axis(run):
    first, written = run(
        """const control = bound.slider("size", "Width", { axis: 1 });
        const first = shown(control);
        put(control, 9);
        return [first, written];"""
    )
    assert (first["name"], first["value"], first["range"]) == ("size-1", "7", [1, 16])
    assert written == [{"size": [4, 9]}]


def test_a_choice_and_a_toggle(run):
    photo, flag, written = run(
        """const photo = bound.choice("photo", "Photograph", { names: { sheep: "A sheep" } });
        const flag = bound.toggle("flag", "Flag");
        const before = [shown(photo), shown(flag)];
        put(photo, "lincoln_memorial");
        put(flag, true);
        return [...before, written];"""
    )
    assert photo["options"] == [["sheep", "A sheep"], ["lincoln_memorial", "Lincoln memorial"]]
    assert (photo["value"], flag["value"]) == ("sheep", False)
    assert written == [{"photo": "lincoln_memorial"}, {"flag": True}]


def test_a_ladder_takes_in_a_value_that_is_set_otherwise(run):
    ladder, none, written = run(
        """const control = bound.ladder("units", "Units", [1, 10, 1000], { none: "as many as before" });
        const before = shown(control);
        put(control, "null");
        return [before, shown(control), written];"""
    )
    assert ladder["options"] == [
        ["1", "1"], ["10", "10"], ["55", "55"], ["1000", "1,000"], ["null", "as many as before"],
    ]  # fmt: skip
    assert (ladder["value"], none["value"], written) == ("55", "null", [{"units": None}])
