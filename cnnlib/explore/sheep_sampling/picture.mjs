import { h } from "../kit/dom.mjs";
import { edged, frame } from "../kit/marks.mjs";
import { CELL } from "./schema.mjs";
import { onSheep } from "./model.mjs";

/** Pixels around the picture in which points outside are shown. */
export const MARGIN = 12;
const SIZES = { all: 40, first: 20, second: 20, third: 20 }; // of a point of weight 1
const SMALLEST = 1.5;
const CROWD = 200; // dots, above which each is a copy of one that was drawn before
const CHOSEN = "#ffee33"; // yellow on wool and on grass, in both schemes

/** Points at the same position as one: [row, column, weight, whether it is on the sheep], the heaviest first. */
export function merged(points, weights, on) {
  const found = new Map();
  weights.forEach((weight, k) => {
    const key = `${points[2 * k]},${points[2 * k + 1]}`;
    const one = found.get(key);
    if (one) one[2] += weight;
    else found.set(key, [points[2 * k], points[2 * k + 1], weight, on[k]]);
  });
  return [...found.values()].sort((one, other) => other[2] - one[2]);
}

/** The points of the chosen kind: a filled dot is on the sheep, a ring is off it; its area is its weight. */
export function drawPoints(context, scale, state, scene, found, colours) {
  const { points } = found.kinds[state.offsets];
  const x = (column) => (CELL * column + 0.5 + MARGIN) * scale;
  context.strokeStyle = colours.muted;
  context.lineWidth = 1;
  context.strokeRect(MARGIN * scale, MARGIN * scale, scene.side * scale, scene.side * scale);
  if (state.lines && state.offsets !== "rigid") drawLines(context, x, found.kinds.rigid.points, points, state.layer);
  const dots = merged(points, found.weights, onSheep(scene, points));
  const put = dots.length > CROWD ? stamper(context, colours.tap) : dot;
  for (const [row, column, weight, on] of dots)
    put(context, x(column), x(row), Math.max(SMALLEST, SIZES[state.layer] * Math.sqrt(weight)), on && colours.tap);
  const cell = ([row, column], colour) =>
    frame(context, x(column - 0.5), x(row - 0.5), CELL * scale, CELL * scale, colour);
  cell(state.place, CHOSEN);
  if (state.offsets !== "elsewhere") return;
  context.setLineDash([3, 2]);
  cell(found.other, CHOSEN);
  context.setLineDash([]);
}

/** A dot filled with a colour, or a ring where there is none. */
function dot(context, x, y, radius, fill) {
  const ring = () => context.arc(x, y, radius, 0, 2 * Math.PI);
  if (!fill) return edged(context, "#ffffff", 1.25, ring, { more: 1.25 });
  context.beginPath();
  ring();
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = "#000000";
  context.lineWidth = 0.75;
  context.stroke();
}

let stamps = { of: "", made: new Map() }; // of one colour and one screen: a canvas for each size, of rings below zero

/** The same, drawn once for each size and copied to the nearest pixel of the screen: so hundreds take half as long. */
function stamper(context, colour) {
  const ratio = context.getTransform().a;
  if (stamps.of !== `${colour} ${ratio}`) stamps = { of: `${colour} ${ratio}`, made: new Map() };
  const { made } = stamps;
  return (_, x, y, radius, fill) => {
    const size = Math.round(8 * radius) * (fill ? 1 : -1);
    if (!made.has(size)) made.set(size, stamped(radius, fill, ratio));
    const canvas = made.get(size);
    const half = canvas.width / 2;
    const side = canvas.width / ratio;
    context.drawImage(canvas, Math.round(x * ratio - half) / ratio, Math.round(y * ratio - half) / ratio, side, side);
  };
}

function stamped(radius, fill, ratio) {
  const side = Math.ceil(2 * (radius + 2) * ratio);
  const canvas = h("canvas", { width: side, height: side });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  dot(context, side / 2 / ratio, side / 2 / ratio, radius, fill);
  return canvas;
}

function drawLines(context, x, from, to, layer) {
  const lines = () => {
    for (let n = 0; n < to.length; n += 2) {
      context.moveTo(x(from[n + 1]), x(from[n]));
      context.lineTo(x(to[n + 1]), x(to[n]));
    }
  };
  if (layer !== "all") return edged(context, "#ffffff", 1.25, lines, { more: 1.75 });
  context.globalAlpha = 0.35;
  context.strokeStyle = "#000000";
  context.lineWidth = 0.75;
  context.beginPath();
  lines();
  context.stroke();
  context.globalAlpha = 1;
}
