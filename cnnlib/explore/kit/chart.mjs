import { scale, ticks, written } from "./axis.mjs";
import { BOLD, DASHES, FONT, MARKS, chartMarks, widthOf } from "./chart_marks.mjs";
import { clamp } from "./clamp.mjs";
import { arrowStep, h } from "./dom.mjs";

/**
 * A line chart on a canvas, with a cursor for mouse, touch and keyboard.
 *
 *   const chart = lineChart({ label: "Parameters. Arrow keys move the image side.", height: 300, move });
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
 * Curves are told apart by dash, by marker at the cursor and by their name at the right end; colour (`--curve-1` to
 * `-4` in explorer.css) comes on top. A curve may set its own `dash`, `colour` and `width`, `dots: true` marks each of
 * its points, `tag` is written beside it at the cursor. Points that can't stand on a log axis, or are not finite, break
 * the line. `move(x)` is called as the cursor is dragged or moved by keys: with `stops` (rising) it goes from one to
 * the next, with Shift ten at once, Home and End to the ends; without, in 200 steps of the axis. The cursor may be
 * null, and `move` left out. With a `key` (any text that changes whenever something but the cursor and its tags does)
 * the rest is kept between frames. The height is fixed, so nothing below moves while a curve does. The canvas is a
 * slider for a screen reader.
 */
export function lineChart({ label, height = 300, move }) {
  const role = move ? { tabindex: "0", role: "slider", "aria-orientation": "horizontal" } : { role: "img" };
  const canvas = h("canvas", { class: "chart", "aria-label": label, ...role });
  const front = canvas.getContext("2d");
  const still = h("canvas"); // everything but the cursor, for as long as the key stays
  const back = still.getContext("2d");
  let last = null; // the key of the frame before
  let kept = null; // the key of what stands on the still canvas
  let shown = null; // what was last painted: {across, stops, cursor, box}

  function tell(x) {
    if (x !== shown.cursor) move(x);
  }
  function under(event) {
    const { across, stops, box } = shown;
    const frame = canvas.getBoundingClientRect();
    const at = clamp(event.clientX - frame.left, box.left, box.right);
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
      const left = Math.ceil(Math.max(...rises.map((v) => widthOf(front, written(y, v))))) + 9;
      const beside = width >= 520; // names of the curves in a margin of their own, else inside
      const margin = beside
        ? Math.ceil(Math.max(0, ...curves.map(({ name }) => widthOf(front, name ?? "", BOLD)))) + 13
        : 8;
      const box = { left, right: width - margin, top: 24, bottom: height - 40 };
      const across = scale(x, box.left, box.right);
      const up = scale(y, box.bottom, box.top);
      const looks = curves.map((curve, i) => ({
        colour: colours[`curve-${(i % 4) + 1}`],
        dash: DASHES[i % DASHES.length],
        width: 2.2,
        mark: i % MARKS.length,
        ...curve,
      }));

      const view = { x, y, across, up, box, rises, beside, looks, landmarks, cursor, colours };
      const onFront = chartMarks(front, view);

      const now = key === null ? null : JSON.stringify([key, width, ratio, colours]);
      front.clearRect(0, 0, width, height);
      // What changes in every frame goes straight to the front: to copy a canvas costs more than to draw it.
      if (now === null || now !== last) onFront.rest();
      else {
        if (now !== kept) {
          back.clearRect(0, 0, width, height);
          chartMarks(back, view).rest();
          kept = now;
        }
        front.drawImage(still, 0, 0, width, height);
      }
      last = now;
      if (cursor != null) onFront.cursorLine();
      shown = { across, stops, cursor, box };
      if (move && cursor != null) {
        const ends = stops ? [stops[0], stops.at(-1)] : x.range;
        const values = {
          min: ends[0],
          max: ends[1],
          now: cursor,
          text: valueText ?? `${x.label} ${written(x, cursor)}`,
        };
        for (const [name, value] of Object.entries(values)) {
          if (canvas.getAttribute(`aria-value${name}`) !== String(value))
            canvas.setAttribute(`aria-value${name}`, value);
        }
      }
    },
  };
}

/** Where a pressed key puts the cursor, or null. */
function stepped(event, { across, stops, cursor, box }) {
  const step = arrowStep(event);
  const to = step ? step[1] - step[0] : { Home: -Infinity, End: Infinity }[event.key];
  if (to === undefined || cursor == null) return null;
  if (!stops) {
    const at = across.at(cursor) + (to * (box.right - box.left)) / 200;
    return across.inverse(clamp(at, box.left, box.right));
  }
  const here = to > 0 ? stops.findLastIndex((stop) => stop <= cursor) : stops.findIndex((stop) => stop >= cursor);
  const from = here < 0 ? (to > 0 ? -1 : stops.length) : here;
  return stops[clamp(from + to, 0, stops.length - 1)];
}
