import { dilationsOf } from "./model.mjs";

/** What is shown, in words: the announced line, the formula with its values, the line of torch, the values. */
export function texts(state, { offsets, common, gains, output, ratio, correlation }) {
  const dilations = dilationsOf(state);
  const side = offsets.at(-1) + 1;
  const name = state.source === "noise" ? "noise" : "contrast";
  const reach = dilations.length > 1 ? `(${dilations.join(" + ")})` : dilations[0];
  const layers = dilations.map((d) => `nn.Conv2d(1, 1, ${state.kernel_size}${d > 1 ? `, dilation=${d}` : ""})`);
  return {
    status:
      `Field ${side} x ${side}, ${offsets.length ** 2} of ${side ** 2} pixels read, ${common} by both units; ` +
      `${fixed(gains[state.frequency], 3)} of the wave and ${fixed(ratio, 3)} of the ${name} left; ` +
      `neighbours' correlation ${fixed(correlation, 2)}.`,
    formula: `field: 1 + (${state.kernel_size} − 1)·${reach} = ${side}`,
    torch: `nn.Sequential(${layers.join(", ")})`,
    numbers: () =>
      `offsets = [${offsets.join(", ")}]\ngains = [${gains.map(seven).join(", ")}]\n` +
      `row = [${Array.from(output.slice(0, 96), seven).join(", ")}]`,
  };
}

const seven = (value) => Number(value.toPrecision(7));

/** A number with `digits` digits after the point; no minus before a zero. */
export const fixed = (value, digits) =>
  value
    .toFixed(digits)
    .replace(/^-(?=0\.?0*$)/, "")
    .replace("-", "−");
