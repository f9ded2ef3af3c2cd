import { span } from "../mirror/convolution.mjs";
import { DIALECTS, SCHEMA, SIZE } from "./schema.mjs";

const spansOf = ({ kernel_size, dilation }) => kernel_size.map((k) => span(k, dilation));

/** [top, bottom, left, right] and the output padding of a state, from the words of its dialect. */
export function sidesOf(state) {
  const { padding, layer, stride, before, after } = state;
  const spans = spansOf(state);
  if (padding === "valid") return { sides: [0, 0, 0, 0], extra: [0, 0] };
  if (padding === "numbers") {
    const sides = [before[0], after[0], before[1], after[1]];
    return { sides, extra: layer === "transposed" ? state.output_padding : [0, 0] };
  }
  const split = (total) => [Math.floor(total / 2), total - Math.floor(total / 2)];
  if (layer === "transposed") {
    const sides = spans.flatMap((each) => split(Math.max(each - stride, 0)));
    return { sides, extra: spans.map((each) => Math.max(stride - each, 0)) };
  }
  if (state.dialect === "scipy") return { sides: spans.flatMap((each) => [each >> 1, (each - 1) >> 1]), extra: [0, 0] };
  const total = (each, axis) => Math.max((Math.ceil(SIZE[axis] / stride) - 1) * stride + each - SIZE[axis], 0);
  return { sides: spans.flatMap((each, axis) => split(total(each, axis))), extra: [0, 0] };
}

/** Why a dialect has no words for a layer, and what would do; or null. Another's "same" is numbers to it. */
export function unsaid(state, dialect) {
  const { layer, stride, dilation, padding, kernel_size } = state;
  const [transposed, own] = [layer === "transposed", dialect === state.dialect];
  const { sides, extra } = sidesOf(state);
  if (dialect === "keras" && stride > 1 && dilation > 1)
    return `stride=${stride} and dilation=${dilation} are both above 1, which Keras refuses; use 1 for one`;
  if (dialect === "keras" && Math.max(...extra) >= stride)
    return `output_padding=${Math.max(...extra)} is not below stride=${stride}, as Keras asks for; use less`;
  if (own && padding === "same" && transposed && dialect !== "keras")
    return "padding='same' of a transposed layer is a word of Keras's; use dialect='keras', or numbers";
  if (own && padding === "same" && ["torch", "cnnlib"].includes(dialect) && stride > 1)
    return `padding='same' needs stride=1 in ${DIALECTS[dialect]}, not ${stride}; use numbers, or stride=1`;
  if (dialect !== "exam") return null;
  if (own && padding === "same") return "padding='same' is no word of the exam; use numbers";
  if (kernel_size[0] !== kernel_size[1]) return "its filters are square, F x F; use a square kernel_size";
  if (transposed && (Math.max(...sides, ...extra) || dilation > 1))
    return "its transposed layers have neither padding nor dilation; use padding='valid' and dilation=1";
  if (new Set(sides).size > 1) return "it pads P pixels on each side, all alike; use equal numbers before and after";
  return null;
}

/** Why a layer has no output, and what would do; or null. */
function unfit(state) {
  const { sides, extra } = sidesOf(state);
  const spans = spansOf(state);
  if (state.layer !== "transposed") {
    const room = SIZE.map((n, axis) => n + sides[2 * axis] + sides[2 * axis + 1]);
    if (spans.every((each, axis) => each <= room[axis])) return null;
    return `a window of ${spans.join(" x ")} does not fit in ${room.join(" x ")} padded pixels; use a smaller one`;
  }
  const least = Math.max(state.stride, state.dilation);
  if (state.padding === "numbers" && Math.max(...extra) >= least) {
    const most = Math.max(...extra);
    return `output_padding=${most} is not below the larger of stride and dilation; use at most ${least - 1}`;
  }
  const full = fullSize(state, extra);
  if (full.every((n, axis) => n > sides[2 * axis] + sides[2 * axis + 1])) return null;
  return `before and after cut away all of ${full.join(" x ")} pixels; use less`;
}

/** Rows and columns of a transposed layer before anything is cut off. */
export const fullSize = (state, extra = sidesOf(state).extra) =>
  spansOf(state).map((each, axis) => (SIZE[axis] - 1) * state.stride + each + extra[axis]);

export const misfit = (state) => unsaid(state, state.dialect) ?? unfit(state);

export const outputs = ({ layer, channels, filters }) => (layer === "depthwise" ? channels * filters : filters);
const inner = ({ layer, channels }) => (layer === "depthwise" ? 1 : channels);

export const inputAt = (c, r, q) => (3 * c + 5 * r + 2 * q + r * q) % 10;
export const weightAt = (o, i, r, q) => ((7 * o + 5 * i + 3 * r + 2 * q + r * q) % 9) - 4;

/** Where weight (o, i, r, q) lies in a dialect's own array, row-major; and the shape of that array. */
export function layout(state, dialect) {
  const { layer, channels: C, filters: M, kernel_size } = state;
  const [h, w] = kernel_size;
  const [O, I] = [outputs(state), inner(state)];
  if (dialect !== "keras") {
    const [first, second] = layer === "transposed" ? [I, O] : [O, I];
    const at = layer === "transposed" ? (o, i) => i * O + o : (o, i) => o * I + i;
    return { shape: [first, second, h, w], at: (o, i, r, q) => (at(o, i) * h + r) * w + q };
  }
  if (layer === "depthwise") return { shape: [h, w, C, M], at: (o, _, r, q) => (r * w + q) * C * M + o };
  if (layer === "transposed") return { shape: [h, w, O, I], at: (o, i, r, q) => ((r * w + q) * O + o) * I + i };
  return { shape: [h, w, I, O], at: (o, i, r, q) => ((r * w + q) * I + i) * O + o };
}

export const turns = ({ layer }, dialect) => dialect === "scipy" && layer !== "transposed";

/** The kernel as a dialect writes it: its weights in a row, in its own layout, turned where it convolves. */
export function written(state, dialect) {
  const { shape, at } = layout(state, dialect);
  const [h, w] = state.kernel_size;
  const array = new Float64Array(shape.reduce((product, n) => product * n, 1));
  for (let o = 0; o < outputs(state); o += 1)
    for (let i = 0; i < inner(state); i += 1)
      for (let r = 0; r < h; r += 1)
        for (let q = 0; q < w; q += 1)
          array[turns(state, dialect) ? at(o, i, h - 1 - r, w - 1 - q) : at(o, i, r, q)] = weightAt(o, i, r, q);
  return array;
}

/** What a weight is to somebody who reads a dialect's array by that dialect's rules. */
export function reader(state, dialect, array) {
  const { at } = layout(state, dialect);
  const [h, w] = state.kernel_size;
  return (o, i, r, q) => array[turns(state, dialect) ? at(o, i, h - 1 - r, w - 1 - q) : at(o, i, r, q)];
}

/** The output, from a kernel and the padding: { rows, columns, values } with the channels one after the other. */
export function run(state, kernel = weightAt, { sides, extra } = sidesOf(state)) {
  const { layer, channels, filters, kernel_size, stride, dilation } = state;
  const [top, bottom, left, right] = sides;
  const transposed = layer === "transposed";
  const spans = spansOf(state);
  const [rows, columns] = transposed
    ? fullSize(state, extra).map((n, axis) => n - sides[2 * axis] - sides[2 * axis + 1])
    : [SIZE[0] + top + bottom, SIZE[1] + left + right].map((n, axis) => Math.floor((n - spans[axis]) / stride) + 1);
  const O = outputs(state);
  const values = new Float64Array(O * rows * columns);
  const inside = (at, length) => at >= 0 && at < length;
  // each tap joins pixels of the smaller picture, `stride` apart in the larger one, to pixels of that
  const [small, large] = transposed ? [SIZE, [rows, columns]] : [[rows, columns], SIZE];
  for (let o = 0; o < O; o += 1)
    for (let i = 0; i < inner(state); i += 1) {
      const c = layer === "depthwise" ? Math.floor(o / filters) : i;
      for (let a = 0; a < kernel_size[0]; a += 1)
        for (let b = 0; b < kernel_size[1]; b += 1) {
          const weight = kernel(o, i, a, b);
          for (let r = 0; r < small[0]; r += 1)
            for (let q = 0; q < small[1]; q += 1) {
              const [y, x] = [r * stride + a * dilation - top, q * stride + b * dilation - left];
              if (!inside(y, large[0]) || !inside(x, large[1])) continue;
              const from = transposed ? [r, q] : [y, x];
              const to = transposed ? [y, x] : [r, q];
              values[(o * rows + to[0]) * columns + to[1]] += weight * inputAt(c, ...from);
            }
        }
    }
  return { rows, columns, values, channels };
}

/** The largest difference of two outputs, NaN where they have other sizes. */
function difference(one, other) {
  if (one.rows !== other.rows || one.columns !== other.columns) return NaN;
  return one.values.reduce((most, value, k) => Math.max(most, Math.abs(value - other.values[k])), 0);
}

/** How far the layer is off that reads a dialect's own array by its own rules. */
export const measured = (state, dialect) =>
  difference(run(state), run(state, reader(state, dialect, written(state, dialect))));

/** What is off where a conversion into `target` is forgotten: kind to the largest difference, or NaN. */
export function mistakes(state, target) {
  const { dialect, layer, kernel_size, channels, filters, padding } = state;
  const either = (name) => target === name || dialect === name;
  if (target === dialect || either("exam")) return {};
  const [h, w] = kernel_size;
  const { sides, extra } = sidesOf(state);
  const found = {};
  if (layer !== "transposed" && either("scipy"))
    found.turned = run(state, (o, i, r, q) => weightAt(o, i, h - 1 - r, w - 1 - q));
  if (padding === "same" && ["torch", "cnnlib"].includes(target)) {
    if (layer === "transposed") {
      const sums = [0, 2].map((side) => sides[side] + sides[side + 1]);
      const cut = sums.map((sum) => Math.ceil(sum / 2));
      const more = cut.map((each, axis) => 2 * each - sums[axis] + extra[axis]);
      found.shifted = run(state, weightAt, { sides: [cut[0], cut[0], cut[1], cut[1]], extra: more });
    } else {
      const [down, across] = spansOf(state).map((each) => each >> 1);
      found.same = run(state, weightAt, { sides: [down, down, across, across], extra });
    }
  }
  if (either("keras")) {
    // the weights in the order of one layout, read in the order of the other; torch's stands for all but Keras's
    const plain = (name) => (name === "keras" ? "keras" : "torch");
    found.reshaped = run(state, reader(state, plain(target), written(state, plain(dialect))));
    if (layer === "depthwise" && Math.min(channels, filters) > 1)
      found.order = run(state, (o, i, r, q) => weightAt((o % channels) * filters + Math.floor(o / channels), i, r, q));
  }
  const right = run(state);
  return Object.fromEntries(Object.entries(found).map(([kind, output]) => [kind, difference(output, right)]));
}

/** What setting a parameter sets: the exam's filters are square, and it pads all sides alike. */
export function moved(state, name, value, axis) {
  const pair = axis === undefined ? value : state[name].map((v, k) => (k === axis ? value : v));
  if (axis === undefined || state.dialect !== "exam") return { [name]: pair };
  if (name === "kernel_size") return { kernel_size: [value, value] };
  return name === "output_padding" ? { [name]: pair } : { before: [value, value], after: [value, value] };
}

/** The first and last legal value of a slider while the others stay. */
function legal(name, state, axis) {
  const { low, high } = SCHEMA[name];
  const shows = SCHEMA[name].shows ? { padding: "numbers" } : {};
  const fits = (value) => !misfit({ ...state, ...shows, ...moved(state, name, value, axis) });
  const values = Array.from({ length: high - low + 1 }, (_, k) => low + k).filter(fits);
  return [values[0] ?? low, values.at(-1) ?? low];
}

export const ranges = {
  ...Object.fromEntries(
    ["kernel_size", "stride", "dilation", "before", "after", "output_padding"].map((name) => [
      name,
      (state, axis) => legal(name, state, axis),
    ]),
  ),
  channel: (state) => [0, outputs(state) - 1],
};

/** The same layer with a choice set: its padding is put into numbers, or taken away, where the dialect needs it. */
export function adapted(state, given) {
  const { sides, extra } = sidesOf(state);
  const numbers = { padding: "numbers", before: [sides[0], sides[2]], after: [sides[1], sides[3]] };
  const plain = { padding: "valid", dilation: 1, output_padding: [0, 0] };
  const square = { kernel_size: [state.kernel_size[0], state.kernel_size[0]] };
  const ways = [{}, { ...numbers, output_padding: extra }, plain, { ...plain, ...square }];
  const way = ways.find((each) => !misfit({ ...state, ...given, ...each })) ?? ways.at(-1);
  return { ...given, ...way };
}
