import { rowsOf } from "../kit/format.mjs";
import { tooSmall } from "../kit/pictures.mjs";
import { extent, inflated } from "../kit/pixels.mjs";
import { correlate } from "../mirror/correlation.mjs";
import { isSigned, named } from "../mirror/kernels.mjs";
import { separableTerms, sumOfTerms } from "../mirror/svd.mjs";
import { LEARNED_SIDE, NEGLIGIBLE, SCHEMA } from "./schema.mjs";

export const misfit = (state) => tooSmall(state, SCHEMA.kernel_size.high);

/** Rows and columns of the kernel. */
export const side = ({ preset, kernel_size }) => (preset === "learned" ? LEARNED_SIDE : kernel_size);

const fill = (k, value) => Float64Array.from({ length: k * k }, (_, n) => value(Math.floor(n / k), n % k));

/** Row n of Pascal's triangle. */
function binomial(n) {
  const row = [1];
  for (let k = 1; k <= n; k += 1) row.push((row[k - 1] * (n - k + 1)) / k);
  return row;
}

/** The learned filters, one Float64Array (3 x side x side) each. */
export async function unpackFilters({ count, side: k, factors, deflated }) {
  const levels = new Int8Array(await inflated(deflated));
  const size = 3 * k * k;
  return Array.from({ length: count }, (_, f) =>
    Float64Array.from(levels.subarray(f * size, (f + 1) * size), (level) => level * factors[f]),
  );
}

/** The weights, row-major. `filters` are the learned ones. */
export function kernelValues(state, filters) {
  const { preset, angle, filter, channel, weights } = state;
  const k = side(state);
  if (preset === "learned") {
    const plane = (c) => filters[filter].subarray(c * k * k, (c + 1) * k * k);
    const chosen = SCHEMA.channel.choices.indexOf(channel) - 1;
    return chosen < 0 ? plane(0).map((v, n) => v + plane(1)[n] + plane(2)[n]) : plane(chosen);
  }
  if (preset === "custom") return fill(k, (i, j) => weights[i]?.[j] ?? 0);
  if (preset === "diagonal") return fill(k, (i, j) => Number(i === j));
  if (preset === "cross") return fill(k, (i, j) => Number(i === j || i + j === k - 1));
  if (preset === "binomial") return fill(k, (i, j) => binomial(k - 1)[i] * binomial(k - 1)[j]);
  return named(preset, k, angle);
}

/** The weights of a state as rows of one's own, with one of them changed where one is given. */
export function ownWeights(state, filters, [r, c] = [], value) {
  const rows = rowsOf(kernelValues(state, filters), side(state));
  if (r !== undefined) rows[r][c] = value;
  return { preset: "custom", kernel_size: rows.length, weights: rows };
}

/** Terms, shares of the energy, and rank of a kernel. */
export function takenApart(kernel, k) {
  const found = separableTerms(kernel, k);
  const floor = NEGLIGIBLE * found[0].size;
  const nothing = { size: 0, column: Array(k).fill(0), row: Array(k).fill(0) };
  const terms = found.map((term) => (term.size > floor ? term : nothing)); // what is only rounding is shown as zeros
  const sizes = terms.map(({ size }) => size);
  const energy = sizes.reduce((total, s) => total + (s / (sizes[0] || 1)) ** 2, 0) || 1;
  const shares = sizes.map((s) => (s / (sizes[0] || 1)) ** 2 / energy);
  return { kernel, terms, shares, sizes, floor, rank: sizes.filter((s) => s > floor).length };
}

/** The kernel that the first `count` terms add up to, what is left out, and whether that begins in a tie. */
export function summedUp({ kernel, terms, sizes, floor }, k, count) {
  const near = sumOfTerms(terms, count, k);
  const tied = floor > 0 && (sizes[count] ?? 0) > floor && sizes[count - 1] - sizes[count] <= floor;
  return { near, left: kernel.map((v, n) => v - near[n]), tied };
}

function length(values) {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += values[k] * values[k];
  return Math.sqrt(sum);
}

const correlated = ({ values, height, width }, kernel, k, apart) =>
  correlate(values, height, width, kernel, { kernel_size: k, stride: 1, padding: 0, dilation: 1 }, apart);

/** `one + factor * other`, in a loop, which takes a fifth of the time of a map. */
function plus(one, other, factor = 1) {
  const found = new Float32Array(one.length);
  for (let k = 0; k < found.length; k += 1) found[k] = one[k] + factor * other[k];
  return found;
}
const total = (arrays) => arrays.reduce((sum, array) => plus(sum, array));

/** Responses with the whole kernel; and `parts`, with each of its terms, where that is no more work. */
export function responses(picture, { kernel, terms, rank }, k) {
  const few = rank > 0 && 2 * rank <= k + 1;
  const kernels = few ? terms.slice(0, rank).map((term) => sumOfTerms([term], 1, k)) : [kernel];
  const found = kernels.map((one) => correlated(picture, one, k));
  const [{ rows, columns }] = found;
  const outputs = found.map(({ output }) => output);
  const whole = total(outputs);
  const [low, high] = extent(whole);
  const gain = kernel.reduce((sum, w) => sum + w, 0);
  const limit = Math.max(-low, high) || 1;
  return { whole, parts: few ? outputs : null, rows, columns, gain, signed: isSigned(kernel), limit };
}

/** Responses with the first `count` terms, and what is lost; and its part of the `whole`. */
export function keptOf(picture, { whole, parts }, { left, terms, rank }, count, k) {
  if (count >= rank) return { lost: new Float32Array(whole.length), near: whole, error: 0 };
  const direct = () => correlated(picture, left, k, () => terms.slice(count, rank)).output;
  const lost = parts ? total(parts.slice(count)) : direct();
  const near = parts ? total(parts.slice(0, count)) : plus(whole, lost, -1);
  const error = length(lost) / (length(whole) || 1);
  return { lost, near, error: error > NEGLIGIBLE ? error : 0 };
}

/** Multiplications for each response: columns and then rows, and all at once. */
export const multiplications = (state) => [2 * side(state) * state.terms, side(state) ** 2];

export const bounds = { side };
export const ranges = { terms: (state) => [1, side(state)] };
