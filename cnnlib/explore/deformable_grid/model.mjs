import { clamp } from "../kit/clamp.mjs";
import { replaced, rowsOf } from "../kit/format.mjs";
import { middleSquare } from "../mirror/area.mjs";
import { between } from "../mirror/sampling.mjs";
import { FARTHEST, KERNELS, PHOTO_SIDE, RANDOM, SIDE } from "./schema.mjs";
import { PIECE, SHEEP } from "./tables.mjs";

const TAPS = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const PHOTOGRAPH = PIECE.flat();

/** Whether the image is 32 x 32 grey levels rather than numbers. */
export const isPhotograph = ({ picture }) => picture === "photograph" || picture === "own";
export const sideOf = (state) => (isPhotograph(state) ? PHOTO_SIDE : SIDE);
export const imageShape = (state) => [sideOf(state), sideOf(state)];

const shapeOf = (rows) => `(${rows.length}, ${rows[0].length})`;

export function misfit({ picture, preset, offsets, weights, masks }) {
  if (preset === "sheep" && picture !== "photograph")
    return `preset='sheep' has no sheep in picture='${picture}'; use picture='photograph'`;
  if (offsets !== null) {
    if (shapeOf(offsets) !== "(9, 2)")
      return `offsets of shape ${shapeOf(offsets)} are not nine pairs; use 9 rows of (dy, dx)`;
    if (offsets.flat().some((v) => Math.abs(v) > FARTHEST))
      return `offsets reach beyond ${FARTHEST} pixels; use numbers from -${FARTHEST} to ${FARTHEST}`;
  }
  for (const [name, rows] of Object.entries({ weights, masks })) {
    if (rows !== null && shapeOf(rows) !== "(3, 3)")
      return `${name} of shape ${shapeOf(rows)} are not one for each tap; use 3 rows of 3`;
  }
  if (masks !== null && masks.flat().some((v) => v < 0 || v > 1))
    return "masks reach beyond 0 to 1; use numbers from 0 to 1";
  return null;
}

const opened = new WeakMap(); // own picture to its levels

/** The middle square of a reader's own picture as whole grey levels. */
function levelsOf(photograph) {
  if (!opened.has(photograph)) {
    const { buffer, byteOffset, byteLength } = photograph.data;
    const values = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
    opened.set(
      photograph,
      Array.from(middleSquare(values, 1, photograph.shape, PHOTO_SIDE), (v) => Math.round(255 * v)),
    );
  }
  return opened.get(photograph);
}

/** The image, row-major. */
export function inputValues({ picture, image, photograph }) {
  if (picture === "photograph") return PHOTOGRAPH;
  if (picture === "own") return levelsOf(photograph);
  return Array.from({ length: SIDE * SIDE }, (_, k) => {
    const [r, c] = [Math.floor(k / SIDE), k % SIDE];
    return picture === "array" ? (image[r]?.[c] ?? 0) : 10 * r + c;
  });
}

/** A state's values as rows of one's own. */
export function ownInput(state) {
  const values = inputValues({ ...state, picture: state.picture === "array" ? "array" : "numbers" });
  return { picture: "array", image: rowsOf(values, SIDE) };
}

/** The rows of the kernel. */
const kernelRows = ({ kernel, weights }) => (kernel === "custom" ? weights : KERNELS[kernel]);

/** The kernel as rows of one's own, with one weight changed where one is given. */
export const ownWeights = (state, where, value) => ({
  kernel: "custom",
  weights: replaced(kernelRows(state), where, value),
});

/** Masks with one of them changed; those of a new layer are 1/2, the sigmoid of zero. */
export const ownMasks = ({ masks }, where, value) => ({
  version: "v2",
  masks: replaced(masks ?? Array(3).fill([0.5, 0.5, 0.5]), where, clamp(value, 0, 1)),
});

/** Where the taps of the rigid grid lie from its middle. */
export const gridOf = ({ dilation }) => TAPS.map((k) => [dilation * (Math.floor(k / 3) - 1), dilation * ((k % 3) - 1)]);

const MAKERS = {
  rigid: () => [0, 0],
  dilation: ([y, x], { factor }) => [(factor - 1) * y, (factor - 1) * x],
  shift: (_, { down, right }) => [down, right],
  turn([y, x], { angle }) {
    const [cosine, sine] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    return [x * sine + y * cosine - y, x * cosine - y * sine - x];
  },
  squeeze: ([y, x], { squeeze }) => [(squeeze - 1) * y, (1 / squeeze - 1) * x],
  sheep: (at, { place, pull }) => toSheep(at.map((v, axis) => v + place[axis])).map((v) => pull * v),
};

/** From a pixel to the nearest of the sheep; of several, to the first. */
function toSheep([row, column]) {
  let best = [0, 0, Infinity];
  SHEEP.forEach((line, r) =>
    line.forEach((is, c) => {
      const far = (r - row) ** 2 + (c - column) ** 2;
      if (is && far < best[2]) best = [r - row, c - column, far];
    }),
  );
  return best.slice(0, 2);
}

/** The offsets that are meant, nine pairs (dy, dx), rounded to a millionth of a pixel. */
export function meant(state) {
  if (state.preset === "custom") return state.offsets;
  if (state.preset === "random") return RANDOM[state.seed];
  return gridOf(state).map((at) => MAKERS[state.preset](at, state).map((v) => Math.round(v * 1e6) / 1e6 + 0));
}

const written = (pair, { order }) => (order === "dy, dx" ? pair : [pair[1], pair[0]]);

/** Offsets of one's own in which the chosen tap is moved to a point, in eighths of a pixel, or by a step. */
export function movedTap(state, { to, by }) {
  const pairs = meant(state);
  const { tap, place } = state;
  const at = gridOf(state)[tap];
  const now = written(pairs[tap], state);
  const next = [0, 1].map((axis) => {
    const far = by ? now[axis] + by[axis] : Math.round(8 * (to[axis] - place[axis] - at[axis])) / 8;
    return clamp(far, -FARTHEST, FARTHEST) + 0;
  });
  return { preset: "custom", offsets: pairs.map((pair, k) => (k === tap ? written(next, state) : pair)) };
}

/** Everything at one position: channels, points, what is read there, and the two outputs. */
export function reading(state) {
  const image = inputValues(state);
  const shape = imageShape(state);
  const grid = gridOf(state);
  const rigidPoints = grid.map((at) => at.map((v, axis) => state.place[axis] + v));
  const pairs = meant(state).map((pair) => written(pair, state));
  const points = rigidPoints.map((at, k) => at.map((v, axis) => v + pairs[k][axis]));
  const weights = kernelRows(state).flat();
  const masks = state.version === "v2" ? state.masks.flat() : TAPS.map(() => 1);
  const masked = weights.map((weight, k) => weight * masks[k]);
  const sum = (factors, values) => values.reduce((total, value, k) => total + factors[k] * value, 0);
  const readAt = (point) => between(image, shape, point);
  const read = points.map(readAt);
  const [values, rigidValues] = [read, rigidPoints.map(readAt)].map((all) => all.map(({ value }) => value));
  return {
    image,
    weights,
    masks,
    masked,
    channels: pairs.flat(),
    rigidPoints,
    points,
    read,
    values,
    products: values.map((value, k) => masked[k] * value),
    rigidValues,
    output: sum(masked, values),
    rigid: sum(weights, rigidValues),
    outside: points.filter((point) => point.some((v, axis) => v <= -1 || v >= shape[axis])).length,
    effective: effectiveDilation(points),
  };
}

/** The mean distance of taps that are neighbours in the kernel. */
function effectiveDilation(points) {
  const distance = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);
  const found = TAPS.flatMap((k) => [
    ...(k % 3 < 2 ? [distance(points[k], points[k + 1])] : []),
    ...(k < 6 ? [distance(points[k], points[k + 3])] : []),
  ]);
  return found.reduce((total, d) => total + d, 0) / found.length;
}

/** What the branch predicts at each position, and the multiply-adds of reading one value. */
export const VERSIONS = { v1: { predicted: 18, read: 4 }, v2: { predicted: 27, read: 5 } };

/** What the layer costs beyond the kernel, in kernels of one output channel: 22 or 32 of them for 3 x 3 taps. */
export const extra = (version) => VERSIONS[version].predicted + VERSIONS[version].read;

/** Parameters, and multiply-adds per position, of kernel, branch and reading. */
export function costs({ in_channels, out_channels, version }) {
  const { predicted, read } = VERSIONS[version];
  const rows = [
    ["kernel", 9 * in_channels * out_channels, 9 * in_channels * out_channels],
    ["branch", 9 * in_channels * predicted + predicted, 9 * in_channels * predicted],
    [version === "v2" ? "reading, masks" : "reading", 0, read * 9 * in_channels],
  ];
  const [parameters, macs] = [1, 2].map((column) => rows.reduce((total, row) => total + row[column], 0));
  return { rows, parameters, macs, ratio: macs / rows[0][2] };
}
