import { h, setText } from "../kit/dom.mjs";
import { grouped, short } from "../kit/format.mjs";

const HEADS = ["part", "parameters", "multiply-adds"];

/** Parameters and multiply-adds by part; `update(cost)` fills it in. */
export function costTable() {
  const rows = Array.from({ length: 5 }, () => [h("th", { scope: "row" }), h("td"), h("td")]);
  const element = h(
    "table",
    { class: "counts" },
    h("thead", {}, h("tr", {}, ...HEADS.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...rows.map((cells) => h("tr", {}, ...cells))),
  );
  return {
    element,
    update(cost) {
      const [kernel] = cost.rows;
      const texts = [
        ...cost.rows.map(([name, ...counts]) => [name, ...counts.map(grouped)]),
        ["together", grouped(cost.parameters), grouped(cost.macs)],
        ["kernel alone ×", short(cost.parameters / kernel[1], 4), short(cost.ratio, 4)],
      ];
      texts.forEach((row, k) => row.forEach((text, column) => setText(rows[k][column], text)));
    },
  };
}
