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
