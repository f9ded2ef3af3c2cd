import { centreOf, levelSizes } from "../mirror/fields.mjs";
import { misfit as windowMisfit } from "../mirror/convolution.mjs";
import { PRESETS, SCHEMA } from "./schema.mjs";

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
export function placeOf(state) {
  return { level: state.layer, unit: state.unit ?? units(state).map((n) => n >> 1) };
}

/** The unit of a layer whose centre is nearest to a position in the image, one coordinate. */
export function nearest({ fields, sizes }, level, position) {
  const at = Math.round((position - centreOf(fields[level], 0)) / fields[level].jump);
  return Math.min(Math.max(at, 0), sizes[level] - 1);
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
  return settledOn(state, next, Math.max(1, Math.min(state.edited, next.length)));
}
function settledOn(state, layers, edited) {
  if (layers.length < 1 || layers.length > SCHEMA.layers.high || !fits(layers, state.size)) return null;
  return { stack: "custom", layers, edited, layer: layers.length, unit: null };
}
