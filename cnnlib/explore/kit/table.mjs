import { h, setText } from "./dom.mjs";

/**
 * A table of counts with a row for each of `names`, whose first cell is the row's heading; `heads` stand over the
 * columns. With `choose` a row can be pressed, which calls `choose(name)`.
 *   table.of.dense          `{ row, cells }`, for what is more than text
 *   table.write({ dense: ["dense", "48"] }, "dense")   the texts of the cells (null leaves one alone), and the row that
 *                           is marked as chosen
 */
export function countTable(heads, names, choose) {
  const of = Object.fromEntries(
    names.map((name) => {
      const cells = heads.map((_, column) => (column ? h("td") : h("th", { scope: "row" })));
      const pressed = choose ? { style: "cursor:pointer", onclick: () => choose(name) } : {};
      return [name, { row: h("tr", pressed, ...cells), cells }];
    }),
  );
  const tops = heads.map((text) => h(text ? "th" : "td", text ? { scope: "col" } : {}, text));
  const rows = Object.values(of).map(({ row }) => row);
  const element = h("table", { class: "counts" }, h("thead", {}, h("tr", {}, ...tops)), h("tbody", {}, ...rows));
  return {
    element,
    of,
    tops,
    write(texts, chosen = null) {
      for (const [name, { row, cells }] of Object.entries(of)) {
        row.classList.toggle("chosen", name === chosen);
        if (name === chosen) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
        texts[name]?.forEach((text, column) => text !== null && setText(cells[column], text));
      }
    },
  };
}
