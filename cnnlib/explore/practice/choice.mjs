import { h } from "../kit/dom.mjs";
import { LENGTHS, MODES } from "./link.mjs";

const SAYS = {
  practice: "practice: a hint, an answer at once, and the worked one after it",
  exam: "exam: all of that once the paper is handed in",
};

/**
 * The form that chooses a paper: parts, length, mode, seed. `chosen` is called with a whole wish when it is sent,
 * `tell` with a sentence that says why one can't be met.
 */
export function choice({ parts, mostSeeds, chosen, tell }) {
  const boxes = parts.map(({ part }) => h("input", { type: "checkbox", value: part }));
  const seed = h("input", { type: "text", inputmode: "numeric", size: 7, autocomplete: "off" });
  const radio = (name, values, label) =>
    values.map((value) => h("label", {}, h("input", { type: "radio", name, value }), ` ${label(value)}`));
  const heading = h("summary");
  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  function count() {
    const some = ticked();
    const which = some.length === parts.length ? `all ${some.length}` : some.join(", ") || "none";
    heading.replaceChildren(h("b", {}, "Parts of the exam: "), which);
  }
  const tickers = ["All parts", "None"].map((text, n) =>
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          for (const box of boxes) box.checked = n === 0;
          count();
        },
      },
      text,
    ),
  );
  const value = (name) => form.querySelector(`input[name=${name}]:checked`).value;

  function send(event) {
    event?.preventDefault();
    const wanted = ticked();
    const number = /^\d+$/.test(seed.value.trim()) ? Number(seed.value) : NaN;
    if (!wanted.length) return tell("Choose at least one part.");
    if (!(number < mostSeeds))
      return tell(
        `The seed ${seed.value || "is missing; it"} must be a whole number below ${mostSeeds.toLocaleString("en-US")}.`,
      );
    return chosen({ seed: number, parts: wanted, marks: Number(value("marks")), mode: value("mode") });
  }
  function another() {
    seed.value = Math.floor(Math.random() * mostSeeds);
    send();
  }

  const form = h(
    "form",
    { class: "paper-choice", onsubmit: send },
    h(
      "details",
      {},
      heading,
      h(
        "fieldset",
        { class: "paper-parts", onchange: count },
        h("legend", { class: "visually-hidden" }, "Parts of the exam"),
        ...parts.map(({ part, asks }, n) => h("label", {}, boxes[n], h("span", {}, h("b", {}, part), ` ${asks}`))),
      ),
      h("p", {}, ...tickers),
    ),
    h(
      "fieldset",
      { class: "paper-length" },
      h("legend", {}, "Length"),
      ...radio("marks", LENGTHS, (marks) => `${marks} marks`),
    ),
    h("fieldset", {}, h("legend", {}, "Mode"), ...radio("mode", MODES, (mode) => SAYS[mode])),
    h("p", {}, h("label", {}, "Seed ", seed)),
    h(
      "p",
      {},
      h("button", { type: "submit" }, "Show this paper"),
      " ",
      h("button", { type: "button", onclick: another }, "Another paper"),
      " ",
      h("button", { type: "button", onclick: () => print() }, "Print"),
    ),
  );

  /** Show a wish in the form. */
  function show(wish) {
    for (const box of boxes) box.checked = wish.parts.includes(box.value);
    count();
    for (const name of ["marks", "mode"])
      for (const input of form.querySelectorAll(`input[name=${name}]`)) input.checked = input.value === `${wish[name]}`;
    seed.value = wish.seed;
  }
  return { element: form, show };
}
