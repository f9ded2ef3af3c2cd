import { clamp } from "../kit/clamp.mjs";
import { button } from "../kit/controls.mjs";
import { h } from "../kit/dom.mjs";
import { lineChart } from "../kit/chart.mjs";
import { explorer } from "../kit/frame.mjs";
import { frame } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { WAITING, pictures } from "../kit/pictures.mjs";
import { greyPixels, pixelCanvas } from "../kit/pixels.mjs";
import {
  FREQUENCIES,
  commonOf,
  dilationsOf,
  gainsOf,
  inputOf,
  misfit,
  noise,
  offsetsOf,
  openSquare,
  outputOf,
  piece,
  statistics,
} from "./model.mjs";
import { PHOTOGRAPHS } from "./photographs.mjs";
import { SCHEMA, SIDE, STEPS } from "./schema.mjs";
import { fixed, texts } from "./words.mjs";

const MARGIN = SCHEMA.step.high; // pixels around unit A's field, so that B's fits into the map
const MAP = 270; // pixels of the map's width at most, where the chart stands beside it
const CHART = 250; // pixels of the chart's height
const PIECE = 48; // pixels a side that are shown of a picture
const HATCHED = 6; // pixels of a cell that has room for hatches
const ROW = "grid-column: 1 / -1; flex-wrap: wrap"; // the examples have a line of their own
const EXAMPLES = [
  [1, 1, 1],
  [2, 2, 2],
  [1, 2, 3],
  [1, 2, 5],
  [3, 4, 5],
  [1, 2, 4, 8],
];

/** The values that setting these dilations changes. */
const stackOf = (dilations) => ({
  layers: dilations.length,
  ...Object.fromEntries(dilations.map((dilation, index) => [`d${index + 1}`, dilation])),
});

function build(tools) {
  const { change, request, state: readState, bound } = tools;
  const photographs = pictures(PHOTOGRAPHS, request, undefined, openSquare);
  const white = noise();
  const levels = (picture, { mean, deviation }, keep) =>
    greyPixels(piece(picture, PIECE, keep), 1 / (5 * (deviation || 1)), mean - 2.5 * (deviation || 1));
  const given = memo((source, photograph) => {
    const input = inputOf(source, photograph, white);
    const before = statistics(input);
    return { input, before, pixels: levels(input, before, 1) };
  });
  const filtered = memo((state, { input, before, pixels }) => {
    const output = outputOf(state, input);
    const after = statistics(output);
    return {
      output,
      ratio: after.deviation / (before.deviation || Infinity),
      correlation: after.correlation,
      pixels: { input: pixels, output: levels(output, after, 1), kept: levels(output, after, state.keep) },
    };
  });
  const blank = memo((side) => new Uint8ClampedArray(4 * side * side));
  const within = (v) => clamp(v, SCHEMA.step.low, SCHEMA.step.high);

  const map = pixelCanvas({
    label: "The pixels that units A and B read. Press, or use the arrow keys, to move unit B.",
    move: (by) => change({ step: readState().step.map((v, axis) => within(v + by[axis])) }),
    press: (pixel) => change({ step: pixel.map((v) => within(v - middle(offsetsOf(readState())))) }),
  });
  const chart = lineChart({
    label: "Share of a wave that passes, by its frequency. Arrow keys move the cursor.",
    height: CHART,
    move: (frequency) => change({ frequency: Math.round(frequency * STEPS) }),
  });
  const views = {
    input: "The input.",
    output: "The output.",
    kept: "The output with some of its rows and columns left out.",
  };
  const small = Object.fromEntries(Object.entries(views).map(([name, label]) => [name, pixelCanvas({ label })]));
  const shown = panels({ map, chart, ...small });

  const beyond = (number) => (state) => (state.layers < number ? `needs ${number} layers` : "");
  const examples = EXAMPLES.map((dilations) => button(dilations.join(",\u00a0"), () => change(stackOf(dilations))));
  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    also: ({ source }) => (source === "noise" ? { source: "photograph" } : {}),
    most: SIDE,
    square: true,
  });
  const controls = [
    {
      element: h("div", { class: "control buttons", style: ROW }, h("span", {}, "Dilations"), ...examples),
      update() {},
    },
    bound.slider("layers", "Layers"),
    ...[1, 2, 3, 4].map((number) => bound.slider(`d${number}`, `Dilation ${number}`, { rests: beyond(number) })),
    bound.slider("kernel_size", "Kernel size"),
    bound.choice("filter", "Weights", { names: { mean: "mean", binomial: "binomial" } }),
    bound.choice("source", "Picture", { names: { both: "Photograph and noise" } }),
    list,
    own,
    bound.slider("step", "B below A", { axis: 0 }),
    bound.slider("step", "B right of A", { axis: 1 }),
    bound.slider("frequency", `Cycles/${STEPS}\u00a0px`),
    bound.slider("keep", "Keep every"),
  ];

  function draw(state, colours, room) {
    const photograph = photographs.shown(state);
    if (!photograph) return WAITING;
    const offsets = offsetsOf(state);
    const gains = gainsOf(state);
    const made = filtered(
      [...dilationsOf(state), 0, state.kernel_size, state.filter, state.source, state.keep, photograph],
      state,
      given([state.source, photograph], state.source, photograph),
    );
    const common = commonOf(offsets, state.step);
    const side = offsets.at(-1) + 1;

    const wide = room >= 600;
    const all = side + 2 * MARGIN;
    const cell = Math.max(2, Math.floor((wide ? MAP : Math.min(room, 300)) / all));
    map.paint(blank([all], all), all, all, cell);
    map.mark((context) => drawMap(context, cell, offsets, state.step, colours), cell, [offsets, state.step, colours]);
    const f = state.frequency / STEPS;
    const dilations = dilationsOf(state).join(", ");
    const width = wide ? room - 24 - MAP : room;
    shown.widen(wide ? MAP : Math.max(all * cell, 150), ["map"]); // or its caption takes the room of the chart
    shown.widen(width, ["chart"]);
    chart.paint({
      width,
      colours,
      x: { label: "cycles per pixel, along a row", range: [0, 0.515] },
      y: { label: "", range: [0, 1] },
      curves: [{ points: FREQUENCIES.map((at, k) => [at, gains[k]]), tag: fixed(gains[state.frequency], 3) }],
      cursor: f,
      stops: FREQUENCIES,
      valueText: `${fixed(f, 3)} cycles per pixel, ${fixed(gains[state.frequency], 3)} passes`,
    });
    const scale = Math.max(1, Math.floor(Math.min(3, (room - 40) / 3 / PIECE)));
    shown.widen(PIECE * scale, Object.keys(views));
    for (const name of Object.keys(views)) {
      const keep = name === "kept" ? state.keep : 1;
      small[name].paint(made.pixels[name], PIECE / keep, PIECE / keep, scale * keep);
    }
    shown.say({
      map: `read by unit A ╱, by B ╲, by both ╳: ${common}`,
      chart: `dilations ${dilations}: share of a wave that passes`,
      input: "input",
      output: "output, rescaled",
      kept: state.keep === 1 ? "every pixel" : `every ${["second", "third", "fourth"][state.keep - 2]} pixel`,
    });
    return texts(state, { offsets, common, gains, ...made });
  }

  return { stage: shown.all, controls, draw, destroy: own.destroy };
}

/** Where in the map the middle of unit A's field is. */
const middle = (offsets) => MARGIN + Math.floor(offsets.at(-1) / 2);

/** The pixels of both units with their hatches, the frames of their fields, and their letters. */
function drawMap(context, cell, offsets, step, colours) {
  const side = offsets.at(-1) + 1;
  const all = side + 2 * MARGIN;
  const lines = [[0, 0], step].map((at) => at.map((by) => new Set(offsets.map((offset) => offset + MARGIN + by))));
  const kinds = { a: [], b: [], both: [] };
  for (let r = 0; r < all; r += 1) {
    for (let c = 0; c < all; c += 1) {
      const [a, b] = lines.map(([rows, columns]) => rows.has(r) && columns.has(c));
      if (a || b) kinds[a && b ? "both" : a ? "a" : "b"].push([c * cell, r * cell]);
    }
  }
  const gap = cell > 4 ? 1 : 0;
  const inner = cell - gap;
  context.fillStyle = colours.cell;
  context.fillRect(0, 0, all * cell, all * cell);
  for (const [kind, colour] of Object.entries({ a: "curve-1", b: "curve-2", both: "ink" })) {
    context.fillStyle = colours[colour];
    for (const [x, y] of kinds[kind]) context.fillRect(x, y, cell, cell);
  }
  for (let k = 1; gap && k <= all; k += 1) {
    context.clearRect(k * cell - gap, 0, gap, all * cell);
    context.clearRect(0, k * cell - gap, all * cell, gap);
  }
  context.lineWidth = Math.max(1, cell / 9);
  context.strokeStyle = colours.paper;
  context.beginPath(); // the hatches, all at once: a stroke for each cell takes longer than the rest of the frame
  for (const [x, y] of cell < HATCHED ? [] : [...kinds.a, ...kinds.both]) {
    context.moveTo(x, y + inner);
    context.lineTo(x + inner, y);
  }
  for (const [x, y] of cell < HATCHED ? [] : [...kinds.b, ...kinds.both]) {
    context.moveTo(x, y);
    context.lineTo(x + inner, y + inner);
  }
  context.stroke();
  [[0, 0], step].forEach(([down, right], unit) => {
    const colour = colours[unit ? "curve-2" : "curve-1"];
    const [x, y] = [MARGIN + right, MARGIN + down].map((v) => v * cell);
    if (unit) context.setLineDash([5, 4]);
    frame(context, x, y, side * cell - 1, side * cell - 1, colour, 1.5);
    context.setLineDash([]);
    const radius = Math.max(8, cell / 2);
    const [cx, cy] = [right, down].map((by) => (middle(offsets) + by + 0.5) * cell);
    context.fillStyle = colours.paper;
    context.beginPath();
    context.arc(cx, cy, radius, 0, 2 * Math.PI);
    context.fill();
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.stroke();
    context.fillStyle = colours.ink;
    context.font = "600 12px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("AB"[unit], cx, cy + 0.5);
  });
}

export default explorer({ title: "Dilated stack", schema: SCHEMA, misfit, build });
