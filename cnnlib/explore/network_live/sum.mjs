import { button } from "../kit/controls.mjs";
import { h, setHidden, setText } from "../kit/dom.mjs";
import { short } from "../kit/format.mjs";
import { heaviest } from "./model.mjs";

const TERMS = 6;
const COLOURS = ["blue", "green", "red"];

/** What a term reads, in words. */
export const termName = (source, [channel, row, column]) =>
  source === "input" ? `${COLOURS[channel]} pixel (${row}, ${column})` : `${source}[${channel}] at (${row}, ${column})`;

/** The sum that made a unit: its largest products, each a way down. `down(term)` and `back()` when pressed. */
export function sumPanel(down, back) {
  const rows = Array.from({ length: TERMS }, () => {
    const row = { term: null, product: h("b", {}), from: h("span", {}) };
    row.element = h("button", { type: "button", class: "term", onclick: () => down(row.term) }, row.product, row.from);
    return row;
  });
  const total = h("p", { class: "total" });
  const up = button("Back up", back, { class: "up" });
  const element = h("div", { class: "sum" }, ...rows.map((row) => row.element), total, up);
  return {
    element,
    show(unit, deep) {
      const first = heaviest(unit, TERMS);
      rows.forEach((row, at) => {
        const term = first[at];
        row.element.style.visibility = term ? "" : "hidden";
        if (!term) return;
        row.term = term;
        row.element.disabled = unit.source === "input";
        const [, , , weight, value] = term;
        const product = unit.layer ? `${short(weight, 2)} × ${short(value)} = ${short(weight * value)}` : short(value);
        setText(row.product, product);
        setText(row.from, termName(unit.source, term));
      });
      const rest = unit.terms.length - first.length;
      const more = rest > 0 ? `and ${rest} more, ` : "";
      setText(
        total,
        unit.layer
          ? `${more}bias ${short(unit.bias)}: the sum is ${short(unit.before, 4)}, ` +
              `after the ReLU ${short(unit.total, 4)}`
          : `the largest of ${unit.terms.length}: ${short(unit.total, 4)}`,
      );
      setHidden(up, !deep);
    },
  };
}
