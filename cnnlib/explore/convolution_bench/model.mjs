import { levelFields } from "../mirror/fields.mjs";
import { outputSize } from "../mirror/convolution.mjs";
import { OWN, PERIOD, VARIANTS } from "./schema.mjs";
import { MEASURED, MEASURED_WITH } from "./tables.mjs";

export const NAMES = Object.keys(VARIANTS);
const SAMPLE = 4; // multiply-adds of a bilinear sample

/** Side of a variant's output map. */
export function sizeAfter({ size, kernel_size, stride }, variant) {
  if (variant === "transposed") return size * stride;
  const window = { kernel_size, stride, padding: (kernel_size - 1) / 2, dilation: 1 };
  return variant === "strided" ? outputSize(size, window) : size;
}

/**
 * The steps of a variant, the other half of `variants.steps`: {name, ins, outs, kernel, size, positions, groups,
 * kernels, bias, learned, kept}.
 */
export function steps(state, variant = state.variant) {
  const { in_channels: ins, out_channels: outs, size, kernel_size: k, groups, multiplier, reduction } = state;
  const conv = (name, before, after, kernel = [k, k], options = {}) => ({
    name,
    ins: before,
    outs: after,
    kernel,
    size,
    positions: size,
    groups: 1,
    kernels: 1,
    bias: false,
    learned: true,
    kept: true,
    ...options,
  });
  const one = [1, 1];
  const mask = variant === "modulated" ? 1 : 0;
  const middle = variant === "depthwise_separable" ? ins * multiplier : ins / reduction;
  const after = sizeAfter(state, variant);
  const made = {
    unshared: () => [conv("a kernel for each position", ins, outs, [k, k], { kernels: size })],
    tiled: () => [conv("kernels that take turns", ins, outs, [k, k], { kernels: PERIOD })],
    strided: () => [conv("convolution", ins, outs, [k, k], { size: after, positions: after })],
    transposed: () => [conv("stamps", ins, outs, [k, k], { size: after })],
    grouped: () => [conv("convolution", ins, outs, [k, k], { groups })],
    depthwise: () => [conv("depthwise", ins, ins * multiplier, [k, k], { groups: ins })],
    depthwise_separable: () => [
      conv("depthwise", ins, middle, [k, k], { groups: ins }),
      conv("pointwise", middle, outs, one),
    ],
    spatially_separable: () => [conv("columns", ins, outs, [k, 1]), conv("rows", outs, outs, [1, k])],
    pointwise: () => [conv("pointwise", ins, outs, one)],
    bottleneck: () => [
      conv("reduce", ins, middle, one),
      conv("filter", middle, middle),
      conv("expand", middle, outs, one),
    ],
    inception: () => [
      conv("1 × 1", ins, outs / 4, one),
      conv("reduce", ins, middle, one),
      conv(`${k} × ${k}`, middle, outs / 4),
      conv("reduce", ins, middle, one),
      conv(`${k + 2} × ${k + 2}`, middle, outs / 4, [k + 2, k + 2]),
      conv("maximum", ins, ins, [3, 3], { positions: 0, learned: false }),
      conv("1 × 1 after it", ins, outs / 4, one),
    ],
  }[variant];
  if (made) return made();
  if (variant !== "deformable" && variant !== "modulated") return [conv("convolution", ins, outs)];
  const samples = { groups: ins, learned: false, kept: false };
  return [
    conv(mask ? "offsets and mask" : "offsets", ins, (2 + mask) * k * k, [k, k], { bias: true }),
    conv("samples", ins, ins * k * k * (SAMPLE + mask), one, samples),
    conv("convolution", ins, outs),
  ];
}

export const taps = ({ ins, groups, kernel: [tall, wide] }) => (ins / groups) * tall * wide;
export const parametersOf = (step) =>
  step.learned ? (taps(step) + Number(step.bias)) * step.outs * step.kernels * step.kernels : 0;
export const macsOf = (step) => taps(step) * step.outs * step.positions * step.positions;
export const activationsOf = (step) => (step.kept ? step.outs * step.size * step.size : 0);
export const total = (all, rule) => all.reduce((sum, step) => sum + rule(step), 0);

/** Side of what one output sees, in pixels. */
export function field({ kernel_size: k, dilation, stride }, variant) {
  if (variant === "transposed") return Math.ceil(k / stride);
  const kernel_size = { pointwise: 1, inception: k + 2 }[variant] ?? k;
  const layer = { kernel_size, stride: 1, padding: 0, dilation: variant === "dilated" ? dilation : 1 };
  return levelFields([layer])[1].size;
}

/** The quantity that is compared, of each variant. */
export function costs(state) {
  const rule = { "multiply-adds": macsOf, parameters: parametersOf, activations: activationsOf }[state.quantity];
  const cost = (variant) => (rule ? total(steps(state, variant), rule) : field(state, variant));
  return Object.fromEntries(NAMES.map((variant) => [variant, cost(variant)]));
}

/**
 * Variant to [torch, NumPy], times as multiples of the full convolution's: of those that were measured with the present
 * values of the parameters that they have.
 */
export function measured(state) {
  const stored = MEASURED[`${state.in_channels} ${state.out_channels} ${state.size}`] ?? {};
  const others = Object.keys(MEASURED_WITH).filter((name) => state[name] !== MEASURED_WITH[name]);
  const has = (variant) => (name) => OWN[name]?.includes(variant) ?? true;
  return Object.fromEntries(Object.entries(stored).filter(([variant]) => !others.some(has(variant))));
}

/** A ratio with three significant digits, as the Python half rounds it. */
export function rounded(ratio) {
  const at = [100, 10, 1, 0.1, 0.01].findIndex((least) => ratio >= least);
  const digits = at < 0 ? 5 : at;
  const text = (Math.floor(ratio * 10 ** digits + 0.5) / 10 ** digits).toFixed(digits);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

export function misfit({ kernel_size: k, in_channels, out_channels, groups, reduction }) {
  if (k % 2 === 0) return `kernel_size=${k} is even, and no equal padding keeps the size; use ${k - 1} or ${k + 1}`;
  if (out_channels % 4)
    return (
      `out_channels=${out_channels} does not fall into the four branches of the Inception module; ` +
      "use a multiple of 4"
    );
  for (const [name, count] of Object.entries({ in_channels, out_channels }))
    if (count % groups) return `groups=${groups} does not divide ${name}=${count}; use a common divisor`;
  return in_channels % reduction
    ? `reduction=${reduction} does not divide in_channels=${in_channels}; use a divisor, 1 for instance`
    : null;
}
