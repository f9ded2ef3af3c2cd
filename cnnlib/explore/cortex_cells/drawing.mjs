import { frame } from "../kit/marks.mjs";

/** Mark a cell, one pixel of a plane, with a frame around it. */
export const cellMark = (context, colours, x, y, unit) => frame(context, x - 2, y - 2, unit + 4, unit + 4, colours.tap);

/** A short line that says which orientation a plane is for. */
export function glyph(context, x, y, angle) {
  const [dx, dy] = [8 * Math.cos((angle * Math.PI) / 180), -8 * Math.sin((angle * Math.PI) / 180)];
  for (const [colour, thick] of [
    ["#000000", 5],
    ["#ffffff", 2.5],
  ]) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.beginPath();
    context.moveTo(x - dx, y - dy);
    context.lineTo(x + dx, y + dy);
    context.stroke();
  }
}

export function letter(context, text, x, y) {
  context.font = "600 14px system-ui, sans-serif";
  context.textBaseline = "top";
  context.lineWidth = 3;
  context.strokeStyle = "#000000";
  context.strokeText(text, x, y);
  context.fillStyle = "#ffffff";
  context.fillText(text, x, y);
}

export function target(context, colours, x, y, radius, cross) {
  for (const [colour, thick] of [
    ["#000000", 3.5],
    [colours.tap, 1.5],
  ]) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (cross) {
      context.moveTo(x - 6, y);
      context.lineTo(x + 6, y);
      context.moveTo(x, y - 6);
      context.lineTo(x, y + 6);
    }
    context.stroke();
  }
}
