import { capital } from "./format.mjs";

/**
 * What is wrong with a state that came from a link, a stored page or another widget, in one sentence, or null. The
 * schema is generated from the traits of the Python half, and the words are its words.
 */
const shown = (value) => JSON.stringify(value) ?? String(value);

/**
 * A sentence from a message of the Python half: a capital at its front, unless it begins with a parameter, and a full
 * stop.
 */
export function sentence(schema, text) {
  const front = /^\w+/.exec(text)?.[0] in schema ? text : capital(text);
  return /[.!?]$/.test(front) ? front : `${front}.`;
}

function wholeProblem(name, value, low, high) {
  if (!Number.isInteger(value)) return `${name}=${shown(value)} can't be shown; use an integer from ${low} to ${high}`;
  return value >= low && value <= high
    ? null
    : `${name}=${value} is out of range; use an integer from ${low} to ${high}`;
}

const KINDS = {
  whole: (name, value, { low, high }) => wholeProblem(name, value, low, high),
  real(name, value, { low, high }) {
    if (!Number.isFinite(value)) return `${name}=${shown(value)} can't be shown; use a number from ${low} to ${high}`;
    return value >= low && value <= high
      ? null
      : `${name}=${Number(value.toPrecision(12))} is out of range; use a number from ${low} to ${high}`;
  },
  pair(name, value, { low, high }) {
    if (!Array.isArray(value) || value.length !== 2) {
      return `${name}=${shown(value)} can't be shown; use two integers from ${low} to ${high}`;
    }
    return wholeProblem(name, value[0], low, high) ?? wholeProblem(name, value[1], low, high);
  },
  flag: (name, value) =>
    typeof value === "boolean" ? null : `${name}=${shown(value)} can't be shown; use true or false`,
  choice: (name, value, { choices }) =>
    choices.includes(value)
      ? null
      : `${name}=${shown(value).replaceAll('"', "'")} is unknown; use one of ${quoted(choices)}`,
  matrix(name, value, { most, square }) {
    const good =
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= most &&
      Array.isArray(value[0]) &&
      value[0].length > 0 &&
      value.every(
        (row) => Array.isArray(row) && row.length === value[0].length && row.length <= most && row.every(shows),
      );
    if (!good)
      return `${name} can't be shown; use rows of equal length, at most ${most} x ${most} numbers from -1e12 to 1e12`;
    return square && value.length !== value[0].length
      ? `${name} of shape (${value.length}, ${value[0].length}) are not square; fill the shorter side up with zeros`
      : null;
  },
  image(name, value, { most, colour }) {
    const { shape, data } = value ?? {};
    const good =
      Array.isArray(shape) &&
      (colour ? shape.length === 3 && shape[2] === 3 : shape.length === 2) &&
      shape.slice(0, 2).every((n) => n >= 1 && n <= most) &&
      data?.byteLength === 4 * shape.reduce((product, n) => product * n, 1);
    return good
      ? null
      : `${name} can't be shown; give the explorer ${colour ? "a picture" : "a two-dimensional array"}`;
  },
  list(name, value, { low, high, of }) {
    if (!Array.isArray(value)) return `${name}=${shown(value)} can't be shown; use a list`;
    if (value.length < low || value.length > high) return `${name} has ${value.length} entries; use ${low} to ${high}`;
    for (const [index, entry] of value.entries()) {
      const wrong = problem(of, entry ?? {});
      if (wrong) return `${name}[${index}]: ${wrong}`;
    }
    return null;
  },
};

/** Whether a number in a grid can be shown, and sums of products of such numbers as well. */
export const shows = (value) => Number.isFinite(value) && Math.abs(value) <= 1e12;

/** The first parameter of a state that is not legal by itself, in words, or null. */
export function problem(schema, state) {
  for (const [name, entry] of Object.entries(schema)) {
    const value = state[name];
    if (value === null && entry.none) continue;
    const wrong = value === null ? `${name}=null can't be shown` : KINDS[entry.kind](name, value, entry);
    if (wrong) return wrong;
  }
  return null;
}

/** The grid in which a pair is a position, by the attribute of its rows and columns: "map_shape" is that of the map. */
const gridOf = (within) => /^(.+)_shape$/.exec(within)?.[1] ?? "output";

/** The first value that lies beyond what there is at present (`within` in the schema), in words, or null. */
export function outside(schema, bounds, state) {
  for (const [name, entry] of Object.entries(schema)) {
    const value = state[name];
    if (!entry.within || value === null) continue;
    const there = bounds[entry.within](state);
    if (Array.isArray(there)) {
      if (value.every((at, axis) => at < there[axis])) continue;
      return (
        `${name}=(${value.join(", ")}) lies outside the ${gridOf(entry.within)} of ${there.join(" x ")}; ` +
        `use a row from 0 to ${there[0] - 1} and a column from 0 to ${there[1] - 1}`
      );
    }
    if (value >= entry.low + there)
      return `${name}=${value} is out of range; use an integer from ${entry.low} to ${entry.low + there - 1}`;
  }
  return null;
}

/** The values that must move to the last one there is, now that the parameters in `kept` have changed. */
export function settled(schema, bounds, state, kept) {
  const moved = {};
  for (const [name, entry] of Object.entries(schema)) {
    const value = state[name];
    if (!entry.within || value === null || kept.includes(name)) continue;
    const there = bounds[entry.within](state);
    const last = Array.isArray(there)
      ? value.map((at, axis) => Math.min(at, there[axis] - 1))
      : Math.min(value, entry.low + there - 1);
    if (String(last) !== String(value)) moved[name] = last;
  }
  return moved;
}

/** What given values ask of other parameters, so that they are shown: numbers of one's own need the choice "custom". */
export function implied(schema, given) {
  const found = {};
  for (const [name, value] of Object.entries(given)) {
    const [other, needed] = schema[name]?.shows ?? [];
    if (other && value !== null && !(other in given)) found[other] = needed;
  }
  return found;
}

/** Why a choice of one's own numbers can't be shown where there are none, in the words of the Python half, or null. */
export function missing(schema, state) {
  for (const [name, { shows: [choice, needed] = [] }] of Object.entries(schema)) {
    if (choice && state[choice] === needed && state[name] === null)
      return `${choice}='${needed}' needs ${name}; give some, or use another ${choice}`;
  }
  return null;
}

/** A state with the former names of choices, as in old links, replaced by what they are called now. */
export function current(schema, state) {
  for (const [name, { former }] of Object.entries(schema)) {
    if (former && typeof state[name] === "string" && state[name] in former)
      state = { ...state, [name]: former[state[name]] };
  }
  return state;
}

/** What a link can't hold while a picture of the reader's own is shown: the picture, and the choice that shows it. */
export function ownPictures(schema, state) {
  const names = Object.keys(schema).filter((name) => schema[name].kind === "image" && state[name]);
  const choices = names.map((name) => schema[name].shows).filter((shows) => shows && state[shows[0]] === shows[1]);
  return [...names, ...choices.map(([choice]) => choice)];
}

function quoted(names) {
  return names.map((name) => `'${name}'`).join(", ");
}
