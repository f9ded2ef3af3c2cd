import { kernelAsset } from "./assets.mjs";
import { bind } from "./bound.mjs";
import { button } from "./controls.mjs";
import { h, keepKeys, setHidden, setText } from "./dom.mjs";
import { keepHeights } from "./heights.mjs";
import { current, implied, missing, outside, ownPictures, problem, sentence, settled } from "./schema.mjs";
import { currentTheme, readColours, watchTheme } from "./theme.mjs";

const NARROWEST = 160; // pixels of a stage; a page on its way to paper may have none

/**
 * The frame of every explorer: heading, reset and link, the picture, the controls, a line of text that always says what
 * is shown, the formula and the line of torch. The model is the only state; a change of it draws once a frame, and
 * drawing changes nothing.
 *
 * An explorer gives
 *   title    what the frame is headed by
 *   schema   SCHEMA of its generated schema.mjs
 *   misfit   (state) => why its parameters can't stand together, in the words of the Python half, or null
 *   bounds   for each name in a parameter's `within`: (state) => how many values there are
 *   ranges   for each slider whose range the others narrow: (state, axis) => [low, high]
 *   build    ({ change, request, state, say, bound, asset }) =>
 *              { stage, controls, below?, draw(state, colours, width), destroy?() }
 * `stage` stands above the controls, `below` under them. `draw` returns { status, formula, torch,
 * numbers: () => text }, `say(text)` shows a sentence until the next change, and `asset(name)` promises the bytes of
 * one of the class's assets, loaded when they are first asked for.
 * Returns the module that anywidget asks for, with `problem(state)`, what is wrong with a state, or null, and
 * `implied(given)`, what a link that sets only these values sets as well.
 */
export function explorer({ title, schema, misfit = () => null, bounds = {}, ranges = {}, build }) {
  const parameters = Object.keys(schema);

  /** Why a state can't be computed with, or null. */
  const unfit = (state) => problem(schema, state) ?? missing(schema, state) ?? misfit(state);

  function wrongWith(given) {
    const state = current(schema, given);
    const wrong = unfit(state) ?? outside(schema, bounds, state);
    return wrong && sentence(schema, wrong);
  }

  function render({ model, el, start, permalink, embed, asset = kernelAsset(model) }) {
    // The Python of JupyterLite sends None as undefined.
    const read = (name) => (schema[name].none ? (model.get(name) ?? null) : model.get(name));
    const readState = () => current(schema, Object.fromEntries(parameters.map((name) => [name, read(name)])));
    const beginning = start ?? readState();
    let changing = false; // whether a change is our own
    let removed = false; // what arrives late finds nothing to draw
    let telling = 0; // the frame in which the kernel hears of it

    /** Set parameters, with what they imply and what must move because of them. */
    function change(values) {
      if (removed) return;
      say("");
      const given = { ...values, ...implied(schema, values) };
      const next = { ...readState(), ...given };
      if (!unfit(next)) Object.assign(given, settled(schema, bounds, next, Object.keys(given)));
      changing = true;
      for (const [name, value] of Object.entries(given)) model.set(name, value);
      changing = false;
      telling ||= requestAnimationFrame(tellKernel);
    }

    function tellKernel() {
      telling = 0;
      model.save_changes();
    }

    /** After a change from elsewhere, a link or another widget, what it implies. */
    let arrived = [];
    function follow(name) {
      request();
      if (changing) return;
      if (!arrived.length) {
        queueMicrotask(() => {
          const names = arrived;
          arrived = [];
          const state = readState();
          if (unfit(state)) return;
          const moved = settled(schema, bounds, state, names);
          if (Object.keys(moved).length) change(moved);
        });
      }
      arrived.push(name);
    }

    const note = h("span", { class: "note", role: "status" });
    const tools = h("span", { class: "tools" }, note, button("Reset", reset, { class: "reset" }));
    if (permalink) tools.append(button("Copy link", copyLink, { class: "link" }));
    if (embed) tools.append(button("Embed", async () => say(await embed(readState())), { class: "embed" }));
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
      h("header", {}, h("strong", { class: "title" }, title), tools),
      stage,
      trouble,
      controls,
      status,
      formula,
      torch,
      details,
    );
    keepKeys(root);
    el.replaceChildren(root);

    function reset() {
      change(beginning);
      // the page takes the old state out of its address
      el.dispatchEvent(new CustomEvent("explorer-reset", { bubbles: true }));
    }

    async function copyLink() {
      const state = readState();
      const unlinked = ownPictures(schema, state);
      const differs = ([name, value]) =>
        !unlinked.includes(name) && JSON.stringify(value) !== JSON.stringify(beginning[name]);
      const url = permalink(Object.fromEntries(Object.entries(state).filter(differs)));
      const shown = unlinked.some((name) => schema[name].kind !== "image"); // the choice that shows it
      let said = shown ? "Link copied, without your picture, which stays on this page." : "Link copied.";
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
    // of the stage; both are kept, since to ask for them in a frame makes the browser lay the page out twice
    let room = 0;
    const bound = bind(schema, { state: readState, change, ranges });
    const parts = build({ change, request, state: readState, say, bound, asset });
    stage.append(...parts.stage);
    if (parts.below) controls.after(parts.below);
    const rows = parts.controls.map((control) => control.element);
    controls.append(...rows);
    const heights = keepHeights([stage, ...rows, ...(parts.below ? [parts.below] : []), status, formula, torch]);
    // what is chosen may be a smaller picture; only a drag must find everything where it was
    controls.addEventListener("change", ({ target }) => target.matches("select") && heights.release());

    function draw() {
      frame = 0;
      if (!width) return; // the size observer calls again
      colours ??= readColours(root);
      const state = readState();
      const wrong = wrongWith(state);
      try {
        if (!wrong) show(state);
      } catch (error) {
        tell(`This state can't be drawn (${error.message}).`);
        throw error;
      }
      tell(wrong);
    }

    function tell(wrong) {
      setHidden(trouble, !wrong);
      for (const part of [stage, controls, formula, torch, details, parts.below])
        if (part) setHidden(part, Boolean(wrong));
      if (!wrong) return;
      setText(trouble, wrong);
      setText(status, "Nothing to show for these parameters; Reset goes back to the start.");
    }

    function show(state) {
      stage.hidden = false;
      room ||= Math.max(stage.clientWidth, NARROWEST);
      for (const control of parts.controls) control.update(state);
      const texts = parts.draw(state, colours, room);
      setText(status, texts.status);
      setText(formula, texts.formula ?? "");
      setText(torch, texts.torch ?? "");
      if (details.open) setText(numbers, texts.numbers());
    }

    function request() {
      if (!frame && !removed) frame = requestAnimationFrame(draw);
    }

    const listeners = parameters.map((name) => [`change:${name}`, () => follow(name)]);
    for (const [event, listener] of listeners) model.on(event, listener);
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
      removed = true;
      cancelAnimationFrame(telling);
      if (telling) tellKernel();
      cancelAnimationFrame(frame);
      size.disconnect();
      heights.disconnect();
      stopTheme();
      for (const [event, listener] of listeners) model.off(event, listener);
      parts.destroy?.();
      asset.off?.();
    };
  }
  return { render, problem: wrongWith, implied: (given) => implied(schema, given) };
}
