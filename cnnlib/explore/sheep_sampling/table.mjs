import { h, setText } from "../kit/dom.mjs";
import { KINDS, NAMES } from "./schema.mjs";
import { percent } from "./words.mjs";

const HEADS = ["points of", "this place", "", "all places", "spread, px"];
const SQUARE = 0.9; // pixels on the page of a pixel of spread

/** The four kinds with their shares, always all of them; `choose(kind)` when a row is pressed. */
export function sharesTable(choose) {
  const rows = KINDS.map((kind) => {
    const bar = h("div", { style: "height:100%" });
    const track = h("div", { style: "height:11px;border:1px solid var(--line)" }, bar);
    const square = h("span", { class: "swatch", style: "background:none;margin:0 0 0 0.4em;vertical-align:middle" });
    const [here, all, spread] = Array.from({ length: 3 }, () => h("td", { style: "white-space:nowrap" }));
    const number = document.createTextNode("");
    spread.append(number, square);
    const track_ = h("td", { style: "width:24%" }, track);
    const cells = [h("th", { scope: "row", style: "white-space:normal" }, NAMES[kind]), here, track_, all, spread];
    const element = h("tr", { style: "cursor:pointer", onclick: () => choose(kind) }, ...cells);
    return { kind, element, bar, here, all, number, square };
  });
  const head = HEADS.map((text) => h(text ? "th" : "td", text ? { scope: "col" } : {}, text));
  const element = h(
    "table",
    { class: "counts" },
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...rows.map((row) => row.element)),
  );
  return {
    element,
    update(chosen, kinds, means) {
      for (const { kind, element: row, bar, here, all, number, square } of rows) {
        const { share, spread } = kinds[kind];
        row.className = kind === chosen ? "chosen" : "";
        if (kind === chosen) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
        Object.assign(bar.style, {
          width: `${100 * share}%`,
          background: kind === chosen ? "var(--tap)" : "var(--curve-1)",
        });
        setText(here, percent(share));
        setText(all, percent(means[kind]));
        number.data = spread.toFixed(1);
        for (const side of ["width", "height"]) square.style[side] = `${SQUARE * spread}px`;
      }
    },
  };
}
