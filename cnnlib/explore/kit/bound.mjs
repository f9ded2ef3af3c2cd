import { choice, slider, toggle } from "./controls.mjs";
import { capital, grouped } from "./format.mjs";

/** "lincoln_memorial" -> "Lincoln memorial". */
export const words = (name) => capital(name).replaceAll("_", " ");

/**
 * Controls that are bound to a parameter by its name: limits, choices and how it is read and written come from the
 * schema.
 *
 *   const bound = bind(schema, { state, change, ranges: { stride: (state) => [1, 4] } });
 *   bound.slider("stride", "Stride"), bound.slider("size", "Width", { axis: 1 }), bound.choice("photo", "Photograph"),
 *   bound.toggle("bias", "Bias")
 *
 * `ranges[name](state)` is the legal range while the others stay. `rests(state)` gives the reason why a control has no
 * effect at present, or nothing. `write(value)` takes the place of setting the parameter.
 */
export function bind(schema, { state: readState, change, ranges = {} }) {
  return {
    slider(name, label, { axis, rests, write, unit, step } = {}) {
      const { low, high } = schema[name];
      const set = (value) => (axis === undefined ? value : readState()[name].map((v, i) => (i === axis ? value : v)));
      return slider({
        name: axis === undefined ? name : `${name}-${axis}`,
        label,
        limit: high,
        unit,
        step,
        rests,
        read: (state) => (axis === undefined ? state[name] : state[name][axis]),
        range: (state) => ranges[name]?.(state, axis) ?? [low, high],
        write: (value) => (write ?? ((v) => change({ [name]: v })))(set(value)),
      });
    },
    choice(name, label, { names = {}, choices = schema[name]?.choices, options, rests, read, write } = {}) {
      const pairs = (all) => all.map((value) => [value, names[value] ?? words(value)]);
      return choice({
        name,
        label,
        rests,
        options: options ? (state) => pairs(options(state)) : pairs(choices),
        read: read ?? ((state) => state[name]),
        write: write ?? ((value) => change({ [name]: value })),
      });
    },
    /** A list of integers to choose from; one that is set otherwise joins it. `none` names the choice of null. */
    ladder(name, label, values, { names = {}, none, rests, write = (value) => change({ [name]: value }) } = {}) {
      const called = (value) => names[value] ?? (value === null ? none : grouped(value));
      const known = new Set(values);
      let offered = null; // the same list as long as no value joins it
      return choice({
        name,
        label,
        rests,
        options(state) {
          if (offered && (state[name] === null || known.has(state[name]))) return offered;
          if (state[name] !== null) known.add(state[name]);
          const rising = [...known].sort((one, other) => one - other);
          return (offered = (none ? [...rising, null] : rising).map((value) => [String(value), called(value)]));
        },
        read: (state) => String(state[name]),
        write: (text) => write(text === "null" ? null : Number(text)),
      });
    },
    toggle: (name, label, { rests } = {}) =>
      toggle({ name, label, rests, read: (state) => state[name], write: (value) => change({ [name]: value }) }),
  };
}
