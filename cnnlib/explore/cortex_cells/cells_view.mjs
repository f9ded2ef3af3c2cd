import { lineChart } from "../kit/chart.mjs";
import { clamp, ontoGrid } from "../kit/clamp.mjs";
import { frame } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { greyPixels, pixelCanvas, signedPixels } from "../kit/pixels.mjs";
import { cellMark, glyph, letter } from "./drawing.mjs";
import { ANGLES, MIDDLE, NAMES, OFFSETS, PAIRS, cells } from "./model.mjs";
import { ORIENTATIONS, SIDE, TAPS } from "./schema.mjs";
import { cellTexts } from "./words.mjs";

const GAP = 2; // pixels between two planes
const BRIGHTEST = 0.5; // the response that is drawn white
const CELLS = { max: "Strongest around", mean: "Mean around", energy: "Amplitude of a pair" };
const WIDE = 4 * SIDE + 3 * GAP;

/** Planes of simple cells above, of complex cells below, as one picture. */
function tiled(simple, complex) {
  const tiles = new Float64Array((2 * SIDE + GAP) * WIDE).fill(NaN);
  [simple, complex].forEach((row, top) =>
    row.forEach((plane, left) => {
      for (let r = 0; r < SIDE; r += 1) {
        tiles.set(plane.subarray(r * SIDE, (r + 1) * SIDE), (top * (SIDE + GAP) + r) * WIDE + left * (SIDE + GAP));
      }
    }),
  );
  return greyPixels(tiles, 1 / BRIGHTEST);
}

/** A bar before planes of simple and complex cells, the filter of those that are followed, and their two curves. */
export function cellsView({ change, state: readState, bound }) {
  const tuned = memo((make) => make());
  const compute = memo((state) => {
    const found = cells(state, tuned);
    return { ...found, bar: greyPixels(found.stimulus, 0.5, -1), tiles: tiled(found.simple, found.complex) };
  });
  const filterOf = memo((kernel, colours) => signedPixels(kernel, Math.max(...kernel.map(Math.abs)), colours));
  const put = (where) => change({ position: ontoGrid(where, [SIDE, SIDE]) });
  const follow = (plane) => change({ preferred: NAMES[clamp(plane, 0, 3)] });

  const stimulus = pixelCanvas({
    label: "What the cells see. Press, or use the arrow keys, to move the bar.",
    move: (step) => put(readState().position.map((v, axis) => v + step[axis])),
    press: put,
  });
  const filter = pixelCanvas({ label: "The filter of the cells that are followed." });
  const planes = pixelCanvas({
    label:
      "Planes of simple cells above, of complex cells below. Left and right arrow choose the " +
      "orientation that is followed.",
    move: ([down, right]) => follow(NAMES.indexOf(readState().preferred) + Math.sign(down + right)),
    press: ([, column]) => follow(Math.floor((column / WIDE) * 4)),
  });
  const turning = lineChart({
    label: "Response against the bar's angle. Left and right arrow turn the bar.",
    height: 190,
    move: (angle) => change({ angle }),
  });
  const moving = lineChart({ label: "Response against the bar's distance from the cell.", height: 190 });
  const shown = panels({ stimulus, filter, planes, tuning: turning, tolerance: moving });

  const controls = [
    bound.slider("angle", "Bar's angle", { step: 5, unit: "°" }),
    bound.slider("length", "Bar's length"),
    bound.slider("width", "Bar's width"),
    bound.toggle("dark", "Dark bar"),
    bound.choice("preferred", "Follow", {
      names: {
        horizontal: "Horizontal, 0°",
        rising: "Rising diagonal, 45°",
        vertical: "Vertical, 90°",
        falling: "Falling diagonal, 135°",
      },
    }),
    bound.choice("cell", "Complex cell", { names: CELLS }),
    bound.slider("reach", "Pools over", {
      unit: " px",
      rests: (state) => (state.cell === "energy" ? "a pair pools over nothing" : ""),
    }),
  ];

  function draw(state, colours, room) {
    const { position, angle, length, width, dark, preferred, cell, reach } = state;
    const key = [position, angle, length, width, dark, preferred, cell, reach];
    const { simple, complex, tuning, tolerance, offset, bar, tiles } = compute(key, state);
    const plane = NAMES.indexOf(preferred);
    const beside = room > 560;
    const left = beside ? Math.min(150, room * 0.2) : (room - 20) / 2;
    stimulus.paint(bar, SIDE, SIDE, left / SIDE);
    const framed = (context, unit) => cellMark(context, colours, MIDDLE * unit, MIDDLE * unit, unit);
    stimulus.mark(framed, left / SIDE, [colours.tap]);
    const tint = filterOf([preferred, colours.zero], PAIRS[preferred][0], colours);
    filter.paint(tint, TAPS, TAPS, (beside ? left * 0.6 : left) / TAPS);
    const shares = beside ? [left, 0.6 * left, room - 1.6 * left - 42] : [left, left, room];
    shares.forEach((share, k) => (shown.all[k].style.width = `${share}px`));
    const scale = shares[2] / WIDE;
    planes.paint(tiles, WIDE, 2 * SIDE + GAP, scale);
    planes.mark(
      (context, unit) =>
        NAMES.forEach((name, k) => {
          for (const top of [0, 1]) {
            const [x, y] = [k * (SIDE + GAP) * unit, top * (SIDE + GAP) * unit];
            if (k === plane) {
              frame(context, x + 1.5, y + 1.5, SIDE * unit - 3, SIDE * unit - 3, colours.tap);
              cellMark(context, colours, x + MIDDLE * unit, y + MIDDLE * unit, unit);
            }
            glyph(context, x + 11, y + SIDE * unit - 11, ORIENTATIONS[name]);
            if (k === 0) letter(context, "SC"[top], x + 5, y + 4);
          }
        }),
      scale,
      [plane, colours.tap],
    );

    const wide = beside ? (room - 24) / 2 : room;
    const curves = (points, xs) =>
      ["simple", "complex"].map((name, k) => ({ name, points: xs.map((x, i) => [x, points[i][k]]) }));
    const y = { label: "response", range: [0, 0.8] };
    turning.paint({
      width: wide,
      colours,
      key: JSON.stringify([position, length, width, dark, preferred, cell, reach]), // a bar that turns moves the cursor
      x: { label: "bar's angle, degrees", range: [0, 180] },
      y,
      curves: curves(tuning, ANGLES),
      landmarks: [{ axis: "x", at: ORIENTATIONS[preferred], label: "preferred" }],
      cursor: angle,
      stops: ANGLES.slice(0, 36),
      valueText: `${angle} degrees`,
    });
    moving.paint({
      width: wide,
      colours,
      key: JSON.stringify(key),
      x: { label: "bar's distance from the cell, pixels", range: [-16, 16] },
      y,
      curves: curves(tolerance, OFFSETS),
      cursor: Math.abs(offset) > 16 ? null : offset,
    });
    shown.say({
      stimulus: "press to move the bar",
      filter: `the ${preferred} filter`,
      planes: `S: simple cells, C: complex cells; white is ${BRIGHTEST} and more`,
      tuning: `the ${preferred} cells, as the bar turns`,
      tolerance: "the same, as the bar moves across its line",
    });
    const middle = MIDDLE * SIDE + MIDDLE;
    return cellTexts(state, {
      responses: [simple, complex].map((row) => row.map((one) => one[middle])),
      plane,
      tuning,
      tolerance,
    });
  }

  return { panels: shown.all, output: shown.of.planes, controls, draw };
}
