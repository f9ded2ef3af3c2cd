import { h, keepKeys, uniqueId } from "../kit/dom.mjs";
import { mathText } from "../kit/mathematics.mjs";
import { currentTheme, watchTheme } from "../kit/theme.mjs";

const NAMES = ["prompt", "choices", "answer", "wrong", "tolerance", "why", "unit", "opening", "hints", "way"];
const WORDS = { thousand: 1e3, million: 1e6, billion: 1e9 };
const HOW = "Write a number, such as 12 or 0.5 or 3/4 or 10^9.";

/** Digits with thousands' marks or a comma for the point, as a number. */
function readDigits(text) {
  const closed = text.replace(/(?<=\d)[\s_'’](?=\d{3}(?!\d))/g, "");
  if (/^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(closed)) return Number(closed.replaceAll(",", ""));
  if (/^-?[1-9]\d{0,2}(\.\d{3}){2,}(,\d*)?$/.test(closed)) return Number(closed.replaceAll(".", "").replace(",", "."));
  const point = closed.replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(point) ? Number(point) : NaN;
}

function readPower(text) {
  const [base, power, more] = text.split(/\s*(?:\^|\*\*)\s*/);
  if (power === undefined) return readDigits(base);
  return more === undefined ? readDigits(base) ** readDigits(power.replace(/^[({](.*)[)}]$/, "$1")) : NaN;
}

/**
 * The number that somebody wrote: 12, 0,5, 3/4, 1e9, 10^9, 2 x 10⁹, 290,400, 10 billion, with or without its unit; NaN
 * if it is none.
 */
export function readNumber(text, unit = "") {
  let plain = text
    .trim()
    .replaceAll("−", "-")
    .replace(/^[=≈~]\s*/, "");
  plain = plain.replace(
    /[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g,
    (raised) =>
      `^${[...raised]
        .map((letter) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(letter) - 1)
        .map((n) => (n < 0 ? "-" : n))
        .join("")}`,
  );
  if (unit && plain.toLowerCase().endsWith(unit.toLowerCase())) plain = plain.slice(0, -unit.length).trim();
  let factor = 1;
  if (plain.endsWith("%")) [plain, factor] = [plain.slice(0, -1).trim(), 0.01];
  const word = /^(.*\d)\s*(thousand|million|billion)$/i.exec(plain);
  if (word) [plain, factor] = [word[1], WORDS[word[2].toLowerCase()]];
  const [first, ...rest] = plain.split(/\s*([×·/]|(?<!\*)\*(?!\*)|(?<=\d)\s*x(?=\s*\d))\s*/);
  let value = readPower(first);
  for (let i = 0; i < rest.length; i += 2)
    value = rest[i] === "/" ? value / readPower(rest[i + 1]) : value * readPower(rest[i + 1]);
  return value * factor;
}

/** Whether a number is meant: within the tolerance, or but for rounding. */
function near(value, target, tolerance) {
  const rounding = Math.abs(target) * (Number.isInteger(target) ? 1e-14 : 1e-9);
  return Math.abs(value - target) <= Math.max(tolerance, rounding);
}

const written = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 9 });
const rounded = (value) => written(Number(value.toPrecision(2)));

/** What to say to a wrong number that nobody foresaw, the first, second and third time. */
function ladder({ answer, unit, why, opening, hints = [], way }, value, time) {
  if (hints[time - 1]) return hints[time - 1];
  if (time > 2) return way || `The answer is ${written(answer)}${unit ? ` ${unit}` : ""}. ${why}`.trim();
  if (opening)
    return [
      "A guess is fine; read on, you will see it below.",
      "Not that either. Keep your guess in mind: the answer comes below.",
    ][time - 1];
  const side = value > answer ? "large" : "small";
  if (time === 1) return `No: that is too ${side}. Go through the section above once more, step by step.`;
  const ends = [answer / 2, answer * 2].sort((a, b) => a - b);
  return `Still too ${side}.${answer ? ` The answer lies between ${rounded(ends[0])} and ${rounded(ends[1])}.` : ""}`;
}

/**
 * What to say to an answer: {right, text}. Of a wrong one, `meant` is the foreseen answer that it is, or `unforeseen`
 * says that there is none.
 */
export function judge(question, given, time = 1) {
  const { choices, answer, wrong, tolerance, why, unit } = question;
  const yes = { right: true, text: `Yes. ${why}`.trim() };
  if (choices.length) {
    if (given === answer) return yes;
    return { right: false, text: wrong.find(([value]) => value === given)?.[1] ?? "No.", meant: given };
  }
  const value = readNumber(given, unit);
  if (!Number.isFinite(value)) {
    const other = unit && /\d\s*[a-z]+$/i.test(given.trim()) ? `Give the number in ${unit}. ` : "";
    return { right: null, text: `${other}${HOW}` };
  }
  if (near(value, answer, tolerance)) return yes;
  const meant = wrong
    .filter(([target]) => near(value, target, tolerance))
    .sort(([a], [b]) => Math.abs(value - a) - Math.abs(value - b));
  if (meant.length) return { right: false, text: meant[0][1], meant: meant[0][0] };
  return { right: false, text: ladder(question, value, time), unforeseen: true };
}

export function problem({ prompt, choices, answer, wrong }) {
  const good =
    typeof prompt === "string" &&
    Array.isArray(choices) &&
    Array.isArray(wrong) &&
    ["number", "string"].includes(typeof answer);
  return good ? null : "The question's stored parts are damaged.";
}

/**
 * A question that checks itself: a number to write, or one of some choices, judged when "Check" is pressed. A host that
 * has a memory, as the site has, gets each answer and gives it back when the page is opened again.
 */
function render({ model, el, memory }) {
  const question = Object.fromEntries(NAMES.map((name) => [name, model.get(name)]));
  const id = uniqueId("question");
  const unforeseen = []; // answers so far
  const verdict = h("p", { class: "verdict", role: "status", "aria-live": "polite" });

  const given = () =>
    (question.choices.length ? form.querySelector("input:checked")?.value : form.querySelector("input").value.trim()) ??
    "";
  function say(text, right) {
    if (right === null || right === undefined) delete verdict.dataset.right;
    else verdict.dataset.right = right;
    const words = right === true || right === false ? `${right ? "✓" : "✗"} ${text}` : text;
    if (verdict.dataset.words === words) return;
    verdict.dataset.words = words;
    verdict.replaceChildren(...mathText(words));
  }
  function check() {
    const answer = given();
    if (!answer) return say(question.choices.length ? "Choose one first." : "Write a number first.");
    const before = unforeseen.indexOf(answer);
    const verdict = judge(question, answer, (before < 0 ? unforeseen.length : before) + 1);
    const { right, text, meant } = verdict;
    if (verdict.unforeseen && before < 0) unforeseen.push(answer);
    say(text, right);
    return right === null ? undefined : { answer, right, meant, unforeseen };
  }
  function submit(event) {
    event.preventDefault();
    const checked = check();
    if (checked) memory?.remember(question.prompt, checked);
  }
  function forget() {
    unforeseen.length = 0;
    form.reset();
    say("");
  }

  const button = h("button", { type: "submit" }, "Check");
  const fields = question.choices.length
    ? [
        ...question.choices.map((text) =>
          h("label", { class: "option" }, h("input", { type: "radio", name: id, value: text }), " ", ...mathText(text)),
        ),
        button,
      ]
    : [
        h(
          "span",
          { class: "answer" },
          h("input", { type: "text", autocomplete: "off", "aria-labelledby": id }),
          question.unit ? ` ${question.unit} ` : " ",
          button,
        ),
      ];
  const legend = h("legend", { id }, ...mathText(question.prompt));
  const form = h("form", { onsubmit: submit, oninput: () => say("") }, h("fieldset", {}, legend, ...fields), verdict);
  const root = h(
    "div",
    { class: "cnnlib-explorer question", role: "group", "aria-label": "Question", "data-theme": currentTheme() },
    form,
  );
  keepKeys(root);
  el.replaceChildren(root);

  const kept = memory?.recall(question.prompt);
  if (kept) {
    unforeseen.push(...(kept.unforeseen ?? []));
    const field = question.choices.length
      ? [...form.querySelectorAll("input")].find((input) => input.value === kept.answer)
      : form.querySelector("input");
    if (field && question.choices.length) field.checked = true;
    else if (field) field.value = kept.answer;
    check();
  }
  const stopForgetting = memory?.onForget(forget);
  const stopTheme = watchTheme((theme) => (root.dataset.theme = theme));
  return () => {
    stopForgetting?.();
    stopTheme();
  };
}

export default { render };
