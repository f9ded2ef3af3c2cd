import { addTaps } from "../mirror/taps.mjs";
import { SIDE } from "./schema.mjs";

/**
 * The small stacks of layers of "Break equivariance", and what moves their input and their output: the other half of
 * `stack.py` and of `cnnlib.transforms`. Images are square, row-major Float64Arrays.
 */
const UNITS = 16;

const EDGES = [
  [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  [1, 0, -1, 2, 0, -2, 1, 0, -1],
  [1, 2, 1, 0, 0, 0, -1, -2, -1],
].map((kernel) => kernel.map((w) => w / 4));
const SECOND = {
  smooth: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((w) => w / 16),
  sharp: [1, 1, 1, 1, -16, 1, 1, 1, 1].map((w) => -w / 16),
};

/** A frame of one pixel around an image of `side`: zeros, or what lies at the other edge. */
function framed(image, side, wrap) {
  const wide = side + 2;
  const out = new Float64Array(wide * wide);
  for (let r = 0; r < side; r += 1) out.set(image.subarray(r * side, (r + 1) * side), (r + 1) * wide + 1);
  if (!wrap) return out;
  for (let r = 1; r <= side; r += 1) {
    out[r * wide] = out[r * wide + side];
    out[r * wide + side + 1] = out[r * wide + 1];
  }
  out.copyWithin(0, side * wide, (side + 1) * wide);
  out.copyWithin((side + 1) * wide, wide, 2 * wide);
  return out;
}

function relu(values) {
  for (let k = 0; k < values.length; k += 1) if (values[k] < 0) values[k] = 0;
  return values;
}

function halved(image, side, mix) {
  const half = side / 2;
  return Float64Array.from({ length: half * half }, (_, k) => mix(2 * Math.floor(k / half), 2 * (k % half)));
}

function maxPool(image, side) {
  return halved(image, side, (r, c) => {
    const at = r * side + c;
    return Math.max(image[at], image[at + 1], image[at + side], image[at + side + 1]);
  });
}

function blurPool(image, side) {
  const frame = framed(image, side, true);
  const wide = side + 2;
  return halved(image, side, (r, c) => {
    let sum = 0;
    for (let i = 0; i < 3; i += 1) {
      const at = (r + i) * wide + c;
      sum += (i === 1 ? 2 : 1) * (frame[at] + 2 * frame[at + 1] + frame[at + 2]);
    }
    return sum / 16;
  });
}

let dense = null;

/** Weights of the 256 dense units, from a hash of their number. */
function denseWeights() {
  return (dense ??= Float32Array.from({ length: UNITS ** 2 * SIDE ** 2 }, (_, k) => {
    let n = Math.imul(k ^ (k >>> 16), 0x7feb352d);
    n = Math.imul(n ^ (n >>> 15), 0x846ca68b);
    return (((n ^ (n >>> 16)) >>> 0) / 2 ** 32 - 0.5) / (SIDE / 2);
  }));
}

function denseUnits(image) {
  const weights = denseWeights();
  const out = new Float64Array(UNITS ** 2);
  for (let unit = 0, at = 0; unit < out.length; unit += 1) {
    let [one, two] = [0, 0]; // two sums, so that one need not wait for the other
    for (let k = 0; k < image.length; k += 2, at += 2) {
      one += weights[at] * image[k];
      two += weights[at + 1] * image[k + 1];
    }
    out[unit] = one + two;
  }
  return out;
}

/** What the layers make of an image of 64 x 64: a map of (64 / stride) a side. */
export function stack(layers, second, image) {
  if (layers === "dense") return relu(denseUnits(image));
  const wrap = layers !== "zero_padding";
  const input = framed(image, SIDE, wrap);
  const [stride, wide] = [layers === "stride" ? 2 : 1, SIDE + 2];
  const out = new Float64Array((SIDE / stride) ** 2);
  for (const kernel of EDGES) {
    const edges = new Float64Array(SIDE * SIDE);
    addTaps(edges, input, wide, { weights: kernel, side: 3 }, SIDE, SIDE, 1);
    const between = framed(relu(edges), SIDE, wrap);
    addTaps(out, between, wide, { weights: SECOND[second], side: 3 }, SIDE / stride, SIDE / stride, stride);
  }
  relu(out);
  if (layers === "max_pool") return maxPool(out, SIDE);
  return layers === "blur_pool" ? blurPool(out, SIDE) : out;
}

/** An image moved by whole pixels. */
export function shifted(image, side, [down, right], boundary) {
  const out = new Float64Array(image.length);
  for (let r = 0; r < side; r += 1) {
    for (let c = 0; c < side; c += 1) {
      let [y, x] = [r - down, c - right];
      if (boundary === "circular") [y, x] = [(y + 4 * side) % side, (x + 4 * side) % side];
      else if (y < 0 || x < 0 || y >= side || x >= side) continue;
      out[r * side + c] = image[y * side + x];
    }
  }
  return out;
}

/** The weight of a pixel `t` away, between pixels: the sinc, or the sum of its copies around an even `side`. */
function sinc(t, side, boundary) {
  if (Number.isInteger(t)) return Number(boundary === "circular" ? t % side === 0 : t === 0);
  return boundary === "circular"
    ? Math.sin(Math.PI * t) / (side * Math.tan((Math.PI * t) / side))
    : Math.sin(Math.PI * t) / (Math.PI * t);
}

/** A map moved by any distance: `cnnlib.transforms.FractionalShift`. */
export function moved(map, side, move, boundary) {
  if (move.every(Number.isInteger)) return shifted(map, side, move, boundary);
  const [down, right] = move.map((distance) =>
    Float64Array.from({ length: 2 * side - 1 }, (_, k) => sinc(k - side + 1 - distance, side, boundary)),
  );
  const across = new Float64Array(map.length);
  for (let r = 0; r < side; r += 1) {
    for (let c = 0; c < side; c += 1) {
      let sum = 0;
      for (let j = 0; j < side; j += 1) sum += right[c - j + side - 1] * map[r * side + j];
      across[r * side + c] = sum;
    }
  }
  const out = new Float64Array(map.length);
  for (let r = 0; r < side; r += 1) {
    for (let i = 0; i < side; i += 1) {
      const weight = down[r - i + side - 1];
      if (weight !== 0) for (let c = 0; c < side; c += 1) out[r * side + c] += weight * across[i * side + c];
    }
  }
  return out;
}

/**
 * `{size, reference, error}`: the norms ||a - b|| and ||b|| without a border, and their ratio; rounding counts as none.
 */
export function compare(a, b, side, border) {
  let [difference, reference] = [0, 0];
  for (let r = border; r < side - border; r += 1) {
    for (let k = r * side + border; k < (r + 1) * side - border; k += 1) {
      difference += (a[k] - b[k]) ** 2;
      reference += b[k] ** 2;
    }
  }
  const [size, whole] = [Math.sqrt(difference), Math.sqrt(reference)];
  const error = size === 0 ? 0 : size / whole;
  return { size, reference: whole, error: error < 1e-9 ? 0 : error };
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
