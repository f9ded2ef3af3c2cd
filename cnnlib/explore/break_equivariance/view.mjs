import { booleanProblem, first, oneOfProblem, pairProblem, wholeProblem } from "../kit/check.mjs";
import { choice, slider, toggle } from "../kit/controls.mjs";
import { h, setText } from "../kit/dom.mjs";
import { asPython, long, plural, short } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { greyPixels, pixelCanvas, signedPixels, unpack } from "../kit/pixels.mjs";
import { SIDE, STRIDES, compare, mean, moved, shifted, stack } from "./stack.mjs";
import { SHIFTED } from "./tables.mjs";

/** The same limits stand in break_equivariance.py; a test holds the two together. */
export const LIMITS = { shift: [-8, 8], border: [0, 12] };
const NETWORK_SIDE = 227;
const REACH = LIMITS.shift[1];
const LAYERS = {
  circular: "Convolutions, circular", zero_padding: "Convolutions, zero padding", stride: "Second one with stride 2",
  max_pool: "Then 2 × 2 max pooling", blur_pool: "Then blur pooling", dense: "Dense, random weights", squeezenet: "SqueezeNet, pretrained",
};
const OPTIONS = { layers: Object.keys(LAYERS), boundary: ["circular", "zero"], second: ["smooth", "sharp"] };
const CIRCLE = "F.pad(h, (1, 1, 1, 1), mode='circular')";
const TORCH = {
  circular: `y = F.conv2d(${CIRCLE}, w).relu()`,
  zero_padding: "y = F.conv2d(h, w, padding=1).relu()",
  stride: `y = F.conv2d(${CIRCLE}, w, stride=2).relu()`,
  max_pool: "y = F.max_pool2d(y, 2)",
  blur_pool: "y = F.conv2d(F.pad(y, (1, 1, 1, 1), mode='circular'), blur, stride=2)",
  dense: "y = F.linear(x.flatten(1), w).relu().view(1, 1, 16, 16)",
};

/** The widest border to leave out of a map of these layers. */
export const mostBorder = (layers) => (layers === "squeezenet" ? LIMITS.border[1] : Math.min(LIMITS.border[1], SIDE / STRIDES[layers] / 2 - 2));

export function problem(state) {
  return first(
    oneOfProblem("photo", state.photo, Object.keys(SHIFTED)),
    ...Object.entries(OPTIONS).map(([name, allowed]) => oneOfProblem(name, state[name], allowed)),
    pairProblem("shift", state.shift, LIMITS.shift),
    wholeProblem("border", state.border, LIMITS.border),
    booleanProblem("pooled", state.pooled),
  ) ?? (state.border > mostBorder(state.layers)
    ? `border = ${state.border} leaves too little of the ${SIDE / STRIDES[state.layers]} x ${SIDE / STRIDES[state.layers]} places of layers = "${state.layers}"; use border <= ${mostBorder(state.layers)}.`
    : null);
}

const within = (shift) => shift.map((v) => Math.min(Math.max(v, LIMITS.shift[0]), LIMITS.shift[1]));
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;
const pair = (values) => `(${values.map((v) => short(v)).join(", ")})`;

function build({ change, request, state: readState }) {
  const unpacked = new Map(); // photograph or table -> numbers, as they are unpacked
  let computed = { key: "" }; // f(x), and what is drawn of it
  let pixelSize = 1; // CSS pixels of one pixel of T's

  function numbersOf(key, packed) {
    if (!unpacked.has(key)) {
      unpacked.set(key, null);
      unpack(packed).then(({ width, values }) => {
        const bytes = Array.from(values, (v) => Math.round(v * 255));
        unpacked.set(key, { width, bytes, image: Float64Array.from(bytes, (level) => level / 255) });
        request();
      });
    }
    return unpacked.get(key);
  }

  const move = (step) => change({ shift: within(readState().shift.map((v, axis) => v + step[axis])) });
  const views = {
    input: pixelCanvas({ label: "The photograph, moved. Drag it, or move it with the arrow keys.", point() {}, move }),
    output: pixelCanvas({ label: "f of the moved photograph. Arrow keys move the photograph.", point() {}, move }),
    reference: pixelCanvas({ label: "f of the photograph, then moved. Arrow keys move the photograph.", point() {}, move }),
    difference: pixelCanvas({ label: "Their difference. Arrow keys move the photograph.", point() {}, move }),
    table: pixelCanvas({
      label: "The probability at each shift. Arrow keys move the photograph.", move,
      point: (where) => change({ shift: where.map((v) => v - REACH) }),
    }),
  };
  const panels = Object.fromEntries(Object.entries(views).map(([name, view]) => {
    const caption = h("span", { class: "caption" });
    return [name, { caption, element: h("div", { class: `panel ${name}` }, caption, view.element) }];
  }));

  // Drag the photograph: it stays under the finger.
  const handle = views.input.element.querySelector(".marks");
  Object.assign(handle.style, { touchAction: "none", cursor: "grab" });
  let held = null;
  handle.addEventListener("pointerdown", (event) => {
    held = { at: [event.clientY, event.clientX], shift: readState().shift };
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!held) return;
    const way = [event.clientY - held.at[0], event.clientX - held.at[1]];
    const shift = within(held.shift.map((v, axis) => v + Math.round(way[axis] / pixelSize)));
    if (shift.some((v, axis) => v !== readState().shift[axis])) change({ shift });
  });
  for (const kind of ["pointerup", "pointercancel"]) handle.addEventListener(kind, () => (held = null));

  const along = (axis, name, label) => slider({
    name, label, read: (state) => state.shift[axis], range: () => LIMITS.shift,
    write: (value) => change({ shift: readState().shift.map((v, i) => (i === axis ? value : v)) }),
  });
  const pick = (name, label, options) => choice({ name, label, options, read: (state) => state[name], write: (value) => change({ [name]: value }) });
  /** A control that rests where it has no effect. */
  const resting = (control, enabled) => ({
    element: control.element,
    update(state) {
      control.update(state);
      control.element.querySelector("[data-parameter]").disabled = !enabled(state);
    },
  });
  const words = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");
  const isMap = (state) => state.layers !== "squeezenet";
  const controls = [
    choice({
      name: "layers", label: "Layers", options: Object.entries(LAYERS), read: (state) => state.layers,
      write: (layers) => change({ layers, border: Math.min(readState().border, mostBorder(layers)) }),
    }),
    pick("photo", "Photograph", Object.keys(SHIFTED).map((name) => [name, words(name)])),
    along(0, "down", "Down"), along(1, "right", "Right"),
    pick("boundary", "Comes in", [["circular", "the other edge"], ["zero", "black"]]),
    resting(pick("second", "2nd filter", [["smooth", "smooth"], ["sharp", "sharp"]]), (state) => isMap(state) && state.layers !== "dense"),
    slider({
      name: "border", label: "Leave out", limit: LIMITS.border[1], read: (state) => state.border,
      range: (state) => [0, mostBorder(state.layers)], write: (border) => change({ border }), enabled: (state) => isMap(state) && !state.pooled,
    }),
    resting(toggle({ name: "pooled", label: "Then average over all places", read: (state) => state.pooled, write: (pooled) => change({ pooled }) }), isMap),
  ];

  /** f(x) and what stays while the photograph is dragged. */
  function still({ photo, layers, second }, image) {
    const key = `${photo} ${layers} ${second}`;
    if (key !== computed.key) {
      const map = stack(layers, second, image);
      computed = { key, map, high: map.reduce((most, v) => Math.max(most, v), 0) || 1, mean: mean(map) };
    }
    return computed;
  }

  function show(names, side) {
    for (const [name, { element }] of Object.entries(panels)) {
      element.hidden = !names.includes(name);
      element.style.width = `${side}px`;
    }
  }

  function frame(context, at, size, colours) {
    for (const [colour, thick] of [["#000000", 3], [colours.tap, 1.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.strokeRect(...at, ...size);
    }
  }

  function drawMaps(state, colours, room, image) {
    const { layers, second, shift, boundary, pooled, border } = state;
    const [stride, side] = [STRIDES[layers], SIDE / STRIDES[layers]];
    const { map, high, mean: before } = still(state, image);
    const input = shifted(image, SIDE, shift, boundary);
    const output = stack(layers, second, input);
    const way = shift.map((v) => v / stride);
    const reference = moved(map, side, way, boundary);
    const difference = output.map((v, k) => (Math.abs(v - reference[k]) < 1e-9 ? 0 : v - reference[k]));
    const edge = pooled ? 0 : border;
    const result = compare(output, reference, side, edge);
    const unmoved = compare(output, map, side, edge);
    const after = mean(output);
    const change = Math.abs(after - before) / before;

    const wide = Math.floor(room > 560 ? (room - 60) / 4 : (room - 20) / 2);
    show(["input", "output", "reference", "difference"], wide);
    pixelSize = wide / SIDE;
    const scale = wide / side;
    views.input.paint(greyPixels(input), SIDE, SIDE, pixelSize);
    views.output.paint(greyPixels(output, 1 / high), side, side, scale);
    views.reference.paint(greyPixels(reference, 1 / high), side, side, scale);
    views.difference.paint(signedPixels(difference, high / 2), side, side, scale);
    views.input.mark((context) => {
      if (boundary !== "circular") return;
      context.strokeStyle = colours.tap; // the seam: where the picture begins again
      context.setLineDash([3, 3]);
      for (const axis of [0, 1]) {
        const at = (((shift[axis] % SIDE) + SIDE) % SIDE) * pixelSize;
        if (at) context.strokeRect(...(axis ? [at, -5, 999, 999] : [-5, at, 999, 999]));
      }
      context.setLineDash([]);
    }, pixelSize);
    for (const name of ["output", "reference", "difference"]) {
      views[name].mark((context) => edge && frame(context, [edge * scale, edge * scale], [(side - 2 * edge) * scale, (side - 2 * edge) * scale], colours), scale);
    }
    setText(panels.input.caption, "T x: drag it");
    setText(panels.output.caption, pooled ? `f(T x), mean ${after.toFixed(4)}` : "f(T x)");
    setText(panels.reference.caption, pooled ? `f(x), mean ${before.toFixed(4)}` : "T′ f(x)");
    setText(panels.difference.caption, "difference × 2");

    const say = `Moved by ${pair(shift)}, ${boundary}: `;
    const between = way.every(Number.isInteger) ? "" : ", read between the places";
    return {
      status: pooled
        ? `${say}the mean goes from ${before.toFixed(5)} to ${after.toFixed(5)}, a change of ${percent(change, 2)}.`
        : `${say}f(T x) differs from T′ f(x) by ${percent(result.error)}, and from f(x), unmoved, by ${percent(unmoved.error)}.`,
      formula: pooled
        ? `|mean f(T x) − mean f(x)| / mean f(x) = ${long(Math.abs(after - before) < 1e-12 ? 0 : Math.abs(after - before))} / ${long(before)} = ${percent(change, 2)}\nT′ does nothing: a mean has no place`
        : `‖f(T x) − T′ f(x)‖ / ‖T′ f(x)‖ = ${result.error ? short(result.size, 4) : 0} / ${short(result.reference, 4)} = ${percent(result.error)}\nT′ moves the map of ${side} × ${side} by ${pair(way)}${between}`,
      torch: `${TORCH[layers]}${pooled ? ".mean(dim=(2, 3))" : ""}  # (1, 1, ${SIDE}, ${SIDE}) -> (1, 1${pooled ? "" : `, ${side}, ${side}`})`,
      numbers: () => `error = ${result.error}\nunmoved_error = ${unmoved.error}\nmean = ${after}\nmean_unmoved = ${before}\n`
        + `output_row = ${asPython([output.slice((side >> 1) * side, ((side >> 1) + 1) * side)])}\n`
        + `reference_row = ${asPython([reference.slice((side >> 1) * side, ((side >> 1) + 1) * side)])}`,
    };
  }

  function drawTable({ photo, shift, boundary }, colours, room, image) {
    const { own } = SHIFTED[photo];
    const { labels, table } = SHIFTED[photo][boundary];
    const found = numbersOf(`${photo} ${boundary}`, table);
    if (!found) return null;
    const wide = 2 * REACH + 1;
    const [named, percents, owns] = [0, 1, 2].map((part) => found.bytes.slice(part * wide * wide, (part + 1) * wide * wide));
    const at = (shift[0] + REACH) * wide + shift[1] + REACH;
    const side = Math.floor(Math.min(room > 560 ? (room - 40) / 2 : room, 320));
    const [scale, cell] = [side / SIDE, side / wide];
    pixelSize = side / NETWORK_SIDE;
    show(["input", "table"], side);
    if (computed.key !== `${photo} ${boundary}`) {
      computed = { key: `${photo} ${boundary}`, picture: greyPixels(image), map: greyPixels(owns, 1 / 100) };
    }
    views.input.paint(computed.picture, SIDE, SIDE, scale);
    views.input.mark((context) => {
      context.fillStyle = "#000000";
      context.fillRect(0, 0, side, side);
      context.imageSmoothingEnabled = true;
      const turns = boundary === "circular" ? [-side, 0, side] : [0];
      for (const down of turns) {
        for (const right of turns) context.drawImage(views.input.canvas, 0, 0, SIDE, SIDE, right + shift[1] * pixelSize, down + shift[0] * pixelSize, side, side);
      }
    }, scale);
    views.table.paint(computed.map, wide, wide, cell);
    views.table.mark((context) => {
      context.strokeStyle = "#d55e00";
      context.lineWidth = 1.2;
      context.beginPath();
      named.forEach((label, k) => {
        if (labels[label] === own) return;
        const [x, y] = [(k % wide) * cell, Math.floor(k / wide) * cell];
        context.moveTo(x + 0.2 * cell, y + 0.2 * cell);
        context.lineTo(x + 0.8 * cell, y + 0.8 * cell);
        context.moveTo(x + 0.8 * cell, y + 0.2 * cell);
        context.lineTo(x + 0.2 * cell, y + 0.8 * cell);
      });
      context.stroke();
      frame(context, [(shift[1] + REACH) * cell, (shift[0] + REACH) * cell], [cell, cell], colours);
    }, cell);
    setText(panels.input.caption, `T x: drag it, 1 of ${NETWORK_SIDE} pixels a step`);
    setText(panels.table.caption, `“${own}” at each shift; × another label wins`);
    const other = named.filter((label) => labels[label] !== own).length;
    const move = boundary === "circular" ? `torch.roll(x, ${`(${shift.join(", ")})`}, dims=(2, 3))` : `F.pad(x, (${shift[1]}, ${-shift[1] || 0}, ${shift[0]}, ${-shift[0] || 0}))`;
    return {
      status: `Moved by ${pair(shift)} of ${NETWORK_SIDE} pixels, ${boundary}: ${labels[named[at]]}, ${percents[at]} %; ${own}, ${owns[at]} %.`,
      formula: `over all ${wide * wide} shifts: “${own}” has ${Math.min(...owns)} % to ${Math.max(...owns)} %, and another label wins ${plural(other, "time")}\nlooked up: computed once, by experiments/squeezenet_shifts.py`,
      torch: `squeezenet(${move}).softmax(dim=1).max(dim=1)  # (1, 3, ${NETWORK_SIDE}, ${NETWORK_SIDE}) -> (1,)`,
      numbers: () => `label = ${JSON.stringify(labels[named[at]])}\npercent = ${percents[at]}\nown_percent = ${owns[at]}`,
    };
  }

  function draw(state, colours, room) {
    const photograph = numbersOf(state.photo, SHIFTED[state.photo].picture);
    const texts = photograph && (isMap(state) ? drawMaps : drawTable)(state, colours, room, photograph.image);
    return texts ?? { status: "Unpacking the photograph …", formula: "", torch: "", numbers: () => "" };
  }

  return { stage: Object.values(panels).map((panel) => panel.element), controls, draw };
}

export default explorer({
  title: "Break equivariance",
  parameters: ["photo", "layers", "shift", "boundary", "second", "pooled", "border"],
  problem,
  build,
});
