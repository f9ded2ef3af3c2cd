import { button } from "./controls.mjs";
import { h, keepKeys, setText } from "./dom.mjs";
import { keepHeights } from "./steady.mjs";
import { currentTheme, readColours, watchTheme } from "./theme.mjs";

/**
 * The frame round every explorer: heading, reset and link, the picture, the controls, the formula, the line of torch,
 * and a line of text that always says what is shown. The model is the only state; a change of it draws once a frame.
 *
 * An explorer gives
 *   title        what the frame is headed by
 *   parameters   the names of the traits that make up its state
 *   problem      (state) => what is wrong with the state, in one sentence, or null
 *   build        ({change, request, state, say}) => {stage, controls, draw(state, colours, width), destroy?()}
 * where `draw` returns {status, formula, torch, numbers: () => text}, and `say(text)` shows a sentence until the next change.
 * Returns the module that anywidget asks for.
 */
export function explorer({ title, parameters, problem, build }) {
  function render({ model, el, start, permalink }) {
    const readState = () => Object.fromEntries(parameters.map((name) => [name, model.get(name)]));
    const beginning = start ?? readState();

    function change(values) {
      say("");
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
    }

    const heading = h("strong", { class: "title" }, title);
    const note = h("span", { class: "note", role: "status" });
    const tools = h("span", { class: "tools" }, note, button("Reset", reset, { class: "reset" }));
    if (permalink) tools.append(button("Copy link", copyLink, { class: "link" }));
    const stage = h("div", { class: "stage" });
    const trouble = h("p", { class: "trouble", role: "alert", hidden: true });
    const controls = h("div", { class: "controls" });
    const formula = h("div", { class: "formula" });
    const status = h("p", { class: "status", "aria-live": "polite" });
    const torch = h("code", { class: "torch" });
    const numbers = h("pre", { tabindex: "0", "aria-label": "Numbers as text" });
    const details = h("details", { ontoggle: request }, h("summary", {}, "Numbers as text"), numbers);
    const root = h(
      "div",
      { class: "cnnlib-explorer", role: "group", "aria-label": title, "data-theme": currentTheme() },
      h("header", {}, heading, tools), stage, trouble, controls, status, formula, torch, details,
    );
    keepKeys(root);
    el.replaceChildren(root);
    const heights = keepHeights([stage, controls, status, formula, torch]);

    function reset() {
      change(beginning);
    }

    async function copyLink() {
      const url = permalink(Object.fromEntries(
        Object.entries(readState()).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(beginning[name])),
      ));
      let said = "Link copied.";
      try {
        await navigator.clipboard.writeText(url);
      } catch {
        said = "The link is in the address bar.";
      }
      say(said);
    }

    function say(text) {
      setText(note, text);
    }

    let colours = null;
    let frame = 0;
    let width = 0; // of the explorer, 0 while it is not on the page or in a hidden tab
    let room = 0; // of the stage; both are kept, since to ask for them in a frame makes the browser lay the page out twice
    const parts = build({ change, request, state: readState, say });
    stage.append(...parts.stage);
    controls.append(...parts.controls.map((control) => control.element));

    function draw() {
      frame = 0;
      if (!width) return; // the size observer calls again
      colours ??= readColours(root);
      const state = readState();
      const wrong = problem(state);
      try {
        if (!wrong) show(state);
      } catch (error) {
        tell(`This state can't be drawn (${error.message}).`);
        throw error;
      }
      tell(wrong);
    }

    function tell(wrong) {
      trouble.hidden = !wrong;
      stage.hidden = formula.hidden = torch.hidden = details.hidden = Boolean(wrong);
      if (!wrong) return;
      setText(trouble, wrong);
      setText(status, "Nothing to show for these parameters; Reset goes back to the start.");
    }

    function show(state) {
      stage.hidden = false;
      room ||= stage.clientWidth;
      for (const control of parts.controls) control.update(state);
      const texts = parts.draw(state, colours, room);
      setText(status, texts.status);
      setText(formula, texts.formula);
      setText(torch, texts.torch);
      if (details.open) setText(numbers, texts.numbers());
    }

    function request() {
      if (!frame) frame = requestAnimationFrame(draw);
    }

    for (const name of parameters) model.on(`change:${name}`, request);
    const stopTheme = watchTheme((theme) => {
      root.dataset.theme = theme;
      colours = null;
      request();
    });
    const size = new ResizeObserver(() => {
      if (root.clientWidth !== width) {
        width = root.clientWidth;
        room = 0;
        heights.release();
        request();
      }
    });
    size.observe(root);

    return () => {
      cancelAnimationFrame(frame);
      size.disconnect();
      heights.disconnect();
      stopTheme();
      for (const name of parameters) model.off(`change:${name}`, request);
      parts.destroy?.();
    };
  }
  return { render };
}
