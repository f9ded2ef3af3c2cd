import { PHOTOGRAPHS } from "../generated/photographs.mjs";
import { clamp } from "../kit/clamp.mjs";
import { sizeOf, tooSmall } from "../kit/pictures.mjs";
import { extent } from "../kit/pixels.mjs";
import { checkerboardShare, phaseMeans, powerOf } from "../mirror/spectrum.mjs";
import { upsample2x } from "../mirror/upsampling.mjs";
import { CONSTANT, FLAT, GREY, KERNELS, MARGIN, SCHEMA, SIDE, TOTALS } from "./schema.mjs";
import { DRAWS } from "./tables.mjs";

export const LARGE = 2 * SIDE; // side of the result

const tent = (distance) => Math.max(0, 1 - Math.abs(distance));
/** Weights along one axis with which a kind interpolates linearly: for each phase, of the distance from the middle. */
const LINES = {
  transposed: [(far) => tent(far / 2)],
  "sub-pixel": [(far) => tent(far + 1 / 4), (far) => tent(far - 1 / 4)],
  "nearest + conv": [(far) => tent(far / 2)],
  "bilinear + conv": [(far) => Number(far === 0)],
};

function bilinear(kind, k) {
  const lines = LINES[kind].map((line) => Array.from({ length: k }, (_, at) => line(at - (k - 1) / 2)));
  return lines.flatMap((down) => lines.map((across) => down.flatMap((one) => across.map((other) => one * other))));
}

function drawn({ kind, kernel_size: k, weights, seed }) {
  const kernel = (n) => DRAWS[seed][n].slice(0, k).flatMap((row) => row.slice(0, k));
  return Array.from({ length: KERNELS[kind] }, (_, n) => kernel(weights === "ICNR" ? 0 : n));
}

/** The weights: one kernel, or four for the sub-pixel kind, each row-major. */
export function kernelsOf(state) {
  const { kind, kernel_size: k, weights } = state;
  const ones = () => Array.from({ length: KERNELS[kind] }, () => Array.from({ length: k * k }, () => 1));
  const found = weights === "bilinear" ? bilinear(kind, k) : weights === "ones" ? ones() : drawn(state);
  const total = found.flat().reduce((sum, weight) => sum + weight, 0);
  return found.map((kernel) => kernel.map((weight) => (weight * TOTALS[kind]) / total));
}

/** The size of the photograph, or of the grey area. */
const shapeOf = (state) => (state.photo === "constant" ? GREY : sizeOf(PHOTOGRAPHS, state));

/** Rows and columns at which a piece can begin. */
export const rangeShape = (state) => shapeOf(state).map((length) => length - SIDE + 1);

/** The piece with `margin` pixels around it; beyond the photograph's edge its outermost ones. */
export function around({ position }, { values, height, width }, margin) {
  const side = SIDE + 2 * margin;
  const [rows, columns] = [height, width].map((length, axis) =>
    Array.from({ length: side }, (_, at) => clamp(position[axis] - margin + at, 0, length - 1)),
  );
  const found = new Float64Array(side * side);
  rows.forEach((row, r) => columns.forEach((column, c) => (found[r * side + c] = values[row * width + column])));
  return found;
}

/** The middle of a square map. */
function inner(map, side, margin) {
  const left = side - 2 * margin;
  const found = new Float64Array(left * left);
  for (let r = 0; r < left; r += 1) {
    const from = (margin + r) * side + margin;
    found.set(map.subarray(from, from + left), r * left);
  }
  return found;
}

/** A map with its spectrum, its share of checkerboard, and its smallest and largest value. */
function measured(map, side) {
  const [low, high] = extent(map);
  const power = high - low < FLAT ? new Float64Array(side * side) : powerOf(map, side);
  return { map, power, share: checkerboardShare(power, side), low, high };
}

/** Everything that is shown. */
export function computed(state, picture) {
  const { kind, kernel_size: k } = state;
  const kernels = kernelsOf(state);
  const whole = SIDE + 2 * MARGIN;
  const doubled = inner(upsample2x(around(state, picture, MARGIN), whole, kernels, k, kind), 2 * whole, 2 * MARGIN);
  const ones = upsample2x(new Float64Array(64).fill(1), 8, kernels, k, kind);
  return {
    kernels,
    piece: measured(around(state, picture, 0), SIDE),
    result: measured(doubled, LARGE),
    means: phaseMeans(doubled, LARGE),
    gains: [8, 9].map((row) => [8, 9].map((column) => ones[row * 16 + column])),
  };
}

/** A grey area as a photograph. */
export const AREA = { height: GREY[0], width: GREY[1], values: new Float32Array(GREY[0] * GREY[1]).fill(CONSTANT) };

/** Values 0 to 1 of a spectrum: eight powers of ten below its highest line; frequency 0 a quarter from the corner. */
export function shades(power) {
  const most = extent(power)[1];
  const before = (at) => (at + LARGE - LARGE / 4) % LARGE;
  const share = (at) => power[before(Math.floor(at / LARGE)) * LARGE + before(at % LARGE)] / most;
  return power.map((_, at) => (most ? Math.max(0, 1 + Math.log10(share(at)) / 8) : 0));
}

/** The kernel sizes that a kind can have. */
export const sizesOf = (kind) =>
  Array.from({ length: SCHEMA.kernel_size.high }, (_, n) => n + 1).filter(
    (kernel_size) => !misfit({ kind, kernel_size, weights: "ones" }),
  );

/** A kind, with what must change so that the kernel and the weights suit it. */
export function asKind({ kernel_size, weights }, kind) {
  const sizes = sizesOf(kind);
  return {
    kind,
    kernel_size: sizes.findLast((size) => size <= kernel_size) ?? sizes[0],
    weights: weights === "ICNR" && kind !== "sub-pixel" ? "random" : weights,
  };
}

export function misfit(state) {
  const { kind, kernel_size: k, weights } = state;
  if (kind === "transposed" && k < 2) return "kernel_size=1 leaves pixels that no stamp reaches; use at least 2";
  if (kind !== "transposed" && k % 2 === 0)
    return `kernel_size=${k} is even, and has no middle for kind='${kind}'; use an odd one`;
  if (weights === "ICNR" && kind !== "sub-pixel")
    return `weights='ICNR' makes four kernels equal, and kind='${kind}' has one; use kind='sub-pixel'`;
  return tooSmall(state, SIDE);
}
