import { h, setText } from "../kit/dom.mjs";
import { mathText } from "../kit/mathematics.mjs";
import { default as question, judge } from "../question/view.mjs";
import { mend, summary } from "./summary.mjs";

const digits = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 4 });
const written = ({ answer, unit }) =>
  `${typeof answer === "number" ? digits(answer) : answer} ${answer === 1 ? unit.replace(/s$/, "") : unit}`.trim();

function given(form) {
  const chosen = form.querySelector("input[type=radio]:checked");
  return (chosen ?? form.querySelector("input[type=text]"))?.value.trim() ?? "";
}

function fill(form, answer) {
  for (const input of form.querySelectorAll("input"))
    if (input.type === "radio") input.checked = input.value === answer;
    else input.value = answer;
}

const lines = (texts) => texts.map((text) => h("p", {}, ...mathText(text)));

/**
 * A paper of stored `items`, judged as any `Question` is. In practice each answer is judged when it is checked, in an
 * exam all of them when the paper is handed in. `kept` is what was left of an earlier visit, `keep` is called with what
 * should be left of this one: `{answers: {n: {answer, right, unforeseen, tried}}, handedIn}`.
 */
export function paper({ items, misconceptions, mode, kept, keep }) {
  const state = { answers: { ...kept?.answers }, handedIn: Boolean(kept?.handedIn) };
  const isExam = mode === "exam";
  const told = summary(misconceptions);
  const entries = items.map(entry);
  const notice = h("p", { role: "status", "aria-live": "polite" });
  let warned = false;

  function entry(item, n) {
    const root = h("div");
    const read = h("p", { class: "paper-mend", hidden: true });
    const worked = h("details", { class: "paper-worked", hidden: true }, h("summary", {}, "Worked answer"));
    worked.append(h("p", {}, h("strong", {}, ...mathText(written(item.state)))), ...lines(item.worked));
    const hint = isExam ? null : h("details", { class: "paper-hint" }, h("summary", {}, "Hint"), ...lines([item.hint]));
    const reveal = (record) => {
      worked.hidden = false;
      const id = record.last;
      read.hidden = !id;
      if (id) read.replaceChildren("Read again: ", mend(misconceptions[id]), ".");
    };
    function remember(_, { answer, right, meant, unforeseen }) {
      const at = item.state.wrong.findIndex(([value]) => value === meant);
      const last = right || at < 0 ? null : item.misconceptions[at];
      const before = state.answers[n]?.tried ?? [];
      const tried = last && !before.includes(last) ? [...before, last] : before;
      state.answers[n] = { answer, right, unforeseen, tried, last };
      reveal(state.answers[n]);
      update();
    }
    const record = state.answers[n];
    const judged = record && record.right !== undefined;
    question.render({
      model: { get: (name) => item.state[name] },
      el: root,
      memory: { remember, recall: () => (judged ? record : undefined), onForget: () => () => {} },
    });
    const form = root.querySelector("form");
    form.addEventListener("input", () => {
      if (!isExam) return;
      state.answers[n] = { answer: given(form) };
      keep(state);
    });
    if (record && !judged) fill(form, record.answer);
    if (judged) reveal(record);
    if (state.handedIn) form.querySelector("fieldset").disabled = true;
    const head = h("h3", {}, `${n + 1}. Part ${item.part}, ${item.marks} marks`);
    return { form, element: h("li", {}, head, root, read, hint, worked), item, worked };
  }

  function update() {
    keep(state);
    told.show(
      items.map(({ marks }, n) => ({
        marks,
        right: state.answers[n]?.right ?? null,
        tried: state.answers[n]?.tried ?? [],
      })),
      state.handedIn || (!isExam && Object.keys(state.answers).length > 0),
    );
  }

  function handIn() {
    const answers = entries.map(({ form }) => given(form));
    const open = answers.map((answer, n) => (answer ? "" : n + 1)).filter(Boolean);
    const unread = entries.map(({ item }, n) => answers[n] && judge(item.state, answers[n]).right === null && n + 1);
    const bad = unread.filter(Boolean);
    if (!warned && (open.length || bad.length)) {
      warned = true;
      const parts = [];
      if (open.length) parts.push(`No answer yet to ${open.join(", ")}.`);
      if (bad.length) parts.push(`The answer to ${bad.join(", ")} is no number that can be read.`);
      setText(notice, `${parts.join(" ")} Press again to hand the paper in as it is.`);
      return;
    }
    setText(notice, "");
    state.handedIn = true;
    element.dataset.handedIn = "true";
    for (const [n, { form, worked }] of entries.entries()) {
      if (answers[n]) form.requestSubmit();
      form.querySelector("fieldset").disabled = true;
      worked.hidden = false;
    }
    button.hidden = true;
    update();
    told.element.tabIndex = -1;
    told.element.focus();
  }

  const button = h("button", { type: "button", class: "paper-hand-in", onclick: handIn }, "Hand in");
  button.hidden = !isExam || state.handedIn;
  const element = h(
    "div",
    { class: "paper", "data-mode": mode, "data-handed-in": String(state.handedIn) },
    h("ol", { class: "paper-questions" }, ...entries.map((each) => each.element)),
    button,
    notice,
    told.element,
    h(
      "section",
      { class: "paper-answers", "aria-label": "Answers" },
      h("h2", {}, "Answers"),
      h(
        "ol",
        {},
        ...items.map(({ state: asked, worked }) =>
          h("li", {}, h("p", {}, h("strong", {}, ...mathText(written(asked)))), ...lines(worked)),
        ),
      ),
    ),
  );
  // Until an exam is handed in nothing is judged, not even by the Enter key.
  const stop = (event) => {
    if (!isExam || state.handedIn) return;
    event.preventDefault();
    event.stopPropagation();
  };
  element.addEventListener("submit", stop, true);
  update();
  return element;
}
