import { inflated, unpackColours } from "../kit/pixels.mjs";
import { CELLS, HEIGHTS } from "./schema.mjs";
import { STORED } from "./stored.mjs";

const SIDE = 96; // pixels of a scene

const bytes = async (text) => new Uint8Array(await inflated(text));

/**
 * A scene: its RGBA `pixels`, `parts` with 0 where a pixel is no sheep and else the part of it, and `offsets` in parts
 * of a cell, (3, 18, 24, 24). All but the first scene hold only what is not grass.
 */
export async function unpackScene(packed) {
  const parts = packed === STORED[HEIGHTS[0]] ? [packed] : [STORED[HEIGHTS[0]], packed];
  const pixels = new Uint8ClampedArray(4 * SIDE * SIDE);
  for (const { top, left, ...picture } of parts) {
    const { height, width, pixels: part } = await unpackColours(picture);
    for (let r = 0; r < height; r += 1)
      pixels.set(part.subarray(4 * r * width, 4 * (r + 1) * width), 4 * ((top + r) * SIDE + left));
  }
  const steps = await bytes(packed.offsets);
  for (let k = 0; k < steps.length; k += 1) if (k % (CELLS * CELLS) >= CELLS) steps[k] += steps[k - CELLS];
  for (let k = 0; k < steps.length; k += 1) if (k % CELLS) steps[k] += steps[k - 1];
  return { side: SIDE, pixels, parts: await bytes(packed.parts), offsets: new Int8Array(steps.buffer) };
}
