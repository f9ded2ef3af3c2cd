import { listed, long, rowsOf, short, sumInWords } from "../kit/format.mjs";
import { rounded } from "../mirror/sampling.mjs";
import { METHODS, SHIFT, SIDE, STEPS } from "./schema.mjs";

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
    const [above, left] = steps.map(long); // as they are written, since equal ones may differ by rounding
    const creases = [
      Number.isInteger(row) && above !== long(down) && `the slope from above is ${above}`,
      Number.isInteger(column) && left !== long(right) && `the slope from the left is ${left}`,
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
      `${listed({ image: rowsOf(values, SIDE), weights: rowsOf(found.weights, 2) })}\n` +
      `value = ${Number(found.value.toPrecision(7))}\n` +
      `slopes = [${found.slopes.map((v) => Number(v.toPrecision(7))).join(", ")}]`,
  };
}

/** What a method is called here. */
export const NAMES = {
  bilinear: "four pixels (bilinear)",
  nearest: "the nearest pixel",
  "straight-through": "straight-through",
};

/** Where each way has got, how far that is from the shift that is sought, and its error. */
export const outcomes = ({ step }, ways) =>
  METHODS.map((method) => {
    const { shifts, errors } = ways[method];
    const last = Math.min(step, shifts.length - 1);
    const shift = shifts[last];
    return {
      method,
      shift,
      error: errors[last],
      away: Math.hypot(...shift.map((v, axis) => v - SHIFT[axis])),
      left: shifts.length <= STEPS && step >= shifts.length - 1 ? shifts.length - 1 : null,
    };
  });

/** A number with as many digits behind the point. */
export const fixed = (value, digits = 3) => (Number(value.toFixed(digits)) + 0).toFixed(digits).replace("-", "−");
export const shiftText = (shift, digits) => `(${shift.map((v) => fixed(v, digits)).join(", ")})`;

/** The same for a descent: how far it got, and what the others did. */
export function descentTexts(state, ways, map) {
  const { method, step, start_row, start_column } = state;
  const all = outcomes(state, ways);
  const one = all.find((each) => each.method === method);
  const { shift, away, left } = one;
  const note = [
    left !== null && ` It has left the picture after ${left} steps.`,
    method === "nearest" && " The nearest pixel has no slope, so the shift never moves.",
    left === null && step === STEPS && method === "bilinear" && (away < 0.25 ? " Found." : " Stuck in another valley."),
  ];
  return {
    status:
      `After ${step} steps ${method} is at ${shiftText(shift)}, ${fixed(away)} pixels from the shift.` +
      note.filter(Boolean).join(""),
    formula: all
      .map((each) => `${each.method}: shift ${shiftText(each.shift)}, mean squared error ${short(each.error, 4)}`)
      .join("\n"),
    torch: "loss = ((read(image, corner + shift) - target) ** 2).mean()  # Adam, from 0.3 down to 0 along a cosine",
    numbers: () =>
      listed({
        start: [[start_row, start_column]],
        shifts: all.map((each) => each.shift),
        errors: [all.map((each) => each.error)],
        way: ways[method].shifts.slice(0, step + 1),
        map,
      }),
  };
}
