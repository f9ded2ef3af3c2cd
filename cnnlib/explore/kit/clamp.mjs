/** A value, or the nearest that lies from `low` to `high`. */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** `[row, column]` moved onto the nearest cell of a grid of `[rows, columns]`. */
export const ontoGrid = (where, shape) => where.map((v, axis) => clamp(v, 0, shape[axis] - 1));
