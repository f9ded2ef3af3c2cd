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
 * The innermost loops, in a function of their own, which browsers make fast sooner: eight neighbours at a time, whose
 * sums stay in local variables until all taps are added, which takes a third of the time of one position after the
 * other.
 */
function addLine(output, start, end, weights, image, offsets, first, across) {
  const taps = weights.length;
  const [two, three, four] = [2 * across, 3 * across, 4 * across];
  const [five, six, seven] = [5 * across, 6 * across, 7 * across];
  let [k, from] = [start, first];
  for (; k + 8 <= end; k += 8, from += 8 * across) {
    let a = output[k];
    let b = output[k + 1];
    let c = output[k + 2];
    let d = output[k + 3];
    let e = output[k + 4];
    let f = output[k + 5];
    let g = output[k + 6];
    let h = output[k + 7];
    for (let tap = 0; tap < taps; tap += 1) {
      const weight = weights[tap];
      const at = from + offsets[tap];
      a += weight * image[at];
      b += weight * image[at + across];
      c += weight * image[at + two];
      d += weight * image[at + three];
      e += weight * image[at + four];
      f += weight * image[at + five];
      g += weight * image[at + six];
      h += weight * image[at + seven];
    }
    output[k] = a;
    output[k + 1] = b;
    output[k + 2] = c;
    output[k + 3] = d;
    output[k + 4] = e;
    output[k + 5] = f;
    output[k + 6] = g;
    output[k + 7] = h;
  }
  for (; k < end; k += 1, from += across) {
    let sum = output[k];
    for (let tap = 0; tap < taps; tap += 1) sum += weights[tap] * image[from + offsets[tap]];
    output[k] = sum;
  }
}
