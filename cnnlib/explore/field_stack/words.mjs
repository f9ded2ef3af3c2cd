import { first, oneOfProblem, pairProblem, wholeProblem } from "../kit/check.mjs";
import { misfit, span } from "../mirror/convolution.mjs";
import { centreOf, levelSizes } from "../mirror/fields.mjs";
import { short } from "../kit/format.mjs";
import { PRESETS } from "./presets.mjs";

/** The same limits stand in stacks.py and field_stack.py; a test holds the two together. */
export const LIMITS = { layers: [1, 18], kernel_size: [1, 11], stride: [1, 4], padding: [0, 16], dilation: [1, 16], size: [1, 256] };
/** A pixel counts as seen effectively above this share of the largest. */
export const SHARE = 0.0455;
const WINDOW = ["kernel_size", "stride", "padding", "dilation"];
export const WEIGHTS = { ones: "all 1: the gradient", random: "random: root mean square" };

/** Torch's rule for poolings. */
export const padsAtMostHalf = ({ kind, kernel_size, dilation, padding }) => kind !== "pool" || padding <= Math.floor(span(kernel_size, dilation) / 2);

function layerProblem(layer, number) {
  const name = `layers[${number - 1}]`;
  if (layer === null || typeof layer !== "object") return `${name} = ${JSON.stringify(layer)} is no layer.`;
  const reach = span(layer.kernel_size, layer.dilation);
  return first(
    oneOfProblem(`${name}.kind`, layer.kind, ["conv", "pool"]),
    ...WINDOW.map((option) => wholeProblem(`${name}.${option}`, layer[option], LIMITS[option])),
  ) ?? (padsAtMostHalf(layer)
    ? null
    : `${name}: padding = ${layer.padding} is more than half of the ${reach} pixels that a pooling spans; use at most ${Math.floor(reach / 2)}.`);
}

function stackProblem({ layers, size }) {
  if (!Array.isArray(layers) || layers.length < LIMITS.layers[0] || layers.length > LIMITS.layers[1]) {
    return `layers = ${JSON.stringify(layers)} can't be shown; use ${LIMITS.layers[0]} to ${LIMITS.layers[1]} layers.`;
  }
  const wrong = first(wholeProblem("size", size, LIMITS.size), ...layers.map((layer, i) => layerProblem(layer, i + 1)));
  if (wrong) return wrong;
  const sizes = levelSizes(layers, size);
  const number = sizes.indexOf(0);
  return number < 0 ? null : `Layer ${number}: ${misfit([sizes[number - 1], sizes[number - 1]], layers[number - 1])}`;
}

/** What is wrong with a state, in one sentence, or null. */
export function problem(state) {
  return first(
    stackProblem(state),
    oneOfProblem("weights", state.weights, Object.keys(WEIGHTS)),
    wholeProblem("layer", state.layer, LIMITS.layers),
    wholeProblem("edited", state.edited, LIMITS.layers),
    state.unit === null ? null : pairProblem("unit", state.unit, [0, 999]),
  );
}

/** The name of the preset with these layers, or "yours". */
export const presetOf = (layers) => Object.keys(PRESETS).find((name) => JSON.stringify(PRESETS[name][1].map(inOrder)) === JSON.stringify(layers.map(inOrder))) ?? "yours";
const inOrder = ({ kind, kernel_size, stride, padding, dilation }) => [kind, kernel_size, stride, padding, dilation];

/** Which layer and which unit of it: those of the state, as far as there are any. */
export function placeOf({ layers, layer, unit }, sizes) {
  const level = Math.min(layer, layers.length);
  return { level, unit: [0, 1].map((axis) => Math.min(unit?.[axis] ?? sizes[level] >> 1, sizes[level] - 1)) };
}

/** The line of torch that builds the stack. */
export function torchLine(layers) {
  const texts = layers.map(({ kind, kernel_size, stride, padding, dilation }) => {
    const options = [kind === "pool" ? `stride=${stride}` : stride > 1 && `stride=${stride}`, padding && `padding=${padding}`, dilation > 1 && `dilation=${dilation}`];
    return `nn.${kind === "conv" ? "Conv2d(1, 1, " : "MaxPool2d("}${[kernel_size, ...options.filter(Boolean)].join(", ")})`;
  });
  const parts = [];
  for (let i = 0, next; i < texts.length; i = next) {
    for (next = i + 1; texts[next] === texts[i]; ) next += 1;
    parts.push(next - i > 2 ? `*[${texts[i]} for _ in range(${next - i})]` : texts.slice(i, next).join(", "));
  }
  return `nn.Sequential(${parts.join(", ")})`;
}

/** Size, jump, start and centre with the present numbers in them. */
export function formulaOf(layers, fields, level, unit) {
  const below = layers.slice(0, level);
  const terms = (sign, read) => below.map((layer, i) => (read(layer) ? ` ${sign} ${read(layer)}·${fields[i].jump}` : "")).join("");
  const { size, jump, start } = fields[level];
  const [low, high] = [start + unit * jump, start + unit * jump + size - 1];
  return [
    `size  1${terms("+", (l) => span(l.kernel_size, l.dilation) - 1)} = ${size}`,
    `jump  ${below.map((l) => l.stride).filter((s) => s > 1).join("·") || 1} = ${jump}`,
    `start 0${terms("−", (l) => l.padding)} = ${short(start)}`,
    `unit ${unit}: ${short(start)} + ${unit}·${jump} = ${short(low)} to ${short(high)}, centre ${short(centreOf(fields[level], unit), 7)}`,
  ].join("\n");
}

/** First and last pixel of a unit's field. */
export const rangeText = (field, at) => `${short(field.start + at * field.jump)} to ${short(field.start + at * field.jump + field.size - 1)}`;
/** A layer in a few letters: "conv 3 /2 d4". */
export const describe = ({ kind, kernel_size, stride, dilation }) => `${kind} ${kernel_size}${stride > 1 ? ` /${stride}` : ""}${dilation > 1 ? ` d${dilation}` : ""}`;
