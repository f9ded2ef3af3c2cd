import { span } from "./convolution.mjs";

/** A number as a cell shows it: whole numbers whole, others with at most `digits` significant digits. */
export function short(value, digits = 3) {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return value < 0 ? `−${-value}` : String(value);
  const text = String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}

/** A number for a longer text, up to six significant digits. */
export const long = (value) => short(value, 6);

/** Row-major values as an array of rows. */
export const rowsOf = (values, columns) =>
  Array.from({ length: values.length / columns }, (_, r) => Array.from(values.slice(r * columns, (r + 1) * columns)));

/** A matrix as Python writes it, one row a line. */
export function asPython(rows) {
  const body = rows.map((row) => `[${Array.from(row, (v) => String(Number(Number(v).toPrecision(7)))).join(", ")}]`);
  return `[${body.join(",\n ")}]`;
}

/** "1 row", "2 rows". */
export const plural = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** The sum that makes one output, term by term: "1·11 + 0·12 − 2·13 … = 99". Only the first `most` terms are written. */
export function sumInWords(weights, values, most = 9) {
  let text = "";
  weights.slice(0, most).forEach((weight, index) => {
    const sign = weight < 0 ? (index ? " − " : "−") : index ? " + " : "";
    const value = values[index];
    text += `${sign}${short(Math.abs(weight))}·${value < 0 ? `(${short(value)})` : short(value)}`;
  });
  if (weights.length > most) text += ` + … (${weights.length} products)`;
  return text;
}

/** The formula of one axis with the numbers in it. */
export function axisFormula(name, size, { kernel_size, stride, padding, dilation }, outputs) {
  const room = size + 2 * padding - span(kernel_size, dilation);
  const exact = room / stride;
  const floored = Number.isInteger(exact) ? "" : ` = ⌊${short(exact, 4)}⌋ + 1`;
  return `${name}: ⌊(${size} + 2·${padding} − ${dilation}·(${kernel_size} − 1) − 1) / ${stride}⌋ + 1 = ⌊${room} / ${stride}⌋ + 1${floored} = ${outputs}`;
}

/** The line of torch that does the same. */
export function torchLine({ stride, padding, dilation }, [height, width], [rows, columns]) {
  const given = [stride > 1 && `stride=${stride}`, padding && `padding=${padding}`, dilation > 1 && `dilation=${dilation}`];
  return `torch.nn.functional.conv2d(${["x", "w", ...given.filter(Boolean)].join(", ")})  # (1, 1, ${height}, ${width}) -> (1, 1, ${rows}, ${columns})`;
}
