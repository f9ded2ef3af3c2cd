import { inflated, unpackColours } from "../kit/pixels.mjs";
import { CELLS, HEIGHTS } from "./schema.mjs";
import { STORED } from "./stored.mjs";

const SIDE = 96; // pixels of a scene

const bytes = async (text) => new Uint8Array(await inflated(text));

/**
 * A scene: its RGBA `pixels`, `mask` with 1 where a pixel is sheep, and `offsets` in parts of a cell, (3, 18, 24, 24). All
 * but the first scene hold only what is not grass.
 */
export async function unpackScene(packed) {
  const parts = packed === STORED[HEIGHTS[0]] ? [packed] : [STORED[HEIGHTS[0]], packed];
  const pixels = new Uint8ClampedArray(4 * SIDE * SIDE);
  for (const { top, left, ...picture } of parts) {
    const { height, width, pixels: part } = await unpackColours(picture);
    for (let r = 0; r < height; r += 1)
      pixels.set(part.subarray(4 * r * width, 4 * (r + 1) * width), 4 * ((top + r) * SIDE + left));
  }
  const bits = await bytes(packed.mask);
  const steps = await bytes(packed.offsets);
  for (let k = 0; k < steps.length; k += 1) if (k % CELLS) steps[k] += steps[k - 1];
  return {
    side: SIDE,
    pixels,
    mask: Uint8Array.from({ length: SIDE * SIDE }, (_, k) => (bits[k >> 3] >> (7 - (k & 7))) & 1),
    offsets: new Int8Array(steps.buffer),
  };
}
