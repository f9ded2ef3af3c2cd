import { outputSize } from "./convolution.mjs";
import { addTaps } from "./taps.mjs";

/**
 * What `cnnlib.filters` and `cnnlib.ops.conv2d` compute, for banks of three channels: the other half of the same truth.
 */

const BINS = 32;

/** Integers from -127 to 127 out of a congruential generator, as in `cnnlib.filters`. */
export function drawn(count) {
  let state = 403;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return ((state >>> 16) % 255) - 127;
  });
}

const COSINES = Float64Array.from({ length: BINS }, (_, n) => Math.cos((2 * Math.PI * n) / BINS));
const SINES = Float64Array.from({ length: BINS }, (_, n) => Math.sin((2 * Math.PI * n) / BINS));

/** Squared amplitude of every wave in a filter (3 x side x side), summed over the channels: BINS x BINS, row-major. */
export function power(weights, side) {
  const strength = new Float64Array(BINS * BINS);
  const half = BINS / 2 + 1; // the other half mirrors it
  const rows = new Float64Array(2 * side);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let u = 0; u < half; u += 1) {
      for (let i = 0; i < side; i += 1) {
        let [real, imaginary] = [0, 0];
        for (let j = 0; j < side; j += 1) {
          const weight = weights[(channel * side + i) * side + j];
          real += weight * COSINES[(u * j) % BINS];
          imaginary -= weight * SINES[(u * j) % BINS];
        }
        rows[2 * i] = real;
        rows[2 * i + 1] = imaginary;
      }
      for (let v = 0; v < BINS; v += 1) {
        let [real, imaginary] = [0, 0];
        for (let i = 0; i < side; i += 1) {
          const [cosine, sine] = [COSINES[(v * i) % BINS], SINES[(v * i) % BINS]];
          real += rows[2 * i] * cosine + rows[2 * i + 1] * sine;
          imaginary += rows[2 * i + 1] * cosine - rows[2 * i] * sine;
        }
        strength[v * BINS + u] += real * real + imaginary * imaginary;
      }
    }
  }
  for (let v = 0; v < BINS; v += 1) {
    for (let u = half; u < BINS; u += 1) strength[v * BINS + u] = strength[((BINS - v) % BINS) * BINS + BINS - u];
  }
  return strength;
}

/** Direction of the bars in degrees and how clear it is, strongest wave, colour and energy of one filter. */
export function features(weights, side) {
  const strength = power(weights, side);
  let [xx, yy, xy, top, peak] = [0, 0, 0, -1, 0];
  for (let v = 0; v < BINS; v += 1) {
    const down = (v < BINS / 2 ? v : v - BINS) / BINS;
    for (let u = 0; u < BINS; u += 1) {
      const across = (u < BINS / 2 ? u : u - BINS) / BINS;
      const p = strength[v * BINS + u];
      xx += p * across * across;
      yy += p * down * down;
      xy += p * down * across;
      if (u <= BINS / 2 && p > top) [top, peak] = [p, v * BINS + u];
    }
  }
  const varies = ((Math.atan2(2 * xy, xx - yy) / 2) * 180) / Math.PI;
  const [v, u] = [Math.floor(peak / BINS), peak % BINS];
  const down = Math.min(v, BINS - v);
  const plane = side * side;
  let [energy, grey] = [0, 0];
  for (let n = 0; n < plane; n += 1) {
    const [r, g, b] = [weights[n], weights[plane + n], weights[2 * plane + n]];
    energy += r * r + g * g + b * b;
    grey += (r + g + b) ** 2 / 3;
  }
  return {
    orientation: ((-(varies + 90) % 180) + 180) % 180,
    oriented: Math.sqrt((xx - yy) ** 2 + 4 * xy * xy) / (xx + yy || 1),
    frequency: Math.sqrt(down * down + u * u) / BINS,
    colour: energy ? 1 - grey / energy : 0,
    energy,
  };
}

/** Cross-correlation of three planes (height x width, Float64Array) with one filter (3 x side x side), no padding. */
export function correlate(planes, height, width, weights, side, stride) {
  const window = { kernel_size: side, stride, padding: 0, dilation: 1 };
  const [rows, columns] = [outputSize(height, window), outputSize(width, window)];
  const output = new Float64Array(rows * columns);
  planes.forEach((plane, channel) => {
    const own = weights.subarray(channel * side * side, (channel + 1) * side * side);
    addTaps(output, plane, width, { weights: own, side }, rows, columns, stride);
  });
  return { output, rows, columns };
}

/** Lowest and highest value, and how few are large: 1 - (mean magnitude)^2 / mean square. */
export function summary(values) {
  let [low, high, magnitude, square] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
    magnitude += Math.abs(value);
    square += value * value;
  }
  return { low, high, sparseness: square ? 1 - magnitude ** 2 / values.length / square : 0 };
}

/** The windows with the largest responses, none over another: `[row, column]`, at most `most`. */
export function bestWindows(values, rows, columns, side, stride, most) {
  const reach = Math.ceil(side / stride);
  const found = [];
  const free = new Uint8Array(values.length).fill(1);
  while (found.length < most) {
    let [best, where] = [-Infinity, -1];
    for (let n = 0; n < values.length; n += 1) if (free[n] && values[n] > best) [best, where] = [values[n], n];
    if (where < 0) break;
    const [row, column] = [Math.floor(where / columns), where % columns];
    found.push([row, column]);
    for (let r = Math.max(0, row - reach + 1); r < Math.min(rows, row + reach); r += 1) {
      free.fill(0, r * columns + Math.max(0, column - reach + 1), r * columns + Math.min(columns, column + reach));
    }
  }
  return found;
}

/** Red's, green's and blue's share in the sum of one window. */
export function shares(planes, width, weights, side, row, column) {
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let i = 0; i < side; i += 1) {
      for (let j = 0; j < side; j += 1)
        sum += weights[(channel * side + i) * side + j] * planes[channel][(row + i) * width + column + j];
    }
    return sum;
  });
}
