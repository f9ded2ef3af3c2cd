import { outputSize, span } from "./convolution.mjs";

/**
 * Receptive fields along one axis of a stack of layers {kernel_size, stride, padding, dilation}:
 * the other half of `cnnlib.geometry.receptive_field` and `count_paths`. Level 0 is the image, level n the nth layer.
 */

/** Units of each level, from the image up; 0 from where a window does not fit. */
export function levelSizes(layers, size) {
  const sizes = [size];
  for (const layer of layers) sizes.push(sizes.at(-1) ? outputSize(sizes.at(-1), layer) : 0);
  return sizes;
}

/** {size, jump, start} of each level. */
export function levelFields(layers) {
  const fields = [{ size: 1, jump: 1, start: 0 }];
  for (const { kernel_size, stride, padding, dilation } of layers) {
    const { size, jump, start } = fields.at(-1);
    fields.push({
      size: size + (span(kernel_size, dilation) - 1) * jump,
      jump: jump * stride,
      start: start - padding * jump,
    });
  }
  return fields;
}

/** Where the field of unit `at` has its centre, in pixels. */
export const centreOf = ({ size, jump, start }, at) => start + (size - 1) / 2 + at * jump;

/** `[first, last]` unit of each level below that unit `at` of `layer` would read in an image without end. */
export function windowsBelow(layers, layer, at) {
  const windows = [[at, at]];
  for (let n = layer - 1; n >= 0; n -= 1) {
    const { kernel_size, stride, padding, dilation } = layers[n];
    const [first, last] = windows[0];
    windows.unshift([first * stride - padding, last * stride - padding + span(kernel_size, dilation) - 1]);
  }
  return windows;
}

/** For each level the number of paths from each of its units to unit `at` of `layer`. */
export function pathsBelow(layers, sizes, layer, at) {
  const top = new Float64Array(sizes[layer]);
  top[at] = 1;
  const levels = [top];
  for (let n = layer - 1; n >= 0; n -= 1) {
    const { kernel_size, stride, padding, dilation } = layers[n];
    const [above, below] = [levels[0], new Float64Array(sizes[n])];
    for (let unit = 0; unit < above.length; unit += 1) {
      if (!above[unit]) continue;
      for (let tap = 0; tap < kernel_size; tap += 1) {
        const at = unit * stride - padding + tap * dilation;
        if (at >= 0 && at < below.length) below[at] += above[unit];
      }
    }
    levels.unshift(below);
  }
  return levels;
}

/** Paths as shares of the largest: the gradient of ones, or with `root` that of random weights. */
export function shares(paths, root) {
  const most = paths.reduce((a, b) => Math.max(a, b), 0) || 1;
  return paths.map((ways) => (root ? Math.sqrt(ways / most) : ways / most));
}

/** Side of the square with as many pixels as the product of two profiles has above `share` of its largest. */
export function effectiveSize(rows, columns, share) {
  let count = 0;
  for (const row of rows) {
    if (row <= share) continue; // no column is above 1
    for (const column of columns) count += row * column > share;
  }
  return Math.sqrt(count);
}
