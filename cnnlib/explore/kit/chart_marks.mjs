import { possible, spread, ticks, valueAt, within, written } from "./axis.mjs";
import { clamp } from "./clamp.mjs";

export const FONT = "12px system-ui, sans-serif";
export const BOLD = "600 ";
export const DASHES = [[], [8, 4], [2, 3], [9, 3, 2, 3]];
const polygon = (corners) => (context, x, y, size) => {
  corners.forEach(([dx, dy], i) => context[i ? "lineTo" : "moveTo"](x + dx * size, y + dy * size));
  context.closePath();
};
export const MARKS = [
  (context, x, y, size) => context.arc(x, y, size, 0, 2 * Math.PI),
  polygon([
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ]),
  polygon([
    [0, -1.2],
    [1.1, 0.8],
    [-1.1, 0.8],
  ]),
  polygon([
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ]),
];

const widths = new Map();

/** How wide a text is in the letters of a chart, measured once. */
export function widthOf(context, text, weight = "") {
  const key = weight + text;
  if (!widths.has(key)) {
    if (widths.size > 2000) widths.clear();
    context.font = weight + FONT;
    widths.set(key, context.measureText(text).width);
    context.font = FONT;
  }
  return widths.get(key);
}

/** What a line chart draws on a canvas: `rest()` everything but the cursor, `cursorLine()` the cursor with its tags. */
export function chartMarks(context, { x, y, across, up, box, rises, beside, looks, landmarks, cursor, colours }) {
  const measure = (text, weight) => widthOf(context, text, weight);
  return { rest, cursorLine };

  function rest() {
    axes();
    lines();
    marks();
    names();
  }

  function axes() {
    context.lineWidth = 1;
    context.setLineDash([]);
    context.fillStyle = colours.muted;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of rises) {
      const at = Math.round(up.at(value)) + 0.5;
      stroke(colours.line, () => (context.moveTo(box.left, at), context.lineTo(box.right, at)), 0.45);
      context.fillText(written(y, value), box.left - 6, at);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    let free = -Infinity;
    for (const value of ticks(x, Math.floor((box.right - box.left) / 46))) {
      const at = Math.round(across.at(value)) + 0.5;
      const text = written(x, value);
      stroke(colours.line, () => (context.moveTo(at, box.bottom), context.lineTo(at, box.bottom + 4)));
      if (at - measure(text) / 2 < free) continue;
      context.fillText(text, at, box.bottom + 6);
      free = at + measure(text) / 2 + 8;
    }
    stroke(
      colours.muted,
      () => (
        context.moveTo(box.left + 0.5, box.top),
        context.lineTo(box.left + 0.5, box.bottom + 0.5),
        context.lineTo(box.right, box.bottom + 0.5)
      ),
    );
    context.fillStyle = colours.ink;
    context.fillText(x.label, (box.left + box.right) / 2, box.bottom + 23);
    context.textAlign = "left";
    context.fillText(y.label, 0, 2);
  }

  function lines() {
    context.save();
    context.beginPath();
    context.rect(box.left, box.top - 2, box.right - box.left + 2, box.bottom - box.top + 4);
    context.clip();
    for (const { points, colour, dash, width: thick, dots, mark } of looks) {
      context.setLineDash(dash);
      context.lineWidth = thick;
      stroke(colour, () => {
        let on = false;
        for (const [px, py] of points) {
          const good = possible(x, px) && possible(y, py);
          if (good) context[on ? "lineTo" : "moveTo"](across.at(px), up.at(py));
          on = good;
        }
      });
      context.setLineDash([]);
      if (dots)
        for (const [px, py] of points)
          if (possible(x, px) && possible(y, py)) symbol(mark, across.at(px), up.at(py), 3.5, colour, colour);
    }
    context.restore();
  }

  function marks() {
    context.lineWidth = 1;
    context.textBaseline = "bottom";
    context.textAlign = "left";
    const inside = landmarks.filter(({ axis, at }) => within(axis === "x" ? x : y, at));
    const rows = inside
      .filter(({ axis }) => axis !== "x")
      .map(({ at, label: text }) => ({ text, line: Math.round(up.at(at)) + 0.5 }));
    const texts = rows.map(({ text, line }) => ({ text, at: line }));
    context.textBaseline = "middle";
    for (const { line } of rows) {
      context.setLineDash([1, 3]);
      stroke(colours.ink, () => (context.moveTo(box.left, line), context.lineTo(box.right, line)));
    }
    for (const { text, at } of spread(texts, 15, box.top + 6, box.bottom - 6)) {
      context.fillStyle = colours.paper; // the line ends where its label begins
      context.fillRect(box.left + 3, at - 7, measure(text) + 8, 14);
      write(text, box.left + 6, at, colours.muted);
    }
    context.textBaseline = "bottom";
    for (const { at, label: text } of inside.filter(({ axis }) => axis === "x")) {
      const place = Math.round(across.at(at)) + 0.5;
      context.setLineDash([1, 3]);
      stroke(colours.ink, () => (context.moveTo(place, box.top), context.lineTo(place, box.bottom)));
      context.save();
      // at the left of its line, unless the axis is there
      context.translate(place + (place > box.left + 16 ? -2 : 16), box.bottom - 6);
      context.rotate(-Math.PI / 2);
      write(text, 0, 0, colours.muted);
      context.restore();
    }
    context.setLineDash([]);
  }

  /** Names of the curves: in the margin at their ends, or as a list in the corner where there is no margin. */
  function names() {
    const named = looks.filter(({ name }) => name);
    context.textBaseline = "middle";
    if (!beside) {
      // a curve that passes here is faint behind the names
      const wide = Math.max(0, ...named.map(({ name }) => measure(name, BOLD))) + 36;
      context.fillStyle = colours.paper;
      context.globalAlpha = 0.85;
      context.fillRect(box.right - wide, box.top, wide, 15 * named.length + 2);
      context.globalAlpha = 1;
      context.textAlign = "right";
      named.forEach(({ name, colour, dash }, k) => {
        const at = box.top + 8 + 15 * k;
        write(name, box.right - 3, at, colour, BOLD);
        const end = box.right - 9 - measure(name, BOLD);
        context.setLineDash(dash);
        context.lineWidth = 2.2;
        stroke(colour, () => (context.moveTo(end - 22, at), context.lineTo(end, at)));
        context.setLineDash([]);
      });
      return;
    }
    const found = [];
    for (const { name, points, colour } of named) {
      const end = points.findLast(([px, py]) => within(x, px) && within(y, py));
      if (end) found.push({ text: name, colour, at: up.at(end[1]) });
    }
    context.textAlign = "left";
    for (const { text, colour, at } of spread(found, 15, box.top + 6, box.bottom - 6))
      write(text, box.right + 9, at, colour, BOLD);
  }

  function cursorLine() {
    const at = across.at(clamp(cursor, ...x.range));
    context.lineWidth = 1.5;
    stroke(colours.ink, () => (context.moveTo(at, box.top), context.lineTo(at, box.bottom)));
    const tags = [];
    for (const { points, colour, tag, mark } of looks) {
      const value = valueAt(points, cursor, x, y);
      if (value == null || !within(y, value)) continue;
      const height = up.at(value);
      context.lineWidth = 2;
      symbol(mark, at, height, 5, colours.paper, colour);
      if (tag) tags.push({ text: tag, at: height });
    }
    const onLeft = at > (box.left + box.right) / 2;
    context.textBaseline = "middle";
    context.textAlign = onLeft ? "right" : "left";
    context.font = BOLD + FONT;
    for (const { text, at: height } of spread(tags, 18, box.top + 8, box.bottom - 8)) {
      const long = context.measureText(text).width;
      context.fillStyle = colours.paper;
      context.globalAlpha = 0.88;
      context.fillRect(onLeft ? at - 13 - long : at + 9, height - 8.5, long + 4, 17);
      context.globalAlpha = 1;
      context.fillStyle = colours.ink;
      context.fillText(text, at + (onLeft ? -11 : 11), height);
    }
    context.font = FONT;
  }

  function write(text, px, py, colour, weight = "") {
    context.font = weight + FONT;
    context.setLineDash([]);
    context.lineWidth = 4;
    context.strokeStyle = colours.paper;
    context.strokeText(text, px, py);
    context.fillStyle = colour;
    context.fillText(text, px, py);
    context.font = FONT;
    context.lineWidth = 1;
  }

  function stroke(colour, path, alpha = 1) {
    context.strokeStyle = colour;
    context.globalAlpha = alpha;
    context.beginPath();
    path();
    context.stroke();
    context.globalAlpha = 1;
  }

  function symbol(kind, px, py, size, fill, edge) {
    context.beginPath();
    MARKS[kind](context, px, py, size);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = edge;
    context.stroke();
  }
}
