import { h, setText, uniqueId } from "./dom.mjs";

/**
 * A slider. `read(state)` gives its value, `range(state)` its legal `[low, high]`, `write(value)` takes a new one.
 * `limit` is the highest value there is at all: where the other parameters allow less, the row says so.
 * Where `enabled(state)` is false the parameter has no effect and the slider rests.
 */
export function slider({ name, label, read, range, write, step = 1, unit = "", limit, enabled = () => true }) {
  const id = uniqueId(name);
  const value = h("output", { for: id, class: "value" });
  const why = h("span", { class: "range" });
  const input = h("input", { type: "range", id, step, "data-parameter": name, oninput: () => write(Number(input.value)) });
  const element = h("div", { class: "control" }, h("label", { for: id }, label), input, value, why);
  let shown = "";
  return {
    element,
    update(state) {
      const [low, high] = range(state);
      const now = read(state);
      const key = `${low} ${high} ${now} ${enabled(state)}`;
      if (key === shown) return;
      shown = key;
      for (const [what, wanted] of Object.entries({ min: low, max: high, value: now })) {
        if (input[what] !== String(wanted)) input[what] = wanted; // writing the same makes the browser lay it out again
      }
      input.disabled = low === high || !enabled(state);
      input.setAttribute("aria-valuetext", `${now}${unit}, from ${low} to ${high}`);
      setText(value, `${now}${unit}`);
      setText(why, limit != null && high < limit ? `${low}–${high} fit` : "");
    },
  };
}

/** A drop-down list. `options` are `[value, text]` pairs, or `(state) => pairs` where they depend on the state. */
export function choice({ name, label, options, read, write }) {
  const id = uniqueId(name);
  const select = h("select", { id, "data-parameter": name, onchange: () => write(select.value) });
  let offered = "";
  function offer(pairs) {
    if (String(pairs) === offered) return;
    offered = String(pairs);
    select.replaceChildren(...pairs.map(([value, text]) => h("option", { value }, text)));
  }
  if (Array.isArray(options)) offer(options);
  const element = h("div", { class: "control choice" }, h("label", { for: id }, label), select);
  return {
    element,
    update(state) {
      if (!Array.isArray(options)) offer(options(state));
      const now = read(state);
      if (select.value !== now) select.value = now;
    },
  };
}

/** A check box. */
export function toggle({ name, label, read, write }) {
  const id = uniqueId(name);
  const input = h("input", { type: "checkbox", id, "data-parameter": name, onchange: () => write(input.checked) });
  const element = h("div", { class: "control check" }, input, h("label", { for: id }, label));
  return {
    element,
    update(state) {
      input.checked = read(state);
    },
  };
}

/** A push button; `label` may be changed later through `element.textContent`. */
export function button(label, press, properties = {}) {
  return h("button", { type: "button", onclick: press, ...properties }, label);
}
