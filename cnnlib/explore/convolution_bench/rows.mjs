import { h, setHidden, setText } from "../kit/dom.mjs";
import { grouped } from "../kit/format.mjs";
import { countTable } from "../kit/table.mjs";
import { NAMES, measured, rounded } from "./model.mjs";
import { VARIANTS } from "./schema.mjs";

const NARROWEST = 300; // pixels of a stage that has room for the counts; they are in the texts as well
const NARROW = 560; // pixels of a stage that has no room for the columns of times
const MARKS = { torch: "border-radius:50%", NumPy: "border-radius:0" };
const place = "position:absolute;top:50%;transform:translate(-50%,-50%)";

/** The bar of a variant, with a line where the full convolution's ends, and marks of measured times. */
function barOf() {
  const bar = h("div", { style: "height:100%" });
  const line = h("div", { style: "position:absolute;top:-3px;bottom:-3px;width:0;border-left:1px dashed var(--ink)" });
  const marks = Object.entries(MARKS).map(([library, shape]) =>
    h("span", { title: `measured, ${library}`, style: `${place};width:9px;height:9px;border:2px solid;${shape}` }),
  );
  const track = h(
    "div",
    // what moves in it moves nothing else of the table
    { style: "contain:layout size;position:relative;height:11px;min-width:1.5rem;margin-right:6px" },
    bar,
    line,
    ...marks,
  );
  return { bar, line, marks, track };
}

/**
 * Every variant with its bar, count, ratio to the full convolution and, where there are any, measured times; a row is
 * pressed to choose it. `paint(state, cost, room)` returns what the bars mean, in words.
 */
export function variantTable(choose) {
  const table = countTable(["variant", "", "count", "× full", ...Object.keys(MARKS)], NAMES, choose);
  const bars = NAMES.map((variant) => {
    const found = barOf();
    const cell = table.of[variant].cells[1];
    cell.style.width = "45%";
    cell.append(found.track);
    return found;
  });

  function paint(state, cost, room) {
    const timed = state.quantity === "multiply-adds"; // its columns stay where nothing was measured: no column jumps
    const times = timed ? measured(state) : {};
    const log = state.quantity !== "receptive field";
    const ratios = NAMES.flatMap((variant) => [cost[variant] / cost.full, ...(times[variant] ?? [])]);
    const low = log ? 10 ** Math.floor(Math.log10(Math.min(...ratios)) - 0.15) : 0;
    // in half decades, so that a drag moves the bars that change and leaves the others where they are
    const high = log ? 10 ** (Math.ceil(2 * Math.log10(Math.max(...ratios)) + 0.2) / 2) : Math.max(...ratios);
    const at = (ratio) => `${(log ? Math.log10(ratio / low) / Math.log10(high / low) : ratio / high) * 100}%`;
    NAMES.forEach((variant, k) => {
      const { bar, line, marks } = bars[k];
      bar.style.width = at(cost[variant] / cost.full);
      bar.style.background = variant === state.variant ? "var(--tap)" : "var(--curve-1)";
      line.style.left = at(1);
      marks.forEach((mark, library) => {
        mark.style.visibility = times[variant] ? "" : "hidden"; // and not `hidden`, which changes the layout
        if (times[variant]) mark.style.left = at(times[variant][library]);
      });
    });
    const texts = NAMES.map((variant) => {
      const measuredTimes = times[variant]?.map(rounded) ?? ["–", "–"];
      return [
        variant,
        [VARIANTS[variant], null, grouped(cost[variant]), rounded(cost[variant] / cost.full), ...measuredTimes],
      ];
    });
    table.write(Object.fromEntries(texts), state.variant);
    setText(table.tops[2], log ? "count" : "side");
    const wanted = [true, true, room >= NARROWEST, true, ...Array(2).fill(timed && room >= NARROW)];
    for (const cells of [table.tops, ...NAMES.map((variant) => table.of[variant].cells)])
      cells.forEach((cell, column) => setHidden(cell, !wanted[column]));
    const scale = log ? "log scale" : "linear scale";
    const scaled = `Bars: ${state.quantity}, ${scale}; the line marks the full convolution`;
    if (!timed) return scaled;
    const some = Object.keys(times).length > 0;
    return `${scaled}. ${some ? "Measured times: ○ torch, □ NumPy" : "No times were measured with these parameters"}`;
  }

  return { element: table.element, paint };
}
