import { asPython, long, plural, short } from "../kit/format.mjs";
import { SIDE } from "./schema.mjs";

const CIRCLE = "F.pad(h, (1, 1, 1, 1), mode='circular')";
const TORCH = {
  circular: `y = F.conv2d(${CIRCLE}, w).relu()`,
  zero_padding: "y = F.conv2d(h, w, padding=1).relu()",
  stride: `y = F.conv2d(${CIRCLE}, w, stride=2).relu()`,
  max_pool: "y = F.max_pool2d(y, 2)",
  blur_pool: "y = F.conv2d(F.pad(y, (1, 1, 1, 1), mode='circular'), blur, stride=2)",
  dense: "y = F.linear(x.flatten(1), w).relu().view(1, 1, 16, 16)",
};
const percent = (share, digits = 1) => `${Number.isFinite(share) ? (100 * share).toFixed(digits) : "∞"}%`;
const pair = (values) => `(${values.map((v) => short(v)).join(", ")})`;

/** How far the map has moved along, in words and as a ratio of norms. */
export function mapTexts(
  { layers, shift, boundary, pooled },
  { way, side, result, unmoved, before, after, output, reference },
) {
  const say = `Moved by ${pair(shift)}, ${boundary}: `;
  const change = after === before ? 0 : Math.abs(after - before) / before;
  const between = way.every(Number.isInteger) ? "" : ", read between the positions";
  const row = (map) => asPython([map.slice((side >> 1) * side, ((side >> 1) + 1) * side)]);
  const texts = {
    torch:
      `${TORCH[layers]}${pooled ? ".mean(dim=(2, 3))" : ""}  # (1, 1, ${SIDE}, ${SIDE}) -> ` +
      `(1, 1${pooled ? "" : `, ${side}, ${side}`})`,
    numbers: () =>
      `error = ${result.error}\nunmoved_error = ${unmoved.error}\nmean = ${after}\nmean_unmoved = ${before}\n` +
      `output_row = ${row(output)}\nreference_row = ${row(reference)}`,
  };
  if (pooled) {
    const step = Math.abs(after - before);
    return {
      ...texts,
      status:
        `${say}the mean goes from ${before.toFixed(5)} to ${after.toFixed(5)}, ` + `a change of ${percent(change, 2)}.`,
      formula:
        `|mean f(T x) − mean f(x)| / mean f(x) = ${long(step < 1e-12 ? 0 : step)} / ${long(before)} ` +
        `= ${percent(change, 2)}\n` +
        "T′ does nothing: a mean has no position",
    };
  }
  return {
    ...texts,
    status:
      `${say}f(T x) differs from T′ f(x) by ${percent(result.error)}, and from f(x), unmoved, ` +
      `by ${percent(unmoved.error)}.`,
    formula:
      `‖f(T x) − T′ f(x)‖ / ‖T′ f(x)‖ = ${result.error ? short(result.size, 4) : 0} / ` +
      `${short(result.reference, 4)} = ` +
      `${percent(result.error)}\nT′ moves the map of ${side} × ${side} by ${pair(way)}${between}`,
  };
}

/** What the network says at this shift, and over all of them. */
export function tableTexts({ shift, boundary }, { own, owns, label, percent: share, ownPercent, wide, side, other }) {
  const move =
    boundary === "circular"
      ? `torch.roll(x, (${shift.join(", ")}), dims=(2, 3))`
      : `F.pad(x, (${shift[1]}, ${-shift[1] || 0}, ${shift[0]}, ${-shift[0] || 0}))`;
  const said =
    label === own ? `still “${own}”, with ${share}%` : `“${label}”, with ${share}%; “${own}” has ${ownPercent}%`;
  return {
    status: `Moved by ${pair(shift)} of ${side} pixels, ${boundary}: ${said}.`,
    formula:
      `over all ${wide * wide} shifts: “${own}” has ${Math.min(...owns)}% to ${Math.max(...owns)}%, ` +
      `and another label wins ${plural(other, "time")}\nlooked up: computed once, by experiments/squeezenet_shifts.py`,
    torch: `squeezenet(${move}).softmax(dim=1).max(dim=1)  # (1, 3, ${side}, ${side}) -> (1,)`,
    numbers: () => `label = ${JSON.stringify(label)}\npercent = ${share}\nown_percent = ${ownPercent}`,
  };
}
