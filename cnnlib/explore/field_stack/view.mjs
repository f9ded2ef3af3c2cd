import { button, choice, slider } from "../kit/controls.mjs";
import { span } from "../mirror/convolution.mjs";
import { arrowStep, h, ontoGrid, setText } from "../kit/dom.mjs";
import { centreOf, effectiveSize, levelFields, levelSizes, pathsBelow, shares } from "../mirror/fields.mjs";
import { explorer } from "../kit/frame.mjs";
import { drawPlane, drawSide } from "./panels.mjs";
import { LIMITS, SHARE, WEIGHTS, describe, formulaOf, padsAtMostHalf, placeOf, presetOf, problem, rangeText, torchLine } from "./words.mjs";
import { PRESETS } from "./presets.mjs";

const KINDS = { conv: "convolution", pool: "pooling" };

function build({ change, request, state: readState, say }) {
  let hover = null; // {level, unit} under the pointer
  let shown = null; // what was drawn last: sizes, fields, and where things stand

  const side = h("canvas", { tabindex: "0", role: "application", "aria-label": "The stack from the side. Left and right move the unit, up and down the layer." });
  const plane = h("canvas", { tabindex: "0", role: "application", "aria-label": "The image. Arrow keys move the unit." });
  const captions = [side, plane].map(() => h("span", { class: "caption", style: "white-space:nowrap;overflow:hidden;text-overflow:ellipsis" }));
  const panels = [side, plane].map((canvas, i) => h("div", { class: "panel" }, captions[i], canvas));
  const mark = (style, text) => h("span", {}, h("span", { class: "swatch", style }), text);
  const legend = h("p", { class: "legend" },
    mark("background:var(--tap)", "read by the unit"), mark("background:var(--output)", "unit"), mark("background:var(--input)", "pixel"),
    mark("border:2px dashed var(--muted)", "theoretical field, padding included"), mark("border:2px solid var(--unread)", "effective field: more than 4.55% of the largest"));

  /** The unit of `level` whose centre is nearest to a place in the image. */
  const nearest = (level, places) => {
    const { fields, sizes } = shown;
    return ontoGrid(places.map((x) => Math.round((x - centreOf(fields[level], 0)) / fields[level].jump)), [sizes[level], sizes[level]]);
  };
  const placesOf = ({ level, unit }) => unit.map((at) => centreOf(shown.fields[level], at));
  const pin = ({ level, unit }) => change({ layer: level, unit });
  const overSide = (event) => {
    const box = side.getBoundingClientRect();
    const { top, rowHeight, low, scale, left, count } = shown.side;
    const level = Math.min(count, Math.max(1, count - Math.floor((event.clientY - box.top - top) / rowHeight)));
    const pinned = placeOf(readState(), shown.sizes);
    return { level, unit: nearest(level, [placesOf(pinned)[0], low + (event.clientX - box.left - left) / scale]) };
  };
  const overPlane = (event) => {
    const box = plane.getBoundingClientRect();
    const { low, scale } = shown.plane;
    const { level } = placeOf(readState(), shown.sizes);
    return { level, unit: nearest(level, [event.clientY - box.top, event.clientX - box.left].map((v) => low + v / scale - 0.5)) };
  };
  for (const [canvas, over] of [[side, overSide], [plane, overPlane]]) {
    canvas.addEventListener("pointermove", (event) => {
      if (!shown) return;
      const next = over(event);
      if (JSON.stringify(next) !== JSON.stringify(hover)) hover = next, request();
    });
    canvas.addEventListener("pointerleave", () => (hover = null, request()));
    canvas.addEventListener("pointerdown", (event) => shown && pin(over(event)));
    canvas.addEventListener("keydown", (event) => {
      const step = arrowStep(event);
      if (!step || !shown) return;
      event.preventDefault();
      hover = null;
      const at = placeOf(readState(), shown.sizes);
      if (canvas === side && step[0]) {
        const level = Math.min(shown.side.count, Math.max(1, at.level - step[0]));
        return pin({ level, unit: nearest(level, placesOf(at)) });
      }
      pin({ level: at.level, unit: ontoGrid(at.unit.map((v, axis) => v + step[axis]), [shown.sizes[at.level], shown.sizes[at.level]]) });
    });
  }

  const current = (state) => Math.min(state.edited, state.layers.length) - 1;
  const withLayer = (state, values) => state.layers.map((layer, i) => (i === current(state) ? { ...layer, ...values } : layer));
  /** Whether every window fits, where each number is within its limits. */
  const fits = (layers, size) => levelSizes(layers, size).at(-1) > 0 && layers.every(padsAtMostHalf);
  /** The legal values about the present one: sizes only shrink as a window grows, so they have no gap. */
  const legal = (now, [low, high], allowed) => {
    let [from, to] = [now, now];
    while (from > low && allowed(from - 1)) from -= 1;
    while (to < high && allowed(to + 1)) to += 1;
    return [from, to];
  };
  const option = (name, label) => slider({
    name, label, read: (state) => state.layers[current(state)][name],
    range: (state) => legal(state.layers[current(state)][name], LIMITS[name], (value) => fits(withLayer(state, { [name]: value }), state.size)),
    write: (value) => change({ layers: withLayer(readState(), { [name]: value }) }),
  });
  const numbered = (name, label) => slider({
    name, label, read: (state) => Math.min(state[name], state.layers.length), range: (state) => [1, state.layers.length],
    write: (value) => {
      if (name === "layer" && shown) pin({ level: value, unit: nearest(value, placesOf(placeOf(readState(), shown.sizes))) });
      else change({ [name]: value });
    },
  });
  const preset = choice({
    name: "preset", label: "Stack", options: [...Object.keys(PRESETS), "yours"].map((name) => [name, name === "yours" ? "your own" : name]),
    read: (state) => presetOf(state.layers),
    write: (name) => {
      if (name === "yours") return request();
      const [size, layers] = PRESETS[name];
      change({ layers, size, layer: layers.length, unit: null, edited: 1 });
    },
  });
  preset.element.querySelector('[value="yours"]').disabled = true;

  const added = ({ layers, size, edited }) => {
    const at = current({ layers, edited }) + 1;
    const next = [...layers.slice(0, at), { kind: "conv", kernel_size: 3, stride: 1, padding: 1, dilation: 1 }, ...layers.slice(at)];
    return next.length <= LIMITS.layers[1] && fits(next, size) ? { layers: next, edited: at + 1, layer: next.length, unit: null } : null;
  };
  const removed = ({ layers, size, edited }) => {
    const next = layers.filter((_, i) => i !== current({ layers, edited }));
    return next.length && fits(next, size) ? { layers: next, edited: Math.max(1, Math.min(edited, next.length)), layer: next.length, unit: null } : null;
  };
  const press = (label, next) => {
    const element = button(label, () => next(readState()) && change(next(readState())));
    return { element, next };
  };
  const buttons = [press("Add a layer above", added), press("Remove this layer", removed)];
  const editing = {
    element: h("div", { class: "control buttons" }, ...buttons.map((b) => b.element)),
    update: (state) => buttons.forEach((b) => (b.element.disabled = !b.next(state))),
  };
  const controls = [
    preset,
    slider({
      name: "size", label: "Image side", read: (state) => state.size, write: (size) => change({ size }),
      range: (state) => legal(state.size, LIMITS.size, (size) => fits(state.layers, size)),
    }),
    numbered("layer", "Unit in layer"),
    choice({ name: "weights", label: "Weights", options: Object.entries(WEIGHTS), read: (state) => state.weights, write: (weights) => change({ weights }) }),
    numbered("edited", "Edit layer"),
    choice({
      name: "kind", label: "It is a", options: Object.entries(KINDS), read: (state) => state.layers[current(state)].kind,
      write: (kind) => {
        const state = readState();
        const { kernel_size, dilation, padding } = state.layers[current(state)];
        const half = Math.floor(span(kernel_size, dilation) / 2);
        const next = withLayer(state, { kind, padding: kind === "pool" ? Math.min(padding, half) : padding });
        if (fits(next, state.size)) return change({ layers: next });
        say(`It stays a ${KINDS[state.layers[current(state)].kind]}: ${problem({ ...state, layers: next })}`);
        request();
      },
    }),
    option("kernel_size", "Kernel size"), option("stride", "Stride"), option("padding", "Padding"), option("dilation", "Dilation"),
    editing,
  ];

  function draw(state, colours, room) {
    const { layers, size } = state;
    const [sizes, fields] = [levelSizes(layers, size), levelFields(layers)];
    if (hover && (hover.level > layers.length || hover.unit.some((at) => at >= sizes[hover.level]))) hover = null;
    const at = hover ?? placeOf(state, sizes);
    const { level, unit } = at;
    const field = fields[level];
    const profiles = [0, 1].map((axis) => pathsBelow(layers, sizes, level, unit[axis]));
    const [rows, columns] = profiles.map((paths) => shares(paths[0], state.weights === "random"));
    const effective = effectiveSize(rows, columns, SHARE);
    // As much of the padding as any unit reads, but never more than a quarter of the image on either side.
    const reach = fields.map((f, l) => [f.start, f.start + (sizes[l] - 1) * f.jump + f.size - 1]);
    const low = Math.max(-size / 4, Math.min(...reach.map((r) => r[0]))) - 1;
    const high = Math.min(1.25 * size, Math.max(...reach.map((r) => r[1]))) + 1;

    const wideRoom = room > 720;
    const planeSide = wideRoom ? 270 : Math.min(room, 300);
    const sideWidth = wideRoom ? room - planeSide - 24 : room;
    const view = { layers, size, sizes, fields, level, unit, profiles, rows, columns, low, high };
    shown = { sizes, fields, side: drawSide(side, view, colours, sideWidth, planeSide), plane: drawPlane(plane, view, colours, planeSide) };
    setText(captions[0], `${describe(layers[level - 1])} in layer ${level}, unit ${unit[1]} of a row of ${sizes[level]}`);
    setText(captions[1], `image ${size} × ${size}, ${state.weights === "ones" ? "gradient" : "rms gradient"}`);
    const seen = [0, 1].map((axis) => profiles[axis][0].reduce((sum, ways) => sum + (ways > 0), 0));
    return {
      status: `Layer ${level} of ${layers.length}, unit (${unit[0]}, ${unit[1]}) of ${sizes[level]} × ${sizes[level]}: size ${field.size}, jump ${field.jump}, `
        + `rows ${rangeText(field, unit[0])}, columns ${rangeText(field, unit[1])}; it reads ${seen[0]} × ${seen[1]} pixels of the image. `
        + `Effective ${effective.toFixed(1)}, ${Math.round((100 * effective) / field.size)}% of the size.`,
      formula: formulaOf(layers, fields, level, unit[1]),
      torch: torchLine(layers),
      numbers: () => [
        "# of each layer: units, size, jump, start, centre of unit 0",
        ...layers.map((_, i) => JSON.stringify([sizes[i + 1], fields[i + 1].size, fields[i + 1].jump, fields[i + 1].start, centreOf(fields[i + 1], 0)])),
        `effective = ${effective}`,
        `rows = ${JSON.stringify(Array.from(rows, tidy))}`,
        `columns = ${JSON.stringify(Array.from(columns, tidy))}`,
      ].join("\n"),
    };
  }

  return { stage: [...panels, legend], controls, draw };
}

/** Seven digits are enough to read, and to test. */
const tidy = (value) => Number(value.toPrecision(7));

export default explorer({ title: "Receptive field stack", parameters: ["layers", "size", "weights", "layer", "unit", "edited"], problem, build });
