import { asPython, long, percent, rowsOf, short } from "../kit/format.mjs";
import { multiplications, side } from "./model.mjs";

/** What stands over each part of the picture. */
export function captionsOf(state, { limit, error }) {
  return {
    kernel: `kernel ${side(state)} × ${side(state)}`,
    near: state.terms === 1 ? "= its first term" : `= its first ${state.terms} terms`,
    left: "+ what is left out",
    bars: "share of the energy in each term",
    whole: `responses, up to ±${short(limit)}`,
    kept: state.terms === 1 ? "with the first term" : `with the first ${state.terms} terms`,
    lost: error ? "the difference" : "the difference: none",
  };
}

/** What stands over a term's table. */
export const captionOfTerm = (state, { terms, shares }, r) =>
  `${r + 1}${r < state.terms ? "" : ", left out"}: σ = ${short(terms[r].size)}, ${percent(shares[r], 2)}`;

/** What is shown, in words: the announced line, the formula with its values, the line of torch, the values. */
export function texts(state, kernel, { terms, shares, near, rank, tied }, { error }) {
  const k = side(state);
  const kept = rank ? shares.slice(0, state.terms).reduce((total, share) => total + share, 0) : 1;
  const [thin, full] = multiplications(state);
  const turned =
    state.preset === "sobel" || state.preset === "prewitt"
      ? `\nturned by ${state.angle}°: singular values in the ratio |cos| : |sin| = ` +
        `${short(Math.abs(Math.cos((state.angle * Math.PI) / 180)), 4)} : ` +
        `${short(Math.abs(Math.sin((state.angle * Math.PI) / 180)), 4)}`
      : "";
  const free = state.terms * (2 * k - state.terms);
  const first = state.terms === 1 ? `of ${k} terms keeps` : `${state.terms} of ${k} terms keep`;
  const other = " Terms of equal size: another choice of them keeps as much energy and is off by another amount.";
  const pays = thin < full ? "fewer than" : thin === full ? "as many as" : "more than";
  return {
    status:
      `Rank ${rank}; the first ${first} ${percent(kept, 4)} of the energy, and the responses are off by ` +
      `${percent(error, 3)}.${tied ? other : ""}`,
    formula:
      `multiplications per response: 2·${k}·${state.terms} = ${thin}, ${pays} ${k}² = ${full}\n` +
      `degrees of freedom: ${state.terms}·(2·${k} − ${state.terms}) = ${free} of ${full}${turned}`,
    torch:
      `torch.nn.functional.conv2d(torch.nn.functional.conv2d(x, v), h)  # v (${state.terms}, 1, ${k}, 1), ` +
      `h (1, ${state.terms}, 1, ${k}), for w (1, 1, ${k}, ${k})`,
    numbers: () =>
      `kernel = ${asPython(rowsOf(kernel, k))}\nsizes = [${terms.map(({ size }) => long(size)).join(", ")}]\n` +
      `v = ${asPython(terms.slice(0, state.terms).map(({ column }) => column))}\n` +
      `h = ${asPython(terms.slice(0, state.terms).map(({ row }) => row))}\n` +
      `sum of the terms = ${asPython(rowsOf(near, k))}`,
  };
}
