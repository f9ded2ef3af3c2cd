import { COLOUR_PHOTOGRAPHS } from "../generated/colour_photographs.mjs";
import { sizeOf, tooSmall } from "../kit/pictures.mjs";
import { BAYER, COLOURS, RIM, SCHEMA, SIDE } from "./schema.mjs";
import { KERNELS } from "./tables.mjs";

export const WIDE = SIDE + 2 * RIM;
const mod = (n, m) => ((n % m) + m) % m;

export const misfit = (state) =>
  state.kernel_size % 2 ? tooSmall(state, WIDE) : `kernel_size=${state.kernel_size} has no middle pixel; use 3 or 5`;

export const bounds = { positions: (state) => sizeOf(COLOUR_PHOTOGRAPHS, state).map((n) => n - WIDE + 1) };
export const ranges = { position: (state, axis) => [0, bounds.positions(state)[axis] - 1] };

/** Which of red, green and blue the sensor measures at a pixel of the photograph. */
export const colourAt = (row, column) => BAYER[row % 2][column % 2];

/** The kernel (K x K) of a colour, 0 to 2, that serves a pixel of the photograph. */
export function kernelFor({ kernels, kernel_size, shift }, colour, row, column) {
  const taps = KERNELS[`${kernels}${kernel_size}`][colour];
  const period = [taps[0][0].length, taps[0][0][0].length];
  const [i, j] = [mod(row - shift[0], period[0]), mod(column - shift[1], period[1])];
  return taps.map((line) => line.map((tap) => tap[i][j]));
}

/** The kernels of the chosen colour that serve red, green beside red, green beside blue, and blue. */
export const used = (state) => [0, 1, 2, 3].map((k) => kernelFor(state, COLOURS.indexOf(state.colour), k >> 1, k & 1));

/** A colour of a pixel, from 0 to 1; own pictures have more than 256 levels. */
const lightAt = ({ pixels, values, width }, row, column, colour) =>
  values ? values[3 * (row * width + column) + colour] : pixels[4 * (row * width + column) + colour] / 255;

/** What the sensor measures of the piece, with its rim, row-major, from 0 to 1. */
export function measured({ position: [top, left] }, picture) {
  const values = new Float64Array(WIDE * WIDE);
  for (let row = 0, k = 0; row < WIDE; row += 1) {
    for (let column = 0; column < WIDE; column += 1, k += 1)
      values[k] = lightAt(picture, top + row, left + column, colourAt(top + row, left + column));
  }
  return values;
}

/** The true colours of the piece, one plane after the other. */
export function truth({ position: [top, left] }, picture) {
  const values = new Float64Array(3 * SIDE * SIDE);
  for (let colour = 0, k = 0; colour < 3; colour += 1) {
    for (let row = 0; row < SIDE; row += 1) {
      for (let column = 0; column < SIDE; column += 1, k += 1)
        values[k] = lightAt(picture, top + RIM + row, left + RIM + column, colour);
    }
  }
  return values;
}

/** The piece as the kernels fill it in, one plane after the other. */
export function filled(state, values) {
  const { kernel_size: size, position } = state;
  const output = new Float64Array(3 * SIDE * SIDE);
  const before = RIM - (size - 1) / 2;
  for (let colour = 0; colour < 3; colour += 1) {
    const kinds = [0, 1, 2, 3].map((k) => Float64Array.from(kernelFor(state, colour, k >> 1, k & 1).flat()));
    for (let row = 0; row < SIDE; row += 1) {
      for (let column = 0; column < SIDE; column += 1) {
        const kernel = kinds[2 * ((row + RIM + position[0]) % 2) + ((column + RIM + position[1]) % 2)];
        let sum = 0;
        for (let i = 0, tap = 0; i < size; i += 1) {
          const start = (row + before + i) * WIDE + column + before;
          for (let j = 0; j < size; j += 1, tap += 1) sum += kernel[tap] * values[start + j];
        }
        output[(colour * SIDE + row) * SIDE + column] = sum;
      }
    }
  }
  return output;
}

/** Peak signal-to-noise ratio in dB, for values from 0 to 1. */
export function psnr(values, wanted) {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += (values[k] - wanted[k]) ** 2;
  return -10 * Math.log10(sum / values.length);
}

/** All that is shown of a piece: what was measured, the truth, the result, and the dB of every kind of kernels. */
export function computed(state, picture) {
  const [values, wanted] = [measured(state, picture), truth(state, picture)];
  // while one kernel serves all pixels nothing is shifted, the others that it is compared with neither
  const shift = state.kernels === "shared" ? [0, 0] : state.shift;
  const all = Object.fromEntries(
    SCHEMA.kernels.choices.map((kernels) => [kernels, filled({ ...state, kernels, shift }, values)]),
  );
  const decibels = Object.fromEntries(Object.entries(all).map(([name, output]) => [name, psnr(output, wanted)]));
  return { values, wanted, output: all[state.kernels], decibels };
}
