import { shorter } from "../kit/format.mjs";
import { edged } from "../kit/marks.mjs";
import { isPhotograph, sideOf } from "./model.mjs";
import { SHEEP } from "./tables.mjs";

/** Pixels of zeros that are shown around the image. */
export const MARGIN = 3;
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
    edged(context, colours.tap, 1.5, () => (context.moveTo(...from), context.lineTo(...to)));
    edged(context, colours.tap, 1.5, () => context.arc(...from, 5, 0, 2 * Math.PI));
  });
  found.points.forEach((point, k) => {
    const size = (k === state.tap ? 7 : 5) - SMALLEST;
    const here = [centre(point[1]), centre(point[0])];
    for (const [colour, edge] of [
      ["#000000", 1],
      [colours.tap, 0],
    ]) {
      context.fillStyle = colour;
      context.beginPath();
      context.arc(...here, SMALLEST + size * Math.sqrt(found.masks[k]) + edge, 0, 2 * Math.PI);
      context.fill();
    }
    if (k === state.tap) {
      context.strokeStyle = "#000000";
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(...here, 3, 0, 2 * Math.PI);
      context.stroke();
    }
  });
}

/** The border between sheep and grass. */
function outline(context, unit, colours) {
  const at = (v) => (v + MARGIN) * unit;
  const line = (x0, y0, x1, y1) => (context.moveTo(at(x0), at(y0)), context.lineTo(at(x1), at(y1)));
  const is = (r, c) => SHEEP[r]?.[c];
  edged(context, colours.tap, 1, () =>
    SHEEP.forEach((row, r) =>
      row.forEach((here, c) => {
        if (![here, undefined].includes(is(r, c + 1))) line(c + 1, r, c + 1, r + 1);
        if (![here, undefined].includes(is(r + 1, c))) line(c, r + 1, c + 1, r + 1);
      }),
    ),
  );
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
    const ways = [...shorter(value)];
    const text = ways.find((way) => context.measureText(way).width <= unit - 2) ?? ways.at(-1);
    context.fillText(text, x + unit / 2, y + unit / 2);
  });
}
