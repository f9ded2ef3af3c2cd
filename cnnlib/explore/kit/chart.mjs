import { possible, scale, spread, ticks, valueAt, within, written } from "./axis.mjs";
import { arrowStep, h } from "./dom.mjs";

/**
 * A line chart on a canvas, with a cursor for mouse, touch and keyboard.
 *
 *   const chart = lineChart({ label: "Parameters. Arrow keys move the image side.", height: 300, move: (x) => change({ side: x }) });
 *   // stage: [h("div", { class: "panel" }, chart.element)]
 *   chart.paint({
 *     width: room, colours,                                   // from draw(state, colours, room)
 *     x: { label: "image side, pixels", range: [8, 4096], log: true },
 *     y: { label: "parameters", range: [1, 1e12], log: true, format: (value) => "..." },
 *     curves: [{ name: "dense", points: [[x, y], ...], tag: "10 billion" }, ...],
 *     landmarks: [{ axis: "y", at: 138357544, label: "VGG-16" }, { axis: "x", at: 224, label: "ImageNet" }],
 *     cursor: 1000, stops: [8, 16, 32, ...], valueText: "side 1000",
 *   });
 *
 * Curves are told apart by dash, by marker at the cursor and by their name at the right end; colour (`--curve-1` to `-4` in
 * explorer.css) comes on top. A curve may set its own `dash`, `colour` and `width`, `dots: true` marks each of its points,
 * `tag` is written beside it at the cursor. Points that can't stand on a log axis, or are not finite, break the line.
 * `move(x)` is called as the cursor is dragged or moved by keys: with `stops` (rising) it goes from one to the next, with Shift
 * ten at once, Home and End to the ends; without, in 200 steps of the axis. The cursor may be null, and `move` left out.
 * With a `key` (any text that changes whenever something but the cursor and its tags does) the rest is kept between frames.
 * The height is fixed, so nothing below moves while a curve does. The canvas is a slider for a screen reader.
 */
export function lineChart({ label, height = 300, move }) {
  const role = move ? { tabindex: "0", role: "slider", "aria-orientation": "horizontal" } : { role: "img" };
  const canvas = h("canvas", { class: "chart", "aria-label": label, ...role });
  const front = canvas.getContext("2d");
  const still = h("canvas"); // everything but the cursor, for as long as the key stays
  const back = still.getContext("2d");
  let context = front;
  let last = null; // the key of the frame before
  let kept = null; // the key of what stands on the still canvas
  let shown = null; // what was last painted: {across, stops, cursor, box}

  function tell(x) {
    if (x !== shown.cursor) move(x);
  }
  function under(event) {
    const { across, stops, box } = shown;
    const place = canvas.getBoundingClientRect();
    const at = Math.min(Math.max(event.clientX - place.left, box.left), box.right);
    if (!stops) return across.inverse(at);
    const near = stops.map((stop) => Math.abs(across.at(stop) - at));
    return stops[near.indexOf(Math.min(...near))];
  }
  if (move) {
    let pressed = false;
    canvas.addEventListener("pointerdown", (event) => {
      if (!shown || event.button > 0) return;
      pressed = true;
      if (event.pointerType === "mouse") canvas.setPointerCapture(event.pointerId);
      tell(under(event));
    });
    canvas.addEventListener("pointermove", (event) => pressed && tell(under(event)));
    for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, () => (pressed = false));
    canvas.addEventListener("keydown", (event) => {
      const next = shown && stepped(event, shown);
      if (next == null) return;
      event.preventDefault();
      tell(next);
    });
  }

  return {
    element: canvas,
    canvas,
    paint({ width, colours, x, y, curves, landmarks = [], cursor = null, stops = null, valueText, key = null }) {
      const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
      const [wide, tall] = [width, height].map((v) => Math.round(v * ratio));
      if (canvas.width !== wide || canvas.height !== tall) {
        for (const layer of [canvas, still]) Object.assign(layer, { width: wide, height: tall });
        Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
        kept = null;
      }
      for (const layer of [back, front]) {
        layer.setTransform(ratio, 0, 0, ratio, 0, 0);
        layer.font = FONT;
        layer.lineJoin = "round";
      }

      const rises = ticks(y, Math.floor((height - 60) / 26));
      const measure = (text, weight = "") => {
        context.font = weight + FONT;
        const long = context.measureText(text).width;
        context.font = FONT;
        return long;
      };
      const left = Math.ceil(Math.max(...rises.map((v) => measure(written(y, v))))) + 9;
      const beside = width >= 520; // names of the curves in a margin of their own, else inside
      const margin = beside ? Math.ceil(Math.max(0, ...curves.map(({ name }) => measure(name ?? "", BOLD)))) + 10 : 8;
      const box = { left, right: width - margin, top: 24, bottom: height - 40 };
      const across = scale(x, box.left, box.right);
      const up = scale(y, box.bottom, box.top);
      const looks = curves.map((curve, i) => ({
        colour: colours[`curve-${(i % 4) + 1}`], dash: DASHES[i % DASHES.length], width: 2.2, mark: i % MARKS.length, ...curve,
      }));

      const now = key === null ? null : JSON.stringify([key, width, ratio, colours]);
      front.clearRect(0, 0, width, height);
      // What changes in every frame goes straight to the front: to copy a canvas costs more than to draw it.
      if (now === null || now !== last) rest();
      else {
        if (now !== kept) {
          context = back;
          back.clearRect(0, 0, width, height);
          rest();
          kept = now;
          context = front;
        }
        front.drawImage(still, 0, 0, width, height);
      }
      last = now;
      if (cursor != null) cursorLine();
      shown = { across, stops, cursor, box };
      if (move && cursor != null) {
        const ends = stops ? [stops[0], stops.at(-1)] : x.range;
        const values = { min: ends[0], max: ends[1], now: cursor, text: valueText ?? `${x.label} ${written(x, cursor)}` };
        for (const [name, value] of Object.entries(values)) {
          if (canvas.getAttribute(`aria-value${name}`) !== String(value)) canvas.setAttribute(`aria-value${name}`, value);
        }
      }

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
        stroke(colours.muted, () => (context.moveTo(box.left + 0.5, box.top), context.lineTo(box.left + 0.5, box.bottom + 0.5), context.lineTo(box.right, box.bottom + 0.5)));
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
          if (dots) for (const [px, py] of points) if (possible(x, px) && possible(y, py)) symbol(mark, across.at(px), up.at(py), 3.5, colour, colour);
        }
        context.restore();
      }

      function marks() {
        context.lineWidth = 1;
        context.textBaseline = "bottom";
        context.textAlign = "left";
        const inside = landmarks.filter(({ axis, at }) => within(axis === "x" ? x : y, at));
        const rows = inside.filter(({ axis }) => axis !== "x").map(({ at, label: text }) => ({ text, line: Math.round(up.at(at)) + 0.5 }));
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
          context.translate(place - 2, box.bottom - 6);
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
        for (const { text, colour, at } of spread(found, 15, box.top + 6, box.bottom - 6)) write(text, box.right + 6, at, colour, BOLD);
      }

      function cursorLine() {
        const at = across.at(Math.min(Math.max(cursor, x.range[0]), x.range[1]));
        context.lineWidth = 1.5;
        stroke(colours.ink, () => (context.moveTo(at, box.top), context.lineTo(at, box.bottom)));
        const tags = [];
        for (const { points, colour, tag, mark } of looks) {
          const value = valueAt(points, cursor, x, y);
          if (value == null || !within(y, value)) continue;
          const place = up.at(value);
          context.lineWidth = 2;
          symbol(mark, at, place, 5, colours.paper, colour);
          if (tag) tags.push({ text: tag, at: place });
        }
        const onLeft = at > (box.left + box.right) / 2;
        context.textBaseline = "middle";
        context.textAlign = onLeft ? "right" : "left";
        context.font = BOLD + FONT;
        for (const { text, at: place } of spread(tags, 18, box.top + 8, box.bottom - 8)) {
          const long = context.measureText(text).width;
          context.fillStyle = colours.paper;
          context.globalAlpha = 0.88;
          context.fillRect(onLeft ? at - 13 - long : at + 9, place - 8.5, long + 4, 17);
          context.globalAlpha = 1;
          context.fillStyle = colours.ink;
          context.fillText(text, at + (onLeft ? -11 : 11), place);
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
    },
  };
}

const FONT = "12px system-ui, sans-serif";
const BOLD = "600 ";
const DASHES = [[], [8, 4], [2, 3], [9, 3, 2, 3]];
const polygon = (corners) => (context, x, y, size) => {
  corners.forEach(([dx, dy], i) => context[i ? "lineTo" : "moveTo"](x + dx * size, y + dy * size));
  context.closePath();
};
const MARKS = [
  (context, x, y, size) => context.arc(x, y, size, 0, 2 * Math.PI),
  polygon([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
  polygon([[0, -1.2], [1.1, 0.8], [-1.1, 0.8]]),
  polygon([[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]]),
];

/** Where a pressed key puts the cursor, or null. */
function stepped(event, { across, stops, cursor, box }) {
  const step = arrowStep(event);
  const to = step ? step[1] - step[0] : { Home: -Infinity, End: Infinity }[event.key];
  if (to === undefined || cursor == null) return null;
  if (!stops) {
    const at = across.at(cursor) + (to * (box.right - box.left)) / 200;
    return across.inverse(Math.min(Math.max(at, box.left), box.right));
  }
  const here = to > 0 ? stops.findLastIndex((stop) => stop <= cursor) : stops.findIndex((stop) => stop >= cursor);
  const from = here < 0 ? (to > 0 ? -1 : stops.length) : here;
  return stops[Math.min(Math.max(from + to, 0), stops.length - 1)];
}
