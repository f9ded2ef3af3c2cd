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
  for (const dilation of dilationsOf(state))
    for (const down of [true, false]) picture = filteredAlong(picture, tapsOf(state), dilation, down);
  return picture;
}

/** A picture after a line of taps, tap by tap: down its columns, or along its rows. */
function filteredAlong(picture, taps, dilation, down) {
  const output = new Float64Array(picture.length);
  const first = Math.floor(((taps.length - 1) * dilation) / 2);
  taps.forEach((weight, tap) => {
    const by = (tap * dilation - first + 2 * SIDE) % SIDE;
    for (let r = 0, row = 0; r < SIDE; r += 1, row += SIDE) {
      if (down) add(output, row, row + SIDE, weight, picture, ((r + by) % SIDE) * SIDE);
      else {
        add(output, row, row + SIDE - by, weight, picture, row + by);
        add(output, row + SIDE - by, row + SIDE, weight, picture, row);
      }
    }
  });
  return output;
}

function add(output, start, end, weight, picture, first) {
  for (let k = start, from = first; k < end; k += 1, from += 1) output[k] += weight * picture[from];
}

/** Mean, standard deviation, and the correlation of each pixel with the one to its right; 0 where all are equal. */
export function statistics(picture) {
  let [sum, squares, products] = [0, 0, 0];
  for (const value of picture) sum += value;
  const mean = sum / picture.length;
  for (let r = 0, index = 0; r < SIDE; r += 1) {
    for (let c = 0; c < SIDE; c += 1, index += 1) {
      const away = picture[index] - mean;
      squares += away ** 2;
      products += away * (picture[c === SIDE - 1 ? index - SIDE + 1 : index + 1] - mean);
    }
  }
  const deviation = Math.sqrt(squares / picture.length);
  return deviation > FLAT
    ? { mean, deviation, correlation: products / squares }
    : { mean, deviation: 0, correlation: 0 };
}

/** Every `keep`-th row and column of the first `side` ones, side / keep a side. */
export function piece(picture, side, keep) {
  const kept = side / keep;
  const found = new Float64Array(kept * kept);
  for (let r = 0, index = 0; r < side; r += keep) {
    for (let c = 0; c < side; c += keep, index += 1) found[index] = picture[r * SIDE + c];
  }
  return found;
}
