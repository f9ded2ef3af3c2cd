import { first, matrixProblem, oneOfProblem, pairProblem, wholeProblem } from "../kit/check.mjs";
import { button, choice, slider } from "../kit/controls.mjs";
import { legalRange, misfit, span } from "../mirror/convolution.mjs";
import { h, setText } from "../kit/dom.mjs";
import { rowsOf, short } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { signedPixels } from "../kit/pixels.mjs";
import { CONNECTIONS, IMAGES, LIMITS, MOST, WEIGHTS, converted, counts, inUse, inputValues, matrixOf, presetName, product, shapeOf } from "./model.mjs";
import { words } from "./words.mjs";

const LEVELS = 100; // of colour, on either side of white

export function problem(state) {
  const found = first(
    ...Object.keys(LIMITS).filter((name) => name !== "size").map((name) => wholeProblem(name, state[name], LIMITS[name])),
    pairProblem("size", state.size, LIMITS.size),
    oneOfProblem("connection", state.connection, CONNECTIONS),
    matrixProblem("image", state.image, LIMITS.length[1]),
    matrixProblem("weights", state.weights, MOST),
  );
  return found ?? misfit(inUse(state), state);
}

/** Colours of a weight at -1 … 1 of the largest, and an ink that can be read on each. */
let tints = null;
function tintOf(value, limit) {
  tints ??= Array.from({ length: 2 * LEVELS + 1 }, (_, k) => {
    const [r, g, b] = signedPixels([k - LEVELS], LEVELS);
    return [`rgb(${r} ${g} ${b})`, 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#1b1f24" : "#ffffff"];
  });
  return tints[LEVELS + Math.round((LEVELS * value) / limit)];
}

function build({ change, request, state: readState }) {
  let hover = null; // {row, pixel}: what the pointer is on; row or pixel may be null
  let brush = null; // the number that a press paints; null lets it be written
  let pressed = false;
  let byPointer = false;
  let touched = false; // a finger is lifted, and what it chose stays chosen
  let computed = { key: "" };

  /** Everything that does not depend on where the pointer is, once for each state. */
  function compute(state) {
    const { weights: given, image, row: _, ...small } = state;
    const key = JSON.stringify(small);
    if (key === computed.key && given === computed.given && image === computed.image) return computed;
    const shape = shapeOf(state);
    const { matrix, table, free } = matrixOf(state);
    const x = inputValues(state);
    let limit = 0;
    for (const line of free) for (const value of line) limit = Math.max(limit, Math.abs(value));
    limit ||= 1;
    const connected = Uint8Array.from(table, (tap) => state.connection === "dense" || tap >= 0);
    computed = { key, given, image, shape, matrix, table, free, x, limit, connected, y: product(matrix, x), tally: counts(state), names: [presetName(WEIGHTS, given, state), presetName(IMAGES, image, state)] };
    return computed;
  }
  const chosen = (state, { places }) => Math.min(state.row, places - 1);

  /** One weight of the matrix set, and with it all that are the same weight. */
  function setWeight(row, pixel, value) {
    const state = readState();
    const { table, free, shape } = compute(state);
    const tap = table[row * shape.pixels + pixel];
    const next = free.map((line) => [...line]);
    if (state.connection === "dense") next[row][pixel] = value;
    else if (state.connection === "local") next[row][tap] = value;
    else next[Math.floor(tap / shape.wide)][tap % shape.wide] = value;
    change({ weights: next });
  }
  function setPixel(pixel, value) {
    const { x, shape } = compute(readState());
    const next = rowsOf(x, shape.width);
    next[Math.floor(pixel / shape.width)][pixel % shape.width] = value;
    change({ image: next });
  }
  function look(row, pixel) {
    hover = row === null && pixel === null ? null : { row, pixel };
    if (row !== null && row !== readState().row) change({ row });
    else request();
  }
  /** A cell of the large grid: x stands above the matrix, y at its right. */
  function meaning(where) {
    if (!where) return { row: null, pixel: null };
    const { pixels } = compute(readState()).shape;
    return { row: where[0] > 0 ? where[0] - 1 : null, pixel: where[1] < pixels ? where[1] : null };
  }
  const isWeight = ({ row, pixel }) => row !== null && pixel !== null && Boolean(computed.connected[row * computed.shape.pixels + pixel]);
  const isInput = ({ row, pixel }) => row === null && pixel !== null;
  function paint(where) {
    if (where === null || brush === null) return;
    if (isWeight(where)) setWeight(where.row, where.pixel, brush);
    else if (isInput(where)) setPixel(where.pixel, brush);
  }

  const large = numberGrid({
    label: "Matrix, the input above it, the output at its right. Arrow keys move, Enter writes a number.",
    point(where) {
      if (!where && touched) return;
      const at = meaning(where);
      look(at.row, at.pixel);
      if (pressed && where) paint(at);
    },
    editable: (where) => (brush === null || !byPointer) && (isWeight(meaning(where)) || isInput(meaning(where))),
    readCell(where) {
      const { row, pixel } = meaning(where);
      const { matrix, x, shape } = compute(readState());
      return row === null ? x[pixel] : matrix[row * shape.pixels + pixel];
    },
    edit(where, value) {
      const { row, pixel } = meaning(where);
      if (row === null) setPixel(pixel, value);
      else setWeight(row, pixel, value);
    },
  });
  large.element.addEventListener("pointerdown", (event) => {
    byPointer = pressed = true;
    touched = event.pointerType === "touch";
    paint(hover);
  });
  for (const kind of ["pointerup", "pointercancel", "pointerleave"]) large.view.addEventListener(kind, () => (pressed = false));
  large.element.addEventListener("keydown", (event) => {
    byPointer = false;
    if (event.key !== " " || event.target !== large.view) return;
    event.preventDefault();
    paint(hover);
  }, true);

  /** A cell of the padded input as a pixel, or null. */
  function inside([r, c]) {
    const { down, height, width } = compute(readState()).shape;
    const [y, x] = [r - down.padding, c - readState().padding];
    return y >= 0 && x >= 0 && y < height && x < width ? y * width + x : null;
  }
  const input = numberGrid({
    label: "Input. Arrow keys move over the pixels, Enter writes a number.",
    point: (where) => look(null, where && inside(where)),
    editable: (where) => inside(where) !== null,
    readCell: (where) => compute(readState()).x[inside(where)],
    edit: (where, value) => setPixel(inside(where), value),
  });
  /** A cell of the row's weights: the pixel that it reads, null in the padding, and its number. */
  function ofRow([r, c]) {
    const state = readState();
    const { free, shape, table } = compute(state);
    const row = chosen(state, shape);
    if (state.connection === "dense") return { row, pixel: r * shape.width + c, value: free[row][r * shape.width + c] };
    const tap = r * shape.wide + c;
    const at = table.subarray(row * shape.pixels, (row + 1) * shape.pixels).indexOf(tap);
    return { row, tap, pixel: at < 0 ? null : at, value: state.connection === "local" ? free[row][tap] : free[r][c] };
  }
  const weights = numberGrid({
    label: "Weights of this row. Arrow keys move, Enter writes a number.",
    point(where) {
      const at = where && ofRow(where);
      hover = at && at.pixel !== null ? { row: at.row, pixel: at.pixel } : null;
      request();
    },
    readCell: (where) => ofRow(where).value,
    edit(where, value) {
      const { row, tap, pixel } = ofRow(where);
      if (pixel !== null) return setWeight(row, pixel, value);
      const state = readState();
      const next = compute(state).free.map((line) => [...line]);
      if (state.connection === "local") next[row][tap] = value;
      else next[where[0]][where[1]] = value;
      change({ weights: next });
    },
  });
  const output = numberGrid({
    label: "Output. Arrow keys choose the row of the matrix.",
    point: (where) => look(where && where[0] * compute(readState()).shape.columns + where[1], null),
  });

  const captions = [large, input, weights, output].map(() => h("span", { class: "caption", style: "white-space:nowrap" }));
  const panels = [large, input, weights, output].map((grid, i) => h("div", { class: "panel" }, captions[i], grid.element));
  const KINDS = ["dense", "local", "shared"];
  const cells = Object.fromEntries(KINDS.map((kind) => [kind, ["parameters", "connections", "macs"].map(() => h("td"))]));
  const heads = Object.fromEntries(KINDS.map((kind) => [kind, h("th", { scope: "row" }, kind)]));
  const table = h("table", { class: "counts" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "layer"), ...["free parameters", "connections", "multiply-adds"].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...KINDS.map((kind) => h("tr", {}, heads[kind], ...cells[kind]))));
  const side = h("div", { class: "side" }, ...panels.slice(1), table);
  const legend = h("p", { class: "legend" },
    h("span", {}, h("span", { class: "swatch", style: "background:linear-gradient(90deg,rgb(5 48 97),#fff,rgb(178 24 43))" }), "weight: negative, 0, positive"),
    h("span", {}, h("span", { class: "swatch", style: "background:var(--cell)" }), "not connected, zero for good"),
    h("span", {}, h("span", { class: "swatch", style: "background:var(--tap)" }), "read by this row"));

  /** New values for the window or the sizes; weights that came from a list follow it, others are cut or filled up. */
  function resize(values) {
    const state = readState();
    const next = { ...state, ...values };
    for (const [name, presets] of [["weights", WEIGHTS], ["image", IMAGES]]) {
      const preset = presetName(presets, state[name], state);
      if (preset !== "yours") values[name] = presets[preset](next);
    }
    change(values);
  }
  function setDimensions(dimensions) {
    const next = { ...readState(), dimensions };
    const room = Math.min(...inUse(next)) + 2 * next.padding;
    while (span(next.kernel_size, next.dilation) > room && next.dilation > 1) next.dilation -= 1;
    while (span(next.kernel_size, next.dilation) > room) next.kernel_size -= 1;
    resize({ dimensions, kernel_size: next.kernel_size, dilation: next.dilation });
  }
  function setConnection(connection) {
    const state = readState();
    const preset = presetName(WEIGHTS, state.weights, state);
    change({ connection, weights: preset === "yours" ? converted(state, connection) : WEIGHTS[preset]({ ...state, connection }) });
  }
  /** A slider that is there only with so many dimensions. */
  const extent = (name, label, dimensions, axis = 0) => {
    const made = length(name, label, dimensions, axis);
    return { element: made.element, update: (state) => ((made.element.hidden = state.dimensions !== dimensions), made.update(state)) };
  };
  const length = (name, label, dimensions, axis) => slider({
    name, label, limit: (LIMITS[name] ?? LIMITS.size)[1],
    read: (state) => (dimensions === 1 ? state.length : state.size[axis]),
    enabled: (state) => state.dimensions === dimensions,
    range(state) {
      const size = dimensions === 1 ? LIMITS.length : LIMITS.size;
      return state.dimensions === dimensions ? legalRange("size", inUse(state), state, { size }) : size;
    },
    write: (value) => resize(dimensions === 1 ? { length: value } : { size: readState().size.map((v, i) => (i === axis ? value : v)) }),
  });
  const plain = (name, label) => slider({
    name, label, limit: LIMITS[name][1], read: (state) => state[name],
    range: (state) => legalRange(name, inUse(state), state, LIMITS), write: (value) => resize({ [name]: value }),
  });
  const brushes = [[null, "write"], [0, "paint 0"], [1, "1"], [2, "2"], [-1, "−1"]].map(([value, text]) => {
    const made = button(text, () => {
      brush = value;
      for (const other of brushes) other.setAttribute("aria-pressed", String(other === made));
      large.view.style.touchAction = value === null ? "" : "none";
    }, { "aria-pressed": String(value === null), "aria-label": value === null ? "A press writes a number" : `A press paints ${value}` });
    return made;
  });
  const painting = { element: h("div", { class: "control buttons", role: "group", "aria-label": "What a press on the matrix does" }, h("span", {}, "A press:"), ...brushes), update() {} };
  const controls = [
    choice({ name: "dimensions", label: "Input", options: [["1", "a line (1-D)"], ["2", "an image (2-D)"]], read: (state) => String(state.dimensions), write: (value) => setDimensions(Number(value)) }),
    choice({ name: "connection", label: "Layer", options: [["dense", "dense"], ["local", "local, unshared"], ["shared", "local, shared"]], read: (state) => state.connection, write: setConnection }),
    extent("length", "Length", 1), extent("height", "Height", 2, 0), extent("width", "Width", 2, 1),
    plain("kernel_size", "Kernel size"), plain("stride", "Stride"), plain("padding", "Padding"), plain("dilation", "Dilation"),
    choice({
      name: "weights", label: "Weights", options: [["counted", "counted through"], ["ones", "ones"], ["difference", "right − left"], ["yours", "your numbers"]],
      read: (state) => compute(state).names[0],
      write: (name) => change({ weights: name === "yours" ? compute(readState()).free : WEIGHTS[name](readState()) }),
    }),
    choice({
      name: "image", label: "Pixels", options: [["positions", "10·row + column"], ["impulse", "one 1"], ["edge", "an edge"], ["yours", "your numbers"]],
      read: (state) => compute(state).names[1],
      write: (name) => change({ image: name === "yours" ? rowsOf(compute(readState()).x, compute(readState()).shape.width) : IMAGES[name](readState()) }),
    }),
    painting,
  ];

  function draw(state, colours, stageWidth) {
    const { shape, matrix, table: taps, free, x, y, limit, connected, tally } = compute(state);
    const { height, width, tall, wide, rows, columns, down, pixels, places } = shape;
    const row = chosen(state, shape);
    const { connection, dimensions, padding } = state;
    const at = hover && (hover.row === null || hover.row < places) && (hover.pixel === null || hover.pixel < pixels) ? hover : null;
    const start = row * pixels;

    // Places and sizes: they depend on the room and on the dimensions, so that no slider moves the page.
    const room = Math.max(200, stageWidth);
    const broad = room > 560;
    const flat = dimensions === 1;
    const across = broad && flat ? Math.floor(room * 0.55) : room;
    const tallest = broad ? (flat ? 380 : 340) : Math.floor(Math.min(380, room * (flat ? 1 : 0.75)));
    const rest = broad && flat ? room - across - 24 : room;
    side.style.width = `${rest}px`;
    panels[0].style.width = `${across}px`;
    table.style.width = `${broad && !flat ? 290 : rest}px`;
    const box = flat ? [rest, 36] : broad ? [Math.floor((rest - 290 - 66) / 3), 132] : [Math.floor((rest - 44) / 3), 110];
    large.element.style.height = `${tallest}px`;
    for (const [i, grid] of [input, weights, output].entries()) {
      grid.element.style.height = `${box[1]}px`;
      panels[i + 1].style.width = `${box[0]}px`;
    }
    const cellFor = (r, c, most = 32) => Math.max(2, Math.floor(Math.min(most, (box[0] - 2) / c, (box[1] - 2) / r)));

    const tie = at && at.row !== null && at.pixel !== null && connected[at.row * pixels + at.pixel] ? taps[at.row * pixels + at.pixel] : null;
    const tied = (k) => tie !== null && (connection === "shared" ? taps[k] === tie : k === at.row * pixels + at.pixel);
    const weightLook = (value, edge, readable = true) => {
      const [fill, ink] = tintOf(value, limit);
      return { fill, ink, text: readable && short(value), edge };
    };
    const size = Math.max(2, Math.floor(Math.min(54, (across - 2) / (pixels + 1), (tallest - 2) / (places + 1))));
    const blank = { fill: colours.cell };
    large.paint({
      rows: places + 1, columns: pixels + 1, colours,
      size,
      look(r, c) {
        if (r === 0 && c === pixels) return { fill: colours.paper, ink: colours.muted, text: "y" };
        if (r === 0) {
          const read = connected[start + c];
          return { fill: read ? colours.tap : colours.input, ink: read ? colours["on-tap"] : colours.ink, text: short(x[c]) };
        }
        if (c === pixels) return { fill: colours.output, ink: colours["on-output"], text: short(y[r - 1]) };
        const k = (r - 1) * pixels + c;
        return connected[k] ? weightLook(matrix[k], tied(k) ? colours.ink : null, size > 16) : blank;
      },
      frames: [
        { row: 1, column: 0, rows: places, columns: pixels, colour: colours.muted, width: 1 },
        ...(at && at.pixel !== null ? [{ row: 0, column: at.pixel, rows: places + 1, columns: 1, colour: colours.ink, width: 1, dash: [3, 3] }] : []),
        { row: row + 1, column: 0, rows: 1, columns: pixels + 1, colour: colours.ink, width: 2 },
      ],
    });
    const [py, px] = [Math.floor(row / columns), row % columns];
    input.paint({
      rows: height + 2 * down.padding, columns: width + 2 * padding, size: cellFor(height + 2 * down.padding, width + 2 * padding), colours,
      look(r, c) {
        const [v, u] = [r - down.padding, c - padding];
        const pixel = v >= 0 && u >= 0 && v < height && u < width ? v * width + u : null;
        const read = pixel !== null && connected[start + pixel];
        return {
          fill: read ? colours.tap : pixel === null ? colours.cell : colours.input, ink: read ? colours["on-tap"] : colours.ink,
          text: pixel === null ? "" : short(x[pixel]), edge: at && pixel !== null && at.pixel === pixel ? colours.ink : null,
        };
      },
      frames: connection === "dense" ? [] : [{
        row: py * down.stride, column: px * state.stride, rows: span(tall, down.dilation), columns: span(wide, state.dilation),
        colour: colours.ink, dash: state.dilation > 1 ? [4, 3] : [],
      }],
    });
    const own = connection === "dense" ? [height, width] : [tall, wide];
    weights.paint({
      rows: own[0], columns: own[1], size: cellFor(...own), colours,
      look(r, c) {
        const k = r * own[1] + c;
        const value = connection === "shared" ? free[r][c] : free[row][k];
        const lit = tie !== null && at.row === row && (connection === "dense" ? at.pixel === k : tie === k);
        return weightLook(value, lit ? colours.ink : null);
      },
    });
    output.paint({
      rows, columns, size: cellFor(rows, columns), colours,
      look(r, c) {
        const place = r * columns + c;
        const reads = at && at.pixel !== null && at.row === null && connected[place * pixels + at.pixel];
        return { fill: reads ? colours.tap : colours.output, ink: reads ? colours["on-tap"] : colours["on-output"], text: short(y[place]) };
      },
      frames: [{ row: py, column: px, rows: 1, columns: 1, colour: colours.ink, width: 3 }],
    });
    output.setCursor([py, px]);

    setText(captions[0], `A, ${places} × ${pixels}: rows are outputs, columns pixels`);
    setText(captions[1], `x, ${dimensions === 1 ? width : `${height} × ${width}`}${padding ? ", padded" : ""}`);
    setText(captions[2], connection === "shared" ? "shared weights" : `weights of row ${row}`);
    setText(captions[3], `y, ${dimensions === 1 ? columns : `${rows} × ${columns}`}`);
    for (const kind of KINDS) {
      const { parameters, connections, macs } = tally[kind];
      [parameters, connections, macs].forEach((n, i) => setText(cells[kind][i], n.toLocaleString("en-US")));
      setText(heads[kind], `${kind === connection ? "▸ " : ""}${kind}`);
      heads[kind].parentElement.classList.toggle("chosen", kind === connection);
    }

    return words(state, computed, { row, at, tie });
  }

  return {
    stage: [panels[0], side, legend], controls, draw,
    destroy() {
      for (const grid of [large, input, weights, output]) grid.destroy();
    },
  };
}

export default explorer({
  title: "A layer as a matrix",
  parameters: ["dimensions", "connection", "length", "size", "kernel_size", "stride", "padding", "dilation", "row", "image", "weights"],
  problem,
  build,
});
