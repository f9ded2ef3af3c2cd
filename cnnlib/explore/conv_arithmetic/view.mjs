import { h } from "../kit/dom.mjs";
import { rowsOf } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { legend, panels } from "../kit/panels.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { player } from "../kit/player.mjs";
import { patch, readers, span } from "../mirror/convolution.mjs";
import { correlate } from "../mirror/correlation.mjs";
import { inputValues, kernelValues, misfit, outputShape, ownInput, ownWeights, ranges } from "./model.mjs";
import { SCHEMA } from "./schema.mjs";
import { texts } from "./words.mjs";

const TALLEST = 400; // pixels of the input's grid, so that the controls are on the same screen
const MIN_CELL = 17;

function build({ change, request, state: readState, bound }) {
  let pixel = null; // the input pixel under the pointer, in image coordinates
  let tap = null; // the weight under the pointer

  const step = () => {
    const state = readState();
    const [rows, columns] = outputShape(state);
    const next = (state.position[0] * columns + state.position[1] + 1) % (rows * columns);
    change({ position: [Math.floor(next / columns), next % columns] });
  };
  const buttons = player(step);

  /** A cell of the padded input as a pixel of the image, or null in the padding. */
  const inImage = ([r, c]) => {
    const { size, padding } = readState();
    const at = [r - padding, c - padding];
    return at.every((v, axis) => v >= 0 && v < size[axis]) ? at : null;
  };

  const input = numberGrid({
    label: "Input. Arrow keys move over the pixels, Enter edits one.",
    hover(where) {
      pixel = where && inImage(where);
      request();
    },
    editable: (where) => inImage(where) !== null,
    nameCell: (where) => (inImage(where) ? `pixel (${inImage(where).join(", ")})` : "padding"),
    readCell(where) {
      const at = inImage(where);
      return at ? inputValues(readState())[at[0] * readState().size[1] + at[1]] : 0;
    },
    edit: (where, value) => change(ownInput(readState(), inImage(where), value)),
  });
  const kernel = numberGrid({
    label: "Kernel. Arrow keys move over the weights, Enter edits one.",
    hover(where) {
      tap = where;
      request();
    },
    nameCell: ([r, c]) => `weight row ${r}, column ${c}`,
    readCell: ([r, c]) => kernelValues(readState())[r * readState().kernel_size + c],
    edit: (where, value) => change(ownWeights(readState(), where, value)),
  });
  const output = numberGrid({
    label: "Output. Arrow keys move the window.",
    press(where) {
      buttons.stop();
      change({ position: where });
    },
  });
  const shown = panels({ input, kernel, output });
  const side = h("div", { class: "side" }, shown.of.kernel, shown.of.output);
  const hatch = "repeating-linear-gradient(135deg,var(--unread) 0 1px,transparent 1px 4px)";
  const swatches = legend([
    ["background:var(--tap)", "read by this window"],
    ["background:var(--input)", "pixel"],
    ["background:var(--cell)", "padding (zero)"],
    [`background:${hatch}`, "pixel that no window reads"],
  ]);

  const controls = [
    bound.slider("size", "Height", { axis: 0 }),
    bound.slider("size", "Width", { axis: 1 }),
    bound.slider("kernel_size", "Kernel size"),
    bound.slider("stride", "Stride"),
    bound.slider("padding", "Padding"),
    bound.slider("dilation", "Dilation"),
    bound.choice("pattern", "Input", {
      names: { positions: "10·row + column", impulse: "one 1", edge: "an edge", array: "your numbers" },
      write: (pattern) => change(pattern === "array" ? ownInput(readState()) : { pattern }),
    }),
    bound.choice("preset", "Weights", {
      names: { centre: "centre only", difference: "right − left", custom: "your numbers" },
      write: (preset) => change(preset === "custom" ? ownWeights(readState()) : { preset }),
    }),
    buttons,
  ];

  function draw(state, colours, stageWidth) {
    const {
      size: [height, width],
      kernel_size: k,
      stride,
      padding,
      dilation,
      position: [row, column],
    } = state;
    const values = inputValues(state);
    const weights = kernelValues(state);
    const { output: result, rows, columns } = correlate(values, height, width, weights, state);
    const byRow = Array.from({ length: height }, (_, r) => readers(r, height, state));
    const byColumn = Array.from({ length: width }, (_, c) => readers(c, width, state));
    const unread = (y, x) => byRow[y].length === 0 || byColumn[x].length === 0;
    const reading = pixel && pixel[0] < height && pixel[1] < width ? [byRow[pixel[0]], byColumn[pixel[1]]] : null;
    const held = tap && tap.every((v) => v < k) ? tap : null;
    const partner = held && [
      row * stride - padding + held[0] * dilation,
      column * stride - padding + held[1] * dilation,
    ];

    const [tall, wide] = [height + 2 * padding, width + 2 * padding];
    const room = Math.max(200, stageWidth);
    const beside = room > 560;
    const share = beside ? Math.min(room * 0.55, 440) : room;
    const cell = Math.floor(Math.min(40, (share - 2) / wide, Math.max(TALLEST / tall, MIN_CELL)));
    const rest = beside ? room - Math.max(wide * cell, 150) - 24 : room;
    side.style.width = beside ? `${rest}px` : "100%";
    const small = Math.max(9, Math.floor(Math.min(40, cell + 6, (rest - 2) / Math.max(columns, k))));

    const same = (at, y, x) => at && at[0] === y && at[1] === x;
    input.paint({
      rows: tall,
      columns: wide,
      size: cell,
      colours,
      look(r, c) {
        const [y, x] = [r - padding, c - padding];
        const inside = y >= 0 && x >= 0 && y < height && x < width;
        const steps = [r - row * stride, c - column * stride];
        const tapped = !reading && steps.every((v) => v >= 0 && v % dilation === 0 && v / dilation < k);
        return {
          fill: tapped ? "tap" : inside ? "input" : "cell",
          value: inside ? values[y * width + x] : tapped ? 0 : undefined,
          hatch: inside && unread(y, x),
          edge: ((inside && same(pixel, y, x)) || same(partner, y, x)) && "ink",
        };
      },
      frames: [
        ...(padding
          ? [{ row: padding, column: padding, rows: height, columns: width, colour: "muted", width: 1.5 }]
          : []),
        ...(reading
          ? []
          : [
              {
                row: row * stride,
                column: column * stride,
                rows: span(k, dilation),
                columns: span(k, dilation),
                dash: dilation > 1 ? [4, 3] : [],
              },
            ]),
      ],
    });
    kernel.paint({
      rows: k,
      columns: k,
      size: Math.min(34, Math.floor((rest - 2) / k)),
      colours,
      look: (r, c) => ({ fill: "tap", value: weights[r * k + c], edge: same(held, r, c) && "ink" }),
    });
    output.paint({
      rows,
      columns,
      size: small,
      colours,
      look(r, c) {
        const lit = reading && reading[0].includes(r) && reading[1].includes(c);
        return { fill: lit ? "tap" : "output", value: result[r * columns + c] };
      },
      frames: [{ row, column, width: 3 }],
    });
    output.setCursor([row, column]);
    shown.say({
      input: `input ${height} × ${width}${padding ? `, padded to ${tall} × ${wide}` : ""}`,
      kernel: `kernel ${k} × ${k}${dilation > 1 ? `, spans ${span(k, dilation)} × ${span(k, dilation)}` : ""}`,
      output: `output ${rows} × ${columns}`,
    });

    const idleRows = byRow.filter((found) => !found.length).length;
    const idleColumns = byColumn.filter((found) => !found.length).length;
    return texts(state, {
      values: rowsOf(values, width),
      weights: rowsOf(weights, k),
      result: rowsOf(result, columns),
      taps: patch(values, height, width, row, column, state),
      idle: idleRows * width + idleColumns * height - idleRows * idleColumns,
      reading,
      pixel,
      held,
      partner,
    });
  }

  return {
    stage: [shown.of.input, side, swatches],
    controls,
    draw,
    destroy() {
      buttons.stop();
      for (const grid of [input, kernel, output]) grid.destroy();
    },
  };
}

export default explorer({
  title: "Convolution arithmetic",
  schema: SCHEMA,
  misfit,
  ranges,
  bounds: { output_shape: outputShape },
  build,
});
