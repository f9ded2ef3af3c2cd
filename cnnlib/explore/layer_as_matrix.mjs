import { first, matrixProblem, oneOfProblem, pairProblem, wholeProblem } from "./kit/check.mjs";
import { button, choice, slider } from "./kit/controls.mjs";
import { legalRange, misfit, outputSize, span } from "./kit/convolution.mjs";
import { h, setText } from "./kit/dom.mjs";
import { asPython, long, plural, rowsOf, short, sumInWords, torchLine } from "./kit/format.mjs";
import { explorer } from "./kit/frame.mjs";
import { numberGrid } from "./kit/grid.mjs";
import { signedPixels } from "./kit/pixels.mjs";

/** The same limits stand in layer_as_matrix.py; a test holds the two together. */
export const LIMITS = {
  dimensions: [1, 2], length: [2, 16], size: [2, 6], kernel_size: [1, 5], stride: [1, 4], padding: [0, 2], dilation: [1, 3], row: [0, 999],
};
export const CONNECTIONS = ["shared", "local", "dense"];
export const MOST = 100;
const LINE = { kernel_size: 1, stride: 1, padding: 0, dilation: 1 }; // what a line has along its height
const TERMS = 5; // of an equation; more only fill the page
const LEVELS = 100; // of colour, on either side of white

const inUse = ({ dimensions, length, size }) => (dimensions === 1 ? [length] : size);

/** Sizes of the input, the kernel and the output, and how many there are of each. */
export function shapeOf(state) {
  const { dimensions, length, size, kernel_size } = state;
  const down = dimensions === 1 ? LINE : state;
  const [height, width] = dimensions === 1 ? [1, length] : size;
  const [rows, columns] = [outputSize(height, down), outputSize(width, state)];
  const tall = down.kernel_size;
  return { height, width, tall, wide: kernel_size, rows, columns, down, pixels: height * width, places: rows * columns, taps: tall * kernel_size };
}

/** For each entry of the matrix the tap through which it is connected, -1 where no window reaches. */
export function tapTable(state) {
  const { height, width, tall, wide, columns, down, pixels, places } = shapeOf(state);
  const table = new Int16Array(places * pixels).fill(-1);
  for (let place = 0; place < places; place += 1) {
    const top = Math.floor(place / columns) * down.stride - down.padding;
    const left = (place % columns) * state.stride - state.padding;
    for (let i = 0; i < tall; i += 1) {
      for (let j = 0; j < wide; j += 1) {
        const [y, x] = [top + i * down.dilation, left + j * state.dilation];
        if (y >= 0 && x >= 0 && y < height && x < width) table[place * pixels + y * width + x] = i * wide + j;
      }
    }
  }
  return table;
}

/** The weights that can be chosen, as rows: those given, zeros beyond; without any, counted through. */
export function freeWeights(state) {
  const { tall, wide, places, taps, pixels } = shapeOf(state);
  const shared = state.connection === "shared";
  const [rows, columns] = shared ? [tall, wide] : [places, state.connection === "local" ? taps : pixels];
  const step = shared ? columns : columns < 10 ? 10 : 100;
  const { weights } = state;
  return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => (weights ? (weights[r]?.[c] ?? 0) : step * r + c + 1)));
}

/** The numbers in the input: those given, zeros beyond; without any, 10·row + column. */
export function inputValues(state) {
  const { height, width } = shapeOf(state);
  return Float64Array.from({ length: height * width }, (_, k) => {
    const [r, c] = [Math.floor(k / width), k % width];
    return state.image ? (state.image[r]?.[c] ?? 0) : 10 * r + c;
  });
}

/** The matrix, row-major, with the table of its taps. */
export function matrixOf(state) {
  const { places, pixels, wide } = shapeOf(state);
  const table = tapTable(state);
  const free = freeWeights(state);
  const matrix = new Float64Array(places * pixels);
  for (let k = 0; k < matrix.length; k += 1) {
    const place = Math.floor(k / pixels);
    if (state.connection === "dense") matrix[k] = free[place][k - place * pixels];
    else if (table[k] >= 0) matrix[k] = state.connection === "local" ? free[place][table[k]] : free[Math.floor(table[k] / wide)][table[k] % wide];
  }
  return { matrix, table, free };
}

/** y = A x. */
export function product(matrix, x) {
  return Float64Array.from({ length: matrix.length / x.length }, (_, r) => {
    let sum = 0;
    for (let c = 0; c < x.length; c += 1) sum += matrix[r * x.length + c] * x[c];
    return sum;
  });
}

/** Free parameters, connections and multiply-adds of all three kinds of layer. */
export function counts(state) {
  const { places, pixels, taps } = shapeOf(state);
  let reached = 0;
  for (const tap of tapTable(state)) reached += tap >= 0;
  return {
    dense: { parameters: places * pixels, connections: places * pixels, macs: places * pixels },
    local: { parameters: places * taps, connections: reached, macs: places * taps },
    shared: { parameters: taps, connections: reached, macs: places * taps },
  };
}

/**
 * The free weights of another kind of layer, made from this state's matrix. Loosening a tie changes nothing; tightening it
 * sets to zero what falls outside the windows, and takes the mean over the places for a weight that is to be shared.
 */
export function converted(state, connection) {
  const { matrix, table, free } = matrixOf(state);
  const { places, pixels, taps, wide } = shapeOf(state);
  if (connection === state.connection) return free;
  if (connection === "dense") return rowsOf(matrix, pixels);
  const sums = Array.from({ length: places }, () => new Array(taps).fill(0));
  const live = new Array(taps).fill(0);
  const total = new Array(taps).fill(0);
  if (state.connection === "shared") sums.forEach((row) => row.forEach((_, tap) => (row[tap] = free[Math.floor(tap / wide)][tap % wide])));
  else {
    table.forEach((tap, k) => {
      if (tap < 0) return;
      sums[Math.floor(k / pixels)][tap] = matrix[k];
      live[tap] += 1;
      total[tap] += matrix[k];
    });
  }
  if (connection === "local") return sums;
  return rowsOf(total.map((sum, tap) => (live[tap] ? sum / live[tap] : 0)), wide);
}

const sharedKernel = (state, value) => {
  const { tall, wide } = shapeOf(state);
  const kernel = Array.from({ length: tall }, () => Array.from({ length: wide }, (_, c) => value(c, wide)));
  return converted({ ...state, connection: "shared", weights: kernel }, state.connection);
};
const WEIGHTS = {
  counted: () => null,
  ones: (state) => freeWeights({ ...state, weights: null }).map((row) => row.map(() => 1)),
  difference: (state) => sharedKernel(state, (c, wide) => (wide === 1 ? 1 : Number(c === wide - 1) - Number(c === 0))),
};
const IMAGES = {
  positions: () => null,
  impulse: (state) => {
    const { width, pixels, height } = shapeOf(state);
    const at = Math.floor(height / 2) * width + Math.floor(width / 2);
    return rowsOf(Array.from({ length: pixels }, (_, k) => Number(k === at)), width);
  },
  edge: (state) => {
    const { width, pixels } = shapeOf(state);
    return rowsOf(Array.from({ length: pixels }, (_, k) => Number(k % width >= width / 2)), width);
  },
};

function presetName(presets, given, state) {
  const text = JSON.stringify(given ?? null);
  return Object.keys(presets).find((name) => JSON.stringify(presets[name](state)) === text) ?? "yours";
}

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
  large.element.addEventListener("pointerdown", () => {
    byPointer = pressed = true;
    paint(hover);
  });
  for (const kind of ["pointerup", "pointercancel", "pointerleave"]) large.canvas.addEventListener(kind, () => (pressed = false));
  large.element.addEventListener("keydown", (event) => {
    byPointer = false;
    if (event.key !== " " || event.target !== large.canvas) return;
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

  const captions = [large, input, weights, output].map(() => h("span", { class: "caption" }));
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
      large.canvas.style.touchAction = value === null ? "" : "none";
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
    const across = broad && flat ? Math.floor(room * 0.58) : room;
    const tallest = broad ? 380 : Math.floor(Math.min(380, room * (flat ? 1 : 0.75)));
    const rest = broad && flat ? room - across - 24 : room;
    side.style.width = `${rest}px`;
    panels[0].style.width = `${across}px`;
    table.style.width = `${broad && !flat ? 270 : rest}px`;
    const box = flat ? [rest, 36] : broad ? [Math.floor((rest - 270 - 66) / 3), 132] : [Math.floor((rest - 44) / 3), 110];
    large.element.style.height = `${tallest}px`;
    for (const [i, grid] of [input, weights, output].entries()) {
      grid.element.style.height = `${box[1]}px`;
      panels[i + 1].style.width = `${box[0]}px`;
    }
    const cellFor = (r, c, most = 32) => Math.max(2, Math.floor(Math.min(most, (box[0] - 2) / c, (box[1] - 2) / r)));

    const tie = at && at.row !== null && at.pixel !== null && connected[at.row * pixels + at.pixel] ? taps[at.row * pixels + at.pixel] : null;
    const tied = (k) => tie !== null && (connection === "shared" ? taps[k] === tie : k === at.row * pixels + at.pixel);
    const weightLook = (value, edge) => {
      const [fill, ink] = tintOf(value, limit);
      return { fill, ink, text: short(value), edge };
    };
    large.paint({
      rows: places + 1, columns: pixels + 1, colours,
      size: Math.max(2, Math.floor(Math.min(54, (across - 2) / (pixels + 1), (tallest - 2) / (places + 1)))),
      look(r, c) {
        if (r === 0 && c === pixels) return { fill: colours.paper, ink: colours.muted, text: "y" };
        if (r === 0) {
          const read = connected[start + c];
          return { fill: read ? colours.tap : colours.input, ink: read ? colours["on-tap"] : colours.ink, text: short(x[c]) };
        }
        if (c === pixels) return { fill: colours.output, ink: colours["on-output"], text: short(y[r - 1]) };
        const k = (r - 1) * pixels + c;
        return connected[k] ? weightLook(matrix[k], tied(k) ? colours.ink : null) : { fill: colours.cell };
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

    const nameY = (place) => (dimensions === 1 ? `y[${place}]` : `y[${Math.floor(place / columns)},${place % columns}]`);
    const nameX = (pixel) => (dimensions === 1 ? `x[${pixel}]` : `x[${Math.floor(pixel / width)},${pixel % width}]`);
    setText(captions[0], `A, ${places} × ${pixels}: rows are outputs, columns pixels`);
    setText(captions[1], `input x, ${dimensions === 1 ? width : `${height} × ${width}`}${padding ? ", padded" : ""}`);
    setText(captions[2], connection === "dense" ? `weights of row ${row}` : connection === "local" ? `weights of place ${row}` : "weights of every place");
    setText(captions[3], `output y, ${dimensions === 1 ? columns : `${rows} × ${columns}`}`);
    for (const kind of KINDS) {
      const { parameters, connections, macs } = tally[kind];
      [parameters, connections, macs].forEach((n, i) => setText(cells[kind][i], n.toLocaleString("en-US")));
      setText(heads[kind], `${kind === connection ? "▸ " : ""}${kind}`);
      heads[kind].parentElement.classList.toggle("chosen", kind === connection);
    }

    const terms = [];
    if (connection === "dense") for (let c = 0; c < pixels; c += 1) terms.push([`A[${row},${c}]`, nameX(c), matrix[start + c], x[c]]);
    else {
      const suffix = connection === "local" ? nameY(row).slice(1) : "";
      for (let tap = 0; tap < tall * wide; tap += 1) {
        const pixel = taps.subarray(start, start + pixels).indexOf(tap);
        const value = connection === "local" ? free[row][tap] : free[Math.floor(tap / wide)][tap % wide];
        terms.push([`W${tap + 1}${suffix}`, pixel < 0 ? "0" : nameX(pixel), value, pixel < 0 ? 0 : x[pixel]]);
      }
    }
    const symbols = terms.slice(0, TERMS).map(([w, pixel]) => `${w}·${pixel}`).join(" + ");
    const { parameters, connections, macs } = tally[connection];
    return {
      status: `${sentence()} This layer: ${plural(parameters, "free parameter")}, ${plural(connections, "connection")}, ${plural(macs, "multiply-add")}.`,
      formula: [
        `${nameY(row)} = ${symbols}${terms.length > TERMS ? " + …" : ""}`,
        `     = ${sumInWords(terms.map((t) => t[2]), terms.map((t) => t[3]), TERMS)} = ${long(y[row])}`,
        `free parameters: dense ${places}·${pixels} = ${tally.dense.parameters}, local ${places}·${tall * wide} = ${tally.local.parameters}, shared ${tall * wide}`,
      ].join("\n"),
      torch: torchFor(),
      numbers: () => `input = ${asPython(rowsOf(x, width))}\nweights = ${asPython(free)}\nmatrix = ${asPython(rowsOf(matrix, pixels))}\noutput = ${asPython(rowsOf(y, columns))}`,
    };

    function sentence() {
      if (tie !== null) {
        if (connection === "dense") return `A[${at.row},${at.pixel}] = ${long(matrix[at.row * pixels + at.pixel])} stands alone.`;
        const name = `W${tie + 1} = ${long(matrix[at.row * pixels + at.pixel])}`;
        if (connection === "local") return `${name} of place ${at.row} stands alone: the other places have a W${tie + 1} of their own.`;
        let copies = 0;
        for (const tap of taps) copies += tap === tie;
        return copies === 1 ? `${name} stands once.` : `${name} stands ${copies} times: write it once, and all ${copies} change.`;
      }
      if (at && at.row !== null && at.pixel !== null) return `Output ${at.row} does not read pixel ${at.pixel}: a zero for good.`;
      if (at && at.pixel !== null) {
        let readers = 0;
        for (let place = 0; place < places; place += 1) readers += connected[place * pixels + at.pixel];
        return `Pixel ${at.pixel}, ${nameX(at.pixel)}, is column ${at.pixel}: ${plural(readers, "output")} read${readers === 1 ? "s" : ""} it.`;
      }
      return `Row ${row} of 0 to ${places - 1}: ${nameY(row)} = ${long(y[row])}.`;
    }

    function torchFor() {
      if (connection === "dense") return `torch.nn.functional.linear(x.flatten(), A)  # A: (${places}, ${pixels})`;
      const pair = (name, plainly) => (dimensions === 1 ? `(${down[name]}, ${state[name]})` : plainly);
      if (connection === "local") {
        const given = [["stride", 1], ["padding", 0], ["dilation", 1]].filter(([name, usual]) => state[name] !== usual).map(([name]) => `, ${name}=${pair(name, state[name])}`);
        return `(torch.nn.functional.unfold(x, (${tall}, ${wide})${given.join("")}) * w.T).sum(1)  # w: (${places}, ${tall * wide}); torch has no such layer`;
      }
      const line = torchLine(state, [height, width], [rows, columns]);
      return dimensions === 2 ? line : line.replace("conv2d", "conv1d").replace(`(1, 1, 1, ${width})`, `(1, 1, ${width})`).replace(`(1, 1, 1, ${columns})`, `(1, 1, ${columns})`);
    }
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
