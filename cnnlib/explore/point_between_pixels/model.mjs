import { replaced, rowsOf } from "../kit/format.mjs";
import { between, rounded } from "../mirror/sampling.mjs";
import { PATTERNS, SIDE } from "./schema.mjs";

const SHAPE = [SIDE, SIDE];

/** The values in the image, row-major; zeros beyond those given. */
export function inputValues({ pattern, image }) {
  const given = pattern === "array" ? image : PATTERNS[pattern];
  return Array.from({ length: SIDE * SIDE }, (_, k) => given[Math.floor(k / SIDE)]?.[k % SIDE] ?? 0);
}

/** A state's values as rows of one's own, with one of them changed where one is given. */
export const ownInput = (state, where, value) => ({
  pattern: "array",
  image: replaced(rowsOf(inputValues(state), SIDE), where, value),
});

/** What is read at a point, and the slopes that are passed on: as `between`, for each method. */
export function reading(values, point, { method, rule }) {
  const found = between(values, SHAPE, point, rule);
  if (method === "bilinear") return found;
  const nearest = between(values, SHAPE, point.map(rounded));
  return { ...found, value: nearest.value, slopes: method === "nearest" ? [0, 0] : nearest.slopes };
}

/** The slopes upwards of the point and to its left: on a pixel's row or column they are others. */
export function slopesBefore(values, [row, column]) {
  const above = between(values, SHAPE, [Math.ceil(row) - 1, column]);
  const level = between(values, SHAPE, [Math.ceil(row), column]);
  const left = between(values, SHAPE, [row, Math.ceil(column) - 1]);
  const here = between(values, SHAPE, [row, Math.ceil(column)]);
  return [level.value - above.value, here.value - left.value];
}

/** What is read all over the image and one pixel around it, `fine` points per pixel. */
export function surface(values, state, fine) {
  const side = (SIDE + 1) * fine + 1;
  const at = (k) => k / fine - 1;
  return {
    side,
    values: Float32Array.from(
      { length: side * side },
      (_, k) => reading(values, [at(Math.floor(k / side)), at(k % side)], state).value,
    ),
  };
}

/** The cut through it along the point's row, as points of a line; a step has two at one column. */
export function cut(values, state) {
  const value = (column) => reading(values, [state.row, column], state).value;
  if (state.method === "bilinear") {
    const columns = Array.from({ length: SIDE + 2 }, (_, k) => k - 1);
    if (state.rule === "truncate") columns.splice(1, 0, -1 + 1e-9);
    return columns.map((column) => [column, value(column)]);
  }
  const steps = Array.from({ length: SIDE + 1 }, (_, k) => [k - 0.5 - 1e-9, k - 0.5 + 1e-9]).flat();
  return [-1, ...steps, SIDE].map((column) => [column, value(column)]);
}
