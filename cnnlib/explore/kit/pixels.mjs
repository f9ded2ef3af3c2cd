import { ontoGrid } from "./clamp.mjs";
import { arrowStep, h, styleLater } from "./dom.mjs";

/** The bytes that were deflated and written in base64, as an ArrayBuffer. */
export function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

/** Grey levels of a packed photograph (see `photographs.py`) as numbers from 0 to 1. */
export async function unpack({ height, width, deflated }) {
  const rows = new Uint8Array(await inflated(deflated));
  for (let k = width; k < rows.length; k += 1) rows[k] += rows[k - width];
  return { height, width, values: Float32Array.from(rows, (level) => level / 255) };
}

/** A packed colour photograph (see `colour_photographs.py`) as RGBA pixels. */
export async function unpackColours({ height, width, deflated }) {
  const { values } = await unpack({ height: 3 * height, width, deflated });
  const count = height * width;
  const level = (plane, n) => Math.round(values[plane * count + n] * 255);
  const pixels = new Uint8ClampedArray(4 * count);
  for (let n = 0; n < count; n += 1) {
    const green = level(0, n);
    pixels.set([(level(1, n) + green) % 256, green, (level(2, n) + green) % 256, 255], 4 * n);
  }
  return { height, width, pixels };
}

/** The same of the shape and the values of an own picture (height, width, 3), 0 to 1, which it keeps as `values`. */
export function openColours([height, width], values) {
  const pixels = new Uint8ClampedArray(4 * height * width).fill(255);
  values.forEach((value, k) => (pixels[4 * Math.floor(k / 3) + (k % 3)] = Math.round(255 * value)));
  return { height, width, pixels, values };
}

/** An opaque pixel as the 32-bit number that lies in an ImageData. */
const pixel = (r, g, b) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
const GREYS = Uint32Array.from({ length: 256 }, (_, level) => pixel(level, level, level));

/** RGBA pixels: `offset` black, `offset + 1 / scale` white, clipped; NaN is left clear. */
export function greyPixels(values, scale = 1, offset = 0) {
  const pixels = new Uint32Array(values.length);
  const factor = 255 * scale;
  for (let k = 0; k < values.length; k += 1) {
    const level = (values[k] - offset) * factor;
    if (level >= 255) pixels[k] = GREYS[255];
    else if (level > 0) pixels[k] = GREYS[(level + 0.5) | 0];
    else if (level <= 0) pixels[k] = GREYS[0];
  }
  return new Uint8ClampedArray(pixels.buffer);
}

const STEPS = 1000; // colours on either side of zero
const palettes = new Map();

/** The diverging palette of a theme: a colour for each step from the most negative to the most positive value. */
function palette({ negative, zero, positive }) {
  const key = negative + zero + positive;
  if (!palettes.has(key)) {
    const [below, middle, above] = [negative, zero, positive].map((colour) =>
      [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)),
    );
    const made = Uint32Array.from({ length: 2 * STEPS + 1 }, (_, k) => {
      const part = (k - STEPS) / STEPS;
      const end = part < 0 ? below : above;
      return pixel(...middle.map((from, channel) => Math.round(from + Math.abs(part) * (end[channel] - from))));
    });
    palettes.set(key, made);
  }
  return palettes.get(key);
}

/**
 * RGBA pixels of signed values: blue below zero, red above, full colour at +-limit, and zero as light or as dark as the
 * page, from the `colours` of the theme; NaN is left clear.
 */
export function signedPixels(values, limit, colours) {
  const [pixels, steps] = [new Uint32Array(values.length), palette(colours)];
  const scale = STEPS / limit;
  for (let k = 0; k < values.length; k += 1) {
    const step = STEPS + values[k] * scale;
    if (step >= 2 * STEPS) pixels[k] = steps[2 * STEPS];
    else if (step > 0) pixels[k] = steps[(step + 0.5) | 0];
    else if (step <= 0) pixels[k] = steps[0];
  }
  return new Uint8ClampedArray(pixels.buffer);
}

/**
 * A picture of one pixel a value, with a layer on top for marks.
 *   hover([row, column] | null, event)   the pointer is over a pixel, or over none
 *   press([row, column], event)          it is pressed there, or dragged there
 *   move([rows, columns])                the arrow keys ask to go that far (with Shift, ten at once)
 */
export function pixelCanvas({ label, hover = () => {}, press = () => {}, move }) {
  const canvas = h("canvas", { class: "pixels", width: 0, height: 0 });
  const sheet = h("canvas", { width: 0, height: 0, "aria-hidden": "true" });
  const role = move ? { tabindex: "0", role: "application" } : { role: "img" };
  const marks = h("div", { class: "marks", "aria-label": label, ...role }, sheet);
  const element = h("div", { class: "picture" }, canvas, marks);
  let shown = null;
  let sized = ""; // what the elements were last sized for
  let marked = null; // what the marks were last drawn from
  let shape = [1, 1];

  function under(event) {
    const box = marks.getBoundingClientRect();
    const at = [
      ((event.clientY - box.top) / box.height) * shape[0],
      ((event.clientX - box.left) / box.width) * shape[1],
    ];
    return ontoGrid(at.map(Math.floor), shape);
  }
  marks.addEventListener("pointermove", (event) => (event.buttons ? press : hover)(under(event), event));
  marks.addEventListener("pointerdown", (event) => press(under(event), event));
  marks.addEventListener("pointerleave", (event) => hover(null, event));
  marks.addEventListener("keydown", (event) => {
    const step = move && arrowStep(event);
    if (!step) return;
    event.preventDefault();
    move(step);
  });

  return {
    element,
    canvas,
    /** Show `pixels` (RGBA, width x height) at `scale` CSS pixels a value; the same array again costs nothing. */
    paint(pixels, width, height, scale) {
      if (pixels !== shown) {
        shown = pixels;
        shape = [height, width];
        grow(canvas, width, height, { enlarged: true });
        canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
      }
      const wanted = `${width} ${height} ${canvas.width} ${canvas.height} ${scale}`;
      if (wanted === sized) return;
      sized = wanted;
      styleLater(canvas, { width: `${canvas.width * scale}px`, height: `${canvas.height * scale}px` });
      for (const box of [element, marks])
        styleLater(box, { width: `${width * scale}px`, height: `${height * scale}px` });
    },
    /**
     * Draw marks with `draw(context, scale)`, in units of CSS pixels. With a `key`, a list of all that they depend on
     * besides the scale and the size of the picture, they are drawn again only when it is another: a canvas that is
     * touched has to be copied to the screen, whatever is on it.
     */
    mark(draw, scale, key = null) {
      const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
      const from = key && JSON.stringify([key, shape, scale, ratio]);
      if (from !== null && from === marked) return;
      marked = from;
      grow(sheet, ...[shape[1], shape[0]].map((v) => Math.max(1, Math.round(v * scale * ratio))));
      Object.assign(sheet.style, { width: `${sheet.width / ratio}px`, height: `${sheet.height / ratio}px` });
      const context = sheet.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, sheet.width, sheet.height);
      draw(context, scale);
    },
  };
}

const SPARE = 32; // pixels by which a canvas grows at once

/**
 * Make a canvas at least so large. Its element shows the part that counts: another size costs a millisecond of the
 * frame. One that is drawn without enlarging it grows by more than it needs, and so seldom. True where it grew, which
 * clears it and what was set on its context.
 */
export function grow(canvas, width, height, { enlarged = false } = {}) {
  if (canvas.width >= width && canvas.height >= height) return false;
  const size = (wanted, now) => Math.max(enlarged ? wanted : SPARE * Math.ceil(wanted / SPARE), now);
  resize(canvas, size(width, canvas.width), size(height, canvas.height));
  return true;
}

/** Make a canvas so large; one that is stays as it is, with what is on it. */
export function resize(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** The smallest and the largest of some values. */
export function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < values.length; k += 1) {
    if (values[k] < low) low = values[k];
    if (values[k] > high) high = values[k];
  }
  return [low, high];
}
