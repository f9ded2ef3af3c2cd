import { button } from "../kit/controls.mjs";
import { h } from "../kit/dom.mjs";

const BRUSHES = [
  [null, "write"],
  [0, "paint 0"],
  [1, "1"],
  [2, "2"],
  [-1, "−1"],
];

/** The buttons that say what a press on the matrix does; `choose(value)` gets the number to paint, null to write. */
export function brushes(choose) {
  const buttons = BRUSHES.map(([value, text]) => {
    const made = button(
      text,
      () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === made));
        choose(value);
      },
      {
        "aria-pressed": String(value === null),
        "aria-label": value === null ? "A press writes a number" : `A press paints ${value}`,
      },
    );
    return made;
  });
  const element = h(
    "div",
    { class: "control buttons", role: "group", "aria-label": "What a press on the matrix does" },
    h("span", {}, "A press:"),
    ...buttons,
  );
  return { element, update() {} };
}
