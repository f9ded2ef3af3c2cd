import { span } from "../mirror/convolution.mjs";

// made once: making it costs more than a picture
const GROUPED = new Intl.NumberFormat("en-US");

/** "12,345", of a number or a BigInt. */
export const grouped = (value) => GROUPED.format(value);

const minus = (text) => text.replaceAll("-", "−");

/** A number as a cell shows it: whole numbers whole, others with at most `digits` significant digits. */
export function short(value, digits = 3) {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return minus(String(value));
  return minus(String(Number(value.toPrecision(digits))));
}

/** A number for a longer text, up to six significant digits. */
export const long = (value) => short(value, 6);

/**
 * Ever shorter ways to write a number, down to its sign: 1234.5 as 1234.5, 1230, 1200, 1e3, +. A cell takes the first
 * for which it has room, so that no number vanishes; the whole one is in the text.
 */
export function* shorter(value, digits = 3) {
  let way = short(value, digits);
  yield way;
  for (let d = digits - 1; d >= 1; d -= 1) {
    const next = short(Number(value.toPrecision(d)), d);
    if (next !== way) yield (way = next);
  }
  const rounded = Number(value.toPrecision(1));
  if (Math.abs(rounded) >= 1000 || (rounded !== 0 && Math.abs(rounded) < 0.01)) {
    yield minus(rounded.toExponential(0)).replace("e+", "e");
  } else if (Math.abs(rounded) < 1 && rounded !== 0) yield way.replace("0.", ".");
  const sign = value > 0 ? "+" : value < 0 ? "−" : "0";
  if (sign !== way) yield sign;
}

/** Row-major values as an array of rows. */
export const rowsOf = (values, columns) =>
  Array.from({ length: values.length / columns }, (_, r) => Array.from(values.slice(r * columns, (r + 1) * columns)));

/** A matrix as Python writes it, one row a line. */
export function asPython(rows) {
  const body = rows.map((row) => `[${Array.from(row, (v) => String(Number(Number(v).toPrecision(7)))).join(", ")}]`);
  return `[${body.join(",\n ")}]`;
}

/** Matrices by name as Python writes them, one after the other: "input = [[0, 1]]". */
export const listed = (matrices) =>
  Object.entries(matrices)
    .map(([name, rows]) => `${name} = ${asPython(rows)}`)
    .join("\n");

/** Rows of numbers as they are, or as a copy with the one at `[row, column]` replaced. */
export const replaced = (rows, [row, column] = [], value) =>
  rows.map((line, r) => Array.from(line, (v, c) => (r === row && c === column ? value : v)));

/** "one filter" -> "One filter". */
export const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** A share with at most `digits` significant digits: "44.4%". */
export const percent = (share, digits = 3) => `${short(100 * share, digits)}%`;

/** "1 row", "2 rows". */
export const plural = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** One product of a sum, "2·(−13)". */
const product = (weight, value) => `${short(weight)}·${value < 0 ? `(${short(value)})` : short(value)}`;

/**
 * The sum that makes one output, term by term: "1·11 + 0·12 − 2·13 … = 99". Only the first `most` terms are written.
 */
export function sumInWords(weights, values, most = 9) {
  let text = "";
  weights.slice(0, most).forEach((weight, index) => {
    const sign = weight < 0 ? (index ? " − " : "−") : index ? " + " : "";
    text += sign + product(Math.abs(weight), values[index]);
  });
  if (weights.length > most) text += ` + … (${weights.length} products)`;
  return text;
}

/** The formula of one axis with the numbers in it. */
export function axisFormula(name, size, { kernel_size, stride, padding, dilation }, outputs) {
  const room = size + 2 * padding - span(kernel_size, dilation);
  const exact = room / stride;
  const floored = Number.isInteger(exact) ? "" : ` = ⌊${short(exact, 4)}⌋ + 1`;
  const whole = `⌊(${size} + 2·${padding} − ${dilation}·(${kernel_size} − 1) − 1) / ${stride}⌋ + 1`;
  return `${name}: ${whole} = ⌊${room} / ${stride}⌋ + 1${floored} = ${outputs}`;
}

/** The line of torch that does the same, with conv2d or another of its functions. */
export function torchLine(
  { stride, padding, output_padding, dilation },
  [height, width],
  [rows, columns],
  name = "conv2d",
) {
  const given = [
    stride > 1 && `stride=${stride}`,
    padding && `padding=${padding}`,
    output_padding && `output_padding=${output_padding}`,
    dilation > 1 && `dilation=${dilation}`,
  ];
  const call = `torch.nn.functional.${name}(${["x", "w", ...given.filter(Boolean)].join(", ")})`;
  return `${call}  # (1, 1, ${height}, ${width}) -> (1, 1, ${rows}, ${columns})`;
}

/** What somebody typed as a number: "2", "-0,5", "1/9", "1e3"; NaN where it is none. */
export function parsed(text) {
  const plain = text.trim().replaceAll(",", ".").replaceAll("−", "-");
  const [, above, below] = /^([^/]+)\/([^/]+)$/.exec(plain) ?? [];
  if (below !== undefined) return parsed(above) / parsed(below);
  return plain === "" ? NaN : Number(plain);
}
