import { numberGrid } from "../kit/grid.mjs";
import { ownMasks, ownWeights, reading } from "./model.mjs";
import { AREAS } from "./picture.mjs";

/** The grids of numbers beside the picture; `paint(state, found, colours, cell)` draws those that are shown. */
export function tapGrids({ change, state: readState }) {
  const now = () => reading(readState());
  const choose = ([r, c]) => change({ tap: 3 * r + c });
  const byTap = (label, values, more = {}) =>
    numberGrid({
      label,
      press: choose,
      nameCell: ([r, c]) => `tap ${3 * r + c}`,
      readCell: ([r, c]) => now()[values][3 * r + c],
      ...more,
    });
  const ofFour = (what, values) =>
    numberGrid({
      label: `The ${what}s of the chosen tap's four pixels. Arrow keys move over them.`,
      nameCell: ([r, c]) => `${what} ${["above", "below"][r]} ${["left", "right"][c]}`,
      readCell: ([r, c]) => now().read[readState().tap][values][2 * r + c],
    });
  const grids = {
    kernel: byTap("The kernel. Arrow keys choose the tap, Enter edits its weight.", "weights", {
      edit: (where, value) => change(ownWeights(readState(), where, value)),
    }),
    masks: byTap("The masks. Arrow keys choose the tap, Enter edits its mask.", "masks", {
      edit: (where, value) => change(ownMasks(readState(), where, value)),
      editable: () => readState().version === "v2",
    }),
    sampled: byTap("What the nine taps read. Arrow keys choose the tap.", "values"),
    products: byTap("Weight times mask times value read. Arrow keys choose the tap.", "products"),
    four: ofFour("value", "values"),
    shares: ofFour("weight", "weights"),
    numbers: numberGrid({
      label: "The 18 channels of offsets. Arrow keys choose a tap.",
      press: ([r, c]) => change({ tap: 3 * r + (c >> 1) }),
      nameCell: ([r, c]) => `channel ${6 * r + c}, ${c % 2 ? "dx" : "dy"} of tap ${3 * r + (c >> 1)}`,
      readCell: ([r, c]) => now().channels[6 * r + c],
    }),
  };

  function paint({ tap }, found, colours, cell, names) {
    const fill = (k) => (k === tap ? "tap" : "cell");
    const nine = (values) => ({
      rows: 3,
      columns: 3,
      look: (r, c) => ({ fill: fill(3 * r + c), value: values[3 * r + c] }),
    });
    const quarters = (values) => ({
      rows: 2,
      columns: 2,
      look: (r, c) => ({ fill: "cell", value: values[2 * r + c], edge: AREAS[2 * r + c] }),
    });
    const wanted = {
      kernel: () => nine(found.weights),
      masks: () => nine(found.masks),
      sampled: () => nine(found.values),
      products: () => nine(found.products),
      four: () => quarters(found.read[tap].values),
      shares: () => quarters(found.read[tap].weights),
      numbers: () => ({
        rows: 3,
        columns: 6,
        look: (r, c) => ({
          fill: fill(3 * r + (c >> 1)),
          value: Number(found.channels[6 * r + c].toFixed(3)),
        }),
        frames: Array.from({ length: 9 }, (_, k) => ({
          row: Math.floor(k / 3),
          column: 2 * (k % 3),
          columns: 2,
          width: k === tap ? 3 : 1,
        })),
      }),
    };
    for (const name of names) grids[name].paint({ ...wanted[name](), colours, size: cell });
  }

  return { grids, paint, destroy: () => Object.values(grids).forEach((grid) => grid.destroy()) };
}
