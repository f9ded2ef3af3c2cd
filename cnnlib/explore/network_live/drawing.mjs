import { clamp } from "../kit/clamp.mjs";
import { frame } from "../kit/marks.mjs";
import { extent, signedPixels } from "../kit/pixels.mjs";
import { mapOf, rowOf } from "./model.mjs";

const CELL = 28; // pixels of a channel in the gallery
const RED = [178, 24, 43];

/** The channels in their order, `columns` a row, on one scale: half of the strongest response of all is full red. */
export function galleryPixels(row, order, columns, colours) {
  const step = CELL + 1;
  const [wide, tall] = [columns * step, Math.ceil(order.length / columns) * step];
  const pixels = new Uint32Array(wide * tall);
  const limit = Math.max(...order.map((channel) => extent(mapOf(row, channel))[1])) / 2 || 1;
  order.forEach((channel, index) => {
    const map = new Uint32Array(signedPixels(mapOf(row, channel), limit, colours).buffer);
    const [top, left] = [Math.floor(index / columns) * step, (index % columns) * step];
    for (let i = 0; i < CELL; i += 1) {
      const from = Math.floor((i * row.side) / CELL) * row.side;
      const to = (top + i) * wide + left;
      for (let j = 0; j < CELL; j += 1) pixels[to + j] = map[from + Math.floor((j * row.side) / CELL)];
    }
  });
  return { pixels: new Uint8ClampedArray(pixels.buffer), wide, tall };
}

/** The index in the gallery of the cell in which a pixel lies. */
export const cellAt = ([row, column], columns) =>
  Math.floor(row / (CELL + 1)) * columns + Math.floor(column / (CELL + 1));
export const cellOf = (index, columns) => [Math.floor(index / columns), index % columns].map((at) => at * (CELL + 1));
export const GALLERY_CELL = CELL;

/** The unit whose field's middle is nearest to a pixel. */
export function unitAt(state, pixel) {
  const [, side, field, jump, start] = rowOf(state);
  const nearest = (at) => Math.round((at - start - (field - 1) / 2) / jump);
  return pixel.map((at) => clamp(nearest(at), 0, side - 1));
}

/** The picture in pale grey with a map in red over it. */
export function overlayPixels(planes, side, state, map) {
  const count = side * side;
  const columns = rowOf(state)[1];
  const limit = extent(map)[1] || 1;
  const pixels = new Uint8ClampedArray(4 * count).fill(255);
  const nearest = Array.from({ length: side }, (_, at) => unitAt(state, [at, at])[0]);
  for (let r = 0; r < side; r += 1) {
    for (let c = 0; c < side; c += 1) {
      const at = r * side + c;
      const luma = 0.299 * planes[at] + 0.587 * planes[at + count] + 0.114 * planes[at + 2 * count];
      const part = Math.max(0, map[nearest[r] * columns + nearest[c]] / limit);
      for (let k = 0; k < 3; k += 1) pixels[4 * at + k] = (1 - 0.8 * part) * (90 + 150 * luma) + 0.8 * part * RED[k];
    }
  }
  return pixels;
}

/** A frame round some pixels, with its middle: of a field of one pixel or so, something that can be seen. */
export function boxed(context, { row, column, size }, scale, colour) {
  const least = Math.max(size * scale, 4);
  frame(context, column * scale, row * scale, least, least, colour);
}
