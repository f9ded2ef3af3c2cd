/** The filters of `cnnlib.kernels`, formula for formula; golden cases hold the two together. Row-major Float64Array. */

export const DIRECTED = ["sobel", "prewitt", "gabor"];

const fill = (size, value) =>
  Float64Array.from({ length: size * size }, (_, k) => value(Math.floor(k / size), k % size));
const sum = (values) => values.reduce((total, v) => total + v, 0);
const centred = (size) => (i) => i - (size - 1) / 2;
const squares = (size) => {
  const at = centred(size);
  return fill(size, (i, j) => at(i) ** 2 + at(j) ** 2);
};

function binomial(n) {
  const row = [1];
  for (let k = 1; k <= n; k += 1) row.push((row[k - 1] * (n - k + 1)) / k);
  return row;
}

/** The slope along `angle` degrees, smoothed across, answering `gain` to a ramp of one per pixel. */
function directed(smooth, slope, gain, angle) {
  const size = smooth.length;
  const scale = gain / (sum(smooth) * sum(slope.map((v, j) => v * j)));
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return fill(size, (i, j) => scale * (smooth[i] * slope[j] * cos + smooth[j] * slope[i] * sin));
}

/** Shifted to sum 0 and scaled to absolute sum `total`. */
function balanced(kernel, total) {
  const mean = sum(kernel) / kernel.length;
  const shifted = kernel.map((v) => v - mean);
  const scale = total / sum(shifted.map(Math.abs));
  return shifted.map((v) => v * scale);
}

const makers = {
  identity: (size) => fill(size, (i, j) => Number(i === Math.floor(size / 2) && j === Math.floor(size / 2))),
  box: (size) => fill(size, () => 1 / size ** 2),
  gaussian(size) {
    const kernel = squares(size).map((d) => Math.exp(-d / (2 * (size / 5) ** 2)));
    const total = sum(kernel);
    return kernel.map((v) => v / total);
  },
  sobel(size, angle) {
    const row = binomial(size - 2);
    const slope = Array.from({ length: size }, (_, j) => (row[j - 1] ?? 0) - (row[j] ?? 0));
    return directed(binomial(size - 1), slope, 8, angle);
  },
  prewitt: (size, angle) =>
    directed(
      Array(size).fill(1),
      Array.from({ length: size }, (_, j) => centred(size)(j)),
      6,
      angle,
    ),
  laplacian(size) {
    if (size === 3) return Float64Array.from([0, 1, 0, 1, -4, 1, 0, 1, 0]);
    const variance = (size / 6) ** 2;
    return balanced(
      squares(size).map((d) => (d - 2 * variance) * Math.exp(-d / (2 * variance))),
      8,
    );
  },
  sharpen(size) {
    const laplacian = makers.laplacian(size);
    return makers.identity(size).map((v, k) => v - laplacian[k]);
  },
  gabor(size, angle) {
    const at = centred(size);
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const distance = squares(size);
    const wave = fill(size, (i, j) => Math.cos((2 * Math.PI * (at(j) * cos + at(i) * sin)) / (size / 2.5)));
    return balanced(
      wave.map((v, k) => v * Math.exp(-distance[k] / (2 * (size / 5) ** 2))),
      2,
    );
  },
};

/** Two Gabor filters a quarter of a wave apart, [even, odd]: `cnnlib.kernels.quadrature`. */
export function quadrature(size, angle) {
  const at = centred(size);
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const envelope = squares(size).map((d) => Math.exp(-d / (2 * (size / 5) ** 2)));
  const phase = fill(size, (i, j) => (2 * Math.PI * (at(j) * cos + at(i) * sin)) / (size / 2.5));
  let even = phase.map((p, k) => envelope[k] * Math.cos(p));
  const excess = sum(even) / sum(envelope);
  even = even.map((v, k) => v - excess * envelope[k]);
  const scale = 2 / sum(even.map(Math.abs));
  return [even.map((v) => v * scale), phase.map((p, k) => envelope[k] * Math.sin(p) * scale)];
}

export const NAMES = Object.keys(makers);

/** The filter of that name, size and angle. */
export const named = (name, size, angle) => makers[name](size, angle);

/** Whether the output is shown about zero rather than in grey: a kernel whose sum is small beside its weights. */
export function isSigned(kernel) {
  const total = kernel.reduce((sum, w) => sum + w, 0);
  return total <= 0.05 * kernel.reduce((sum, w) => sum + Math.abs(w), 0);
}
