import { signedPixels } from "../kit/pixels.mjs";

const LEVELS = 100; // of colour, on either side of white
let tints = null;

/** Colours of a weight at -1 … 1 of the largest, and an ink that can be read on each. */
export function tintOf(value, limit) {
  tints ??= Array.from({ length: 2 * LEVELS + 1 }, (_, k) => {
    const [r, g, b] = signedPixels([k - LEVELS], LEVELS);
    return [`rgb(${r} ${g} ${b})`, 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#1b1f24" : "#ffffff"];
  });
  return tints[LEVELS + Math.round((LEVELS * value) / limit)];
}
