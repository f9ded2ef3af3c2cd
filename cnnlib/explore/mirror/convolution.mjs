import { addTaps } from "./taps.mjs";

/**
 * The arithmetic of `cnnlib.geometry` and `cnnlib.ops.conv2d`, for one channel: the other half of the same truth.
 * Names and conventions are torch's: cross-correlation, padding per side, dilation 1 = dense, floor.
 */

/** Pixels from the first to the last tap. */
export const span = (kernelSize, dilation) => dilation * (kernelSize - 1) + 1;

/** Number of window positions along one axis, 0 where the window does not fit. */
export function outputSize(size, { kernel_size, stride, padding, dilation }) {
  const room = size + 2 * padding - span(kernel_size, dilation);
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/** Pixels of the padded axis behind the last window. */
export function leftOver(size, { kernel_size, stride, padding, dilation }) {
  return (size + 2 * padding - span(kernel_size, dilation)) % stride;
}

/** Output positions along one axis whose window has a tap on pixel `index` (in the image, not the padding). */
export function readers(index, size, { kernel_size, stride, padding, dilation }) {
  const outputs = outputSize(size, { kernel_size, stride, padding, dilation });
  const found = [];
  for (let o = 0; o < outputs; o += 1) {
    const steps = index + padding - o * stride;
    if (steps >= 0 && steps % dilation === 0 && steps / dilation < kernel_size) found.push(o);
  }
  return found;
}

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

/** The values under the taps of the window of output (row, column), zeros outside, in the kernel's order. */
export function patch(image, height, width, row, column, { kernel_size, stride, padding, dilation }) {
  const values = [];
  for (let i = 0; i < kernel_size; i += 1) {
    for (let j = 0; j < kernel_size; j += 1) {
      const r = row * stride - padding + i * dilation;
      const c = column * stride - padding + j * dilation;
      values.push(r >= 0 && r < height && c >= 0 && c < width ? image[r * width + c] : 0);
    }
  }
  return values;
}

/**
 * The legal range of a parameter of a window while the others stay: `[low, high]` inside its own limits. `sizes` are
 * the lengths of the axes.
 */
export function legalRange(name, sizes, { kernel_size, padding, dilation }, { low, high }) {
  const room = Math.min(...sizes) + 2 * padding - 1; // steps from the first to the last padded pixel
  if (name === "kernel_size") return [low, Math.max(low, Math.min(high, Math.floor(room / dilation) + 1))];
  if (name === "dilation") {
    return [low, kernel_size === 1 ? high : Math.max(low, Math.min(high, Math.floor(room / (kernel_size - 1))))];
  }
  const need = span(kernel_size, dilation);
  if (name === "padding") return [Math.min(high, Math.max(low, Math.ceil((need - Math.min(...sizes)) / 2))), high];
  if (name === "size") return [Math.min(high, Math.max(low, need - 2 * padding)), high];
  return [low, high];
}

/** What is wrong with these parameters, in the words of `cnnlib.geometry.conv_output_size`, or null. */
export function misfit(sizes, { kernel_size, padding, dilation }) {
  const need = span(kernel_size, dilation);
  const axis = sizes.findIndex((size) => need > size + 2 * padding);
  if (axis < 0) return null;
  const where = sizes.length === 1 || sizes[0] === sizes[1] ? "" : ` along the ${["height", "width"][axis]}`;
  return (
    `a window spanning ${need} (kernel_size=${kernel_size}, dilation=${dilation}) does not fit in ` +
    `${sizes[axis] + 2 * padding} (size=${sizes[axis]}, padding=${padding})${where}; ` +
    `shrink the window or use padding >= ${Math.ceil((need - sizes[axis]) / 2)}`
  );
}
