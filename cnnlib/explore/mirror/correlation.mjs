import { outputSize } from "./convolution.mjs";
import { addTaps } from "./taps.mjs";

/**
 * Cross-correlation of `image` (height x width, row-major) with `kernel` (k x k, row-major), zero padding.
 * A kernel that is a column times a row (box, Gaussian, Sobel) goes down the columns and then along the rows: 2 k taps
 * for k x k. Where `apart()` gives it as a sum of a few such terms, `[{ column, row }]`, each of them does.
 */
export function correlate(image, height, width, kernel, { kernel_size, stride, padding, dilation }, apart) {
  const parameters = { kernel_size, stride, padding, dilation };
  const rows = outputSize(height, parameters);
  const columns = outputSize(width, parameters);
  if (!rows || !columns) return { output: new Float32Array(0), rows, columns };
  const wide = width + 2 * padding;
  const pixels = image instanceof Float32Array ? image : Float32Array.from(image);
  const framed = padding ? borrowed("framed", (height + 2 * padding) * wide) : pixels;
  for (let r = 0; padding && r < height; r += 1)
    framed.set(pixels.subarray(r * width, (r + 1) * width), (r + padding) * wide + padding);
  const some = kernel_size > 3 && (separate(kernel, kernel_size) ?? few(apart?.(), kernel_size));
  const to = new Float32Array(rows * columns);
  if (!some) addTaps(to, framed, wide, { weights: kernel, side: kernel_size, dilation }, rows, columns, stride);
  for (const { column, row } of some || []) {
    const between = borrowed("between", rows * wide);
    addTaps(between, framed, wide, { weights: column, side: 1, dilation }, rows, wide, stride, 1);
    addTaps(to, between, wide, { weights: row, side: kernel_size, dilation }, rows, columns, 1, stride);
  }
  return { output: to, rows, columns };
}

const lent = {};

/** An array of zeros that is only needed until the next call, so that a drag does not fill the memory with them. */
function borrowed(name, length) {
  if (!(lent[name]?.length >= length)) lent[name] = new Float32Array(length);
  return lent[name].subarray(0, length).fill(0);
}

const few = (terms, k) => (terms && 2 * terms.length < k ? terms : null);

/** The column and the row whose product the k x k kernel is, as its only term, or null if it is none, to rounding. */
function separate(kernel, k) {
  const largest = kernel.reduce((best, weight, tap) => (Math.abs(weight) > Math.abs(kernel[best]) ? tap : best), 0);
  const peak = kernel[largest];
  const column = Array.from({ length: k }, (_, i) => kernel[i * k + (largest % k)]);
  const row = Array.from({ length: k }, (_, j) => kernel[largest - (largest % k) + j] / peak);
  const off = (weight, tap) => Math.abs(weight - column[Math.floor(tap / k)] * row[tap % k]) > 1e-12 * Math.abs(peak);
  return peak === 0 || kernel.some(off) ? null : [{ column, row }];
}
