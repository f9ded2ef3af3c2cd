import { ontoGrid } from "../kit/clamp.mjs";
import { between } from "../mirror/sampling.mjs";
import { CELL, CELLS, DILATION, DRAWS, FINE, HEIGHTS, KINDS, LAYERS } from "./schema.mjs";
import { MAGNITUDES, MEAN } from "./tables.mjs";

const FIELD = CELLS * CELLS;
const TAPS = Array.from({ length: 9 }, (_, k) => [DILATION * (Math.floor(k / 3) - 1), DILATION * ((k % 3) - 1)]);

export const misfit = ({ height }) =>
  HEIGHTS.includes(height) ? null : `height=${height} is no stored size; use one of ${HEIGHTS.join(", ")}`;

/** How much each point counts; together 1. */
export function weightsOf(layer) {
  let product = [1];
  for (const index of [...LAYERS[layer]].reverse()) {
    const nine = MAGNITUDES[index];
    const total = nine.reduce((sum, v) => sum + v, 0);
    product = product.flatMap((weight) => nine.map((v) => (weight * v) / total));
  }
  return Float64Array.from(product);
}

/** A layer's 18 offsets at a point between cells, in cells; beyond the border those of the nearest cell. */
function lookedUp(offsets, layer, row, column) {
  const point = ontoGrid([row, column], [CELLS, CELLS]);
  const { top, left, weights } = between(offsets, [CELLS, CELLS], point);
  const [below, right] = [Math.min(top + 1, CELLS - 1), Math.min(left + 1, CELLS - 1)];
  const four = [top * CELLS + left, top * CELLS + right, below * CELLS + left, below * CELLS + right];
  const found = new Float64Array(18);
  for (let k = 0; k < 18; k += 1) {
    const start = (18 * layer + k) * FIELD;
    let sum = 0;
    for (let n = 0; n < 4; n += 1) sum += weights[n] * offsets[start + four[n]];
    found[k] = sum / FINE;
  }
  return found;
}

const NONE = new Float64Array(18);
const MEANS = MEAN.map((nine) => Float64Array.from(nine));

/** The points of a kind at a position through layers, the first first, in cells: row, column, row, column, ... */
export function cloud(offsets, kind, layers, position) {
  let points = Float64Array.from(position);
  for (const layer of [...layers].reverse()) {
    const next = new Float64Array(9 * points.length);
    for (let n = 0; n < points.length; n += 2) {
      const [row, column] = [points[n], points[n + 1]];
      const step = kind === "learned" ? lookedUp(offsets, layer, row, column) : kind === "mean" ? MEANS[layer] : NONE;
      for (let k = 0; k < 9; k += 1) {
        next[9 * n + 2 * k] = row + TAPS[k][0] + step[2 * k];
        next[9 * n + 2 * k + 1] = column + TAPS[k][1] + step[2 * k + 1];
      }
    }
    points = next;
  }
  return points;
}

/** Points moved from one position to another. */
const moved = (points, from, to) => points.map((v, k) => v - from[k % 2] + to[k % 2]);

/** The cells whose middle is on the sheep, row by row. */
export function sheepPositions({ parts, side }) {
  const all = Array.from({ length: FIELD }, (_, k) => [Math.floor(k / CELLS), k % CELLS]);
  return all.filter(([r, c]) => parts[CELL * r * side + CELL * c]);
}

/** The other position on the sheep whose offsets "elsewhere" takes: half of the sheep away at first. */
export function otherOf(positions, [row, column], draw) {
  const count = positions.length;
  const away = Math.max(1, Math.floor(((2 * ((7 * draw + 10) % DRAWS) + 1) * count) / (2 * DRAWS)));
  const index = positions.findIndex((at) => at[0] === row && at[1] === column);
  return positions[((index < 0 ? CELLS * row + column : index) + away) % count];
}

/** The part of the sheep that a point in cells is on, by its nearest pixel; 0 is none, as outside the picture. */
function partAt({ parts, side }, row, column) {
  const r = Math.floor(CELL * row + 0.5);
  const c = Math.floor(CELL * column + 0.5);
  return r >= 0 && r < side && c >= 0 && c < side ? parts[r * side + c] : 0;
}

export const onSheep = (scene, points) =>
  Array.from({ length: points.length / 2 }, (_, k) => partAt(scene, points[2 * k], points[2 * k + 1]) > 0);

/** How much of the points, by weight, is on the sheep; they may be moved by (down, right). */
function share(scene, points, weights, [down, right] = [0, 0]) {
  let sum = 0;
  for (let k = 0; k < weights.length; k += 1)
    if (partAt(scene, points[2 * k] + down, points[2 * k + 1] + right)) sum += weights[k];
  return sum;
}

/** The root mean squared distance from the mean, in pixels. */
function spreadOf(points, weights) {
  const [row, column] = [0, 1].map((axis) => weights.reduce((sum, w, k) => sum + w * points[2 * k + axis], 0));
  const square = (k) => (points[2 * k] - row) ** 2 + (points[2 * k + 1] - column) ** 2;
  return CELL * Math.sqrt(weights.reduce((sum, w, k) => sum + w * square(k), 0));
}

/** The mean distance of neighbours among nine points. */
function effectiveDilation(points) {
  const distance = (one, other) =>
    Math.hypot(points[2 * one] - points[2 * other], points[2 * one + 1] - points[2 * other + 1]);
  const found = TAPS.flatMap((_, k) => [
    ...(k % 3 < 2 ? [distance(k, k + 1)] : []),
    ...(k < 6 ? [distance(k, k + 3)] : []),
  ]);
  return found.reduce((sum, d) => sum + d, 0) / found.length;
}

/** At one position, for each kind: its points, share, spread and effective dilation. */
export function here(scene, { place, layer, draw }) {
  const layers = LAYERS[layer];
  const weights = weightsOf(layer);
  const other = otherOf(sheepPositions(scene), place, draw);
  const at = (kind, which) =>
    kind === "elsewhere"
      ? moved(cloud(scene.offsets, "learned", which, other), other, place)
      : cloud(scene.offsets, kind, which, place);
  const kinds = {};
  for (const kind of KINDS) {
    const points = at(kind, layers);
    kinds[kind] = {
      points,
      share: share(scene, points, weights),
      spread: spreadOf(points, weights),
      dilation: effectiveDilation(at(kind, layers.slice(-1))),
    };
  }
  return { kinds, weights, other, part: partAt(scene, ...place) };
}

/** For each kind the shares at all positions on the sheep. */
export function everywhere(scene, { layer, draw }) {
  const layers = LAYERS[layer];
  const weights = weightsOf(layer);
  const positions = sheepPositions(scene);
  const fixed = (kind) => {
    const points = cloud(scene.offsets, kind, layers, [0, 0]);
    return positions.map((position) => share(scene, points, weights, position));
  };
  const learned = new Map(
    positions.map((position) => [String(position), cloud(scene.offsets, "learned", layers, position)]),
  );
  return {
    positions,
    rigid: fixed("rigid"),
    mean: fixed("mean"),
    learned: positions.map((position) => share(scene, learned.get(String(position)), weights)),
    elsewhere: positions.map((position) => {
      const other = otherOf(positions, position, draw);
      return share(scene, learned.get(String(other)), weights, [position[0] - other[0], position[1] - other[1]]);
    }),
  };
}
