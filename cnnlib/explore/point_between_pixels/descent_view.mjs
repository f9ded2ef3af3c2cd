import { clamp } from "../kit/clamp.mjs";
import { h } from "../kit/dom.mjs";
import { edged, frame } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { pictures } from "../kit/pictures.mjs";
import { greyPixels, pixelCanvas } from "../kit/pixels.mjs";
import { rowsOf } from "../kit/format.mjs";
import { countTable } from "../kit/table.mjs";
import { ACROSS, errorMap, openPiece, searched, waysOf } from "./descent.mjs";
import { PIECES } from "./pieces.mjs";
import { FINE, FRAME, METHODS, REACH, SCHEMA, SHIFT, STEPS, WINDOW } from "./schema.mjs";
import { NAMES, descentTexts, fixed, outcomes, shiftText } from "./words.mjs";

const WIDEST = 260; // pixels of the piece, and of the map
const NARROWEST = 190; // pixels of each where the table stands beside them
const GAP = 24; // between them
const TABLE = 300; // pixels that the table needs beside them
const BANDS = 10; // greys of the map, so that their borders are its contours
const LOOKS = {
  bilinear: ["curve-1", []],
  nearest: ["curve-4", []],
  "straight-through": ["curve-2", [5, 3]],
};

/** The second panel: a window that follows the gradient of its error, over the map of that error. */
export function descentView(tools) {
  const { change, request, state: readState } = tools;
  const pieces = pictures(PIECES, request, undefined, openPiece);
  const search = memo(searched);
  const ways = memo(waysOf);
  const errors = memo(errorMap);
  const shades = memo((map) => {
    const most = Math.max(...map) || 1;
    return greyPixels(map.map((error) => Math.min(BANDS - 1, Math.floor(BANDS * Math.sqrt(error / most))) / BANDS));
  });
  const greys = memo(({ values }) => greyPixels(values));

  const inside = (v) => clamp(Math.round(8 * v) / 8, -REACH, REACH) + 0;
  const begin = ([row, column]) => change({ start_row: inside(row), start_column: inside(column) });
  const piece = pixelCanvas({ label: "The photograph, with the window where it reads and where the target was cut." });
  let scale = 1; // CSS pixels of a shift on the map
  const map = pixelCanvas({
    label: "The error of every shift. Press to choose the start; arrow keys move it by an eighth of a pixel.",
    press(_, event) {
      const box = map.element.getBoundingClientRect();
      begin([event.clientY - box.top, event.clientX - box.left].map((v) => (v / scale - 0.5) / FINE - REACH));
    },
    move([down, right]) {
      const { start_row, start_column } = readState();
      begin([start_row + down / 8, start_column + right / 8]);
    },
  });
  const table = countTable(["read by", "has got to", "pixels away"], METHODS);
  const swatches = METHODS.map((method) => {
    const swatch = h("span", { class: "swatch" });
    table.of[method].cells[0].append(swatch, NAMES[method]);
    table.of[method].cells[1].style.whiteSpace = "nowrap";
    return swatch;
  });
  const shown = panels({ piece, map, table });

  function drawMap(context, state, found, colours) {
    const at = (v) => ((v + REACH) * FINE + 0.5) * scale;
    for (const method of METHODS) {
      const [colour, dash] = LOOKS[method];
      const line = found[method].shifts.slice(0, state.step + 1).map(([down, right]) => [at(right), at(down)]);
      const wide = method === state.method ? 3 : 1.5;
      const path = (_, width) => {
        context.arc(...line.at(-1), 3 + width / 2, 0, 2 * Math.PI);
        context.fill();
        context.beginPath();
        context.setLineDash(width > wide ? [] : dash);
        line.forEach((point) => context.lineTo(...point));
      };
      edged(context, colours[colour], wide, path, { edge: "#ffffff" });
    }
    context.setLineDash([]);
    const start = [at(state.start_column), at(state.start_row)];
    const goal = [at(SHIFT[1]), at(SHIFT[0])];
    edged(context, "#ffffff", 2, () => {
      context.arc(...start, 8, 0, 2 * Math.PI);
      context.moveTo(goal[0] - 7, goal[1] - 7);
      context.lineTo(goal[0] + 7, goal[1] + 7);
      context.moveTo(goal[0] + 7, goal[1] - 7);
      context.lineTo(goal[0] - 7, goal[1] + 7);
    });
  }

  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    image: "photograph",
    label: "Window",
    names: { own: "your picture" },
    also: () => ({ panel: "descent" }),
    most: WINDOW + 2 * FRAME,
    square: true,
  });

  /** The texts, or null while the photograph is unpacked. */
  function draw(state, colours, room) {
    const picture = state.window === "own" ? pieces.given(state.photograph) : pieces.of(state.window);
    if (!picture) return null;
    const what = search([picture], picture);
    const found = ways([picture, state.start_row, state.start_column], what, [state.start_row, state.start_column]);
    const loss = errors([what], what);
    const all = outcomes(state, found);
    const beside = room >= 2 * NARROWEST + TABLE;
    const width = Math.min(WIDEST, (room - (beside ? TABLE + 2 * GAP : GAP)) / 2);
    shown.widen(width, ["piece", "map"]);
    shown.widen(beside ? room - 2 * width - 2 * GAP : room, ["table"]);
    const unit = width / picture.width;
    piece.paint(greys([picture], picture), picture.width, picture.height, unit);
    scale = width / ACROSS;
    map.paint(shades([loss], loss), ACROSS, ACROSS, scale);
    map.mark((context) => drawMap(context, state, found, colours), scale);
    piece.mark((context) => {
      const box = (shift) => [FRAME + shift[1], FRAME + shift[0], WINDOW, WINDOW].map((v) => v * unit);
      context.setLineDash([6, 4]);
      frame(context, ...box(SHIFT), "#ffffff");
      context.setLineDash([]);
      const one = all.find(({ method }) => method === state.method);
      frame(context, ...box(one.shift), colours.tap);
    }, unit);
    METHODS.forEach((method, k) => (swatches[k].style.background = colours[LOOKS[method][0]]));
    const texts = all.map(({ method, shift, away, left }) => {
      const where = left === null ? shiftText(shift, 2) : `left at step ${left}`;
      return [method, [null, where, fixed(away, 2)]];
    });
    table.write(Object.fromEntries(texts), state.method);
    shown.say({
      piece: "▭ reads here, ┄ target cut here",
      map: "error by shift: ○ start, × target",
      table: `after ${state.step} of ${STEPS} steps`,
    });
    return descentTexts(state, found, rowsOf(loss, ACROSS));
  }

  return { shown: shown.of, draw, list, own };
}
