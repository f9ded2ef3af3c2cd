import { lineChart } from "../kit/chart.mjs";
import { h } from "../kit/dom.mjs";
import { grouped } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { memo, valuesBut } from "../kit/memo.mjs";
import { KINDS, NAMES, costs, misfit, prefixed, what } from "./model.mjs";
import { DTYPES, OPTIMIZERS, SCHEMA } from "./schema.mjs";
import { LANDMARKS } from "./tables.mjs";
import { texts } from "./words.mjs";

const SIDES = [
  8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 227, 256, 320, 384, 448, 512, 640,
  768, 896, 1000, 1024, 1280, 1536, 1920, 2048, 2560, 3072, 4096,
];
const KNOWN = { 28: "28, Fashion-MNIST", 224: "224, VGG-16", 227: "227, AlexNet in Caffe" };
const CHANNELS = [1, 3, 16, 32, 64, 96, 128, 256, 512, 1024];
const QUANTITIES = {
  parameters: "parameters",
  memory: "memory of the parameters",
  "multiply-adds": "multiply-adds",
  outputs: "memory of the outputs",
};

function build({ change, state: readState, bound }) {
  const stops = [...new Set([...SIDES, readState().side])].sort((a, b) => a - b);
  const chart = lineChart({
    label: "Cost of the three layers against the side of the image. Left and right arrow move the side.",
    height: 320,
    move: (side) => change({ side }),
  });

  /** The curves, and the axis that holds them, computed once for each state but for the side. */
  const curves = memo((state) => {
    const at = stops.map((side) => [side, costs({ ...state, side })]);
    const points = Object.fromEntries(
      KINDS.map((kind) => [kind, at.map(([side, cost]) => [side, Number(cost[kind])])]),
    );
    const marks = Object.entries(LANDMARKS[state.quantity]).map(([label, value]) => ({ axis: "y", at: value, label }));
    const all = [...KINDS.flatMap((kind) => points[kind].map(([, value]) => value)), ...marks.map((mark) => mark.at)];
    const range = [
      10 ** Math.floor(Math.log10(Math.min(...all)) - 0.2),
      10 ** Math.ceil(Math.log10(Math.max(...all)) + 0.15),
    ];
    return { points, marks, range };
  });

  const only =
    (...quantities) =>
    (state) =>
      quantities.includes(state.quantity) ? "" : `no effect on ${QUANTITIES[state.quantity]}`;
  const controls = [
    bound.choice("quantity", "Count", { names: QUANTITIES }),
    bound.ladder("side", "Image side", stops, { names: KNOWN }),
    bound.ladder("channels", "Channels", CHANNELS),
    bound.ladder("units", "Dense units", [10, 100, 1000, 4096, 10000, 100000], {
      none: "as many as the others' outputs",
    }),
    bound.ladder("filters", "Filters", CHANNELS),
    bound.slider("kernel_size", "Kernel size", { step: 2 }),
    bound.choice("optimizer", "Optimiser", {
      names: Object.fromEntries(Object.entries(OPTIMIZERS).map(([name, [text]]) => [name, text])),
      rests: only("memory"),
    }),
    bound.choice("dtype", "Number type", {
      names: Object.fromEntries(Object.entries(DTYPES).map(([name, bytes]) => [name, `${name}, ${bytes} bytes`])),
      rests: only("memory", "outputs"),
    }),
    bound.ladder("batch_size", "Batch", [1, 8, 32, 64, 128, 256, 1024], { rests: only("multiply-adds", "outputs") }),
    bound.toggle("bias", "Biases", { rests: only("parameters", "memory") }),
  ];

  function draw(state, colours, room) {
    const { side, quantity } = state;
    const key = valuesBut(state, "side");
    const { points, marks, range } = curves(key, state);
    const cost = costs(state);
    const unit = quantity === "memory" || quantity === "outputs" ? "B" : "";
    const withSide = (kind) =>
      points[kind].some(([at]) => at === side)
        ? points[kind]
        : [...points[kind], [side, Number(cost[kind])]].sort((a, b) => a[0] - b[0]);
    chart.paint({
      width: room,
      colours,
      key: JSON.stringify(key),
      x: { label: "image side, pixels", range: [SCHEMA.side.low, SCHEMA.side.high], log: true, format: grouped },
      y: { label: what(state), range, log: true, format: (value) => prefixed(value, unit) },
      curves: KINDS.map((kind) => ({
        name: room < 520 ? kind : NAMES[kind],
        points: withSide(kind),
        tag: prefixed(cost[kind], unit),
      })),
      landmarks: [...marks, { axis: "x", at: 224, label: "VGG-16's images" }],
      cursor: side,
      stops,
      valueText: `side ${grouped(side)}`,
    });
    return texts(state, cost);
  }

  return { stage: [h("div", { class: "panel" }, chart.element)], controls, draw };
}

export default explorer({ title: "Layer costs", schema: SCHEMA, misfit, build });
