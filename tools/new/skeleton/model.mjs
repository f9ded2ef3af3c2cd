import { SCHEMA } from "./schema.mjs";

/** In how many positions the window fits. */
export const positions = ({ size, kernel_size }) => size - kernel_size + 1;

/** The values in the window. */
export const windowOf = ({ kernel_size, position }) => Array.from({ length: kernel_size }, (_, k) => position + k);

export const misfit = ({ size, kernel_size }) =>
  kernel_size <= size ? null : `kernel_size=${kernel_size} does not fit in size=${size}; use kernel_size <= ${size}`;

export const ranges = {
  size: ({ kernel_size }) => [kernel_size, SCHEMA.size.high],
  kernel_size: ({ size }) => [SCHEMA.kernel_size.low, Math.min(size, SCHEMA.kernel_size.high)],
  position: (state) => [0, positions(state) - 1],
};
