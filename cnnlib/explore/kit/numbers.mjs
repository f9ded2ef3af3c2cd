import { replaced, rowsOf } from "./format.mjs";

/** `rows` x `columns` numbers, row-major, each from its row and column. */
export const filled = (rows, columns, value) =>
  Float64Array.from({ length: rows * columns }, (_, k) => value(Math.floor(k / columns), k % columns));

/**
 * The numbers of an explorer with an input (`pattern`, `image`, `size`) and a square kernel (`preset`, `weights`,
 * `kernel_size`), from its patterns and presets by name; a reader's own are filled up with zeros. `ownInput` and
 * `ownWeights` make the numbers that stand there the reader's own, with one of them changed where one is given.
 */
export function numbers(patterns, presets) {
  const inputValues = ({ pattern, image, size }) =>
    pattern === "array" ? filled(...size, (r, c) => image[r]?.[c] ?? 0) : patterns[pattern](size);
  const kernelValues = ({ preset, weights, kernel_size: k }) =>
    preset === "custom" ? filled(k, k, (r, c) => weights[r]?.[c] ?? 0) : presets[preset](k);
  const changed = (values, columns, where, value) => replaced(rowsOf(values, columns), where, value);
  return {
    inputValues,
    kernelValues,
    ownInput: (state, where, value) => ({
      pattern: "array",
      image: changed(inputValues(state), state.size[1], where, value),
    }),
    ownWeights: (state, where, value) => ({
      preset: "custom",
      weights: changed(kernelValues(state), state.kernel_size, where, value),
    }),
  };
}
