import { middleSquare } from "../mirror/area.mjs";
import { AMOUNT, CORNER, DEVIATION, FLAT, MEAN, MIDDLE, SIDE, STEPS, TAPS } from "./schema.mjs";

export const misfit = () => null;

/** Dilation of each layer, the first layer first. */
export const dilationsOf = ({ layers, d1, d2, d3, d4 }) => [d1, d2, d3, d4].slice(0, layers);

/** The weights of every layer along an axis. */
const tapsOf = ({ filter, kernel_size }) => TAPS[filter][kernel_size];

/** Which pixels a unit reads along an axis, counted from the first: all sums of one tap from each layer. */
export function offsetsOf(state) {
  let found = new Set([0]);
  for (const dilation of dilationsOf(state)) {
    const next = new Set();
    for (const at of found) for (let tap = 0; tap < state.kernel_size; tap += 1) next.add(at + tap * dilation);
    found = next;
  }
  return [...found].sort((one, other) => one - other);
}

/** How many pixels two units read in common that are `step` rows and columns apart. */
export function commonOf(offsets, step) {
  const all = new Set(offsets);
  const both = step.map((by) => offsets.filter((at) => all.has(at - by)).length);
  return both[0] * both[1];
}

/** Share of the amplitude that is left of a wave of `frequency` cycles per pixel along an axis. */
export function gain(state, frequency) {
  let product = 1;
  for (const dilation of dilationsOf(state)) {
    let [re, im] = [0, 0];
    tapsOf(state).forEach((weight, tap) => {
      const angle = 2 * Math.PI * frequency * dilation * tap;
      re += weight * Math.cos(angle);
      im += weight * Math.sin(angle);
    });
    product *= Math.hypot(re, im);
  }
  return product;
}

/** The frequencies at which the cursor can stand, and what is left of each. */
export const FREQUENCIES = Array.from({ length: STEPS / 2 + 1 }, (_, k) => k / STEPS);
export const gainsOf = (state) => FREQUENCIES.map((frequency) => gain(state, frequency));

/** White noise of mean 0 and deviation 1, as in `noise.py`: sums of the four bytes of hashed pixel indices. */
export function noise() {
  return Float64Array.from({ length: SIDE * SIDE }, (_, index) => {
    let h = Math.imul(index + 1, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
    const sum = (h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24);
    return (sum - MEAN) / DEVIATION;
  });
}

/** The piece of the photograph that is filtered, SIDE x SIDE; `openSquare` gives that of a reader's own picture. */
const pieceOf = ({ own, values, width }) =>
  own ??
  Float64Array.from(
    { length: SIDE * SIDE },
    (_, index) => values[(CORNER[0] + Math.floor(index / SIDE)) * width + CORNER[1] + (index % SIDE)],
  );
export function openSquare(shape, values) {
  const square = middleSquare(values, 1, shape, SIDE);
  const at = (index) => (index + MIDDLE) % SIDE; // the middle comes first; the picture wraps around
  return { own: square.map((_, k) => square[at(Math.floor(k / SIDE)) * SIDE + at(k % SIDE)]) };
}

/** What is filtered, SIDE x SIDE. */
export function inputOf(source, photograph, white) {
  const light = source === "noise" ? new Float64Array(SIDE * SIDE).fill(0.5) : pieceOf(photograph);
  return source === "photograph" ? light : light.map((value, index) => value + AMOUNT * white[index]);
}

/** The picture after all layers; beyond an edge it begins again at the other. */
export function outputOf(state, input) {
  let picture = input;
  const taps = tapsOf(state);
  for (const dilation of dilationsOf(state)) {
    const first = Math.floor(((state.kernel_size - 1) * dilation) / 2);
    for (const down of [true, false]) {
      const next = new Float64Array(picture.length);
      for (let r = 0; r < SIDE; r += 1) {
        for (let c = 0; c < SIDE; c += 1) {
          let sum = 0;
          for (let tap = 0; tap < taps.length; tap += 1) {
            const at = ((down ? r : c) - first + tap * dilation + 2 * SIDE) % SIDE;
            sum += taps[tap] * picture[down ? at * SIDE + c : r * SIDE + at];
          }
          next[r * SIDE + c] = sum;
        }
      }
      picture = next;
    }
  }
  return picture;
}

/** Mean, standard deviation, and the correlation of each pixel with the one to its right; 0 where all are equal. */
export function statistics(picture) {
  const mean = picture.reduce((sum, v) => sum + v, 0) / picture.length;
  let [squares, products] = [0, 0];
  picture.forEach((value, index) => {
    const beside = index % SIDE === SIDE - 1 ? index - SIDE + 1 : index + 1;
    squares += (value - mean) ** 2;
    products += (value - mean) * (picture[beside] - mean);
  });
  const deviation = Math.sqrt(squares / picture.length);
  return deviation > FLAT
    ? { mean, deviation, correlation: products / squares }
    : { mean, deviation: 0, correlation: 0 };
}

/** Every `keep`-th row and column of the first `side` ones, side / keep a side. */
export function piece(picture, side, keep) {
  const kept = side / keep;
  return Float64Array.from(
    { length: kept * kept },
    (_, index) => picture[Math.floor(index / kept) * keep * SIDE + (index % kept) * keep],
  );
}
