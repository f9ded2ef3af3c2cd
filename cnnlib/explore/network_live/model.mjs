import { CHANGES, SCHEMA, SIDES } from "./schema.mjs";
import { ROWS } from "./tables.mjs";

export const NAMES = SCHEMA.stage.choices;
export const FIRST = 5; // classes that are shown

/** [channels, side, field, jump, start of the first field] of a row. */
export const rowOf = (state, stage = state.stage) => ROWS[state.coarse ? "coarse" : "fine"][stage];
export const sideOf = ({ coarse }) => (coarse ? SIDES.coarse : SIDES.fine);
const removableOf = ({ remove }) => (remove.endsWith(" channel") ? ROWS.fine[remove.split(" ")[0]][0] : 512);

/** Whether one channel of a stage can be taken out. */
export const loses = (stage) => SCHEMA.remove.choices.includes(`${stage} channel`);

export const misfit = () => null;
export const bounds = {
  channels: (state) => rowOf(state)[0],
  map_shape: (state) => [rowOf(state)[1], rowOf(state)[1]],
  removable: removableOf,
};
export const ranges = { removed_channel: (state) => [0, removableOf(state) - 1] };

/** Whether anything is done to the picture or to the network. */
export const isChanged = (state) =>
  CHANGES.some((name) => JSON.stringify(state[name]) !== JSON.stringify(SCHEMA[name].default));

/** The state of the same picture with nothing changed. */
export const intactOf = (state) => ({
  ...state,
  ...Object.fromEntries(CHANGES.map((name) => [name, SCHEMA[name].default])),
});

/** What is taken out, [row, first channel, last], the last not in it, or null. */
export function removedOf({ remove, removed_channel: channel }) {
  if (remove === "nothing") return null;
  const [stage, what] = remove.split(" ");
  if (what === "channel") return [stage, channel, channel + 1];
  const half = ROWS.fine[stage][0] / 2;
  return what === "1x1" ? [stage, 0, half] : [stage, half, 2 * half];
}

/** The indices of the largest values, first of equals first. */
export function largest(values, count) {
  const found = [];
  for (let n = 0; n < values.length; n += 1) {
    if (found.length === count && !(values[n] > values[found[count - 1]])) continue;
    let at = found.length;
    while (at && values[n] > values[found[at - 1]]) at -= 1;
    found.splice(at, 0, n);
    found.length = Math.min(found.length, count);
  }
  return found;
}

/** One channel's responses. */
export const mapOf = ({ values, side }, channel) => values.subarray(channel * side * side, (channel + 1) * side * side);

/** Where a map is largest, as [row, column]. */
export function strongest(map, side) {
  let best = 0;
  for (let at = 1; at < map.length; at += 1) if (map[at] > map[best]) best = at;
  return [Math.floor(best / side), best % side];
}

/** What a channel of a row reads: its source, its layer, its filter there, kernel size, stride and padding. */
export function readBy(stage, channel) {
  const at = NAMES.indexOf(stage);
  const source = at ? NAMES[at - 1] : "input";
  const one = { source, filter: channel, k: 1, stride: 1, padding: 0 };
  if (stage.startsWith("pool")) return { ...one, layer: null, k: 3, stride: 2 };
  if (stage === "conv1") return { ...one, layer: stage, k: 3, stride: 2 };
  if (stage === "conv10") return { ...one, layer: stage };
  if (stage.endsWith("_squeeze")) return { ...one, layer: stage.replace("_squeeze", "/squeeze1x1") };
  const half = ROWS.fine[stage][0] / 2;
  if (channel < half) return { ...one, layer: `${stage}/expand1x1` };
  return { ...one, layer: `${stage}/expand3x3`, filter: channel - half, k: 3, padding: 1 };
}

/**
 * The sum that made one unit: its terms as [channel, row, column, weight, value], the bias, the sum before the ReLU and
 * what is handed on. `layerOf(name)` gives { into, bias, weights }. Padding has no terms; of a pooling the weight of
 * the largest value is 1, and that of the others 0.
 */
export function unit(read, stage, channel, [row, column], layerOf) {
  const { source, layer, filter, k, stride, padding } = readBy(stage, channel);
  const [top, left] = [row * stride - padding, column * stride - padding];
  const there = layer && layerOf(layer);
  const terms = [];
  for (let c = layer ? 0 : channel; c < (layer ? there.into : channel + 1); c += 1) {
    for (let i = 0; i < k; i += 1) {
      for (let j = 0; j < k; j += 1) {
        const [r, q] = [top + i, left + j];
        if (r < 0 || q < 0 || r >= read.side || q >= read.side) continue;
        const weight = layer ? there.weights[((filter * there.into + c) * k + i) * k + j] : 0;
        terms.push([c, r, q, weight, read.values[(c * read.side + r) * read.side + q]]);
      }
    }
  }
  if (!layer)
    terms[
      largest(
        terms.map((term) => term[4]),
        1,
      )[0]
    ][3] = 1;
  const bias = layer ? there.bias[filter] : 0;
  const before = terms.reduce((sum, [, , , weight, value]) => sum + weight * value, bias);
  return { source, layer, k, terms, bias, before, total: layer ? Math.max(0, before) : before };
}

/** The terms that weigh most in a sum, largest product first. */
export const heaviest = ({ terms }, count) =>
  largest(
    terms.map(([, , , weight, value]) => Math.abs(weight * value)),
    count,
  ).map((at) => terms[at]);

/** The pixels that a unit sees: first row and column, and how many, before the picture's edges cut it. */
export function fieldOf(state, [row, column], stage = state.stage) {
  const [, , size, jump, start] = rowOf(state, stage);
  return { row: start + row * jump, column: start + column * jump, size };
}
