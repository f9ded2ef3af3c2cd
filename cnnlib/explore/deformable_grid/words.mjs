import { grouped, listed, long, plural, rowsOf, short, sumInWords } from "../kit/format.mjs";
import { extra, isPhotograph, sideOf } from "./model.mjs";

const at = (values) => `(${values.map(long).join(", ")})`;

/** "tap 3 (row 1, column 0): channels 6 = dy, 7 = dx". */
export const tapName = (tap) =>
  `tap ${tap} (row ${Math.floor(tap / 3)}, column ${tap % 3}): channels ${2 * tap} = dy, ${2 * tap + 1} = dx`;

/** What stands over each part. */
export function captions(state, { output }) {
  const { tap, version, in_channels, out_channels } = state;
  const size = `${sideOf(state)} × ${sideOf(state)}`;
  const kind = state.picture === "own" ? "your picture" : isPhotograph(state) ? "photograph" : "numbers";
  const dots = version === "v2" ? "moved taps, as large as their masks" : "moved taps";
  return {
    seen: `${kind} ${size}: ○ rigid taps, ● ${dots}`,
    kernel: "kernel",
    masks: version === "v2" ? "× masks" : "× no masks",
    sampled: state.panel === "sum" ? "× values read" : "values read",
    products: `= products, which sum to ${short(output, 5)}`,
    four: `pixels of tap ${tap}`,
    shares: "their weights",
    numbers: tapName(tap),
    cost: `cost of ${in_channels} → ${out_channels} channels, multiply-adds per position`,
  };
}

/** What is shown, in words: outputs, the chosen tap, the sums behind them, the price. */
export function texts(state, found, cost) {
  const { tap, dilation, order, preset, version, out_channels } = state;
  const { channels, points, read, values, weights, masks, masked, output, rigid, outside, effective } = found;
  const side = sideOf(state);
  const moved = [channels[2 * tap], channels[2 * tap + 1]];
  const chosen = read[tap];
  const notes = [
    version === "v2" && ` Its mask multiplies that by ${long(masks[tap])}.`,
    outside && ` ${plural(outside, "tap")} outside the image ${outside === 1 ? "reads" : "read"} zero.`,
    preset === "sheep" && " The outline pulls the taps to the sheep; no network has done that.",
    order === "dx, dy" && " A mistake: dx is written where dy is read, so down and right are exchanged.",
  ];
  return {
    status:
      `Output ${long(output)}, with the rigid grid ${long(rigid)}; effective dilation ${short(effective, 4)}. ` +
      `Tap ${tap} is moved by (dy, dx) = ${at(moved)} and reads ${long(values[tap])} at ${at(points[tap])}.` +
      notes.filter(Boolean).join(""),
    formula: [
      `output = ${sumInWords(masked, values)} = ${long(output)}`,
      `rigid = ${sumInWords(weights, found.rigidValues)} = ${long(rigid)}`,
      `tap ${tap} = ${sumInWords(chosen.weights, chosen.values)} = ${long(values[tap])}`,
      `multiply-adds per position = ${cost.rows.map((row) => grouped(row[2])).join(" + ")} = ${grouped(cost.macs)}` +
        ` = ${short(cost.ratio, 4)} × a plain convolution, 1 + ${extra(version)} / ${out_channels}`,
    ].join("\n"),
    torch:
      `torchvision.ops.deform_conv2d(x, offset, w, padding=${dilation}, dilation=${dilation}` +
      `${version === "v2" ? ", mask=mask" : ""})` +
      `  # offset (1, 18, ${side}, ${side})`,
    numbers: () =>
      listed({
        image: rowsOf(found.image, side),
        channels: [channels],
        points,
        values: [values],
        pixels: rowsOf(chosen.values, 2),
        shares: rowsOf(chosen.weights, 2),
        weights: rowsOf(weights, 3),
        masks: rowsOf(masks, 3),
        results: [[output, rigid, effective]],
        parameters: [cost.rows.map((row) => row[1])],
        multiply_adds: [cost.rows.map((row) => row[2])],
      }),
  };
}
