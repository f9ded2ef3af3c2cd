import { h, setText } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { call } from "./lines.mjs";
import { adapted, inputAt, misfit, moved, outputs, ranges, run, turns, unsaid, weightAt } from "./model.mjs";
import { DIALECTS, LAYERS, SCHEMA, SIZE } from "./schema.mjs";
import { forgotten, texts, verdict } from "./words.mjs";

const CELL = 26; // pixels of a cell, where there is room
const TALL = 250; // pixels of the tallest grid

/** Every dialect with the line that is the layer there, how well it agrees, and what can be forgotten. */
function dialectTable() {
  const rows = Object.fromEntries(
    Object.entries(DIALECTS).map(([name, title]) => {
      const cells = [h("th", { scope: "row" }, title), h("td", {}, h("code")), h("td"), h("td")];
      return [name, { row: h("tr", {}, ...cells), cells }];
    }),
  );
  const heads = ["in the words of", "the layer", "agrees", "a conversion forgotten"];
  const element = h(
    "div",
    { class: "scrolls dialects", tabindex: "0", role: "group", "aria-label": "The layer in the words of each dialect" },
    h("style", {}, ".dialects{flex-basis:100%;overflow-x:auto}.dialects table.counts td{text-align:left}"),
    h(
      "table",
      { class: "counts" },
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, ...Object.values(rows).map(({ row }) => row)),
    ),
  );
  return {
    element,
    update(state) {
      for (const [name, { row, cells }] of Object.entries(rows)) {
        row.classList.toggle("chosen", name === state.target);
        setText(cells[1].firstChild, unsaid(state, name) === null ? call(state, name) : "");
        setText(cells[2], verdict(state, name));
        setText(cells[3], unsaid(state, name) === null ? forgotten(state, name).join("; ") : "");
      }
    },
  };
}

function build({ change, state: readState, bound }) {
  const compute = memo((state) => run(state));
  const found = (state) =>
    compute(
      Object.entries(state).filter(([name]) => name !== "channel"),
      state,
    );
  const stacked = (state) => (state.layer === "depthwise" ? 1 : state.channels);
  const weight = (state, r, q) => {
    const [down, across] = state.kernel_size;
    const [i, row] = [Math.floor(r / down), r % down];
    return turns(state, state.dialect)
      ? weightAt(state.channel, i, down - 1 - row, across - 1 - q)
      : weightAt(state.channel, i, row, q);
  };
  const grids = {
    input: numberGrid({
      label: "Input, its channels below each other. Arrow keys read it.",
      readCell: ([r, q]) => inputAt(Math.floor(r / SIZE[0]), r % SIZE[0], q),
      nameCell: ([r, q]) => `channel ${Math.floor(r / SIZE[0])}, row ${r % SIZE[0]}, column ${q}`,
    }),
    kernel: numberGrid({
      label: "Kernel of the output channel, as the dialect writes it. Arrow keys read it.",
      readCell: ([r, q]) => weight(readState(), r, q),
      nameCell: ([r, q]) => `weight ${r}, ${q}`,
    }),
    output: numberGrid({
      label: "Output of the channel. Arrow keys read it.",
      readCell: ([r, q]) => outputAt(readState(), r, q),
    }),
  };
  const shown = panels(grids);
  const table = dialectTable();

  function outputAt(state, r, q) {
    const { rows, columns, values } = found(state);
    return values[(state.channel * rows + r) * columns + q];
  }

  const numbersOnly = (state) => (state.padding === "numbers" ? "" : "padding is not by numbers");
  const pair = (name, label, axis, rests) =>
    bound.slider(name, label, {
      axis,
      rests,
      write: (value) => change(moved(readState(), name, value[axis], axis)),
    });
  const extra = (state) => (state.layer === "transposed" ? numbersOnly(state) : "of transposed layers");
  const padded = (name, [first, second]) => [pair(name, first, 0, numbersOnly), pair(name, second, 1, numbersOnly)];
  const controls = [
    bound.choice("dialect", "Given in", {
      names: DIALECTS,
      write: (dialect) => change(adapted(readState(), { dialect })),
    }),
    bound.choice("target", "Wanted in", { names: DIALECTS }),
    bound.choice("layer", "Layer", { names: LAYERS, write: (layer) => change(adapted(readState(), { layer })) }),
    bound.choice("padding", "Padding", {
      options: (state) => SCHEMA.padding.choices.filter((padding) => !misfit({ ...state, padding })),
    }),
    pair("kernel_size", "Kernel rows", 0),
    pair("kernel_size", "Kernel columns", 1),
    bound.slider("stride", "Stride"),
    bound.slider("dilation", "Dilation"),
    bound.slider("channels", "Channels"),
    bound.slider("filters", "Filters"),
    bound.slider("channel", "Shown output"),
    ...padded("before", ["Above", "Left"]),
    ...padded("after", ["Below", "Right"]),
    pair("output_padding", "Extra rows", 0, extra),
    pair("output_padding", "Extra columns", 1, extra),
  ];

  function draw(state, colours, room) {
    const output = found(state);
    const { rows, columns } = output;
    const high = stacked(state);
    const [down, across] = state.kernel_size;
    const size = Math.max(
      9,
      Math.min(CELL, TALL / (SIZE[0] * state.channels), (room - 60) / (SIZE[1] + across + columns)),
    );
    const cell = Math.floor(size);
    const paint = (grid, shape, fill, ink, value, parts = 1) =>
      grid.paint({
        rows: shape[0],
        columns: shape[1],
        size: Math.floor(Math.max(9, Math.min(cell, TALL / shape[0]))),
        colours,
        look: (r, q) => ({ fill: colours[fill], ink: colours[ink], value: value(r, q) }),
        frames: Array.from({ length: parts }, (_, k) => ({
          row: (k * shape[0]) / parts,
          column: 0,
          rows: shape[0] / parts,
          columns: shape[1],
          colour: colours.ink,
        })),
      });
    paint(
      grids.input,
      [SIZE[0] * state.channels, SIZE[1]],
      "input",
      "ink",
      (r, q) => inputAt(Math.floor(r / SIZE[0]), r % SIZE[0], q),
      state.channels,
    );
    paint(grids.kernel, [down * high, across], "tap", "on-tap", (r, q) => weight(state, r, q), high);
    paint(grids.output, [rows, columns], "output", "on-output", (r, q) => outputAt(state, r, q));
    shown.say({
      input: `input, ${state.channels} x 4 x 5`,
      kernel: `kernel, as ${DIALECTS[state.dialect]} writes it`,
      output: `output ${state.channel} of ${outputs(state)}, ${rows} x ${columns}`,
    });
    table.update(state);
    return texts(state, output);
  }

  const destroy = () => Object.values(grids).forEach((grid) => grid.destroy());
  return { stage: [...shown.all, table.element], controls, draw, destroy };
}

export default explorer({
  title: "Layer dialects",
  schema: SCHEMA,
  misfit,
  ranges,
  bounds: { outputs },
  build,
});
