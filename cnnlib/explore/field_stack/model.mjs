import { clamp } from "../kit/clamp.mjs";
import { misfit as windowMisfit } from "../mirror/convolution.mjs";
import { centreOf, effectiveSize, levelFields, levelSizes, pathsBelow, shares } from "../mirror/fields.mjs";
import { PRESETS, SCHEMA, SHARE } from "./schema.mjs";

/** The layers that are shown, from the input up. */
export const built = ({ stack, layers }) => (stack === "custom" ? layers : PRESETS[stack][1]);

/** Why a stack can't stand on an image of that side, or null. */
function stackMisfit(layers, size) {
  const sizes = levelSizes(layers, size);
  for (const [index, layer] of layers.entries()) {
    const most = Math.floor(layer.kernel_size / 2);
    if (layer.kind === "pool" && layer.padding > most) {
      return (
        `layer ${index + 1}: padding=${layer.padding} is more than half of kernel_size=${layer.kernel_size}, ` +
        `which no pooling has; use at most ${most}`
      );
    }
    if (sizes[index + 1] === 0) return `layer ${index + 1}: ${windowMisfit([sizes[index], sizes[index]], layer)}`;
  }
  return null;
}

export const misfit = (state) => stackMisfit(built(state), state.size);
export const fits = (layers, size) => stackMisfit(layers, size) === null;

/** Rows and columns of units in the layer that is shown. */
const units = (state) =>
  Array(2).fill(levelSizes(built(state), state.size)[Math.min(state.layer, built(state).length)]);
export const bounds = { depth: (state) => built(state).length, units };

/** Which layer and which unit of it: the middle one where none is given. */
export const chosenOf = (state) => ({ level: state.layer, unit: state.unit ?? units(state).map((n) => n >> 1) });

/** All that is shown of a unit: what each level has, the paths down from it, its profiles and its effective size. */
export function seen(state, { level, unit } = chosenOf(state)) {
  const { size } = state;
  const layers = built(state);
  const [sizes, fields] = [levelSizes(layers, size), levelFields(layers)];
  const paths = unit.map((at) => pathsBelow(layers, sizes, level, at));
  const [rows, columns] = paths.map((levels) => shares(levels[0], state.weights === "random"));
  // As much of the padding as any unit reads, but never more than a quarter of the image on either side.
  const reach = fields.map((f, l) => [f.start, f.start + (sizes[l] - 1) * f.jump + f.size - 1]);
  const low = Math.max(-size / 4, Math.min(...reach.map((r) => r[0]))) - 1;
  const high = Math.min(1.25 * size, Math.max(...reach.map((r) => r[1]))) + 1;
  const effective = effectiveSize(rows, columns, SHARE);
  return { layers, size, sizes, fields, level, unit, paths, rows, columns, effective, low, high };
}

/** First and last pixel of a unit's field along one axis. */
export const windowOf = ({ start, jump, size }, at) => [start + at * jump, start + at * jump + size - 1];

/** The unit of a layer whose centre is nearest to a position in the image, one coordinate. */
export function nearest({ fields, sizes }, level, position) {
  const at = Math.round((position - centreOf(fields[level], 0)) / fields[level].jump);
  return clamp(at, 0, sizes[level] - 1);
}

/** The legal values about the present one: sizes only shrink as a window grows, so they have no gap. */
export function legal(now, { low, high }, allowed) {
  let [from, to] = [now, now];
  while (from > low && allowed(from - 1)) from -= 1;
  while (to < high && allowed(to + 1)) to += 1;
  return [from, to];
}

/** The stack with some values of the edited layer changed, as one's own. */
export function withLayer(state, values) {
  return {
    stack: "custom",
    layers: built(state).map((layer, i) => (i === state.edited - 1 ? { ...layer, ...values } : layer)),
  };
}

/** The stack with one more layer above the edited one, or with that one less; null where that is not possible. */
export function added(state) {
  const layers = built(state);
  const next = [
    ...layers.slice(0, state.edited),
    { kind: "conv", kernel_size: 3, stride: 1, padding: 1, dilation: 1 },
    ...layers.slice(state.edited),
  ];
  return settledOn(state, next, state.edited + 1);
}
export function removed(state) {
  const next = built(state).filter((_, i) => i !== state.edited - 1);
  return settledOn(state, next, clamp(state.edited, 1, next.length));
}
function settledOn(state, layers, edited) {
  if (layers.length < 1 || layers.length > SCHEMA.layers.high || !fits(layers, state.size)) return null;
  return { stack: "custom", layers, edited, layer: layers.length, unit: null };
}
