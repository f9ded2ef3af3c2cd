import { PHOTOGRAPHS } from "./photographs.mjs";
import { clamp, ontoGrid } from "../kit/clamp.mjs";
import { button, slider } from "../kit/controls.mjs";
import { arrowStep, h } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { memo } from "../kit/memo.mjs";
import { legend, panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { pictures } from "../kit/pictures.mjs";
import { greyPixels } from "../kit/pixels.mjs";
import { sentence } from "../kit/schema.mjs";
import { centreOf } from "../mirror/fields.mjs";
import { added, bounds, built, fits, legal, misfit, nearest, chosenOf, removed, seen, withLayer } from "./model.mjs";
import { drawPlane, drawSide } from "./panels.mjs";
import { PRESETS, SCHEMA } from "./schema.mjs";
import { WEIGHTS, describe, formulaOf, numbersOf, statusOf, torchLine } from "./words.mjs";

const KINDS = { conv: "convolution", pool: "pooling" };

function build(tools) {
  const { change, request, state: readState, say, bound } = tools;
  let hover = null; // {level, unit} under the pointer
  let shown = null; // what was drawn last: sizes, fields, and where things stand
  const photographs = pictures(PHOTOGRAPHS, request);
  /** The photograph on a canvas. */
  const underlay = memo(({ values, width, height }) => {
    const canvas = h("canvas", { width, height });
    canvas.getContext("2d").putImageData(new ImageData(greyPixels(values), width, height), 0, 0);
    return canvas;
  });

  const canvasOf = (label) => h("canvas", { tabindex: "0", role: "application", "aria-label": label });
  const side = canvasOf("The stack from the side. Left and right move the unit, up and down the layer.");
  const plane = canvasOf("The image. Arrow keys move the unit.");
  const placed = panels({ side, plane });
  for (const caption of Object.values(placed.captions)) caption.classList.add("line");
  const swatches = legend([
    ["background:var(--tap)", "read by the unit"],
    ["background:var(--output)", "unit"],
    ["background:var(--input)", "pixel"],
    ["border:2px dashed var(--muted)", "theoretical field, padding included"],
    ["border:2px solid var(--unread)", "effective field: more than 4.55% of the largest"],
  ]);

  const positionsOf = ({ level, unit }) => unit.map((at) => centreOf(shown.fields[level], at));
  const nearestTo = (level, positions) => positions.map((position) => nearest(shown, level, position));
  const pin = ({ level, unit }) => change({ layer: level, unit });
  /** The unit of another layer over the same position in the image. */
  const ontoLevel = (level) => pin({ level, unit: nearestTo(level, positionsOf(chosenOf(readState()))) });
  /** Which unit is drawn where, in pixels from the upper left corner of each picture. */
  const under = {
    side([down, right]) {
      const { top, rowHeight, low, scale, left, count } = shown.side;
      const level = clamp(count - Math.floor((down - top) / rowHeight), 1, count);
      const [row] = positionsOf(chosenOf(readState()));
      return { level, unit: nearestTo(level, [row, low + (right - left) / scale]) };
    },
    plane(at) {
      const { low, scale } = shown.plane;
      const { level } = chosenOf(readState());
      return {
        level,
        unit: nearestTo(
          level,
          at.map((v) => low + v / scale - 0.5),
        ),
      };
    },
  };
  const point = (found) => {
    if (JSON.stringify(found) === JSON.stringify(hover)) return;
    hover = found;
    request();
  };
  for (const [name, canvas] of Object.entries({ side, plane })) {
    const over = (event) => {
      const box = canvas.getBoundingClientRect();
      return under[name]([event.clientY - box.top, event.clientX - box.left]);
    };
    canvas.addEventListener("pointermove", (event) => shown && (event.buttons ? pin : point)(over(event)));
    canvas.addEventListener("pointerleave", () => point(null));
    canvas.addEventListener("pointerdown", (event) => shown && pin(over(event)));
    canvas.addEventListener("keydown", (event) => {
      const step = arrowStep(event);
      if (!step || !shown) return;
      event.preventDefault();
      hover = null;
      const { level, unit } = chosenOf(readState());
      if (canvas === side && step[0]) return ontoLevel(clamp(level - step[0], 1, shown.side.count));
      const moved = unit.map((v, axis) => v + step[axis]);
      pin({ level, unit: ontoGrid(moved, [shown.sizes[level], shown.sizes[level]]) });
    });
  }

  /** A slider of one number of the edited layer. */
  const option = (name, label) =>
    slider({
      name,
      label,
      read: (state) => built(state)[state.edited - 1][name],
      range: (state) =>
        legal(built(state)[state.edited - 1][name], SCHEMA.layers.of[name], (value) =>
          fits(withLayer(state, { [name]: value }).layers, state.size),
        ),
      write: (value) => change(withLayer(readState(), { [name]: value })),
    });
  const kind = bound.choice("kind", "It is a", {
    names: KINDS,
    choices: Object.keys(KINDS),
    read: (state) => built(state)[state.edited - 1].kind,
    write(value) {
      const state = readState();
      const { kernel_size, padding } = built(state)[state.edited - 1];
      const next = withLayer(state, {
        kind: value,
        padding: value === "pool" ? Math.min(padding, Math.floor(kernel_size / 2)) : padding,
      });
      const wrong = misfit({ ...state, ...next });
      if (!wrong) return change(next);
      say(`It stays a ${KINDS[built(state)[state.edited - 1].kind]}: ${sentence(SCHEMA, wrong)}`);
      request();
    },
  });
  const press = (label, next) => button(label, () => next(readState()) && change(next(readState())));
  const [add, remove] = [press("Add a layer above", added), press("Remove this layer", removed)];
  const editing = {
    element: h("div", { class: "control buttons" }, add, remove),
    update(state) {
      add.disabled = !added(state);
      remove.disabled = !removed(state);
    },
  };
  const { list, own } = photographControls(tools, { schema: SCHEMA, most: SCHEMA.size.high, square: true });
  const controls = [
    bound.choice("stack", "Stack", {
      names: { ...Object.fromEntries(Object.keys(PRESETS).map((name) => [name, name])), custom: "your own" },
      write(stack) {
        if (stack === "custom") return change({ stack, layers: built(readState()) });
        const [size, layers] = PRESETS[stack];
        change({ stack, size, layer: layers.length, unit: null, edited: 1 });
      },
    }),
    bound.slider("size", "Image side"),
    bound.slider("layer", "Unit in layer", {
      write: (layer) => (shown ? ontoLevel(layer) : change({ layer })),
    }),
    bound.choice("weights", "Weights", { names: WEIGHTS }),
    bound.slider("edited", "Edit layer"),
    kind,
    option("kernel_size", "Kernel size"),
    option("stride", "Stride"),
    option("padding", "Padding"),
    option("dilation", "Dilation"),
    editing,
    list,
    own,
  ];

  function draw(state, colours, room) {
    const { length } = built(state);
    const there = ({ level, unit }) =>
      level <= length && unit.every((at, axis) => at < bounds.units({ ...state, layer: level })[axis]);
    if (hover && !there(hover)) hover = null;
    const view = seen(state, hover ?? chosenOf(state));
    const { layers, sizes, fields, level, unit } = view;
    const picture = photographs.shown(state);

    const beside = room > 720;
    const planeSide = beside ? 270 : Math.min(room, 300);
    placed.widen(planeSide, ["plane"]);
    shown = {
      sizes,
      fields,
      side: drawSide(side, view, colours, beside ? room - planeSide - 24 : room, planeSide),
      plane: drawPlane(plane, view, colours, planeSide, picture && underlay([picture], picture)),
    };
    const lit = state.weights === "ones" ? "gradient" : "rms gradient";
    placed.say({
      side: `${describe(layers[level - 1])} in layer ${level}, unit ${unit[1]} of a row of ${sizes[level]}`,
      plane: `image ${state.size} × ${state.size}, lit by the ${lit}`,
    });
    return {
      status: statusOf(view),
      formula: formulaOf(layers, fields, level, unit[1]),
      torch: torchLine(layers),
      numbers: () => numbersOf(view),
    };
  }

  return { stage: [...placed.all, swatches], controls, draw, destroy: own.destroy };
}

const ranges = {
  size: (state) => legal(state.size, SCHEMA.size, (size) => fits(built(state), size)),
  layer: (state) => [1, built(state).length],
  edited: (state) => [1, built(state).length],
};

export default explorer({ title: "Receptive field stack", schema: SCHEMA, misfit, bounds, ranges, build });
