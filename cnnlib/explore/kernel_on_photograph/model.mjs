import { PHOTOGRAPHS } from "../generated/photographs.mjs";
import { legalRange, misfit as windowMisfit, outputSize } from "../mirror/convolution.mjs";
import { named } from "../mirror/kernels.mjs";
import { rowsOf } from "../kit/format.mjs";
import { sizeOf as pictureSize } from "../kit/pictures.mjs";
import { extent } from "../kit/pixels.mjs";
import { SCHEMA, SMALLEST } from "./schema.mjs";

/** The weights: the named filter, or those given, zeros beyond them. */
export function kernelValues({ preset, kernel_size: k, angle, weights }) {
  if (preset !== "custom") return named(preset, k, angle);
  return Float64Array.from({ length: k * k }, (_, i) => weights[Math.floor(i / k)]?.[i % k] ?? 0);
}

/** The weights of a state as rows of one's own, with one of them changed where one is given. */
export function ownWeights(state, [r, c] = [], value) {
  const rows = rowsOf(kernelValues(state), state.kernel_size);
  if (r !== undefined) rows[r][c] = value;
  return { preset: "custom", weights: rows };
}

export const sizeOf = (state) => pictureSize(PHOTOGRAPHS, state);
export const outputShape = (state) => sizeOf(state).map((n) => outputSize(n, state));

export function misfit(state) {
  const { preset, kernel_size } = state;
  const smallest = SMALLEST[preset] ?? 1;
  if (kernel_size < smallest)
    return `kernel_size=${kernel_size} is too small for preset='${preset}'; use kernel_size >= ${smallest}`;
  return windowMisfit(sizeOf(state), state);
}

const legal = (name) => (state) => legalRange(name, sizeOf(state), state, SCHEMA[name]);
export const ranges = {
  kernel_size(state) {
    const [low, high] = legal("kernel_size")(state);
    return [Math.max(low, SMALLEST[state.preset] ?? 1), high];
  },
  padding: legal("padding"),
  dilation: legal("dilation"),
};

/** The values that are drawn black and white: 0 and 1 where all lie between them, else the smallest and the largest. */
export function greyRange(values) {
  const [low, high] = extent(values);
  return low >= 0 && high <= 1 ? [0, 1] : [low, high === low ? low + 1 : high];
}

/** Values with a frame of zeros around them. */
export function padded({ values, height, width }, padding) {
  if (!padding) return { values, height, width };
  const wide = width + 2 * padding;
  const all = new Float32Array((height + 2 * padding) * wide);
  for (let r = 0; r < height; r += 1)
    all.set(values.subarray(r * width, (r + 1) * width), (r + padding) * wide + padding);
  return { values: all, height: height + 2 * padding, width: wide };
}
