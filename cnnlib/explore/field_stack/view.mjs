import { PHOTOGRAPHS } from "./photographs.mjs";
import { button, slider } from "../kit/controls.mjs";
import { arrowStep, h, ontoGrid } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { memo } from "../kit/memo.mjs";
import { legend, panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { pictures } from "../kit/pictures.mjs";
import { greyPixels } from "../kit/pixels.mjs";
import { sentence } from "../kit/schema.mjs";
import { centreOf, effectiveSize, levelFields, levelSizes, pathsBelow, shares } from "../mirror/fields.mjs";
import { added, bounds, built, fits, legal, misfit, nearest, placeOf, removed, withLayer } from "./model.mjs";
import { drawPlane, drawSide } from "./panels.mjs";
import { PRESETS, SCHEMA, SHARE } from "./schema.mjs";
import { WEIGHTS, describe, formulaOf, numbersOf, statusOf, torchLine } from "./words.mjs";

const KINDS = { conv: "convolution", pool: "pooling" };

function build(tools) {
  const { change, request, state: readState, say, bound } = tools;
  let hover = null; // {level, unit} under the pointer
  let shown = null; // what was drawn last: sizes, fields, and where things stand
  const photographs = pictures(PHOTOGRAPHS, request);

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
  const overSide = (event) => {
    const box = side.getBoundingClientRect();
    const { top, rowHeight, low, scale, left, count } = shown.side;
    const level = Math.min(count, Math.max(1, count - Math.floor((event.clientY - box.top - top) / rowHeight)));
    const [row] = positionsOf(placeOf(readState()));
    return { level, unit: nearestTo(level, [row, low + (event.clientX - box.left - left) / scale]) };
  };
  const overPlane = (event) => {
    const box = plane.getBoundingClientRect();
    const { low, scale } = shown.plane;
    const { level } = placeOf(readState());
    return {
      level,
      unit: nearestTo(
        level,
        [event.clientY - box.top, event.clientX - box.left].map((v) => low + v / scale - 0.5),
      ),
    };
  };
  for (const [canvas, over] of [
    [side, overSide],
    [plane, overPlane],
  ]) {
    canvas.addEventListener("pointermove", (event) => {
      if (!shown) return;
      if (event.buttons) return pin(over(event));
      const next = over(event);
      if (JSON.stringify(next) === JSON.stringify(hover)) return;
      hover = next;
      request();
    });
    canvas.addEventListener("pointerleave", () => {
      hover = null;
      request();
    });
    canvas.addEventListener("pointerdown", (event) => shown && pin(over(event)));
    canvas.addEventListener("keydown", (event) => {
      const step = arrowStep(event);
      if (!step || !shown) return;
      event.preventDefault();
      hover = null;
      const at = placeOf(readState());
      if (canvas === side && step[0]) {
        const level = Math.min(shown.side.count, Math.max(1, at.level - step[0]));
        return pin({ level, unit: nearestTo(level, positionsOf(at)) });
      }
      pin({
        level: at.level,
        unit: ontoGrid(
          at.unit.map((v, axis) => v + step[axis]),
          [shown.sizes[at.level], shown.sizes[at.level]],
        ),
      });
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
  const press = (label, next) => {
    const element = button(label, () => next(readState()) && change(next(readState())));
    return { element, next };
  };
  const buttons = [press("Add a layer above", added), press("Remove this layer", removed)];
  const editing = {
    element: h("div", { class: "control buttons" }, ...buttons.map((each) => each.element)),
    update: (state) => buttons.forEach((each) => (each.element.disabled = !each.next(state))),
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
      write: (level) =>
        shown ? pin({ level, unit: nearestTo(level, positionsOf(placeOf(readState()))) }) : change({ layer: level }),
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

  /** The photograph on a canvas. */
  const underlay = memo(({ values, width, height }) => {
    const canvas = h("canvas", { width, height });
    canvas.getContext("2d").putImageData(new ImageData(greyPixels(values), width, height), 0, 0);
    return canvas;
  });

  function draw(state, colours, room) {
    const { size } = state;
    const picture = photographs.shown(state);
    const layers = built(state);
    const [sizes, fields] = [levelSizes(layers, size), levelFields(layers)];
    if (hover && (hover.level > layers.length || hover.unit.some((at) => at >= sizes[hover.level]))) hover = null;
    const { level, unit } = hover ?? placeOf(state);
    const profiles = [0, 1].map((axis) => pathsBelow(layers, sizes, level, unit[axis]));
    const [rows, columns] = profiles.map((paths) => shares(paths[0], state.weights === "random"));
    const effective = effectiveSize(rows, columns, SHARE);
    // As much of the padding as any unit reads, but never more than a quarter of the image on either side.
    const reach = fields.map((f, l) => [f.start, f.start + (sizes[l] - 1) * f.jump + f.size - 1]);
    const low = Math.max(-size / 4, Math.min(...reach.map((r) => r[0]))) - 1;
    const high = Math.min(1.25 * size, Math.max(...reach.map((r) => r[1]))) + 1;

    const beside = room > 720;
    const planeSide = beside ? 270 : Math.min(room, 300);
    placed.widen(planeSide, ["plane"]);
    const view = { layers, size, sizes, fields, level, unit, profiles, rows, columns, low, high };
    shown = {
      sizes,
      fields,
      side: drawSide(side, view, colours, beside ? room - planeSide - 24 : room, planeSide),
      plane: drawPlane(plane, view, colours, planeSide, picture && underlay([picture], picture)),
    };
    placed.say({
      side: `${describe(layers[level - 1])} in layer ${level}, unit ${unit[1]} of a row of ${sizes[level]}`,
      plane: `image ${size} × ${size}, lit by the ${state.weights === "ones" ? "gradient" : "rms gradient"}`,
    });
    return {
      status: statusOf(view, effective),
      formula: formulaOf(layers, fields, level, unit[1]),
      torch: torchLine(layers),
      numbers: () => numbersOf(view, effective),
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
