import { rounded } from "./sampling.mjs";

/**
 * `cnnlib.registration`: a square window of an image at a shift, against a target, and the way of the shift down the
 * gradient. The window has to lie inside the image. All of its points have the same fractions, so the four weights are
 * computed once for all.
 */
const [MOMENTUM, SQUARES, SMALL] = [0.9, 0.999, 1e-8]; // of Adam

/** The window with its first pixel at `corner` + `shift`: values, row by row. */
export function windowAt({ image, width, side, corner }, shift) {
  const found = new Float64Array(side * side);
  const { first, weights } = placed(width, corner, shift);
  for (let r = 0; r < side; r += 1) {
    for (let c = 0; c < side; c += 1) {
      const at = first + r * width + c;
      found[r * side + c] =
        weights[0] * image[at] +
        weights[1] * image[at + 1] +
        weights[2] * image[at + width] +
        weights[3] * image[at + width + 1];
    }
  }
  return found;
}

/** Where the window's first pixel lies in the image, the fractions, and the weights of its four pixels. */
function placed(width, corner, shift) {
  const [top, left] = shift.map(Math.floor);
  const [down, right] = [shift[0] - top, shift[1] - left];
  return {
    first: (corner[0] + top) * width + corner[1] + left,
    down,
    right,
    weights: [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right],
  };
}

/** The mean squared error at a shift, and its gradient by row and by column. */
export function windowError(patch, target, shift, method) {
  const { image, width, side, corner } = patch;
  const { first, down, right, weights } = placed(width, corner, method === "bilinear" ? shift : shift.map(rounded));
  let [error, byRow, byColumn] = [0, 0, 0];
  for (let r = 0; r < side; r += 1) {
    for (let c = 0; c < side; c += 1) {
      const at = first + r * width + c;
      const [a, b, below, beyond] = [image[at], image[at + 1], image[at + width], image[at + width + 1]];
      const missing = weights[0] * a + weights[1] * b + weights[2] * below + weights[3] * beyond - target[r * side + c];
      error += missing * missing;
      byRow += missing * ((1 - right) * (below - a) + right * (beyond - b));
      byColumn += missing * ((1 - down) * (b - a) + down * (beyond - below));
    }
  }
  const count = side * side;
  const gradient = method === "nearest" ? [0, 0] : [(2 * byRow) / count, (2 * byColumn) / count];
  return { error: error / count, gradient };
}

/** The way from `start` by Adam, whose rate falls to 0 along a cosine: `shifts` and `errors`; it ends beyond `far`. */
export function findShift(patch, target, { start, method, steps, rate, far = Infinity }) {
  let [mean, square] = [
    [0, 0],
    [0, 0],
  ];
  let shift = [...start];
  let { error, gradient } = windowError(patch, target, shift, method);
  const [shifts, errors] = [[shift], [error]];
  for (let step = 0; step < steps && Math.max(...shift.map(Math.abs)) < far; step += 1) {
    const fallen = (rate * (1 + Math.cos((Math.PI * step) / steps))) / 2;
    mean = mean.map((m, axis) => MOMENTUM * m + (1 - MOMENTUM) * gradient[axis]);
    square = square.map((s, axis) => SQUARES * s + (1 - SQUARES) * gradient[axis] ** 2);
    shift = shift.map((s, axis) => {
      const size = Math.sqrt(square[axis] / (1 - SQUARES ** (step + 1))) + SMALL;
      return s - (fallen * mean[axis]) / (1 - MOMENTUM ** (step + 1)) / size;
    });
    ({ error, gradient } = windowError(patch, target, shift, method));
    shifts.push(shift);
    errors.push(error);
  }
  return { shifts, errors };
}
