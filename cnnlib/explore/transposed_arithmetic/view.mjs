import { h, setHidden } from "../kit/dom.mjs";
import { rowsOf } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { READABLE, numberGrid } from "../kit/grid.mjs";
import { tinted } from "../kit/marks.mjs";
import { legend, panels } from "../kit/panels.mjs";
import { greyPixels } from "../kit/pixels.mjs";
import { player } from "../kit/player.mjs";
import { span } from "../mirror/convolution.mjs";
import { scatter, writers } from "../mirror/transposed.mjs";
import { inputValues, kernelValues, letter, misfit, outputShape, ownInput, ownWeights } from "./model.mjs";
import { phaseOf, phaseSums, ranges, withRoom } from "./model.mjs";
import { FILLS, SCHEMA } from "./schema.mjs";
import { texts } from "./words.mjs";

const TALLEST = 400; // pixels of the output's grid, so that the controls are on the same screen
const DARK = "#1b1f24"; // ink on the fills of the phases

function build({ change, request, state: readState, bound }) {
  let pixel = null; // the input pixel under the pointer
  let tap = null; // the weight, or its product in the stamp
  let spot = null; // the position in the frame

  const buttons = player(() => {
    const { size, position } = readState();
    const next = (position[0] * size[1] + position[1] + 1) % (size[0] * size[1]);
    change({ position: [Math.floor(next / size[1]), next % size[1]] });
  });

  const input = numberGrid({
    label: "Input. Arrow keys move the stamp, Enter edits a pixel.",
    hover: (where) => ((pixel = where), request()),
    press(where) {
      buttons.stop();
      change({ position: where });
    },
    nameCell: (where) => `pixel (${where.join(", ")})`,
    readCell: ([r, c]) => inputValues(readState())[r * readState().size[1] + c],
    edit: (where, value) => change(ownInput(readState(), where, value)),
  });
  const overTap = (where) => ((tap = where), request());
  const kernel = numberGrid({
    label: "Kernel. Arrow keys move over the weights, Enter edits one.",
    hover: overTap,
    nameCell: ([r, c]) => `weight row ${r}, column ${c}`,
    readCell: ([r, c]) => kernelValues(readState())[r * readState().kernel_size + c],
    edit: (where, value) => change(ownWeights(readState(), where, value)),
  });
  let products = [0];
  const stamp = numberGrid({
    label: "Stamp. Arrow keys move over the products.",
    hover: overTap,
    nameCell: ([r, c]) => `product row ${r}, column ${c}`,
    readCell: ([r, c]) => products[r * readState().kernel_size + c],
  });
  let frame = { values: [0], columns: 1 };
  const inOutput = ([r, c]) => [r - readState().padding, c - readState().padding];
  const output = numberGrid({
    label: "Output. Arrow keys move over it and say which products make each value.",
    hover: (where) => ((spot = where), request()),
    nameCell: (where) => `position (${inOutput(where).join(", ")})`,
    readCell: ([r, c]) => frame.values[r * frame.columns + c],
  });
  const grids = { input, kernel, stamp, output };
  const shown = panels(grids);
  const side = h("div", { class: "side" }, shown.of.input, shown.of.kernel, shown.of.stamp);
  const swatches = legend([
    ["background:var(--tap)", "this pixel's stamp"],
    ["background:repeating-linear-gradient(135deg,var(--unread) 0 1px,transparent 1px 4px)", "cut off by padding"],
    ["border:1.5px dashed", "from output_padding"],
  ]);
  const [lit, cut, back] = swatches.children;

  const following = (name) => ({ write: (value) => change(withRoom(readState(), name, value)) });
  const controls = [
    bound.slider("size", "Height", { axis: 0 }),
    bound.slider("size", "Width", { axis: 1 }),
    bound.slider("kernel_size", "Kernel size"),
    bound.slider("stride", "Stride", following("stride")),
    bound.slider("padding", "Padding"),
    bound.slider("output_padding", "Output pad.", {
      rests: ({ stride, dilation }) => (Math.max(stride, dilation) === 1 ? "stride 1 leaves nothing to choose" : ""),
    }),
    bound.slider("dilation", "Dilation", following("dilation")),
    bound.choice("pattern", "Input", {
      names: { count: "1, 2, 3 …", impulse: "one 1", array: "your numbers" },
      write: (pattern) => change(pattern === "array" ? ownInput(readState()) : { pattern }),
    }),
    bound.choice("preset", "Weights", {
      names: { count: "1, 2, 3 …", custom: "your numbers" },
      write: (preset) => change(preset === "custom" ? ownWeights(readState()) : { preset }),
    }),
    bound.choice("show", "Show", { names: { overlaps: "overlap count", phases: "phases" } }),
    buttons,
  ];

  function draw(state, colours, room) {
    const { size, kernel_size: k, stride, padding, dilation, position, show } = state;
    const [height, width] = size;
    const [values, weights] = [inputValues(state), kernelValues(state)];
    const [rows, columns] = outputShape(state);
    frame = scatter(values, size, weights, state);
    const [tall, wide] = [frame.rows, frame.columns];
    const inside = (where, shape) => (where && where.every((v, axis) => v < shape[axis]) ? where : null);
    const seen = {
      pixel: inside(pixel, size),
      tap: inside(tap, [k, k]),
      spot: inside(spot, [tall, wide]),
    };
    const at = seen.pixel ?? position;
    const value = values[at[0] * width + at[1]];
    products = Array.from(weights, (weight) => weight * value);
    const corner = at.map((v) => v * stride);
    const byRow = Array.from({ length: tall }, (_, r) => writers(r, height, state));
    const byColumn = Array.from({ length: wide }, (_, c) => writers(c, width, state));
    // who writes the position under the pointer, and with which weight
    const wrote = seen.spot
      ? byRow[seen.spot[0]].flatMap(([r, i]) => byColumn[seen.spot[1]].map(([c, j]) => ({ from: [r, c], tap: [i, j] })))
      : null;
    const partner = seen.tap && corner.map((v, axis) => v + seen.tap[axis] * dilation);
    const kept = (r, c) => r >= padding && c >= padding && r < padding + rows && c < padding + columns;
    const counts = (r, c) => byRow[r].length * byColumn[c].length;
    const most = Math.max(...byRow.map((found) => found.length)) * Math.max(...byColumn.map((found) => found.length));
    const greys = greyPixels(Float64Array.from({ length: most + 1 }, (_, n) => 1 - (0.75 * n) / most));
    const phaseFill = (phase) => FILLS[Math.floor((phase * FILLS.length) / stride ** 2)];

    const beside = room > 560;
    const left = beside ? Math.floor(room * 0.42) : room;
    side.style.width = beside ? `${left}px` : "100%";
    const share = beside ? room - left - 24 : room;
    const cell = Math.floor(Math.min(48, (share - 2) / wide, TALLEST / tall));
    // input, kernel and stamp stand in one row where their cells stay large enough for it
    const wanted = (size) => Math.max(width * size, 82) + Math.max(k * size, 98) + Math.max(k * size, 60) + 46;
    let small = 36;
    while (small > 14 && wanted(small) > left) small -= 1;
    const inRow = !beside || small >= 26;
    if (!inRow) small = Math.floor(Math.min(36, (left / 2 - 16) / k));
    shown.of.input.style.flexBasis = inRow ? "auto" : "100%";
    const same = (one, other) => one && one[0] === other[0] && one[1] === other[1];
    const tapped = ([r, c]) => {
      const steps = [r - corner[0], c - corner[1]];
      return steps.every((v) => v >= 0 && v % dilation === 0 && v / dilation < k);
    };

    input.paint({
      rows: height,
      columns: width,
      size: Math.floor(inRow ? small : Math.min(40, (left - 2) / width, 180 / height)),
      colours,
      look(r, c) {
        const on = wrote ? wrote.some(({ from }) => same(from, [r, c])) : same(at, [r, c]);
        return { fill: on ? "tap" : "input", value: values[r * width + c] };
      },
      frames: [{ row: position[0], column: position[1], width: 3 }],
    });
    const phased = (r, c) => phaseOf([r * dilation, c * dilation], state);
    const square = { rows: k, columns: k, size: small, colours };
    kernel.paint({
      ...square,
      look(r, c) {
        const edge = (wrote ? wrote.some((one) => same(one.tap, [r, c])) : same(seen.tap, [r, c])) && "ink";
        if (show === "phases")
          return { fill: phaseFill(phased(r, c)), ink: DARK, text: `${letter(phased(r, c))}`, edge };
        return { fill: "cell", value: weights[r * k + c], edge };
      },
    });
    stamp.paint({
      ...square,
      look: (r, c) => ({ fill: "tap", value: products[r * k + c], edge: same(seen.tap, [r, c]) && "ink" }),
    });
    function look(r, c) {
      const hatched = !kept(r, c);
      const edge = (same(seen.spot, [r, c]) || same(partner, [r, c])) && "ink";
      if (show === "phases" && !hatched)
        return { fill: phaseFill(phaseOf([r, c], state)), ink: DARK, text: letter(phaseOf([r, c], state)), edge };
      const value = show === "overlaps" ? counts(r, c) : frame.values[r * wide + c];
      if (show === "overlaps" && !hatched) return { ...tinted(greys, value), value, edge };
      const on = !wrote && show === "values" && tapped([r, c]);
      const colour = on ? { fill: "tap" } : hatched ? { fill: "cell", ink: "muted" } : { fill: "output" };
      return { ...colour, value: show === "phases" ? undefined : value, hatch: hatched, edge };
    }
    const reach = span(k, dilation);
    const extra = state.output_padding;
    const edged = { dash: [4, 3], width: 1.5 };
    output.paint({
      rows: tall,
      columns: wide,
      size: cell,
      colours,
      look,
      frames: [
        { row: padding, column: padding, rows, columns, width: 2.5 },
        ...(extra
          ? [
              { row: padding + rows - extra, column: padding, rows: extra, columns, ...edged },
              { row: padding, column: padding + columns - extra, rows, columns: extra, ...edged },
            ]
          : []),
        ...(wrote
          ? []
          : [
              {
                row: corner[0],
                column: corner[1],
                rows: reach,
                columns: reach,
                colour: "curve-2",
                width: 3,
                dash: dilation > 1 ? [4, 3] : [],
              },
            ]),
      ],
    });
    setHidden(lit, show !== "values");
    setHidden(cut, !padding);
    setHidden(back, !extra);
    const said = texts(state, {
      values: rowsOf(values, width),
      weights: rowsOf(weights, k),
      frame: rowsOf(frame.values, wide),
      counts: rowsOf(
        Array.from({ length: tall * wide }, (_, n) => counts(Math.floor(n / wide), n % wide)),
        wide,
      ),
      sums: phaseSums(weights, state),
      at,
      corner,
      kept,
      wrote,
      partner,
      tiny: cell < READABLE,
      ...seen,
    });
    shown.say(said.captions);
    return said;
  }

  return {
    stage: [side, shown.of.output, swatches],
    controls,
    draw,
    destroy() {
      buttons.stop();
      for (const grid of Object.values(grids)) grid.destroy();
    },
  };
}

export default explorer({
  title: "Transposed convolution arithmetic",
  schema: SCHEMA,
  misfit,
  ranges,
  bounds: { input_shape: ({ size }) => size },
  build,
});
