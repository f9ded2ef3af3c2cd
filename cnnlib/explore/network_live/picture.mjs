import { areaResize, middleSquare } from "../mirror/area.mjs";
import { FILLS, LUMA, MEANS, SHUFFLES, SIDES } from "./schema.mjs";

const SIDE = SIDES.fine;
const PLANE = SIDE * SIDE;

/** A photograph's asset as planes (3, 227, 227) from 0 to 1. */
export async function unpackSquare(buffer) {
  const bitmap = await createImageBitmap(new Blob([buffer], { type: "image/webp" }), { colorSpaceConversion: "none" });
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  const planes = new Float64Array(3 * PLANE);
  for (let at = 0; at < PLANE; at += 1) for (let c = 0; c < 3; c += 1) planes[c * PLANE + at] = data[4 * at + c] / 255;
  return planes;
}

/** The same of an array from Python or of the reader's own picture, `{ shape, data }`. */
export function ownSquare({ shape: [height, width], data }) {
  const { buffer, byteOffset, byteLength } = data;
  const values = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const planes = new Float64Array(3 * height * width);
  for (let at = 0; at < height * width; at += 1)
    for (let c = 0; c < 3; c += 1) planes[c * height * width + at] = values[3 * at + c];
  return middleSquare(planes, 3, [height, width], SIDE);
}

function mirrored(index) {
  if (index >= 0 && index < SIDE) return index;
  const at = ((index % (2 * SIDE)) + 2 * SIDE) % (2 * SIDE);
  return Math.min(at, 2 * SIDE - 1 - at);
}

/** Written out number by number, since it runs in every frame of a drag. */
function moved(planes, { shift, turn, zoom }) {
  if (!shift[0] && !shift[1] && !turn && zoom === 100) return planes;
  const middle = (SIDE - 1) / 2;
  const factor = zoom / 100;
  const cos = Math.cos((turn * Math.PI) / 180);
  const sin = Math.sin((turn * Math.PI) / 180);
  const found = new Float64Array(3 * PLANE);
  for (let r = 0; r < SIDE; r += 1) {
    const down = r - middle - shift[0];
    for (let c = 0; c < SIDE; c += 1) {
      const across = c - middle - shift[1];
      const row = middle + (cos * down - sin * across) / factor;
      const column = middle + (sin * down + cos * across) / factor;
      const top = Math.floor(row);
      const left = Math.floor(column);
      const i = row - top;
      const j = column - left;
      const upper = mirrored(top) * SIDE;
      const lower = mirrored(top + 1) * SIDE;
      const near = mirrored(left);
      const far = mirrored(left + 1);
      for (let plane = 0; plane < 3 * PLANE; plane += PLANE) {
        const above = (1 - j) * planes[plane + upper + near] + j * planes[plane + upper + far];
        const below = (1 - j) * planes[plane + lower + near] + j * planes[plane + lower + far];
        found[plane + r * SIDE + c] = (1 - i) * above + i * below;
      }
    }
  }
  return found;
}

function greyed(planes) {
  const found = new Float64Array(3 * PLANE);
  for (let at = 0; at < PLANE; at += 1) {
    const luma = LUMA[0] * planes[at] + LUMA[1] * planes[at + PLANE] + LUMA[2] * planes[at + 2 * PLANE];
    found[at] = found[at + PLANE] = found[at + 2 * PLANE] = luma;
  }
  return found;
}

const orders = new Map();

/** The same shuffled indices as `picture.order` in Python. */
export function order(count) {
  if (!orders.has(count)) {
    const indices = Array.from({ length: count }, (_, n) => n);
    let random = 1;
    for (let last = count - 1; last > 0; last -= 1) {
      random = (Math.imul(1664525, random) + 1013904223) >>> 0;
      const other = Math.floor((random * (last + 1)) / 2 ** 32);
      [indices[last], indices[other]] = [indices[other], indices[last]];
    }
    orders.set(count, indices);
  }
  return orders.get(count);
}

function shuffled(planes, side) {
  if (!side) return planes;
  const tiles = Math.floor(SIDE / side);
  const found = planes.slice();
  order(tiles * tiles).forEach((from, to) => {
    const top = Math.floor(from / tiles) * side;
    const left = (from % tiles) * side;
    const down = Math.floor(to / tiles) * side;
    const across = (to % tiles) * side;
    for (let channel = 0; channel < 3; channel += 1) {
      for (let i = 0; i < side; i += 1) {
        const start = channel * PLANE + (top + i) * SIDE + left;
        const at = channel * PLANE + (down + i) * SIDE + across;
        for (let j = 0; j < side; j += 1) found[at + j] = planes[start + j];
      }
    }
  });
  return found;
}

/** First and last row and column, the last not in it, of the square that covers. */
export function hiddenSquare({ cover, cover_size }) {
  return cover.map((at) => {
    const first = at - Math.floor(cover_size / 2);
    return [Math.max(0, first), Math.min(SIDE, first + cover_size)];
  });
}

function covered(planes, state) {
  if (!state.cover_size) return planes;
  const [[top, bottom], [left, right]] = hiddenSquare(state);
  const found = planes.slice();
  for (let channel = 0; channel < 3; channel += 1) {
    for (let r = top; r < bottom; r += 1) {
      const row = channel * PLANE + r * SIDE;
      found.fill(FILLS[state.cover_fill][channel], row + left, row + right);
    }
  }
  return found;
}

/** What is done to a picture before the network sees it, (3, 227, 227), as `picture.changed` in Python. */
export function changed(planes, state) {
  const placed = moved(planes, state);
  return covered(shuffled(state.grey ? greyed(placed) : placed, SHUFFLES[state.shuffle]), state);
}

const coarse = new WeakMap(); // a picture to the same with fewer pixels

/** A picture (3, 227, 227) as the network is given it, `side` a side. */
export function shrunk(planes, side) {
  if (side === SIDE) return planes;
  if (!coarse.has(planes)) coarse.set(planes, areaResize(planes, 3, [SIDE, SIDE], [SIDES.coarse, SIDES.coarse]));
  return coarse.get(planes);
}

/** What the first layer reads of it: blue, green and red from 0 to 255, less their means. */
export function centred(given) {
  const count = given.length / 3;
  const found = new Float32Array(3 * count);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let at = 0; at < count; at += 1)
      found[channel * count + at] = 255 * given[(2 - channel) * count + at] - MEANS[channel];
  }
  return found;
}

/** RGBA pixels of planes from 0 to 1. */
export function coloured(planes) {
  const count = planes.length / 3;
  const pixels = new Uint8ClampedArray(4 * count).fill(255);
  for (let c = 0; c < 3; c += 1) {
    for (let at = 0; at < count; at += 1) pixels[4 * at + c] = 255 * planes[c * count + at]; // the array rounds
  }
  return pixels;
}
