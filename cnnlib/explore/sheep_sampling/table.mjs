import { h, setText } from "../kit/dom.mjs";
import { countTable } from "../kit/table.mjs";
import { KINDS, NAMES } from "./schema.mjs";
import { percent } from "./words.mjs";

const SQUARE = 0.9; // pixels on the page of a pixel of spread

/** The four kinds with their shares, always all of them; `choose(kind)` when a row is pressed. */
export function sharesTable(choose) {
  const table = countTable(["points of", "this position", "", "all positions", "spread, px"], KINDS, choose);
  const drawn = KINDS.map((kind) => {
    const [name, here, track, all, spread] = table.of[kind].cells;
    const bar = h("div", { style: "height:100%" });
    const number = h("span");
    const square = h("span", { class: "swatch", style: "background:none;margin:0 0 0 0.4em;vertical-align:middle" });
    track.style.width = "24%";
    track.append(h("div", { style: "contain:layout size;height:11px;border:1px solid var(--line)" }, bar));
    spread.append(number, square);
    name.style.whiteSpace = "normal";
    for (const cell of [here, all, spread]) cell.style.whiteSpace = "nowrap";
    return { kind, bar, number, square };
  });
  return {
    element: table.element,
    update(chosen, kinds, means) {
      for (const { kind, bar, number, square } of drawn) {
        const { share, spread } = kinds[kind];
        bar.style.width = `${100 * share}%`;
        bar.style.background = kind === chosen ? "var(--tap)" : "var(--curve-1)";
        setText(number, spread.toFixed(1));
        for (const side of ["width", "height"]) square.style[side] = `${SQUARE * spread}px`;
      }
      const texts = KINDS.map((kind) => [
        kind,
        [NAMES[kind], percent(kinds[kind].share), null, percent(means[kind]), null],
      ]);
      table.write(Object.fromEntries(texts), chosen);
    },
  };
}
