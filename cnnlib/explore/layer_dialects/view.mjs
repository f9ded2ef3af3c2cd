import { h, setText } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { memo, valuesBut } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { countTable } from "../kit/table.mjs";
import { call } from "./lines.mjs";
import { adapted, inputAt, misfit, moved, outputs, ranges, run, turns, unsaid, weightAt } from "./model.mjs";
import { DIALECTS, LAYERS, SCHEMA, SIZE } from "./schema.mjs";
import { forgotten, texts, verdict } from "./words.mjs";

const CELL = 26; // pixels of a cell, where there is room
const TALL = 250; // pixels of the tallest grid

const LOOK =
  ".dialects{flex-basis:100%}.dialects table.counts :is(th,td){text-align:left;font-weight:400}" +
  ".cnnlib-explorer .dialects table.counts .chosen td{font-weight:400}.dialects code{overflow-wrap:anywhere}" +
  ".dialects p{margin:0;color:var(--muted)}";

/** Every dialect with the line that is the layer there, what can be forgotten on the way, and how well it agrees. */
function dialectTable() {
  const heads = ["dialect", "the same layer, and the error of a forgotten conversion", "difference"];
  const table = countTable(heads, Object.keys(DIALECTS));
  const said = Object.entries(table.of).map(([name, { cells }]) => {
    const [code, note] = [h("code"), h("p")];
    cells[1].append(code, note);
    return [name, code, note];
  });
  return {
    element: h("div", { class: "dialects" }, h("style", {}, LOOK), table.element),
    update(state) {
      for (const [name, code, note] of said) {
        const why = unsaid(state, name);
        setText(code, why ? "" : call(state, name));
        setText(note, why ? `It can't be said: ${why.split(";")[0]}.` : forgotten(state, name).join("; "));
      }
      const texts = Object.entries(DIALECTS).map(([name, title]) => [name, [title, null, verdict(state, name)]]);
      table.write(Object.fromEntries(texts), state.target);
    },
  };
}

function build({ change, state: readState, bound }) {
  const compute = memo((state) => run(state));
  const found = (state) => compute(valuesBut(state, "channel"), state);
  const kernels = (state) => (state.layer === "depthwise" ? 1 : state.channels);
  // channels lie side by side
  const pixel = (r, q) => inputAt(Math.floor(q / SIZE[1]), r, q % SIZE[1]);
  function weight(state, r, q) {
    const [down, across] = state.kernel_size;
    const [i, column] = [Math.floor(q / across), q % across];
    const [row, at] = turns(state, state.dialect) ? [down - 1 - r, across - 1 - column] : [r, column];
    return weightAt(state.channel, i, row, at);
  }
  const grids = {
    input: numberGrid({
      label: "Input, its channels side by side. Arrow keys read it.",
      readCell: ([r, q]) => pixel(r, q),
      nameCell: ([r, q]) => `channel ${Math.floor(q / SIZE[1])}, row ${r}, column ${q % SIZE[1]}`,
    }),
    kernel: numberGrid({
      label: "Kernels of the output channel, as the dialect writes them. Arrow keys read them.",
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

  const numbersOnly = (state) => (state.padding === "numbers" ? "" : "for padding by numbers");
  const pair = (name, label, axis, rests) =>
    bound.slider(name, label, {
      axis,
      rests,
      write: (value) => change(moved(readState(), name, value[axis], axis)),
    });
  const extra = (state) => (state.layer === "transposed" ? numbersOnly(state) : "for transposed layers");
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
    pair("kernel_size", "Taps down", 0),
    pair("kernel_size", "Taps across", 1),
    bound.slider("stride", "Stride"),
    bound.slider("dilation", "Dilation"),
    bound.slider("channels", "Channels"),
    bound.slider("filters", "Filters"),
    bound.slider("channel", "Shown"),
    ...padded("before", ["Above", "Left"]),
    ...padded("after", ["Below", "Right"]),
    pair("output_padding", "Extra below", 0, extra),
    pair("output_padding", "Extra right", 1, extra),
  ];

  function draw(state, colours, room) {
    const output = found(state);
    const { rows, columns } = output;
    const { channels, kernel_size } = state;
    const wide = room < 520 ? SIZE[1] * channels : SIZE[1] * channels + kernel_size[1] * kernels(state) + columns;
    const cell = Math.max(9, Math.min(CELL, Math.floor((room - 60) / wide)));
    function paint(grid, [down, across], fill, value, parts) {
      const frames = Array.from({ length: parts }, (_, k) => ({
        row: 0,
        column: (k * across) / parts,
        rows: down,
        columns: across / parts,
      }));
      const size = Math.max(9, Math.min(cell, Math.floor(TALL / down), Math.floor((room - 4) / across)));
      const look = (r, q) => ({ fill, value: value(r, q) });
      grid.paint({ rows: down, columns: across, size, colours, look, frames });
    }
    paint(grids.input, [SIZE[0], SIZE[1] * channels], "input", pixel, channels);
    const parts = kernels(state);
    const shape = [kernel_size[0], kernel_size[1] * parts];
    paint(grids.kernel, shape, "tap", (r, q) => weight(state, r, q), parts);
    paint(grids.output, [rows, columns], "output", (r, q) => outputAt(state, r, q), 1);
    shown.say({
      input: `input, ${channels} x 4 x 5`,
      kernel: `kernels of output ${state.channel} in ${DIALECTS[state.dialect]}`,
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
