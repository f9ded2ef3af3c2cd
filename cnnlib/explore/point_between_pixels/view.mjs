import { lineChart } from "../kit/chart.mjs";
import { clamp } from "../kit/clamp.mjs";
import { onlyWhile } from "../kit/controls.mjs";
import { h, setHidden } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { edged } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { WAITING } from "../kit/pictures.mjs";
import { greyPixels, pixelCanvas } from "../kit/pixels.mjs";
import { descentView } from "./descent_view.mjs";
import { cut, inputValues, ownInput, reading, slopesBefore, surface } from "./model.mjs";
import { SCHEMA, SIDE } from "./schema.mjs";
import { NAMES, texts } from "./words.mjs";

const FINE = 24; // points per pixel in the picture of what lies between
const STEP = 1 / 16;
const WIDEST = 300; // pixels of that picture
const LISTS = 180; // pixels of the grid and of the weights, one below the other
const CUT = 380; // pixels that the chart needs to stand beside the picture
const AREAS = ["curve-1", "curve-2", "curve-3", "curve-4"];

function build(tools) {
  const { change, state: readState, bound } = tools;
  const inside = (v) => clamp(v, -1, SIDE);
  const to = (row, column) => {
    const [down, right] = [row, column].map((v) => inside(Math.round(v * 100) / 100));
    change({ row: down, column: right });
  };
  const grid = numberGrid({
    label: "Pixel values. Arrow keys move over them, Enter edits one.",
    nameCell: ([r, c]) => `pixel (${r}, ${c})`,
    readCell: ([r, c]) => inputValues(readState())[r * SIDE + c],
    edit: (where, value) => change(ownInput(readState(), where, value)),
  });
  const weights = numberGrid({
    label: "The weights of the four pixels. Arrow keys move over them.",
    nameCell: ([r, c]) => `weight (${r}, ${c})`,
    readCell: ([r, c]) => {
      const state = readState();
      return reading(inputValues(state), [state.row, state.column], state).weights[2 * r + c];
    },
  });
  let scale = 1; // CSS pixels of a point in the picture
  const picture = pixelCanvas({
    label: "The picture between the pixels. Arrow keys move the point by a sixteenth of a pixel, with Shift ten times.",
    press(_, event) {
      const box = picture.element.getBoundingClientRect();
      const at = [event.clientY - box.top, event.clientX - box.left].map((v) => v / scale / FINE - 1);
      to(...at);
    },
    move([down, right]) {
      const { row, column } = readState();
      change({ row: inside(row + down * STEP), column: inside(column + right * STEP) });
    },
  });
  const chart = lineChart({
    label: "A cut through the picture along the point's row. Arrow keys move the point.",
    height: 170,
    move: (column) => to(readState().row, column),
  });
  const shown = panels({ pixels: grid, shares: weights, between: picture });
  shown.say({ pixels: "pixels", between: "interpolated; the arrow points uphill" });
  const middle = shown.of.between;
  const side = h("div", { class: "side" }, shown.of.pixels, shown.of.shares);
  const below = h("div", { class: "panel" }, chart.element);
  const idle = ({ method }) => (method === "bilinear" ? "" : "only for bilinear");
  const descent = descentView(tools);
  const halves = { point: [side, middle, below], descent: Object.values(descent.shown) };
  /** A control of one of the panels. */
  const of = (panel, control) => onlyWhile((state) => state.panel === panel, control);
  const controls = [
    bound.choice("panel", "Show", { names: { point: "a point", descent: "a descent: find a shift" } }),
    bound.choice("method", "Read by", { names: NAMES }),
    of("point", bound.slider("row", "Row", { step: 0.05 })),
    of("point", bound.slider("column", "Column", { step: 0.05 })),
    of("point", bound.choice("rule", "Rounding", { names: { truncate: "truncate (a bug)" }, rests: idle })),
    of(
      "point",
      bound.choice("pattern", "Image", {
        names: { array: "your own" },
        write: (pattern) => change(pattern === "array" ? ownInput(readState()) : { pattern }),
      }),
    ),
    of("descent", descent.list),
    of("descent", descent.own),
    of("descent", bound.slider("step", "Steps made")),
    of("descent", bound.slider("start_row", "Start, down", { step: 0.125 })),
    of("descent", bound.slider("start_column", "Start, right", { step: 0.125 })),
  ];
  const shaded = memo((values, state) => {
    const drawn = surface(values, state, FINE);
    const [low, high] = [Math.min(0, ...values), Math.max(...values)];
    return { side: drawn.side, pixels: greyPixels(drawn.values, 1 / (high - low || 1), low) };
  });

  /** The square between the four pixels, cut at the point: each part is the weight of the pixel across. */
  function mark(context, state, found, colours) {
    const unit = scale * FINE;
    const at = (v) => (v + 1) * unit;
    context.strokeStyle = colours["curve-1"];
    context.setLineDash([1, 3]);
    const line = (...ends) => {
      context.beginPath();
      for (const [x, y] of ends) context.lineTo(at(x), at(y));
      context.stroke();
    };
    for (let k = 0; k < SIDE; k += 1) {
      line([-1, k], [SIDE, k]);
      line([k, -1], [k, SIDE]);
    }
    context.setLineDash([]);
    const { top, left } = found;
    if (state.method === "bilinear" && state.rule === "floor") {
      [0, 1, 2, 3].forEach((k) => {
        const [below_, right] = [k >> 1, k % 2];
        const [y0, y1] = below_ ? [top, state.row] : [state.row, top + 1];
        const [x0, x1] = right ? [left, state.column] : [state.column, left + 1];
        context.fillStyle = colours[AREAS[k]];
        context.globalAlpha = 0.55;
        context.fillRect(at(x0), at(y0), at(x1) - at(x0), at(y1) - at(y0));
        context.globalAlpha = 1;
      });
    }
    [0, 1, 2, 3].forEach((k) => {
      const [y, x] = [at(top + (k >> 1)), at(left + (k % 2))];
      context.fillStyle = colours[AREAS[k]];
      context.strokeStyle = colours.paper;
      context.beginPath();
      context.arc(x, y, 6, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    });
    arrow(context, at(state.column), at(state.row), found.slopes, colours);
  }

  function arrow(context, x, y, [down, right], colours) {
    const steep = Math.hypot(down, right);
    const long = steep ? Math.min(1.4, 0.35 + steep / 60) * scale * FINE : 0;
    const [ux, uy] = steep ? [right / steep, down / steep] : [0, 0];
    const [ex, ey] = [x + ux * long, y + uy * long];
    edged(context, colours.tap, 3, (_, width) => {
      context.arc(x, y, 4 + width / 2, 0, 2 * Math.PI);
      context.fill();
      context.beginPath();
      if (!steep) return;
      context.moveTo(x, y);
      context.lineTo(ex, ey);
      context.moveTo(ex - 8 * ux - 5 * uy, ey - 8 * uy + 5 * ux);
      context.lineTo(ex, ey);
      context.lineTo(ex - 8 * ux + 5 * uy, ey - 8 * uy - 5 * ux);
    });
    context.lineWidth = 1;
  }

  function draw(state, colours, room) {
    for (const [panel, elements] of Object.entries(halves))
      for (const element of elements) setHidden(element, panel !== state.panel);
    middle.classList.toggle("output", state.panel === "point");
    descent.shown.map.classList.toggle("output", state.panel === "descent");
    return state.panel === "point" ? drawPoint(state, colours, room) : (descent.draw(state, colours, room) ?? WAITING);
  }

  function drawPoint(state, colours, room) {
    const values = inputValues(state);
    const found = reading(values, [state.row, state.column], state);
    const beside = room > 560;
    const width = Math.min(WIDEST, beside ? room * 0.5 : room);
    const { side: points, pixels } = shaded([values, state.method, state.rule], values, state);
    scale = width / points;
    picture.paint(pixels, points, points, scale);
    picture.mark((context) => mark(context, state, found, colours), scale);
    const inRow = beside && room - LISTS - width - 44 >= CUT;
    const rest = inRow ? LISTS : beside ? Math.min(360, room - width - 24) : room;
    side.style.width = beside ? `${rest}px` : "100%";
    shown.of.shares.style.maxWidth = beside ? "" : "120px"; // or its caption puts it below the pixels
    const cell = Math.floor(Math.min(34, (rest - 2) / SIDE));
    const corner = (r, c) => (r === found.top || r === found.top + 1) && (c === found.left || c === found.left + 1);
    grid.paint({
      rows: SIDE,
      columns: SIDE,
      size: cell,
      colours,
      look: (r, c) => ({
        fill: corner(r, c) ? "tap" : "input",
        value: values[r * SIDE + c],
        edge: corner(r, c) && AREAS[2 * (r - found.top) + c - found.left],
      }),
    });
    weights.paint({
      rows: 2,
      columns: 2,
      size: 52,
      colours,
      look: (r, c) => ({ fill: "cell", value: found.weights[2 * r + c], edge: AREAS[2 * r + c] }),
    });
    shown.say({ shares: state.method === "bilinear" ? "weights: opposite areas" : "bilinear weights" });
    const line = cut(values, state);
    const heights = [...values, ...line.map(([, y]) => y)];
    chart.paint({
      width: inRow ? room - LISTS - width - 44 : room,
      colours,
      x: { label: "column", range: [-1, SIDE] },
      y: { label: `value along row ${state.row}`, range: [Math.min(0, ...heights), Math.max(1, ...heights)] },
      curves: [
        { points: line, colour: colours["curve-1"], dash: [] },
        { points: [[state.column, found.value]], colour: colours["curve-2"], dots: true },
      ],
      cursor: state.column,
      valueText: `column ${state.column}`,
    });
    return texts(state, { found, steps: slopesBefore(values, [state.row, state.column]), values });
  }

  return {
    stage: Object.values(halves).flat(),
    controls,
    draw,
    destroy: () => [grid, weights, descent.own].forEach((each) => each.destroy()),
  };
}

export default explorer({ title: "Point between pixels", schema: SCHEMA, build });
