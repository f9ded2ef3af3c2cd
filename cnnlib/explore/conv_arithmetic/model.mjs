import { legalRange, misfit as windowMisfit, outputSize } from "../mirror/convolution.mjs";
import { filled, numbers } from "../kit/numbers.mjs";
import { SCHEMA } from "./schema.mjs";

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

const own = numbers(PATTERNS, PRESETS);
export const inputValues = own.inputValues;
export const kernelValues = own.kernelValues;
export const ownInput = own.ownInput;
export const ownWeights = own.ownWeights;

export const outputShape = (state) => state.size.map((n) => outputSize(n, state));

export const misfit = (state) => windowMisfit(state.size, state);

export const ranges = Object.fromEntries(
  ["size", "kernel_size", "padding", "dilation"].map((name) => [
    name,
    (state, axis) => legalRange(name, name === "size" ? [state.size[axis]] : state.size, state, SCHEMA[name]),
  ]),
);
