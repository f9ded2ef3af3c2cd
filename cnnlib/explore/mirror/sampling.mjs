/**
 * `cnnlib.ops.bilinear_sample` and its gradient for one channel, at one point: (row, column), zeros outside the image.
 * On a pixel the slopes are those downwards and to the right, as in torch.
 */

/** The pixel before a coordinate. Truncation, the usual mistake, gives the one after it below zero. */
export const before = { floor: Math.floor, truncate: Math.trunc };

/** Halves go to the even number, as in Python, NumPy and torch. */
export function rounded(value) {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
}

/**
 * What a point between four pixels reads: `top` and `left`, the fractions `down` and `right`, the four `values` and
 * `weights` row by row, their `value`, and the `slopes` by row and by column.
 */
export function between(image, [height, width], [row, column], rule = "floor") {
  const [top, left] = [row, column].map((v) => before[rule](v) + 0); // never -0
  const [down, right] = [row - top, column - left];
  const at = (r, c) => (r >= 0 && r < height && c >= 0 && c < width ? image[r * width + c] : 0);
  const values = [at(top, left), at(top, left + 1), at(top + 1, left), at(top + 1, left + 1)];
  const weights = [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right];
  return {
    top,
    left,
    down,
    right,
    values,
    weights,
    value: weights.reduce((sum, weight, k) => sum + weight * values[k], 0),
    slopes: [
      (1 - right) * (values[2] - values[0]) + right * (values[3] - values[1]),
      (1 - down) * (values[1] - values[0]) + down * (values[3] - values[2]),
    ],
  };
}
