import { button } from "../kit/controls.mjs";
import { h, setAttribute, setHidden, setText } from "../kit/dom.mjs";
import { largest, FIRST } from "./model.mjs";

/**
 * The five best classes as bars, each beside the bar of the intact picture where something was changed. `open(class)`
 * is called when one is pressed.
 */
export function predictions(open) {
  const rows = Array.from({ length: FIRST }, () => {
    const row = { name: h("span", { class: "name" }), value: h("span", {}), number: null };
    row.was = h("span", { class: "was" });
    row.now = h("span", { class: "bar" });
    row.before = h("span", { class: "bar before" });
    row.element = h(
      "button",
      { type: "button", class: "prediction-row", onclick: () => row.number !== null && open(row.number) },
      row.name,
      row.value,
      h("span", { class: "track" }, row.now, row.before),
      row.was,
    );
    return row;
  });
  const element = h("div", { class: "predictions" }, ...rows.map((row) => row.element));

  function fill(row, name, now, before, pressed) {
    setText(row.name, name);
    setText(row.value, now.toFixed(3));
    setText(row.was, before === null ? "" : `was ${before.toFixed(3)}`);
    row.now.style.width = `${100 * now}%`;
    row.before.style.width = `${100 * (before ?? 0)}%`;
    setHidden(row.before, before === null);
    setAttribute(row.element, "aria-pressed", String(pressed));
  }

  return {
    element,
    /** `probabilities` of all classes, those of the intact picture or null, and the class whose map is open, if any. */
    show(classes, probabilities, intact, opened) {
      largest(probabilities, FIRST).forEach((number, rank) => {
        rows[rank].number = number;
        fill(rows[rank], classes[number], probabilities[number], intact && intact[number], number === opened);
      });
    },
    /** What the book has stored: `[name, probability]` of each. */
    stored(pairs) {
      pairs.forEach(([name, share], rank) => {
        rows[rank].number = null;
        fill(rows[rank], name, share, null, false);
      });
    },
  };
}

/** The button that loads the network, with its size, and what is said around it. */
export function loader(megabytes, load) {
  const press = button(`Run the network here (${megabytes} MB)`, load, { class: "load" });
  const words = h("span", { class: "range" });
  const element = h("div", { class: "loader" }, press, words);
  return {
    element,
    show(text, asking) {
      setHidden(press, !asking);
      setHidden(element, !asking && !text);
      setText(words, text);
    },
  };
}
