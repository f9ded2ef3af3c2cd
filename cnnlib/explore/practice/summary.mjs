import { h, setText } from "../kit/dom.mjs";

const times = (count) => ["", "Once", "Twice"][count] ?? `${count} times`;

/** A link to the section of the book that mends a misconception. */
export const mend = ({ href, where }) => h("a", { href }, where);

/**
 * How a paper went: `results` has one entry for each question, `{marks, right, tried}`, where `right` is null while it
 * is open and `tried` lists the misconceptions behind wrong answers. One short line is announced, the list is not.
 */
export function summary(misconceptions) {
  const line = h("p", { role: "status", "aria-live": "polite" });
  const list = h("ul");
  const head = h("p", { hidden: true }, "What the wrong answers come from, and where the book mends it:");

  function show(results, judged) {
    const add = (entries) => entries.reduce((sum, { marks }) => sum + marks, 0);
    const right = results.filter((result) => result.right);
    const open = results.filter((result) => result.right === null).length;
    const count = `${right.length} of ${results.length} questions right, ${open} open.`;
    const said = `${add(right)} of ${add(results)} marks: ${count}`;
    setText(line, judged ? said : "");
    const counts = new Map();
    for (const { tried } of judged ? results : []) for (const id of tried) counts.set(id, (counts.get(id) ?? 0) + 1);
    head.hidden = !counts.size;
    list.replaceChildren(
      ...[...counts]
        .sort((a, b) => b[1] - a[1])
        .map(([id, count]) =>
          h("li", {}, `${times(count)}: ${misconceptions[id].name}. `, mend(misconceptions[id]), "."),
        ),
    );
  }
  return { element: h("section", { class: "paper-summary", "aria-label": "Summary" }, line, head, list), show };
}
