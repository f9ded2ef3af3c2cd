import { h, setText } from "../kit/dom.mjs";
import { grouped } from "../kit/format.mjs";

const KINDS = ["dense", "local", "tiled", "shared"];
const HEADS = ["layer", "free parameters", "connections", "multiply-adds"];

/** What each kind of layer costs, the tiled one only when it is shown; `update(connection, tally)` fills it in. */
export function countTable() {
  const cells = Object.fromEntries(KINDS.map((kind) => [kind, HEADS.slice(1).map(() => h("td"))]));
  const heads = Object.fromEntries(KINDS.map((kind) => [kind, h("th", { scope: "row" }, kind)]));
  const element = h(
    "table",
    { class: "counts" },
    h("thead", {}, h("tr", {}, ...HEADS.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...KINDS.map((kind) => h("tr", {}, heads[kind], ...cells[kind]))),
  );
  return {
    element,
    update(connection, tally) {
      for (const kind of KINDS) {
        const { parameters, connections, macs } = tally[kind];
        [parameters, connections, macs].forEach((n, i) => setText(cells[kind][i], grouped(n)));
        setText(heads[kind], `${kind === connection ? "▸ " : ""}${kind}`);
        heads[kind].parentElement.hidden = kind === "tiled" && connection !== kind;
        heads[kind].parentElement.classList.toggle("chosen", kind === connection);
      }
    },
  };
}
