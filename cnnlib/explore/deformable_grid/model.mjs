import { rowsOf } from "../kit/format.mjs";
import { between } from "../mirror/sampling.mjs";
import { FARTHEST, KERNELS, PHOTO_SIDE, PIECE, RANDOM, SIDE } from "./schema.mjs";

const TAPS = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const PHOTOGRAPH = PIECE.flat();

export const sideOf = ({ picture }) => (picture === "photograph" ? PHOTO_SIDE : SIDE);
export const imageShape = (state) => [sideOf(state), sideOf(state)];

export function misfit({ offsets }) {
  if (offsets === null) return null;
  const shape = [offsets.length, offsets[0].length];
  if (shape[0] !== 9 || shape[1] !== 2)
    return `offsets of shape (${shape.join(", ")}) are not nine pairs; use 9 rows of (dy, dx)`;
  if (offsets.flat().some((v) => Math.abs(v) > FARTHEST))
    return `offsets reach beyond ${FARTHEST} pixels; use numbers from -${FARTHEST} to ${FARTHEST}`;
  return null;
}

/** The image, row-major. */
export function inputValues({ picture, image }) {
  if (picture === "photograph") return PHOTOGRAPH;
  return Array.from({ length: SIDE * SIDE }, (_, k) => {
    const [r, c] = [Math.floor(k / SIDE), k % SIDE];
    return picture === "array" ? (image[r]?.[c] ?? 0) : 10 * r + c;
  });
}

/** A state's numbers as rows of one's own, with one of them changed. */
export function ownInput(state, [r, c] = [], value) {
  const rows = rowsOf(inputValues({ ...state, picture: state.picture === "array" ? "array" : "numbers" }), SIDE);
  if (r !== undefined) rows[r][c] = value;
  return { picture: "array", image: rows };
}

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
};

/** The offsets that are meant, nine pairs (dy, dx), rounded to a millionth of a pixel. */
export function meant(state) {
  if (state.preset === "custom") return state.offsets;
  if (state.preset === "random") return RANDOM[state.seed];
  return gridOf(state).map((at) => MAKERS[state.preset](at, state).map((v) => Math.round(v * 1e6) / 1e6 + 0));
}

const written = (pair, { order }) => (order === "dy, dx" ? pair : [pair[1], pair[0]]);

/** Offsets of one's own in which the chosen tap is moved to a point, in eighths of a pixel, or by a step. */
export function movedTap(state, { to, by }) {
  const rows = meant(state).map((pair) => [...pair]);
  const { tap, place } = state;
  const at = gridOf(state)[tap];
  const now = written(rows[tap], state);
  const next = [0, 1].map((axis) => {
    const far = by ? now[axis] + by[axis] : Math.round(8 * (to[axis] - place[axis] - at[axis])) / 8;
    return Math.min(FARTHEST, Math.max(-FARTHEST, far)) + 0;
  });
  rows[tap] = written(next, state);
  return { preset: "custom", offsets: rows };
}

/** Everything at one position: channels, points, what is read there, and the two outputs. */
export function reading(state) {
  const image = inputValues(state);
  const shape = imageShape(state);
  const grid = gridOf(state);
  const rigidPoints = grid.map((at) => at.map((v, axis) => state.place[axis] + v));
  const pairs = meant(state).map((pair) => written(pair, state));
  const points = rigidPoints.map((at, k) => at.map((v, axis) => v + pairs[k][axis]));
  const weights = KERNELS[state.kernel].flat();
  const sum = (values) => values.reduce((total, value, k) => total + weights[k] * value, 0);
  const read = points.map((point) => between(image, shape, point));
  const values = read.map(({ value }) => value);
  const rigidValues = rigidPoints.map((point) => between(image, shape, point).value);
  return {
    image,
    weights,
    channels: pairs.flat(),
    rigidPoints,
    points,
    read,
    values,
    rigidValues,
    output: sum(values),
    rigid: sum(rigidValues),
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

/** Parameters, and multiply-adds per position, of kernel, offset branch and reading. */
export function costs({ in_channels, out_channels }) {
  const rows = [
    ["kernel", 9 * in_channels * out_channels, 9 * in_channels * out_channels],
    ["offset branch", 9 * in_channels * 18 + 18, 9 * in_channels * 18],
    ["reading", 0, 4 * 9 * in_channels],
  ];
  const [parameters, macs] = [1, 2].map((column) => rows.reduce((total, row) => total + row[column], 0));
  return { rows, parameters, macs, ratio: macs / rows[0][2] };
}
