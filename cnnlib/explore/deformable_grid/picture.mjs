import { shorter } from "../kit/format.mjs";
import { isPhotograph, sideOf } from "./model.mjs";
import { SHEEP } from "./schema.mjs";

/** Pixels of zeros that are shown around the image. */
export const MARGIN = 2;
/** The colours of the four pixels that a tap reads, row by row. */
export const AREAS = ["curve-1", "curve-2", "curve-3", "curve-4"];

const SMALLEST = 2; // pixels of the dot of a tap that its mask has switched off

/**
 * The numbers, or the photograph's edge; the rigid taps hollow, a line from each to the moved one, which is filled
 * and as large as its mask. The
 * unit square around the chosen tap is cut by the borders of four pixels into areas that are their weights.
 */
export function drawPicture(context, unit, state, found, colours) {
  const n = sideOf(state);
  const centre = (v) => (v + MARGIN + 0.5) * unit;
  if (!isPhotograph(state)) drawNumbers(context, unit, n, found.image, colours);
  context.strokeStyle = colours.muted;
  context.lineWidth = 1;
  context.strokeRect(MARGIN * unit, MARGIN * unit, n * unit, n * unit);

  if (state.preset === "sheep") outline(context, unit, colours);

  const chosen = found.read[state.tap];
  const [y, x] = found.points[state.tap];
  [0, 1, 2, 3].forEach((k) => {
    const [below, right] = [k >> 1, k % 2];
    const [top, left] = [chosen.top + below - 0.5, chosen.left + right - 0.5];
    const [y0, y1] = [Math.max(top, y - 0.5), Math.min(top + 1, y + 0.5)];
    const [x0, x1] = [Math.max(left, x - 0.5), Math.min(left + 1, x + 0.5)];
    if (y1 <= y0 || x1 <= x0) return;
    context.fillStyle = context.strokeStyle = colours[AREAS[k]];
    context.lineWidth = 2;
    context.strokeRect((left + MARGIN) * unit + 2, (top + MARGIN) * unit + 2, unit - 3, unit - 3);
    context.globalAlpha = 0.6;
    context.fillRect((x0 + MARGIN + 0.5) * unit, (y0 + MARGIN + 0.5) * unit, (x1 - x0) * unit, (y1 - y0) * unit);
    context.globalAlpha = 1;
  });

  found.points.forEach((point, k) => {
    const [from, to] = [found.rigidPoints[k], point].map((at) => [centre(at[1]), centre(at[0])]);
    twice(context, colours, (colour, extra) => {
      context.strokeStyle = colour;
      context.lineWidth = 1.5 + extra;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    });
    twice(context, colours, (colour, extra) => {
      context.strokeStyle = colour;
      context.lineWidth = 1.5 + extra;
      context.beginPath();
      context.arc(...from, 5, 0, 2 * Math.PI);
      context.stroke();
    });
  });
  found.points.forEach((point, k) => {
    const size = (k === state.tap ? 7 : 5) - SMALLEST;
    const here = [centre(point[1]), centre(point[0])];
    twice(context, colours, (colour, extra) => {
      context.fillStyle = colour;
      context.beginPath();
      context.arc(...here, SMALLEST + size * Math.sqrt(found.masks[k]) + extra / 2, 0, 2 * Math.PI);
      context.fill();
    });
    if (k === state.tap) {
      context.strokeStyle = "#000000";
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(...here, 3, 0, 2 * Math.PI);
      context.stroke();
    }
  });
}

/** A stroke that can be seen on any picture: black, and the colour of taps on it. */
function twice(context, colours, paint) {
  paint("#000000", 2);
  paint(colours.tap, 0);
}

/** The border between sheep and grass. */
function outline(context, unit, colours) {
  const at = (v) => (v + MARGIN) * unit;
  const lines = new Path2D();
  SHEEP.forEach((line, r) =>
    line.forEach((is, c) => {
      if (c + 1 < line.length && is !== line[c + 1]) {
        lines.moveTo(at(c + 1), at(r));
        lines.lineTo(at(c + 1), at(r + 1));
      }
      if (r + 1 < SHEEP.length && is !== SHEEP[r + 1][c]) {
        lines.moveTo(at(c), at(r + 1));
        lines.lineTo(at(c + 1), at(r + 1));
      }
    }),
  );
  twice(context, colours, (colour, extra) => {
    context.strokeStyle = colour;
    context.lineWidth = 1 + extra;
    context.stroke(lines);
  });
}

function drawNumbers(context, unit, n, image, colours) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  const letters = Math.max(8, Math.floor(unit * 0.42));
  context.font = `${letters}px system-ui, sans-serif`;
  image.forEach((value, k) => {
    const [x, y] = [k % n, Math.floor(k / n)].map((v) => (v + MARGIN) * unit);
    context.fillStyle = colours.input;
    context.fillRect(x + 0.5, y + 0.5, unit - 1, unit - 1);
    context.fillStyle = colours.ink;
    const ways = shorter(value);
    const text = ways.find((way) => context.measureText(way).width <= unit - 2) ?? ways.at(-1);
    context.fillText(text, x + unit / 2, y + unit / 2);
  });
}
