import { lineChart } from "../kit/chart.mjs";
import { booleanProblem, first, oneOfProblem, wholeProblem } from "../kit/check.mjs";
import { choice, slider, toggle } from "../kit/controls.mjs";
import { h } from "../kit/dom.mjs";
import { plural } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";

/** The same limits, and the landmarks computed from the networks' tables, stand in layer_costs.py; tests hold them together. */
export const LIMITS = { side: [8, 4096], channels: [1, 1024], units: [1, 100000], filters: [1, 1024], kernel_size: [1, 15], batch_size: [1, 1024] };
const CARDS = { "a card of 3 GiB": 3 * 2 ** 30, "of 24 GiB": 24 * 2 ** 30, "of 80 GiB": 80 * 2 ** 30 };
export const LANDMARKS = {
  parameters: { AlexNet: 60965224, "VGG-16": 138357544 },
  memory: CARDS,
  "multiply-adds": { "AlexNet, one image": 724406816, "VGG-16, one image": 15470264320 },
  outputs: CARDS,
};
const OPTIMIZERS = { adam: ["Adam", 2], momentum: ["SGD with momentum", 1], sgd: ["plain SGD", 0], none: ["weights only", null] };
const DTYPES = { float32: 4, float16: 2, float64: 8 };
const KINDS = ["dense", "local", "shared"];
const NAMES = { dense: "dense", local: "locally connected", shared: "shared" };
export const SIDES = [8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 227, 256, 320, 384, 448, 512, 640, 768, 896, 1000, 1024, 1280, 1536, 1920, 2048, 2560, 3072, 4096];
const KNOWN = { 28: "28, Fashion-MNIST", 224: "224, VGG-16", 227: "227, AlexNet in Caffe", 1000: "1,000, the exam" };

/**
 * Parameters, multiply-adds and outputs of each kind of layer for one image, as BigInt: a dense layer with as many outputs as
 * pixels passes 2^53, beyond which a JavaScript number is no longer exact.
 */
export function counts({ side, channels, units, filters, kernel_size, bias }) {
  const [n, c, f, k, b] = [side, channels, filters, kernel_size, Number(bias)].map(BigInt);
  const places = n * n;
  const outputs = f * places;
  const dense = units === null ? outputs : BigInt(units);
  const inputs = c * places;
  const taps = k * k * c;
  return {
    dense: { parameters: (inputs + b) * dense, macs: inputs * dense, outputs: dense },
    local: { parameters: (taps + b) * f * places, macs: taps * f * places, outputs },
    shared: { parameters: (taps + b) * f, macs: taps * f * places, outputs },
  };
}

/** The quantity that is shown, of each kind of layer, as BigInt. */
export function costs(state) {
  const found = counts(state);
  const { quantity, dtype, optimizer, batch_size } = state;
  const bytes = BigInt(DTYPES[dtype]);
  const copies = BigInt(optimizer === "none" ? 1 : 2 + OPTIMIZERS[optimizer][1]);
  const rule = {
    parameters: ({ parameters }) => parameters,
    memory: ({ parameters }) => parameters * bytes * copies,
    "multiply-adds": ({ macs }) => macs * BigInt(batch_size),
    outputs: ({ outputs }) => outputs * bytes * BigInt(batch_size),
  }[quantity];
  return Object.fromEntries(KINDS.map((kind) => [kind, rule(found[kind])]));
}

const whole = (value) => value.toLocaleString("en-US");
const STEPS = [[1e21, "Z"], [1e18, "E"], [1e15, "P"], [1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""]];

/** 160000000000 bytes -> "160 GB": four significant digits and a decimal prefix. */
export function prefixed(value, unit = "") {
  const number = Number(value);
  const [size, prefix] = STEPS.find(([step]) => number >= step * 0.99995) ?? [1, ""];
  return `${String(Number((number / size).toPrecision(4)))}${prefix || unit ? " " : ""}${prefix}${unit}`;
}

/** 160000000000 bytes -> "149 GiB", in powers of 1024. */
function binary(value) {
  const power = Math.min(8, Math.floor(Math.log2(Number(value)) / 10));
  return `${Number((Number(value) / 1024 ** power).toPrecision(4))} ${["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"][power]}B`;
}

/** What is counted, in words. */
export function what({ quantity, optimizer, batch_size }) {
  if (quantity === "parameters") return "parameters";
  if (quantity === "memory") return optimizer === "none" ? "bytes of weights" : `bytes to train with ${OPTIMIZERS[optimizer][0]}`;
  const images = batch_size === 1 ? "one image" : `${whole(batch_size)} images`;
  return quantity === "outputs" ? `bytes of outputs for ${images}` : `multiply-adds for ${images}`;
}

export function problem(state) {
  const { units, kernel_size } = state;
  return first(
    oneOfProblem("quantity", state.quantity, Object.keys(LANDMARKS)),
    oneOfProblem("dtype", state.dtype, Object.keys(DTYPES)),
    oneOfProblem("optimizer", state.optimizer, Object.keys(OPTIMIZERS)),
    booleanProblem("bias", state.bias),
    ...Object.keys(LIMITS).filter((name) => name !== "units").map((name) => wholeProblem(name, state[name], LIMITS[name])),
    units === null ? null : wholeProblem("units", units, LIMITS.units),
  ) ?? (kernel_size % 2 ? null : `kernel_size = ${kernel_size} is even, and no equal padding keeps the size of the image; use ${kernel_size - 1} or ${kernel_size + 1}.`);
}

function build({ change, state: readState }) {
  const stops = [...new Set([...SIDES, readState().side])].sort((a, b) => a - b);
  const chart = lineChart({
    label: "Cost of the three layers against the side of the image. Left and right arrow move the side.",
    height: 320,
    move: (side) => change({ side }),
  });
  let drawn = { key: "" };

  /** The curves, and the axis that holds them, computed once for each state but for the side. */
  function curves(state) {
    const key = JSON.stringify({ ...state, side: 0 });
    if (key === drawn.key) return drawn;
    const at = stops.map((side) => [side, costs({ ...state, side })]);
    const points = Object.fromEntries(KINDS.map((kind) => [kind, at.map(([side, cost]) => [side, Number(cost[kind])])]));
    const marks = Object.entries(LANDMARKS[state.quantity]).map(([label, value]) => ({ axis: "y", at: value, label }));
    const all = [...KINDS.flatMap((kind) => points[kind].map(([, value]) => value)), ...marks.map((mark) => mark.at)];
    const range = [10 ** Math.floor(Math.log10(Math.min(...all)) - 0.2), 10 ** Math.ceil(Math.log10(Math.max(...all)) + 0.15)];
    drawn = { key, points, marks, range };
    return drawn;
  }

  /** A list of usual numbers; one that Python set and that is not among them is added. */
  function ladder(name, label, options) {
    const control = choice({
      name, label, options: options.map((option) => (Array.isArray(option) ? option : [String(option), whole(option)])),
      read: (state) => String(state[name]),
      write: (text) => change({ [name]: text === "null" ? null : Number(text) }),
    });
    const select = control.element.querySelector("select");
    return {
      ...control,
      update(state) {
        const now = String(state[name]);
        if (![...select.options].some((option) => option.value === now)) select.append(h("option", { value: now }, whole(state[name])));
        control.update(state);
      },
    };
  }
  /** A control that rests while the quantity does not depend on it. */
  const where = (quantities, control) => ({
    ...control,
    update(state) {
      control.element.querySelector("select, input").disabled = !quantities.includes(state.quantity);
      control.update(state);
    },
  });
  const named = (name, label, options) => choice({ name, label, options, read: (state) => state[name], write: (value) => change({ [name]: value }) });
  const controls = [
    named("quantity", "Count", [["parameters", "parameters"], ["memory", "memory of the parameters"], ["multiply-adds", "multiply-adds"], ["outputs", "memory of the outputs"]]),
    ladder("side", "Image side", stops.map((side) => [String(side), KNOWN[side] ?? whole(side)])),
    ladder("channels", "Channels", [1, 3, 16, 32, 64, 96, 128, 256, 512, 1024]),
    ladder("units", "Dense units", [10, 100, 1000, 4096, 10000, 100000, ["null", "as many as the others' outputs"]]),
    ladder("filters", "Filters", [1, 3, 16, 32, 64, 96, 128, 256, 512, 1024]),
    slider({ name: "kernel_size", label: "Kernel size", step: 2, read: (state) => state.kernel_size, range: () => LIMITS.kernel_size, write: (value) => change({ kernel_size: value }) }),
    where(["memory"], named("optimizer", "Optimiser", Object.entries(OPTIMIZERS).map(([name, [text]]) => [name, text]))),
    where(["memory", "outputs"], named("dtype", "Number type", Object.entries(DTYPES).map(([name, bytes]) => [name, `${name}, ${bytes} bytes`]))),
    where(["multiply-adds", "outputs"], ladder("batch_size", "Batch", [1, 8, 32, 64, 128, 256, 1024])),
    where(["parameters", "memory"], toggle({ name: "bias", label: "Biases", read: (state) => state.bias, write: (bias) => change({ bias }) })),
  ];

  function draw(state, colours, room) {
    const { side, channels, units, filters, kernel_size: k, bias, quantity, dtype, optimizer, batch_size } = state;
    const { key, points, marks, range } = curves(state);
    const cost = costs(state);
    const found = counts(state);
    const unit = quantity === "memory" || quantity === "outputs" ? "B" : "";
    const text = what(state);
    chart.paint({
      width: room, colours, key,
      x: { label: "image side, pixels", range: LIMITS.side, log: true, format: whole },
      y: { label: text, range, log: true, format: (value) => prefixed(value, unit) },
      curves: KINDS.map((kind) => ({
        name: room < 520 ? kind : NAMES[kind], points: points[kind].some(([at]) => at === side) ? points[kind] : [...points[kind], [side, Number(cost[kind])]].sort((a, b) => a[0] - b[0]),
        tag: prefixed(cost[kind], unit),
      })),
      landmarks: [...marks, { axis: "x", at: 224, label: "VGG-16's images" }],
      cursor: side, stops, valueText: `side ${whole(side)}`,
    });

    const more = {
      parameters: () => "",
      memory: () => ` · ${DTYPES[dtype]} bytes${optimizer === "none" ? "" : ` · (1 weight + 1 gradient + ${OPTIMIZERS[optimizer][1]} of the optimiser)`}`,
      "multiply-adds": () => (batch_size === 1 ? "" : ` · ${whole(batch_size)} images`),
      outputs: () => ` · ${DTYPES[dtype]} bytes · ${plural(batch_size, "image")}`,
    }[quantity]();
    const learned = quantity === "parameters" || quantity === "memory";
    const read = (taps) => (learned && bias ? `(${taps} + 1)` : taps);
    const places = `${side}·${side} places`;
    const line = quantity === "outputs"
      ? { dense: `${whole(found.dense.outputs)} units`, local: `${filters} filters · ${places}`, shared: `${filters} filters · ${places}` }
      : {
        dense: `${read(`${side}·${side}·${channels}`)} · ${whole(found.dense.outputs)} units`,
        local: `${read(`${k}·${k}·${channels}`)} · ${filters} filters · ${places}`,
        shared: `${read(`${k}·${k}·${channels}`)} · ${filters} filters${learned ? "" : ` · ${places}`}`,
      };
    const sums = KINDS.map((kind) => {
      const size = unit ? ` bytes = ${prefixed(cost[kind], "B")} = ${binary(cost[kind])}` : "";
      return `${`${kind}:`.padEnd(8)}${line[kind]}${more} = ${whole(cost[kind])}${size}`;
    });
    return {
      status: `Side ${whole(side)}, ${text}: ${KINDS.map((kind) => `${NAMES[kind]} ${whole(cost[kind])}`).join("; ")}.`,
      formula: sums.join("\n"),
      torch: `nn.Linear(${side} * ${side} * ${channels}, ${found.dense.outputs}${bias ? "" : ", bias=False"})\nnn.Conv2d(${channels}, ${filters}, ${k}${k > 1 ? `, padding=${(k - 1) / 2}` : ""}${bias ? "" : ", bias=False"})`,
      numbers: () => KINDS.map((kind) => {
        const { parameters, macs, outputs } = found[kind];
        return `${kind} = {"parameters": ${parameters}, "macs": ${macs}, "outputs": ${outputs}, "cost": ${cost[kind]}}`;
      }).join("\n"),
    };
  }

  return { stage: [h("div", { class: "panel" }, chart.element)], controls, draw };
}

export default explorer({
  title: "Layer costs",
  parameters: ["quantity", "side", "channels", "units", "filters", "kernel_size", "bias", "dtype", "optimizer", "batch_size"],
  problem,
  build,
});
