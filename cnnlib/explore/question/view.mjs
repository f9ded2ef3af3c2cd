import { h, keepKeys, setText, uniqueId } from "../kit/dom.mjs";
import { currentTheme, watchTheme } from "../kit/theme.mjs";

/** The number that somebody wrote, with comma or point, with a fraction or a thousands' space; NaN if it is none. */
export function readNumber(text) {
  const plain = text.trim().replace(/[\s_]/g, "").replace("−", "-").replace(/,(?=\d{3}(\D|$))/g, "").replace(",", ".");
  const fraction = /^(-?[\d.]+)\/([\d.]+)$/.exec(plain);
  if (fraction) return Number(fraction[1]) / Number(fraction[2]);
  return plain === "" ? NaN : Number(plain);
}

/** What to say to an answer: {right, text}. */
export function judge({ choices, answer, wrong, tolerance, why }, given) {
  if (choices.length) {
    if (given === answer) return { right: true, text: `Yes. ${why}` };
    return { right: false, text: wrong.find(([value]) => value === given)?.[1] ?? "No." };
  }
  const value = readNumber(given);
  if (!Number.isFinite(value)) return { right: false, text: "Write a number, such as 12 or 0.5 or 3/4." };
  const near = (target) => Math.abs(value - target) <= Math.max(tolerance, 1e-9 * Math.abs(target));
  if (near(answer)) return { right: true, text: `Yes. ${why}` };
  return { right: false, text: wrong.find(([target]) => near(target))?.[1] ?? "No. Look at the formula again, and count." };
}

export function problem({ prompt, choices, answer, wrong }) {
  const good = typeof prompt === "string" && Array.isArray(choices) && Array.isArray(wrong) && ["number", "string"].includes(typeof answer);
  return good ? null : "The question's stored parts are damaged.";
}

/** A question that checks itself: a number to write, or one of some choices. */
function render({ model, el }) {
  const question = Object.fromEntries(["prompt", "choices", "answer", "wrong", "tolerance", "why", "unit"].map((name) => [name, model.get(name)]));
  const id = uniqueId("question");
  const verdict = h("p", { class: "verdict", role: "status", "aria-live": "polite" });
  const prompt = h("legend", { id }, question.prompt);
  const given = () => (question.choices.length ? form.querySelector("input:checked")?.value : form.querySelector("input").value);
  function check(event) {
    event?.preventDefault();
    const answer = given();
    if (answer === undefined || answer === "") {
      delete verdict.dataset.right;
      setText(verdict, question.choices.length ? "Choose one first." : "Write a number first.");
      return;
    }
    const { right, text } = judge(question, answer);
    verdict.dataset.right = right;
    setText(verdict, `${right ? "✓" : "✗"} ${text}`);
  }
  const fields = question.choices.length
    ? question.choices.map((text) => h("label", { class: "option" }, h("input", { type: "radio", name: id, value: text, onchange: () => check() }), ` ${text}`))
    : [h("span", { class: "answer" }, h("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-labelledby": id }), question.unit ? ` ${question.unit} ` : " ",
        h("button", { type: "submit" }, "Check"))];
  const form = h("form", { onsubmit: check }, h("fieldset", {}, prompt, ...fields), verdict);
  const root = h("div", { class: "cnnlib-explorer question", role: "group", "aria-label": "Question", "data-theme": currentTheme() }, form);
  keepKeys(root);
  el.replaceChildren(root);
  return watchTheme((theme) => (root.dataset.theme = theme));
}

export default { render };
