/** The sum under every position of a window, which all convolutions of the page are made of. */

/**
 * Add to each of rows x columns positions of `output` the sum of weight x value under a window with `side` taps a row.
 * `image` has `width` columns, of which the positions are `across` apart, and `down` rows.
 */
export function addTaps(output, image, width, { weights, side, dilation = 1 }, rows, columns, down, across = down) {
  const used = Array.from(weights, (weight, tap) => [weight, tap]).filter(([weight]) => weight !== 0);
  const offset = (tap) => dilation * (Math.floor(tap / side) * width + (tap % side));
  const factors = Float64Array.from(used, ([weight]) => weight);
  const offsets = Int32Array.from(used, ([, tap]) => offset(tap));
  for (let r = 0; r < rows; r += 1)
    addLine(output, r * columns, (r + 1) * columns, factors, image, offsets, r * down * width, across);
}

/**
 * The innermost loops, in a function of their own, which browsers make fast sooner: four neighbours at a time, whose
 * sums stay in local variables until all taps are added, which halves the time of one position after the other.
 */
function addLine(output, start, end, weights, image, offsets, first, across) {
  const [taps, two, three] = [weights.length, 2 * across, 3 * across];
  let [k, from] = [start, first];
  for (; k + 4 <= end; k += 4, from += 4 * across) {
    let [a, b, c, d] = [output[k], output[k + 1], output[k + 2], output[k + 3]];
    for (let tap = 0; tap < taps; tap += 1) {
      const weight = weights[tap];
      const at = from + offsets[tap];
      a += weight * image[at];
      b += weight * image[at + across];
      c += weight * image[at + two];
      d += weight * image[at + three];
    }
    output[k] = a;
    output[k + 1] = b;
    output[k + 2] = c;
    output[k + 3] = d;
  }
  for (; k < end; k += 1, from += across) {
    let sum = output[k];
    for (let tap = 0; tap < taps; tap += 1) sum += weights[tap] * image[from + offsets[tap]];
    output[k] = sum;
  }
}
