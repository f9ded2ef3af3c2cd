import { sizeOf } from "../kit/pictures.mjs";
import { inflated, unpackColours } from "../kit/pixels.mjs";
import { COLOUR_PHOTOGRAPHS } from "../generated/colour_photographs.mjs";
import { misfit as windowMisfit, outputSize } from "../mirror/convolution.mjs";
import { drawn, features } from "../mirror/filters.mjs";
import { SORTS } from "./schema.mjs";
import { BANKS } from "./weights.mjs";

export const misfit = (state) =>
  state.photo === "array"
    ? windowMisfit(sizeOf(COLOUR_PHOTOGRAPHS, state), { kernel_size: BANKS[state.bank].side, padding: 0, dilation: 1 })
    : null;

export const bounds = {
  count: ({ bank }) => BANKS[bank].count,
  map_shape: (state) =>
    sizeOf(COLOUR_PHOTOGRAPHS, state).map((n) =>
      outputSize(n, { kernel_size: BANKS[state.bank].side, stride: state.stride, padding: 0, dilation: 1 }),
    ),
};

/** A photograph: its pixels (RGBA), and its planes from 0 to 1 less the mean of each. */
export async function unpackPhotograph(packed) {
  const { height, width, pixels } = await unpackColours(packed);
  const count = height * width;
  const planes = [0, 1, 2].map(() => new Float64Array(count));
  const sums = [0, 0, 0];
  for (let n = 0; n < count; n += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      planes[channel][n] = pixels[4 * n + channel] / 255;
      sums[channel] += pixels[4 * n + channel];
    }
  }
  planes.forEach((plane, channel) => {
    for (let n = 0; n < count; n += 1) plane[n] -= sums[channel] / 255 / count;
  });
  return { height, width, pixels, planes };
}

/** The same of the shape and the values of a reader's own picture or an array from Python. */
export function ownPhotograph([height, width], values) {
  const count = height * width;
  const pixels = new Uint8ClampedArray(4 * count).fill(255);
  const planes = [0, 1, 2].map((channel) => {
    const plane = new Float64Array(count);
    let sum = 0;
    for (let n = 0; n < count; n += 1) {
      plane[n] = values[3 * n + channel];
      sum += plane[n];
      pixels[4 * n + channel] = Math.round(255 * plane[n]);
    }
    for (let n = 0; n < count; n += 1) plane[n] -= sum / count;
    return plane;
  });
  return { height, width, pixels, planes };
}

/** A bank: its filters, what is measured on each, and the orders in which a gallery can show them. */
export async function unpackBank({ count, side, factors, deflated }) {
  const size = 3 * side * side;
  const levels = deflated ? new Int8Array(await inflated(deflated)) : drawn(count * size);
  const filters = Array.from({ length: count }, (_, f) =>
    Float64Array.from(levels.subarray(f * size, (f + 1) * size), (level) => level * (factors[f] ?? factors[0])),
  );
  const measured = filters.map((weights) => features(weights, side));
  const indices = filters.map((_, f) => f);
  const orders = Object.fromEntries(
    SORTS.map((sort) => [
      sort,
      sort === "index" ? indices : [...indices].sort((a, b) => measured[a][sort] - measured[b][sort]),
    ]),
  );
  return { count, side, filters, measured, orders };
}
