import { span } from "../mirror/convolution.mjs";
import { centreOf } from "../mirror/fields.mjs";
import { short } from "../kit/format.mjs";
import { windowOf } from "./model.mjs";

export const WEIGHTS = { ones: "all 1: the gradient", random: "random: root mean square" };

/** The line of torch that builds the stack. */
export function torchLine(layers) {
  const texts = layers.map(({ kind, kernel_size, stride, padding, dilation }) => {
    const options = [
      kind === "pool" ? `stride=${stride}` : stride > 1 && `stride=${stride}`,
      padding && `padding=${padding}`,
      dilation > 1 && `dilation=${dilation}`,
    ];
    const given = [kernel_size, ...options.filter(Boolean)].join(", ");
    return kind === "conv" ? `nn.Conv2d(1, 1, ${given})` : `nn.MaxPool2d(${given})`;
  });
  const parts = [];
  for (let i = 0, next; i < texts.length; i = next) {
    for (next = i + 1; texts[next] === texts[i];) next += 1;
    parts.push(next - i > 2 ? `*[${texts[i]} for _ in range(${next - i})]` : texts.slice(i, next).join(", "));
  }
  return `nn.Sequential(${parts.join(", ")})`;
}

/** Size, jump, start and centre with the present values in them. */
export function formulaOf(layers, fields, level, unit) {
  const below = layers.slice(0, level);
  const terms = (sign, read) =>
    below.map((layer, i) => (read(layer) ? ` ${sign} ${read(layer)}·${fields[i].jump}` : "")).join("");
  const { size, jump, start } = fields[level];
  const [low, high] = windowOf(fields[level], unit);
  return [
    `size  1${terms("+", (l) => span(l.kernel_size, l.dilation) - 1)} = ${size}`,
    `jump  ${
      below
        .map((l) => l.stride)
        .filter((s) => s > 1)
        .join("·") || 1
    } = ${jump}`,
    `start 0${terms("−", (l) => l.padding)} = ${short(start)}`,
    `unit ${unit}: ${short(start)} + ${unit}·${jump} = ${short(low)} to ${short(high)}, centre ` +
      `${short(centreOf(fields[level], unit), 7)}`,
  ].join("\n");
}

/** First and last pixel of a unit's field. */
const rangeText = (field, at) =>
  windowOf(field, at)
    .map((pixel) => short(pixel))
    .join(" to ");
/** A layer in a few letters: "conv 3 /2 d4". */
export const describe = ({ kind, kernel_size, stride, dilation }) =>
  `${kind} ${kernel_size}${stride > 1 ? ` /${stride}` : ""}${dilation > 1 ? ` d${dilation}` : ""}`;

/** What a unit sees, in words. */
export function statusOf({ layers, sizes, fields, level, unit, rows, columns, effective }) {
  const field = fields[level];
  const read = [rows, columns].map((shares) => shares.reduce((sum, share) => sum + (share > 0), 0));
  return (
    `Layer ${level} of ${layers.length}, unit (${unit[0]}, ${unit[1]}) of ${sizes[level]} × ` +
    `${sizes[level]}: size ${field.size}, ` +
    `jump ${field.jump}, rows ${rangeText(field, unit[0])}, columns ${rangeText(field, unit[1])}; ` +
    `it reads ${read[0]} × ${read[1]} pixels of the image. ` +
    `Effective ${effective.toFixed(1)}, ${Math.round((100 * effective) / field.size)}% of the size.`
  );
}

/** Seven digits are enough to read, and to test. */
const tidy = (value) => Number(value.toPrecision(7));

/** The values behind the picture, as text. */
export function numbersOf({ layers, sizes, fields, rows, columns, effective }) {
  const table = layers.map((_, i) => {
    const { size, jump, start } = fields[i + 1];
    return JSON.stringify([sizes[i + 1], size, jump, start, centreOf(fields[i + 1], 0)]);
  });
  return [
    "# of each layer: units, size, jump, start, centre of unit 0",
    ...table,
    `effective = ${effective}`,
    `rows = ${JSON.stringify(Array.from(rows, tidy))}`,
    `columns = ${JSON.stringify(Array.from(columns, tidy))}`,
  ].join("\n");
}
