import { h } from "../kit/dom.mjs";
import { centreOf, windowsBelow } from "../mirror/fields.mjs";
import { windowOf } from "./model.mjs";
import { SHARE } from "./schema.mjs";
import { describe } from "./words.mjs";

const DARKEST = 190; // of 255: the shade over a pixel that has no part in the unit

/** A number in the little room of a column. */
const compact = (n) => (n < 1e5 ? String(n) : n.toExponential(1).replace("+", ""));

function canvasOf(canvas, width, height) {
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== tall) {
    Object.assign(canvas, { width: wide, height: tall });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * The stack from the side, a row of units for each level, the cone of one unit, and its profile along the image.
 * Returns where things stand, for the pointer.
 */
export function drawSide(
  canvas,
  { layers, sizes, fields, level, unit, paths, columns, low, high },
  colours,
  width,
  height,
) {
  const narrow = width < 480;
  const [left, right, top, bottom] = [narrow ? 74 : 104, narrow ? 74 : 104, 18, 48];
  const rowHeight = Math.max(19, Math.min(34, (height - top - bottom) / (layers.length + 1)));
  const context = canvasOf(canvas, width, top + bottom + rowHeight * (layers.length + 1));
  const scale = (width - left - right) / (high - low);
  const X = (pixel) => left + (pixel - low) * scale;
  const Y = (l) => top + (layers.length - l) * rowHeight;
  const bar = rowHeight * 0.5;
  const down = windowsBelow(layers, level, unit[1]);
  context.font = `${narrow ? 11 : 12}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  const write = (text, x, y, colour, align) => {
    context.fillStyle = colour;
    context.textAlign = align;
    context.fillText(text, x, y);
  };
  write("size", width - right / 2 - 2, top / 2, colours.muted, "right");
  write("jump", width - 2, top / 2, colours.muted, "right");
  for (let l = layers.length; l >= 0; l -= 1) {
    const middle = Y(l) + rowHeight / 2;
    const colour = l === level ? colours.ink : colours.muted;
    write(l ? `${l} ${describe(layers[l - 1])}` : "image", 0, middle, colour, "left");
    write(compact(fields[l].size), width - right / 2 - 2, middle, colour, "right");
    write(compact(fields[l].jump), width - 2, middle, colour, "right");
  }
  context.save();
  context.beginPath();
  context.rect(left, top, width - left - right, rowHeight * (layers.length + 1) + bottom);
  context.clip();
  // the cone, behind everything
  const edges = down.map(([a, b], l) =>
    [centreOf(fields[l], a) - fields[l].jump / 2, centreOf(fields[l], b) + fields[l].jump / 2].map(X),
  );
  context.beginPath();
  for (let l = level; l >= 0; l -= 1) context.lineTo(edges[l][0], Y(l) + rowHeight / 2);
  for (let l = 0; l <= level; l += 1) context.lineTo(edges[l][1], Y(l) + rowHeight / 2);
  context.closePath();
  context.fillStyle = colours.tap;
  context.globalAlpha = 0.22;
  context.fill();
  context.globalAlpha = 1;
  for (let l = layers.length; l >= 0; l -= 1) {
    const y = Y(l) + (rowHeight - bar) / 2;
    const pitch = fields[l].jump * scale;
    const wide = Math.max(1, Math.min(pitch >= 3 ? pitch - 1 : pitch, rowHeight * 1.2));
    const from = X(centreOf(fields[l], 0));
    const box = (k) => context.rect(from + k * pitch - wide / 2, y, wide, bar);
    context.fillStyle = l ? colours.output : colours.input;
    context.beginPath();
    if (pitch >= 3) for (let k = 0; k < sizes[l]; k += 1) box(k);
    else context.rect(from - pitch / 2, y, pitch * sizes[l], bar);
    context.fill();
    if (l > level) continue;
    context.fillStyle = colours.tap;
    context.beginPath();
    for (let k = Math.max(0, down[l][0]); k <= Math.min(sizes[l] - 1, down[l][1]); k += 1) if (paths[1][l][k]) box(k);
    context.fill();
    // what it would read of the padding
    context.strokeStyle = colours.muted;
    context.lineWidth = 1;
    context.setLineDash([2, 2]);
    for (const [a, b] of [
      [down[l][0], -1],
      [sizes[l], down[l][1]],
    ]) {
      if (b >= a) context.strokeRect(from + a * pitch - pitch / 2, y + 1, (b - a + 1) * pitch, bar - 2);
    }
    context.setLineDash([]);
    if (l === level) {
      context.strokeStyle = colours.ink;
      context.lineWidth = 2;
      context.strokeRect(from + unit[1] * pitch - Math.max(wide, 3) / 2, y - 1, Math.max(wide, 3), bar + 2);
    }
  }
  // the profile along this row of the image
  const [floor, tall] = [Y(0) + rowHeight + bottom - 4, bottom - 14];
  context.fillStyle = colours.ink;
  context.beginPath();
  columns.forEach(
    (share, k) => share && context.rect(X(k - 0.5), floor - share * tall, Math.max(1, scale), share * tall),
  );
  context.fill();
  const bracket = (a, b, y, colour, dash) => {
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(X(a - 0.5), y);
    context.lineTo(X(b + 0.5), y);
    context.stroke();
    context.setLineDash([]);
  };
  bracket(...down[0], Y(0) + rowHeight + 1, colours.muted, [4, 3]);
  const strong = columns.reduce((found, share, k) => (share > SHARE ? [...found.slice(0, 1), k] : found), []);
  if (strong.length) bracket(strong[0], strong.at(-1), Y(0) + rowHeight + 6, colours.unread, []);
  context.restore();
  return { top, rowHeight, low, scale, left, count: layers.length };
}

/** The image from above: what the unit does not see is shaded; outlines of its effective and theoretical fields. */
export function drawPlane(canvas, view, colours, length, picture) {
  const { size, fields, level, unit, rows, columns, low, high } = view;
  const context = canvasOf(canvas, length, length);
  const scale = length / (high - low + 1);
  const X = (pixel) => (pixel - low + 0.5) * scale;
  context.fillStyle = colours.cell;
  context.fillRect(0, 0, length, length);
  const box = [X(-0.5), X(-0.5), size * scale, size * scale];
  if (picture) {
    const short = Math.min(picture.width, picture.height);
    context.drawImage(picture, (picture.width - short) / 2, (picture.height - short) / 2, short, short, ...box);
  }
  context.imageSmoothingEnabled = false;
  context.drawImage(shadeOf(view), ...box);
  const frame = (a, b, c, d, colour, dash) => {
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.strokeRect(X(a - 0.5), X(b - 0.5), (c - a + 1) * scale, (d - b + 1) * scale);
    context.setLineDash([]);
  };
  frame(0, 0, size - 1, size - 1, colours.line, []);
  const [[top, bottom], [left, right]] = unit.map((at) => windowOf(fields[level], at));
  frame(left, top, right, bottom, colours.muted, [5, 4]);
  // the outline of all that is above the share: row by row, from its first to its last
  const outline = [];
  rows.forEach((row, r) => {
    const inside =
      row > SHARE ? [columns.findIndex((c) => row * c > SHARE), columns.findLastIndex((c) => row * c > SHARE)] : [-1];
    if (inside[0] >= 0) outline.push([r, ...inside]);
  });
  context.strokeStyle = colours.unread;
  context.beginPath();
  for (const [r, a] of outline) {
    context.lineTo(X(a - 0.5), X(r - 0.5));
    context.lineTo(X(a - 0.5), X(r + 0.5));
  }
  for (const [r, , b] of outline.reverse()) {
    context.lineTo(X(b + 0.5), X(r + 0.5));
    context.lineTo(X(b + 0.5), X(r - 0.5));
  }
  context.closePath();
  context.stroke();
  return { low, scale };
}

// one canvas for all explorers of a page: it is copied at once, and a new one in each frame costs more than the rest
const shade = h("canvas").getContext("2d");

/** What a unit does not see, as a shade over the picture: the product of the two profiles lets it through. */
function shadeOf({ size, rows, columns }) {
  if (shade.canvas.width !== size) Object.assign(shade.canvas, { width: size, height: size });
  const pixels = new Uint32Array(size * size);
  let k = 0;
  for (const row of rows)
    for (const column of columns) pixels[k++] = (((DARKEST * (1 - row * column) + 0.5) | 0) << 24) >>> 0;
  shade.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), size, size), 0, 0);
  return shade.canvas;
}
