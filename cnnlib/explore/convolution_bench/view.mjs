import { h } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { panels } from "../kit/panels.mjs";
import { costs, misfit } from "./model.mjs";
import { kernelAt, outputShape, readChannels, readInputs, sideOf } from "./picture.mjs";
import { variantTable } from "./rows.mjs";
import { OWN, SCHEMA, VARIANTS } from "./schema.mjs";
import { captions, texts } from "./words.mjs";

const CHANNELS = [16, 32, 64, 128, 256, 512];
const NARROW = 560; // pixels of a stage in which the two pictures share a row

/** Whether a cell of the picture of four channels, two by two with a gap between them, is read, for each of them. */
function cellsRead(state) {
  const side = sideOf(state);
  const [channels, read] = [readChannels(state), readInputs(state)];
  return (row, column) => {
    if (row === side || column === side) return false;
    const channel = 2 * Number(row > side) + Number(column > side);
    return channel < channels && read.has(`${row % (side + 1)},${column % (side + 1)}`);
  };
}

function build({ change, bound }) {
  const input = numberGrid({
    label: "Four channels of the input. What the chosen output reads is filled.",
    readCell: ([row, column]) => Number(cellsRead(now)(row, column)),
    nameCell: ([row, column]) => `row ${row}, column ${column}, read`,
  });
  const output = numberGrid({
    label: "One channel of the output. Arrow keys choose an output.",
    press: (position) => change({ position }),
    readCell: ([row, column]) => kernelAt(now, row, column),
    nameCell: ([row, column]) => `output ${row}, ${column}, kernel`,
  });
  let now = null; // the state that is shown
  const table = variantTable((variant) => change({ variant }));
  const shown = panels({ reads: input, shares: output, table });
  for (const name of ["reads", "shares"]) shown.of[name].style.flex = "1 1 130px";
  shown.of.table.style.flex = "3 1 20rem";

  const only = (name) => (state) => (OWN[name].includes(state.variant) ? "" : "not used by this variant");
  const controls = [
    bound.choice("variant", "Variant", { names: VARIANTS }),
    bound.choice("quantity", "Compare"),
    bound.ladder("in_channels", "Channels in", CHANNELS),
    bound.ladder("out_channels", "Channels out", CHANNELS),
    bound.ladder("size", "Input size", [8, 14, 16, 28, 32, 56, 112, 128]),
    bound.slider("kernel_size", "Kernel size", { step: 2 }),
    bound.slider("stride", "Stride", { rests: only("stride") }),
    bound.slider("dilation", "Dilation", { rests: only("dilation") }),
    bound.ladder("groups", "Groups", [1, 2, 4, 8, 16], { rests: only("groups") }),
    bound.slider("multiplier", "Multiplier", { rests: only("multiplier") }),
    bound.ladder("reduction", "Reduction", [1, 2, 4, 8], { rests: only("reduction") }),
  ];

  function drawPicture(state, colours, room) {
    const [side, [across]] = [sideOf(state), outputShape(state)];
    const wide = room < NARROW ? Math.floor(room / 2) - 12 : 172;
    const span = 2 * side + 1;
    const isRead = cellsRead(state);
    input.paint({
      rows: span,
      columns: span,
      size: Math.floor(wide / span),
      colours,
      look(r, c) {
        if (r === side || c === side) return { fill: "paper" };
        return { fill: isRead(r, c) ? "tap" : "input" };
      },
    });
    const kernel = kernelAt(state, ...state.position);
    output.paint({
      rows: across,
      columns: across,
      size: Math.floor(wide / across),
      colours,
      look(r, c) {
        const value = kernelAt(state, r, c);
        return { fill: value === kernel ? "output" : "cell", value };
      },
      frames: [{ row: state.position[0], column: state.position[1], width: 3 }],
    });
    output.setCursor(state.position);
    shown.say(captions(state));
  }

  function draw(state, colours, room) {
    now = state;
    const cost = costs(state);
    drawPicture(state, colours, room);
    shown.say({ table: table.paint(state, cost, room) });
    return texts(state, cost);
  }

  const side = h("div", { class: "side", style: "flex:1 1 172px" }, shown.of.reads, shown.of.shares);
  return { stage: [side, shown.of.table], controls, draw, destroy: output.destroy };
}

export default explorer({
  title: "Convolution bench",
  schema: SCHEMA,
  misfit,
  bounds: { output_shape: outputShape },
  build,
});
