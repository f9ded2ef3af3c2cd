import { clamp } from "../kit/clamp.mjs";
import { ORIENTATIONS, SIDE, TAPS } from "./schema.mjs";
import { quadrature } from "../mirror/kernels.mjs";

/** Simple and complex cells before a bar: the other half of the Python class, without a picture of it. */
export const ANGLES = Array.from({ length: 37 }, (_, k) => 5 * k);
export const OFFSETS = Array.from({ length: 33 }, (_, k) => k - 16);
export const MIDDLE = SIDE / 2;
export const NAMES = Object.keys(ORIENTATIONS);
export const PAIRS = Object.fromEntries(NAMES.map((name) => [name, quadrature(TAPS, 90 - ORIENTATIONS[name])]));

/** A bar on pixels `from` to `from + size` either way; 0 is the grey around, 1 or -1 the bar. */
function bar(row, column, { angle, length, width, dark }, from = 0, size = SIDE) {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const values = new Float64Array(size * size);
  for (let i = 0, k = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1, k += 1) {
      const [down, right] = [from + i - row, from + j - column];
      const part =
        clamp(length / 2 + 0.5 - Math.abs(right * cos - down * sin), 0, 1) *
        clamp(width / 2 + 0.5 - Math.abs(right * sin + down * cos), 0, 1);
      values[k] = dark ? -part : part;
    }
  }
  return values;
}

/** Cross-correlation with a kernel of TAPS x TAPS, by what each pixel gives: most are zero and cost nothing. */
function filtered(values, side, kernel, padding) {
  const size = side + 2 * padding - TAPS + 1;
  const output = new Float64Array(size * size);
  for (let r = 0, k = 0; r < side; r += 1) {
    for (let c = 0; c < side; c += 1, k += 1) {
      if (values[k] !== 0) give(output, size, values[k], kernel, r + padding, c + padding);
    }
  }
  return output;
}

/** What the pixel at (row, column) of the framed picture adds to every position whose window holds it. */
function give(output, size, value, kernel, row, column) {
  const [top, low] = [Math.max(0, row - TAPS + 1), Math.min(size - 1, row)];
  const [left, right] = [Math.max(0, column - TAPS + 1), Math.min(size - 1, column)];
  for (let r = top; r <= low; r += 1) {
    const tap = (row - r) * TAPS + column;
    const line = r * size;
    for (let c = left; c <= right; c += 1) output[line + c] += value * kernel[tap - c];
  }
}

const rectified = (values) => values.map((v) => Math.max(v, 0));

/** The strongest or the mean of the cells up to `reach` away, rows first and then columns; zeros outside. */
function pooled(plane, side, reach, kind) {
  let from = plane;
  for (const [step, line] of [
    [1, side],
    [side, 1],
  ]) {
    const to = new Float64Array(side * side);
    for (let i = 0; i < side; i += 1) {
      for (let j = 0; j < side; j += 1) {
        let value = 0;
        for (let k = Math.max(0, j - reach); k <= Math.min(side - 1, j + reach); k += 1) {
          const v = from[i * line + k * step];
          if (kind !== "max") value += v;
          else if (v > value) value = v;
        }
        to[i * line + j * step] = kind === "max" ? value : value / (2 * reach + 1);
      }
    }
    from = to;
  }
  return from;
}

/** A plane of simple and one of complex cells. */
function planes(values, name, { cell, reach }) {
  const even = filtered(values, SIDE, PAIRS[name][0], TAPS >> 1);
  const simple = rectified(even);
  if (cell !== "energy") return [simple, pooled(simple, SIDE, reach, cell)];
  const other = filtered(values, SIDE, PAIRS[name][1], TAPS >> 1);
  return [simple, even.map((v, k) => Math.hypot(v, other[k]))];
}

/** The cells in the middle alone, [simple, complex], with the bar at (row, column). */
function followed(row, column, state) {
  const { preferred, cell, reach } = state;
  const around = cell === "energy" ? 0 : reach;
  const size = TAPS + 2 * around;
  const values = bar(row, column, state, MIDDLE - around - (TAPS >> 1), size);
  const even = filtered(values, size, PAIRS[preferred][0], 0);
  const simple = rectified(even);
  const middle = simple[(simple.length - 1) / 2];
  if (cell === "max") return [middle, Math.max(...simple)];
  if (cell === "mean") return [middle, simple.reduce((sum, v) => sum + v, 0) / simple.length];
  return [middle, Math.hypot(even[0], filtered(values, size, PAIRS[preferred][1], 0)[0])];
}

/** How far the bar's line lies from the cells in the middle, in pixels. */
function offsetOf({ position: [row, column], angle }) {
  const turn = (angle * Math.PI) / 180;
  return (column - MIDDLE) * Math.sin(turn) + (row - MIDDLE) * Math.cos(turn);
}

/**
 * Everything about the cells: planes by name, and both curves of the cells that are followed.
 * `remember(key, make)` may give back what `make` made for the same key before: the curve over all angles, while the
 * bar turns.
 */
export function cells(state, remember = (key, make) => make()) {
  const { position, angle, length, width, dark, preferred, cell, reach } = state;
  const [row, column] = position;
  const stimulus = bar(row, column, state);
  const found = NAMES.map((name) => planes(stimulus, name, state));
  const turn = (angle * Math.PI) / 180;
  const offset = offsetOf(state);
  return {
    stimulus,
    simple: found.map(([s]) => s),
    complex: found.map(([, c]) => c),
    offset,
    tuning: remember([position, length, width, dark, preferred, cell, reach], () =>
      ANGLES.map((to) => followed(row, column, { ...state, angle: to })),
    ),
    tolerance: OFFSETS.map((to) =>
      followed(row + (to - offset) * Math.cos(turn), column + (to - offset) * Math.sin(turn), state),
    ),
  };
}
