import { short } from "../kit/format.mjs";
import { TAPS } from "./schema.mjs";

const listed = (values) => `[${Array.from(values, (v) => Number(v.toPrecision(6))).join(", ")}]`;

/** At how many points a curve is at half its best or more; a tie counts, rounding does not. */
function half(points, k) {
  const least = Math.max((Math.max(...points.map((pair) => pair[k])) / 2) * (1 - 1e-6), 1e-6);
  return points.filter((pair) => pair[k] >= least).length;
}

/** The cells that are followed, in words, with their formula and the lines of torch. */
export function cellTexts({ preferred, cell, reach }, { responses, plane, tuning, tolerance }) {
  const [s, c] = responses.map((row) => row[plane]);
  const side = 2 * reach + 1;
  const rule = {
    max: `the strongest of ${side ** 2} simple cells`,
    mean: `the mean of ${side ** 2} simple cells`,
    energy: "√(even² + odd²)",
  }[cell];
  const pool =
    cell === "energy"
      ? "c = torch.hypot(F.conv2d(x, even, padding=5), F.conv2d(x, odd, padding=5))"
      : `c = F.${cell === "max" ? "max" : "avg"}_pool2d(s, ${side}, stride=1, padding=${reach})`;
  const both = (points) => `[${[0, 1].map((k) => listed(points.map((pair) => pair[k]))).join(", ")}]`;
  return {
    status:
      `The ${preferred} cells in the middle: simple ${s.toFixed(3)}, complex ${c.toFixed(3)}. At ` +
      `half their best or more: simple at ${half(tuning, 0)} of 37 angles and ${half(tolerance, 0)} of 33 positions, ` +
      `complex at ${half(tuning, 1)} and ${half(tolerance, 1)}.`,
    formula: `S = max(0, Σ w·x) over ${TAPS} × ${TAPS} pixels = ${s.toFixed(3)}\nC = ${rule} = ${c.toFixed(3)}`,
    torch: `s = F.relu(F.conv2d(x, even, padding=5)); ${pool}  # (1, 1, 48, 48) -> (1, 4, 48, 48)`,
    numbers: () =>
      `simple = ${listed(responses[0])}\ncomplex = ${listed(responses[1])}\n` +
      `tuning = ${both(tuning)}\ntolerance = ${both(tolerance)}`,
  };
}

/** Both retinas in words: their errors, and how wide a field is where. */
export function foveaTexts({ rings }, { where, eye, camera, errors, seen }, [height, width]) {
  const rays = 2 * rings;
  const wide = (r) => Math.max(1, (r + eye.core) * eye.rate);
  const within = (v, length) => v >= -0.5 && v <= length - 0.5;
  const inside = eye.rows.filter((row, k) => within(row, height) && within(eye.columns[k], width)).length;
  const [near, whole] = [0, 1].map((k) => errors.map((pair) => pair[k].toFixed(3)));
  return {
    status:
      `${rings * rays} fields in rings, error ${near[0]} near the fixation and ${whole[0]} overall; ` +
      `${camera.rows.length} even ones, ${near[1]} and ${whole[1]}.`,
    formula:
      `a field r pixels out is max(1, (r + ${eye.core})·ln(1 + ${short(eye.reach, 4)}/${eye.core})/${rings}) ` +
      `pixels wide: ${wide(0).toFixed(1)} at 0, ${wide(16).toFixed(1)} at 16, ${wide(100).toFixed(1)} at 100; ` +
      `an even one is ${camera.sides[0].toFixed(1)} everywhere`,
    torch:
      `F.grid_sample(blurred, points)  # (1, 1, ${height}, ${width}), (1, ${rings}, ${rays}, ` +
      `2) -> (1, 1, ${rings}, ${rays})`,
    numbers: () =>
      `fixation = (${where.join(", ")})\nfields_on_the_photograph = ${inside}\n` +
      `errors = [[${errors.map((pair) => pair.map((v) => v.toPrecision(7)).join(", ")).join("], [")}]]\n` +
      `seen = ${listed(seen[0].filter((_, k) => k % 7 === 0))}`,
  };
}
