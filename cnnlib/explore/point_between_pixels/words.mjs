import { asPython, long, rowsOf, sumInWords } from "../kit/format.mjs";
import { rounded } from "../mirror/sampling.mjs";
import { SIDE } from "./schema.mjs";

const at = (values) => `(${values.map((v) => long(v)).join(", ")})`;

/** What is shown, in words: value and slopes with the sums that make them, creases, the point in other conventions. */
export function texts(state, { found, steps, values }) {
  const { row, column, method, rule } = state;
  const [down, right] = found.slopes;
  const slopes = `slopes ${long(down)} downwards and ${long(right)} to the right`;

  function status() {
    const said = `Value ${long(found.value)}; ${slopes}.`;
    if (method === "nearest") return `${said} Pixel ${at([row, column].map(rounded))} is the nearest: no slope.`;
    if (method === "straight-through")
      return `${said} The value is that of pixel ${at([row, column].map(rounded))}, the slopes are those of bilinear.`;
    if (rule === "truncate" && (found.down < 0 || found.right < 0))
      return `${said} Below zero, truncation rounds up, so one weight exceeds 1 and another is negative.`;
    const creases = [
      Number.isInteger(row) && steps[0] !== down && `the slope from above is ${long(steps[0])}`,
      Number.isInteger(column) && steps[1] !== right && `the slope from the left is ${long(steps[1])}`,
    ].filter(Boolean);
    return creases.length ? `${said} The point is on a crease: ${creases.join(", ")}.` : said;
  }

  function formula() {
    if (method !== "bilinear")
      return `round(${long(row)}) = ${rounded(row)}, round(${long(column)}) = ${rounded(column)}`;
    const [a, b, c, d] = found.values;
    const [f, g] = [found.down, found.right];
    return [
      `value = ${sumInWords(found.weights, found.values)} = ${long(found.value)}`,
      `slope downwards = ${sumInWords([1 - g, g], [c - a, d - b])} = ${long(down)}`,
      `slope to the right = ${sumInWords([1 - f, f], [b - a, d - c])} = ${long(right)}`,
    ].join("\n");
  }

  const cornered = [column, row].map((v) => long((2 * v) / (SIDE - 1) - 1)); // align_corners=True
  const edged = [column, row].map((v) => long((2 * v + 1) / SIDE - 1));
  return {
    status: status(),
    formula: formula(),
    torch:
      `grid_sample: (x, y) = (${cornered.join(", ")}) with align_corners=True, ` +
      `(${edged.join(", ")}) with align_corners=False`,
    numbers: () =>
      `image = ${asPython(rowsOf(values, SIDE))}\nweights = ${asPython(rowsOf(found.weights, 2))}\n` +
      `value = ${Number(found.value.toPrecision(7))}\n` +
      `slopes = [${found.slopes.map((v) => Number(v.toPrecision(7))).join(", ")}]`,
  };
}
