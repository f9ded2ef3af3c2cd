import { span } from "./convolution.mjs";

/**
 * The arithmetic of a transposed convolution of one channel, as in `cnnlib.geometry` and `cnnlib.ops.conv_transpose2d`.
 * Positions are counted in the frame: everything that the kernels reach, from the first stamp's corner on. The output
 * begins `padding` behind it, and `output_padding` may let it end behind the last stamp.
 */

/** Pixels along one axis from the first stamp's beginning to the last one's end. */
export const reach = (size, { kernel_size, stride, dilation }) => (size - 1) * stride + span(kernel_size, dilation);

/** Output pixels along one axis, 0 or less where the padding leaves none. */
export const transposedSize = (size, state) => reach(size, state) - 2 * state.padding + state.output_padding;

/** Pixels of the frame along one axis: what the kernels reach, and what the output has behind it. */
export const frameSize = (size, state) => Math.max(reach(size, state), state.padding + transposedSize(size, state));

/** What is wrong with these parameters, in the words of `cnnlib.geometry.conv_transpose_output_size`, or null. */
export function misfit(sizes, state) {
  const { kernel_size, stride, padding, output_padding, dilation } = state;
  const least = Math.max(stride, dilation);
  if (output_padding >= least) {
    return (
      `output_padding=${output_padding} is not below the larger of stride=${stride} and dilation=${dilation}; ` +
      `use at most ${least - 1}`
    );
  }
  const size = sizes.find((each) => transposedSize(each, state) <= 0);
  if (size === undefined) return null;
  const all = reach(size, state) + output_padding;
  return (
    `padding=${padding} cuts away all of the ${all} pixels of size=${size}, kernel_size=${kernel_size}, ` +
    `stride=${stride}, dilation=${dilation}; use padding <= ${Math.floor((all - 1) / 2)}`
  );
}

/** The inputs along one axis that write position `at` of the frame, each with the tap that does: `[i, tap]`. */
export function writers(at, size, { kernel_size, stride, dilation }) {
  const found = [];
  for (let i = 0; i < size; i += 1) {
    const steps = at - i * stride;
    if (steps >= 0 && steps % dilation === 0 && steps / dilation < kernel_size) found.push([i, steps / dilation]);
  }
  return found;
}

/** The frame's values, row-major: each pixel of `image` (height x width) adds its kernel. */
export function scatter(image, [height, width], kernel, state) {
  const { kernel_size: k, stride, dilation } = state;
  const [rows, columns] = [height, width].map((n) => frameSize(n, state));
  const values = new Float64Array(rows * columns);
  image.forEach((value, at) => {
    const corner = Math.floor(at / width) * stride * columns + (at % width) * stride;
    kernel.forEach((weight, tap) => {
      values[corner + Math.floor(tap / k) * dilation * columns + (tap % k) * dilation] += value * weight;
    });
  });
  return { values, rows, columns };
}

/** Writes along one axis of an input without end: those of one period, `stride` positions. */
export function overlapCounts({ kernel_size, stride, dilation }) {
  const counts = Array.from({ length: stride }, () => 0);
  for (let tap = 0; tap < kernel_size; tap += 1) counts[(tap * dilation) % stride] += 1;
  return counts;
}
