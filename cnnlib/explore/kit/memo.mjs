/**
 * Remember the last result: `const compute = memo((state) => ...)`; `compute(key, ...)` calls the function only when
 * the key, a list, has another entry than the last time. Lists and objects in a key are compared by what is in them,
 * but a picture, `{ shape, data }`, is only equal to itself.
 */
export function memo(make) {
  let last = null;
  let result;
  const alike = (one, other) =>
    one === other ||
    (typeof one !== "object" || one?.data instanceof DataView
      ? Object.is(one, other)
      : JSON.stringify(one) === JSON.stringify(other));
  return (key, ...given) => {
    if (!last || key.length !== last.length || !key.every((part, k) => alike(part, last[k]))) {
      result = make(...given);
      last = key;
    }
    return result;
  };
}

/** The key of a state for a result on which the parameters of these names have no part. */
export const valuesBut = (state, ...names) =>
  Object.entries(state)
    .filter(([name]) => !names.includes(name))
    .map(([, value]) => value);
