import { h, setHidden, setText, uniqueId } from "./dom.mjs";

/** What a control shows beside itself: why it rests, or which values fit. */
function aside() {
  const element = h("span", { class: "range" });
  return { element, say: (text) => setText(element, text) };
}

/**
 * A slider. `read(state)` gives its value, `range(state)` its legal `[low, high]`, `write(value)` takes a new one.
 * `limit` is the highest value there is at all: where the other parameters allow less, the row says so.
 * `rests(state)` is the reason why the parameter has no effect at present, or nothing.
 */
export function slider({ name, label, read, range, write, step = 1, unit = "", limit, rests = () => "" }) {
  const id = uniqueId(name);
  const value = h("output", { for: id, class: "value" });
  const why = aside();
  const input = h("input", {
    type: "range",
    id,
    step,
    "data-parameter": name,
    oninput: () => write(Number(input.value)),
  });
  const element = h("div", { class: "control" }, h("label", { for: id }, label), input, value, why.element);
  let shown = "";
  return {
    element,
    update(state) {
      const [low, high] = range(state);
      const now = read(state);
      const reason = rests(state) || "";
      const key = `${low} ${high} ${now} ${reason}`;
      if (key === shown) return;
      shown = key;
      for (const [what, wanted] of Object.entries({ min: low, max: high, value: now })) {
        if (input[what] !== String(wanted)) input[what] = wanted; // writing the same makes the browser lay it out again
      }
      const text = `${String(now).replace("-", "−")}${unit}`;
      input.disabled = low === high || reason !== "";
      input.setAttribute("aria-valuetext", reason ? `${text}; ${reason}` : `${text}, from ${low} to ${high}`);
      setText(value, text);
      why.say(reason || (limit != null && high < limit ? `${low}–${high} fit` : ""));
    },
  };
}

/** A drop-down list. `options` are `[value, text]` pairs, or `(state) => pairs` where they depend on the state. */
export function choice({ name, label, options, read, write, rests = () => "" }) {
  const id = uniqueId(name);
  const select = h("select", { id, "data-parameter": name, onchange: () => write(select.value) });
  const why = aside();
  let offered = null;
  function offer(pairs) {
    if (pairs === offered || String(pairs) === String(offered)) return;
    offered = pairs;
    select.replaceChildren(...pairs.map(([value, text]) => h("option", { value }, text)));
  }
  if (Array.isArray(options)) offer(options);
  const element = h("div", { class: "control choice" }, h("label", { for: id }, label), select, why.element);
  return {
    element,
    update(state) {
      if (!Array.isArray(options)) offer(options(state));
      const now = read(state);
      if (select.value !== now) select.value = now;
      const reason = rests(state) || "";
      select.disabled = reason !== "";
      why.say(reason);
    },
  };
}

/** A check box. */
export function toggle({ name, label, read, write, rests = () => "" }) {
  const id = uniqueId(name);
  const input = h("input", { type: "checkbox", id, "data-parameter": name, onchange: () => write(input.checked) });
  const why = aside();
  const element = h("div", { class: "control check" }, input, h("label", { for: id }, label), why.element);
  return {
    element,
    update(state) {
      input.checked = read(state);
      const reason = rests(state) || "";
      input.disabled = reason !== "";
      why.say(reason);
    },
  };
}

/** A push button; `label` may be changed later through `element.textContent`. */
export function button(label, press, properties = {}) {
  return h("button", { type: "button", onclick: press, ...properties }, label);
}

/** A control that is on the page only while `there(state)`. */
export const onlyWhile = (there, { element, update }) => ({
  element,
  update(state) {
    setHidden(element, !there(state));
    update(state);
  },
});
