import { scatter } from "./transposed.mjs";

/**
 * `cnnlib.ops.upsample2x` for one channel and a square map: `kernels` are one kernel (k x k, row-major), or four for
 * the sub-pixel kind.
 */
export function upsample2x(map, side, kernels, k, kind) {
  if (kind === "transposed") return stamped(map, side, kernels[0], k);
  if (kind === "sub-pixel") {
    const maps = kernels.map((kernel) => same(map, side, kernel, k));
    return doubled(side, (r, c) => maps[(r % 2) * 2 + (c % 2)][(r >> 1) * side + (c >> 1)]);
  }
  const nearest = (r, c) => map[(r >> 1) * side + (c >> 1)];
  const large = kind === "nearest + conv" ? doubled(side, nearest) : interpolated(map, side);
  return same(large, 2 * side, kernels[0], k);
}

const doubled = (side, value) =>
  Float64Array.from({ length: 4 * side * side }, (_, at) => value(Math.floor(at / (2 * side)), at % (2 * side)));

function stamped(map, side, kernel, k) {
  const padding = (k - 1) >> 1;
  const { values, columns } = scatter(map, [side, side], kernel, {
    kernel_size: k,
    stride: 2,
    padding,
    output_padding: k % 2,
    dilation: 1,
  });
  return doubled(side, (r, c) => values[(r + padding) * columns + c + padding]);
}

/** Cross-correlation that keeps the size, with zeros around the map. */
function same(map, side, kernel, k) {
  const pad = k >> 1;
  const result = new Float64Array(side * side);
  kernel.forEach((weight, tap) => {
    const [down, across] = [Math.floor(tap / k) - pad, (tap % k) - pad];
    for (let r = Math.max(0, -down); r < Math.min(side, side - down); r += 1) {
      for (let c = Math.max(0, -across); c < Math.min(side, side - across); c += 1) {
        result[r * side + c] += weight * map[(r + down) * side + c + across];
      }
    }
  });
  return result;
}

/** Bilinear interpolation by 2, corners not aligned: three quarters of the near pixel, one quarter of the next. */
function interpolated(map, side) {
  const near = (at) => at >> 1;
  const next = (at) => Math.min(side - 1, Math.max(0, near(at) + (at % 2 ? 1 : -1)));
  return doubled(side, (r, c) => {
    const along = (row) => 0.75 * map[row * side + near(c)] + 0.25 * map[row * side + next(c)];
    return 0.75 * along(near(r)) + 0.25 * along(next(r));
  });
}
