import { PERIOD } from "./schema.mjs";

export const CHANNELS = 4;
const [SIDE, SMALL] = [9, 5];

/** Side of the input maps in the small picture. */
export const sideOf = ({ variant }) => (variant === "transposed" ? SMALL : SIDE);

/** `[rows, columns]` of outputs in the small picture. */
export function outputShape(state) {
  const side = sideOf(state);
  const outputs = { strided: Math.ceil(side / state.stride), transposed: side * state.stride }[state.variant] ?? side;
  return [outputs, outputs];
}

/** Number of the kernel, from 1, that makes the output at (row, column); of a transposed layer, of its set of taps. */
export function kernelAt({ variant, stride }, row, column) {
  if (variant === "unshared") return row * SIDE + column + 1;
  const period = { tiled: PERIOD, transposed: stride }[variant];
  return period ? (row % period) * period + (column % period) + 1 : 1;
}

/** How many of the four drawn channels one output reads, for its share of all. */
export function readChannels({ variant, groups }) {
  if (variant === "depthwise") return 1;
  return variant === "grouped" ? Math.max(1, Math.floor(CHANNELS / groups)) : CHANNELS;
}

/** An example of an offset in whole pixels, -1 to 1: where a real layer would ask the image. */
const wandered = (i, j, row, column) => [
  ((3 * i + 5 * j + 2 * row + column) % 3) - 1,
  ((i + 2 * j + row + 2 * column) % 3) - 1,
];

/** "row,column" of the inputs that the output at `position` reads in each of its channels. */
export function readInputs(state) {
  const { variant, kernel_size, stride, dilation, position } = state;
  const half = (kernel_size - 1) / 2;
  const side = sideOf(state);
  const found = new Set();
  const keep = (r, c) => r >= 0 && c >= 0 && r < side && c < side && found.add(`${r},${c}`);
  if (variant === "transposed") {
    const near = position.map((at) =>
      Array.from({ length: side }, (_, i) => i).filter((i) => Math.abs(at - i * stride) <= half),
    );
    for (const r of near[0]) for (const c of near[1]) keep(r, c);
    return found;
  }
  const step = variant === "strided" ? stride : 1;
  const gap = variant === "dilated" ? dilation : 1;
  const reach = { pointwise: 0, inception: half + 1 }[variant] ?? half;
  const moves = variant === "deformable" || variant === "modulated";
  for (let i = 0; i <= 2 * reach; i += 1)
    for (let j = 0; j <= 2 * reach; j += 1) {
      const [down, right] = moves ? wandered(i, j, ...position) : [0, 0];
      keep(position[0] * step + (i - reach) * gap + down, position[1] * step + (j - reach) * gap + right);
    }
  return found;
}
