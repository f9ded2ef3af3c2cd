"""Every explorer that is taken off its page, as a cell that is run again does: nothing of it goes on without it."""

from pathlib import Path

from cnnlib.explore import Question
from tests.explore.contract.every import EVERY, made
from tests.explore.contract.page import ROOT
from tests.explore.hand import status

TALLY = Path(__file__).with_name("tally.js").read_text(encoding="utf-8")

#: A second copy of the page's explorer; every button of it is pressed. If `prompt`, a kernel sends its assets at once,
#: and the reader, who is asked for the camera, allows it; else both come when it is gone, the assets from a site.
REMOVED = """async ([entry, prompt]) => {
  const [root] = document.querySelectorAll(".cnnlib-explorer");
  const [state, listeners, asked] = [{ ...driver.model(root).state }, [], []];
  const emit = (event, ...given) =>
    listeners.filter(([name]) => name === event).forEach(([, listener]) => listener(...given));
  const waiting = [];
  async function answer() {
    for (const done of waiting.splice(0)) done();
    for (const name of asked.splice(0))
      emit("msg:custom", { asset: name }, [new DataView(await cnnlibExplorers.asset(name))]);
    tally.allow();
  }
  const model = {
    get: (name) => state[name],
    set(name, value) { state[name] = value; emit(`change:${name}`); },
    on: (name, listener) => listeners.push([name, listener]),
    off(name, listener) {
      const at = listeners.findIndex((other) => other[0] === name && other[1] === listener);
      if (at >= 0) listeners.splice(at, 1);
    },
    save_changes() {},
    send(message) { asked.push(message.asset); queueMicrotask(answer); },
  };
  async function late(name) {
    await new Promise((done) => waiting.push(done));
    return cnnlibExplorers.asset(name);
  }
  const place = document.querySelector("main").appendChild(document.createElement("div"));
  const close = cnnlibExplorers.load(entry).default.render({ model, el: place, asset: prompt ? undefined : late });
  const copy = place.querySelector(".cnnlib-explorer");
  if (prompt) await driver.start(copy);
  else await tally.frames(3);
  const buttons = [...copy.querySelectorAll("button")].filter((button) => button.offsetParent && !button.disabled);
  for (const button of buttons.reverse()) button.click(); // "Step" would end what "Play" begins
  if (prompt) {
    await answer();
    await tally.frames(3);
    await driver.settle(copy);
  }
  close();
  tally.close();
  const left = [...tally.left(), ...listeners.map(([name]) => `listener of its model for ${name}`)];
  await answer();
  await tally.frames(10);
  place.remove();
  await tally.frames(3);
  tally.close(false);
  return [buttons.length, left, [...tally.late(), ...tally.left()]];
}"""


@EVERY
def test_nothing_of_it_stays_at_work(bare, kind):
    """No listener, timer, observer, worker, address of a Blob or camera, and none that is begun afterwards."""
    page = bare(made(kind))
    status(page.locator(".cnnlib-explorer"))
    page.add_style_tag(content=".live-mount { display: none }")  # the page's own copy rests
    page.evaluate("() => driver.frame()")
    page.evaluate(TALLY)
    for prompt in (True, False):
        pressed, left, late = page.evaluate(REMOVED, [kind.module, prompt])
        assert pressed
        assert [left, late] == [[], []], prompt


def test_a_question_that_is_gone_is_not_told_to_forget(bare):
    question = Question("How many?", answer=55)
    page = bare(question)
    page.add_script_tag(content=(ROOT / "_ext/static/kept.js").read_text(encoding="utf-8"))
    page.evaluate(TALLY)
    script = """() => {
      const root = document.querySelector(".cnnlib-explorer");
      const place = document.querySelector("main").appendChild(document.createElement("div"));
      const memory = { remember() {}, recall() {}, onForget: cnnlibKept.onForget };
      const { render } = cnnlibExplorers.load("question/view.mjs").default;
      const close = render({ model: driver.model(root), el: place, memory });
      const field = place.querySelector("input");
      function forgotten() {
        field.value = "55";
        cnnlibKept.forget();
        return field.value === "";
      }
      const before = forgotten();
      close();
      return [before, forgotten(), tally.left()]; }"""
    assert page.evaluate(script) == [True, False, []]
