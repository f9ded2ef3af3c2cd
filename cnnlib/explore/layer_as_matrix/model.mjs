import { legalRange, misfit as windowMisfit, outputSize } from "../mirror/convolution.mjs";
import { rowsOf } from "../kit/format.mjs";
import { SCHEMA } from "./schema.mjs";

const LINE = { kernel_size: 1, stride: 1, padding: 0, dilation: 1 }; // what a line has along its height

/** The sides that the window must fit into. */
export const inUse = ({ dimensions, length, size }) => (dimensions === 1 ? [length] : size);

/** Sizes of the input, the kernel and the output, and how many there are of each. */
export function shapeOf(state) {
  const { dimensions, length, size, kernel_size } = state;
  const down = dimensions === 1 ? LINE : state;
  const [height, width] = dimensions === 1 ? [1, length] : size;
  const [rows, columns] = [outputSize(height, down), outputSize(width, state)];
  const tall = down.kernel_size;
  return {
    height,
    width,
    tall,
    wide: kernel_size,
    rows,
    columns,
    down,
    pixels: height * width,
    outputs: rows * columns,
    taps: tall * kernel_size,
  };
}

/** How many kernels of a tiled layer take turns along each axis; never more than there are outputs. */
export function tileOf({ period }, { rows, columns }) {
  return [Math.min(period, rows), Math.min(period, columns)];
}

/** Which row of the free weights an output uses. */
export function kernelAt(state, shape, output) {
  if (state.connection === "shared") return 0;
  if (state.connection !== "tiled") return output;
  const [down, across] = tileOf(state, shape);
  return (Math.floor(output / shape.columns) % down) * across + ((output % shape.columns) % across);
}

/** The free weight of a tap, or of a pixel where the layer is dense, as one output uses it. */
export function weightAt(state, shape, free, output, tap) {
  if (state.connection === "shared") return free[Math.floor(tap / shape.wide)][tap % shape.wide];
  return free[kernelAt(state, shape, output)][tap];
}

/** For each entry of the matrix the tap through which it is connected, -1 where no window reaches. */
export function tapTable(state) {
  const { height, width, tall, wide, columns, down, pixels, outputs } = shapeOf(state);
  const table = new Int16Array(outputs * pixels).fill(-1);
  for (let output = 0; output < outputs; output += 1) {
    const top = Math.floor(output / columns) * down.stride - down.padding;
    const left = (output % columns) * state.stride - state.padding;
    for (let i = 0; i < tall; i += 1) {
      for (let j = 0; j < wide; j += 1) {
        const [y, x] = [top + i * down.dilation, left + j * state.dilation];
        if (y >= 0 && x >= 0 && y < height && x < width) table[output * pixels + y * width + x] = i * wide + j;
      }
    }
  }
  return table;
}

/** The weights that can be chosen, as rows: those given, zeros beyond, or those of a preset. */
export function freeWeights(state) {
  const shape = shapeOf(state);
  const { tall, wide, outputs, taps, pixels } = shape;
  const [down, across] = tileOf(state, shape);
  const shared = state.connection === "shared";
  const [rows, columns] = {
    shared: [tall, wide],
    tiled: [down * across, taps],
    local: [outputs, taps],
    dense: [outputs, pixels],
  }[state.connection];
  const step = shared ? columns : columns < 10 ? 10 : 100;
  const filled = (value) =>
    Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => value(r, c)));
  if (state.preset === "custom") return filled((r, c) => state.weights[r]?.[c] ?? 0);
  if (state.preset === "ones") return filled(() => 1);
  if (state.preset === "counted") return filled((r, c) => step * r + c + 1);
  const kernel = Array.from({ length: tall }, () =>
    Array.from({ length: wide }, (_, c) => (wide === 1 ? 1 : Number(c === wide - 1) - Number(c === 0))),
  );
  return converted({ ...state, connection: "shared", preset: "custom", weights: kernel }, state.connection);
}

/** The values in the input, row-major: those given, zeros beyond, or those of a pattern. */
export function inputValues(state) {
  const { height, width } = shapeOf(state);
  const { pattern, image } = state;
  return Float64Array.from({ length: height * width }, (_, k) => {
    const [r, c] = [Math.floor(k / width), k % width];
    if (pattern === "array") return image[r]?.[c] ?? 0;
    if (pattern === "positions") return 10 * r + c;
    return Number(pattern === "edge" ? c >= width / 2 : r === height >> 1 && c === width >> 1);
  });
}

/** The matrix, row-major, with the table of its taps. */
export function matrixOf(state) {
  const shape = shapeOf(state);
  const { outputs, pixels } = shape;
  const table = tapTable(state);
  const free = freeWeights(state);
  const matrix = new Float64Array(outputs * pixels);
  for (let k = 0; k < matrix.length; k += 1) {
    const output = Math.floor(k / pixels);
    if (state.connection === "dense") matrix[k] = free[output][k - output * pixels];
    else if (table[k] >= 0) matrix[k] = weightAt(state, shape, free, output, table[k]);
  }
  return { matrix, table, free };
}

/** y = A x. */
export function product(matrix, x) {
  return Float64Array.from({ length: matrix.length / x.length }, (_, r) => {
    let sum = 0;
    for (let c = 0; c < x.length; c += 1) sum += matrix[r * x.length + c] * x[c];
    return sum;
  });
}

/** Free parameters, connections and multiply-adds of all four kinds of layer. */
export function counts(state) {
  const shape = shapeOf(state);
  const { outputs, pixels, taps } = shape;
  const [down, across] = tileOf(state, shape);
  let reached = 0;
  for (const tap of tapTable(state)) reached += tap >= 0;
  return {
    dense: { parameters: outputs * pixels, connections: outputs * pixels, macs: outputs * pixels },
    local: { parameters: outputs * taps, connections: reached, macs: outputs * taps },
    tiled: { parameters: down * across * taps, connections: reached, macs: outputs * taps },
    shared: { parameters: taps, connections: reached, macs: outputs * taps },
  };
}

/** Everything that is shown of a state and does not depend on where the pointer is. */
export function computed(state) {
  const shape = shapeOf(state);
  const { matrix, table, free } = matrixOf(state);
  const x = inputValues(state);
  const limit = Math.max(...free.flat().map(Math.abs)) || 1;
  const connected = Uint8Array.from(table, (tap) => state.connection === "dense" || tap >= 0);
  return { shape, matrix, table, free, x, limit, connected, y: product(matrix, x), tally: counts(state) };
}

/**
 * The free weights of another kind of layer, or of another period, made from this state's matrix. Loosening a tie
 * changes nothing; tightening it sets to zero what falls outside the windows, and takes the mean over the outputs for a
 * weight that is to be shared.
 */
export function converted(state, connection, period = state.period) {
  const { matrix, table, free } = matrixOf(state);
  const shape = shapeOf(state);
  const { outputs, pixels, taps, wide } = shape;
  if (connection === state.connection && (connection !== "tiled" || period === state.period)) return free;
  if (connection === "dense") return rowsOf(matrix, pixels);
  const next = { ...state, connection, period };
  const [down, across] = tileOf(next, shape);
  const kernels = { shared: 1, tiled: down * across, local: outputs }[connection];
  const [sums, met, spare] = [0, 1, 2].map(() => Array.from({ length: kernels }, () => new Array(taps).fill(0)));
  // a tap that meets only padding has no entry in the matrix, but a weight where outputs have kernels in common
  const tied = state.connection === "shared" || state.connection === "tiled";
  for (let output = 0; output < outputs; output += 1) {
    const kernel = kernelAt(next, shape, output);
    const row = table.subarray(output * pixels, (output + 1) * pixels);
    for (let tap = 0; tap < taps; tap += 1) {
      const pixel = row.indexOf(tap);
      if (pixel < 0) {
        if (tied) spare[kernel][tap] = weightAt(state, shape, free, output, tap);
        continue;
      }
      sums[kernel][tap] += matrix[output * pixels + pixel];
      met[kernel][tap] += 1;
    }
  }
  const means = sums.map((row, k) => row.map((sum, tap) => (met[k][tap] ? sum / met[k][tap] : spare[k][tap])));
  return connection === "shared" ? rowsOf(means[0], wide) : means;
}

export const bounds = { rows: (state) => shapeOf(state).outputs };

export const misfit = (state) => windowMisfit(inUse(state), state);

const legal = (name) => (state) => legalRange(name, inUse(state), state, SCHEMA[name]);
export const ranges = {
  kernel_size: legal("kernel_size"),
  padding: legal("padding"),
  dilation: legal("dilation"),
  length: (state) => (state.dimensions === 1 ? legalRange("size", [state.length], state, SCHEMA.length) : [2, 16]),
  size: (state, axis) => (state.dimensions === 2 ? legalRange("size", [state.size[axis]], state, SCHEMA.size) : [2, 6]),
};
