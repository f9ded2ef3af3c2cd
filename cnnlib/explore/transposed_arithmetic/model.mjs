import { filled, numbers } from "../kit/numbers.mjs";
import { misfit as transposedMisfit, transposedSize } from "../mirror/transposed.mjs";
import { SCHEMA } from "./schema.mjs";

const PATTERNS = {
  count: ([height, width]) => filled(height, width, (r, c) => 1 + r * width + c),
  ones: ([height, width]) => filled(height, width, () => 1),
  impulse: ([height, width]) => filled(height, width, (r, c) => Number(r === height >> 1 && c === width >> 1)),
};
const tent = (at, k) => 1 - Math.abs(at - (k - 1) / 2) / Math.floor((k + 1) / 2);
const PRESETS = {
  count: (k) => filled(k, k, (r, c) => 1 + r * k + c),
  ones: (k) => filled(k, k, () => 1),
  bilinear: (k) => filled(k, k, (r, c) => tent(r, k) * tent(c, k)),
};

const own = numbers(PATTERNS, PRESETS);
export const inputValues = own.inputValues;
export const kernelValues = own.kernelValues;
export const ownInput = own.ownInput;
export const ownWeights = own.ownWeights;

export const outputShape = (state) => state.size.map((n) => transposedSize(n, state));

/** The phase of a position in the frame: phases are counted along rows, `stride` in each direction. */
export const phaseOf = ([r, c], { stride }) => (r % stride) * stride + (c % stride);
export const letter = (phase) => String.fromCharCode(65 + phase);

/** The sum of the weights that write each phase, which is what an input of ones gives inside. */
export function phaseSums(weights, { kernel_size: k, stride, dilation }) {
  const sums = Array.from({ length: stride ** 2 }, () => 0);
  weights.forEach((weight, tap) => {
    sums[phaseOf([dilation * Math.floor(tap / k), dilation * (tap % k)], { stride })] += weight;
  });
  return sums;
}

export const misfit = (state) => transposedMisfit(state.size, state);

/** A smaller stride or dilation takes the output padding with it, which must stay below the larger of the two. */
export const withRoom = (state, name, value) => {
  const next = { ...state, [name]: value };
  const output_padding = Math.min(state.output_padding, Math.max(next.stride, next.dilation) - 1);
  return name === "output_padding" ? { [name]: value } : { [name]: value, output_padding };
};

/** From the first to the last value of a parameter that leaves an output while the others stay. */
function legal(name, state, axis) {
  const { low, high } = SCHEMA[name];
  const fits = (value) =>
    axis === undefined ? !misfit({ ...state, ...withRoom(state, name, value) }) : transposedSize(value, state) > 0;
  const values = Array.from({ length: high - low + 1 }, (_, k) => low + k).filter(fits);
  return [values[0], values.at(-1)];
}

export const ranges = Object.fromEntries(
  ["size", "kernel_size", "stride", "padding", "output_padding", "dilation"].map((name) => [
    name,
    (state, axis) => legal(name, state, axis),
  ]),
);
