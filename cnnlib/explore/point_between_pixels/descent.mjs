import { middleSquare } from "../mirror/area.mjs";
import { findShift, windowAt, windowError } from "../mirror/registration.mjs";
import { FAR, FINE, FRAME, METHODS, RATE, REACH, SHIFT, STEPS, WINDOW } from "./schema.mjs";

const WIDTH = WINDOW + 2 * FRAME;
/** Shifts along one side of the map. */
export const ACROSS = 2 * REACH * FINE + 1;

/** The middle square of a reader's own picture, as a piece. */
export const openPiece = (shape, values) => ({
  height: WIDTH,
  width: WIDTH,
  values: middleSquare(values, 1, shape, WIDTH),
});

/** What a descent looks at: the piece as exact levels from 0 to 1, where its window is, and the target. */
export function searched({ values }) {
  const patch = {
    image: Float64Array.from(values, (v) => Math.round(255 * v) / 255),
    width: WIDTH,
    side: WINDOW,
    corner: [FRAME, FRAME],
  };
  return { patch, target: windowAt(patch, SHIFT) };
}

/** The way of the shift by each method. */
export function waysOf({ patch, target }, start) {
  const options = { start, steps: STEPS, rate: RATE, far: FAR };
  return Object.fromEntries(METHODS.map((method) => [method, findShift(patch, target, { ...options, method })]));
}

/** The mean squared error of every shift on the map, row by row. */
export function errorMap({ patch, target }) {
  const shift = (k) => k / FINE - REACH;
  return Float64Array.from(
    { length: ACROSS * ACROSS },
    (_, k) => windowError(patch, target, [shift(Math.floor(k / ACROSS)), shift(k % ACROSS)], "bilinear").error,
  );
}
