import { legalRange, misfit as windowMisfit, outputSize } from "../mirror/convolution.mjs";
import { rowsOf } from "../kit/format.mjs";
import { SCHEMA } from "./schema.mjs";

const filled = (rows, columns, value) =>
  Float64Array.from({ length: rows * columns }, (_, k) => value(Math.floor(k / columns), k % columns));

const PATTERNS = {
  positions: ([height, width]) => filled(height, width, (r, c) => 10 * r + c),
  impulse: ([height, width]) => filled(height, width, (r, c) => Number(r === height >> 1 && c === width >> 1)),
  edge: ([height, width]) => filled(height, width, (r, c) => Number(c >= width / 2)),
};
const PRESETS = {
  ones: (k) => filled(k, k, () => 1),
  centre: (k) => filled(k, k, (r, c) => Number(r === k >> 1 && c === k >> 1)),
  difference: (k) => filled(k, k, (r, c) => (k === 1 ? 1 : Number(c === k - 1) - Number(c === 0))),
  mean: (k) => filled(k, k, () => 1 / k ** 2),
};

/** The numbers in the input, row-major; zeros beyond those given. */
export function inputValues({ pattern, image, size }) {
  return pattern === "array" ? filled(...size, (r, c) => image[r]?.[c] ?? 0) : PATTERNS[pattern](size);
}

/** The weights, row-major; zeros beyond those given. */
export function kernelValues({ preset, weights, kernel_size: k }) {
  return preset === "custom" ? filled(k, k, (r, c) => weights[r]?.[c] ?? 0) : PRESETS[preset](k);
}

/** A state's numbers as rows of one's own, with one of them changed where one is given. */
export function ownInput(state, [r, c] = [], value) {
  const rows = rowsOf(inputValues(state), state.size[1]);
  if (r !== undefined) rows[r][c] = value;
  return { pattern: "array", image: rows };
}
export function ownWeights(state, [r, c] = [], value) {
  const rows = rowsOf(kernelValues(state), state.kernel_size);
  if (r !== undefined) rows[r][c] = value;
  return { preset: "custom", weights: rows };
}

export const outputShape = (state) => state.size.map((n) => outputSize(n, state));

export const misfit = (state) => windowMisfit(state.size, state);

export const ranges = Object.fromEntries(
  ["size", "kernel_size", "padding", "dilation"].map((name) => [
    name,
    (state, axis) => legalRange(name, name === "size" ? [state.size[axis]] : state.size, state, SCHEMA[name]),
  ]),
);
