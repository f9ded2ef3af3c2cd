/**
 * What is wrong with a value that came from a link, a stored page or another widget, in one sentence, or null.
 * The controls only make legal values; these are for everything else.
 */
const shown = (value) => JSON.stringify(value) ?? String(value);

export function wholeProblem(name, value, [low, high]) {
  return Number.isInteger(value) && value >= low && value <= high
    ? null
    : `${name} = ${shown(value)} can't be shown; use a whole number from ${low} to ${high}.`;
}

export function pairProblem(name, value, [low, high]) {
  return Array.isArray(value) && value.length === 2 && value.every((v) => Number.isInteger(v) && v >= low && v <= high)
    ? null
    : `${name} = ${shown(value)} can't be shown; use two whole numbers from ${low} to ${high}.`;
}

export function matrixProblem(name, value, most) {
  if (value === null || value === undefined) return null;
  const good =
    Array.isArray(value) && value.length > 0 && value.length <= most && Array.isArray(value[0]) && value[0].length > 0 &&
    value.every((row) => Array.isArray(row) && row.length === value[0].length && row.length <= most && row.every(Number.isFinite));
  return good ? null : `${name} can't be shown; use rows of equal length, at most ${most} x ${most} finite numbers.`;
}

export function oneOfProblem(name, value, allowed) {
  return allowed.includes(value) ? null : `${name} = ${shown(value)} is unknown; use one of ${allowed.join(", ")}.`;
}

export function booleanProblem(name, value) {
  return typeof value === "boolean" ? null : `${name} = ${shown(value)} can't be shown; use true or false.`;
}

/** The first problem of a list. */
export const first = (...problems) => problems.find(Boolean) ?? null;
