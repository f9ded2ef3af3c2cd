import { h, setText } from "../kit/dom.mjs";
import { VARIANTS } from "./schema.mjs";

const MARKS = { torch: "border-radius:50%", NumPy: "border-radius:0" };
const place = "position:absolute;top:50%;transform:translate(-50%,-50%)";

/**
 * The row of a variant in the table: its name, a bar, and counts. `update` takes {chosen, width and full in per cent
 * of the bar's room, count, ratio, times, places of the times in per cent}, and whether {counts, columns} are
 * shown, the count and the columns of the times.
 */
export function tableRow(variant, choose) {
  const bar = h("div", { style: "height:100%" });
  const line = h("div", { style: "position:absolute;top:-3px;bottom:-3px;width:0;border-left:1px dashed var(--ink)" });
  const marks = Object.entries(MARKS).map(([library, shape]) =>
    h("span", { title: `measured, ${library}`, style: `${place};width:9px;height:9px;border:2px solid;${shape}` }),
  );
  const track = h("div", { style: "position:relative;height:11px;min-width:1.5rem" }, bar, line, ...marks);
  const [count, ratio, ...times] = Array.from({ length: 4 }, () => h("td"));
  const cells = [h("th", { scope: "row" }, VARIANTS[variant]), h("td", { style: "width:45%" }, track), count, ratio];
  const element = h("tr", { style: "cursor:pointer", onclick: () => choose(variant) }, ...cells, ...times);
  return {
    element,
    update(now) {
      element.className = now.chosen ? "chosen" : "";
      if (now.chosen) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
      bar.style.width = `${now.width}%`;
      bar.style.background = now.chosen ? "var(--tap)" : "var(--curve-1)";
      line.style.left = `${now.full}%`;
      count.hidden = !now.counts;
      setText(count, now.count);
      setText(ratio, now.ratio);
      marks.forEach((mark, k) => {
        mark.hidden = !now.times;
        if (now.times) mark.style.left = `${now.places[k]}%`;
      });
      times.forEach((cell, k) => {
        cell.hidden = !now.columns;
        setText(cell, now.times ? now.times[k] : "");
      });
    },
  };
}
