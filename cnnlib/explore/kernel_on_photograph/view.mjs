import { booleanProblem, first, matrixProblem, oneOfProblem, pairProblem, wholeProblem } from "../kit/check.mjs";
import { choice, slider, toggle } from "../kit/controls.mjs";
import { correlate, legalRange, misfit, patch, span } from "../mirror/convolution.mjs";
import { h, setText } from "../kit/dom.mjs";
import { asPython, axisFormula, long, rowsOf, short, sumInWords, torchLine } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { greyPixels, pixelCanvas, signedPixels, unpack } from "../kit/pixels.mjs";
import { DIRECTED, NAMES, SMALLEST, named } from "../mirror/kernels.mjs";
import { PHOTOGRAPHS } from "../generated/photographs.mjs";

/** The same limits stand in kernel_on_photograph.py; a test holds the two together. */
export const LIMITS = { kernel_size: [1, 11], angle: [0, 359], stride: [1, 8], padding: [0, 16], dilation: [1, 8] };

/** The weights: the named filter, or for "custom" those given, zeros beyond them. */
export function kernelValues({ preset, kernel_size: k, angle, weights }) {
  if (preset !== "custom") return named(preset, k, angle);
  return Float64Array.from({ length: k * k }, (_, i) => weights?.[Math.floor(i / k)]?.[i % k] ?? 0);
}

/** How the output is shown: signed about zero, or grey from 0 to the sum of the weights. */
export function isSigned(kernel) {
  const total = kernel.reduce((sum, w) => sum + w, 0);
  return total <= 0.05 * kernel.reduce((sum, w) => sum + Math.abs(w), 0);
}

function sizeOf({ photo, image }) {
  if (photo === "array") return image.shape;
  return [PHOTOGRAPHS[photo].height, PHOTOGRAPHS[photo].width];
}

export function problem(state) {
  return first(
    oneOfProblem("photo", state.photo, [...Object.keys(PHOTOGRAPHS), "array"]),
    state.photo === "array" && !(Array.isArray(state.image?.shape) && state.image.data?.byteLength === 4 * state.image.shape[0] * state.image.shape[1])
      ? "image can't be shown; give the explorer a two-dimensional array." : null,
    oneOfProblem("preset", state.preset, [...NAMES, "custom"]),
    ...Object.entries(LIMITS).map(([name, limits]) => wholeProblem(name, state[name], limits)),
    state.position === null ? null : pairProblem("position", state.position, [0, 999]),
    matrixProblem("weights", state.weights, LIMITS.kernel_size[1]),
    booleanProblem("enlarge", state.enlarge),
  ) ?? (state.kernel_size < (SMALLEST[state.preset] ?? 1)
    ? `The ${state.preset} filter needs kernel_size >= ${SMALLEST[state.preset]}, not ${state.kernel_size}.`
    : misfit(sizeOf(state), state));
}

function build({ change, request, state: readState }) {
  const pictures = new Map(); // name -> {height, width, values}, as they are unpacked
  const given = new WeakMap(); // likewise of an array from Python
  let computed = { key: "" };

  function pixelsOf({ photo, image }) {
    if (photo === "array") {
      if (!given.has(image)) {
        const { buffer, byteOffset } = image.data;
        given.set(image, { height: image.shape[0], width: image.shape[1], values: new Float32Array(buffer.slice(byteOffset, byteOffset + image.data.byteLength)) });
      }
      return given.get(image);
    }
    if (!pictures.has(photo)) {
      pictures.set(photo, null);
      unpack(PHOTOGRAPHS[photo]).then((picture) => (pictures.set(photo, picture), request()));
    }
    return pictures.get(photo);
  }

  /** Everything that does not depend on where the pointer is, computed once for each state. */
  function compute(state, picture) {
    const { photo, preset, kernel_size, angle, stride, padding, dilation, weights } = state;
    const key = JSON.stringify([photo, preset, kernel_size, angle, stride, padding, dilation, preset === "custom" && weights]);
    if (key === computed.key && computed.picture === picture) return computed;
    const kernel = kernelValues(state);
    const { output, rows, columns } = correlate(picture.values, picture.height, picture.width, kernel, state);
    let [low, high] = [Infinity, -Infinity];
    for (const value of output) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const signed = isSigned(kernel);
    const limit = Math.max(Math.abs(low), Math.abs(high)) || 1;
    const total = kernel.reduce((sum, w) => sum + w, 0);
    const [darkest, brightest] = greyRange(picture.values, photo);
    const same = computed.picture === picture;
    computed = {
      key, picture, kernel, output, rows, columns, low, high, signed, limit, darkest, brightest,
      inputPixels: same ? computed.inputPixels : greyPixels(picture.values, 1 / (brightest - darkest), darkest),
      outputPixels: signed ? signedPixels(output, limit) : greyPixels(output, 1 / (total * (brightest - darkest)), total * darkest),
    };
    return computed;
  }

  /** The window's place in the output: where it was put, or the middle. */
  const placed = (position) => [computed.rows, computed.columns].map((n, axis) => Math.min(position?.[axis] ?? n >> 1, n - 1));
  const go = (where) => change({ position: where.map((v, axis) => Math.min(Math.max(0, v), (axis ? computed.columns : computed.rows) - 1)) });
  const move = (step) => computed.rows && go(placed(readState().position).map((v, axis) => v + step[axis]));
  const input = pixelCanvas({
    label: "Input photograph. Arrow keys move the window.", move,
    point: (pixel) => {
      const { kernel_size, stride, padding, dilation } = readState();
      if (computed.rows) go(pixel.map((v) => Math.round((v + padding - (span(kernel_size, dilation) - 1) / 2) / stride)));
    },
  });
  const output = pixelCanvas({ label: "Output. Arrow keys move the window.", move, point: (pixel) => computed.rows && go(pixel) });
  const weightsGrid = numberGrid({
    label: "Kernel. Arrow keys move over the weights, Enter edits one.",
    point: () => {},
    readCell: ([r, c]) => Number(kernelValues(readState())[r * readState().kernel_size + c].toPrecision(6)),
    edit: ([r, c], value) => {
      const state = readState();
      const rows = rowsOf(kernelValues(state), state.kernel_size);
      rows[r][c] = value;
      change({ preset: "custom", weights: rows });
    },
  });
  const patchGrid = numberGrid({ label: "The pixels under the window.", point: () => {} });
  const parts = [["input", input], ["output", output], ["kernel", weightsGrid], ["patch", patchGrid]].map(([name, part]) => {
    const caption = h("span", { class: "caption" });
    return { caption, panel: h("div", { class: `panel ${name}` }, caption, part.element) };
  });

  const range = (name) => (state) => {
    const [low, high] = legalRange(name, sizeOf(state), state, LIMITS);
    return name === "kernel_size" ? [Math.max(low, SMALLEST[state.preset] ?? 1), high] : [low, high];
  };
  const plain = (name, label, more = {}) => slider({
    name, label, limit: LIMITS[name][1], read: (state) => state[name], range: range(name), write: (value) => change({ [name]: value }), ...more,
  });
  const words = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");
  const controls = [
    choice({
      name: "photo", label: "Photograph",
      options: (state) => [...Object.keys(PHOTOGRAPHS).map((name) => [name, words(name)]), ...(state.image ? [["array", "Your array"]] : [])],
      read: (state) => state.photo, write: (photo) => change({ photo }),
    }),
    choice({
      name: "preset", label: "Filter", options: [...NAMES, "custom"].map((name) => [name, words(name)]), read: (state) => state.preset,
      write: (preset) => {
        const state = readState();
        if (preset === "custom") change({ preset, weights: rowsOf(kernelValues(state), state.kernel_size) });
        else change({ preset, kernel_size: Math.max(state.kernel_size, SMALLEST[preset]) });
      },
    }),
    plain("kernel_size", "Kernel size"),
    plain("angle", "Angle", { unit: "°", range: () => LIMITS.angle, enabled: (state) => DIRECTED.includes(state.preset) }),
    plain("stride", "Stride"), plain("padding", "Padding"), plain("dilation", "Dilation"),
    toggle({ name: "enlarge", label: "Enlarge the output", read: (state) => state.enlarge, write: (enlarge) => change({ enlarge }) }),
  ];

  function draw(state, colours, room) {
    const picture = pixelsOf(state);
    if (!picture) return { status: "Unpacking the photograph …", formula: "", torch: "", numbers: () => "" };
    const { kernel_size: k, stride, padding, dilation } = state;
    const { kernel, output: result, rows, columns, low, high, signed, limit, inputPixels, outputPixels } = compute(state, picture);
    const [row, column] = placed(state.position);

    const side = room > 560 ? (room - 24) / 2 : room;
    const scale = side / picture.width;
    const outScale = Math.min(state.enlarge ? side / columns : scale, side / columns);
    for (const { panel } of parts.slice(0, 2)) panel.style.width = `${side}px`;
    input.paint(inputPixels, picture.width, picture.height, scale);
    output.paint(outputPixels, columns, rows, outScale);
    input.mark((context) => {
      const reach = span(k, dilation);
      const [top, left] = [row * stride - padding, column * stride - padding];
      context.fillStyle = colours.tap;
      const dot = dilation === 1 ? 0 : Math.max(1.5, scale);
      for (let i = 0; dot && i < k; i += 1) {
        for (let j = 0; j < k; j += 1) context.fillRect((left + j * dilation) * scale, (top + i * dilation) * scale, dot, dot);
      }
      frame(context, left * scale, top * scale, reach * scale, reach * scale);
    }, scale);
    output.mark((context) => frame(context, column * outScale, row * outScale, outScale, outScale), outScale);

    const values = patch(picture.values, picture.height, picture.width, row, column, state);
    const cell = Math.max(8, Math.min(44, Math.floor((Math.min((room - 24) / 2, 300) - 2) / k)));
    const weightColours = signedPixels(kernel, Math.max(...kernel.map(Math.abs)) || 1);
    const patchColours = greyPixels(values, 1 / (computed.brightest - computed.darkest), computed.darkest);
    weightsGrid.paint({
      rows: k, columns: k, size: cell, colours,
      look: (r, c, readable) => tinted(weightColours, r * k + c, readable && short(Number(kernel[r * k + c].toFixed(3)), 2)),
    });
    patchGrid.paint({
      rows: k, columns: k, size: cell, colours,
      look: (r, c, readable) => tinted(patchColours, r * k + c, readable && short(values[r * k + c], 2)),
    });
    const size = [picture.height, picture.width];
    setText(parts[0].caption, `input ${size[0]} × ${size[1]}`);
    setText(parts[1].caption, `output ${rows} × ${columns}, ${signed ? `blue −${short(limit)}, white 0, red +${short(limit)}` : "grey"}`);
    setText(parts[2].caption, `kernel ${k} × ${k}, sum ${short(Number(kernel.reduce((sum, w) => sum + w, 0).toFixed(6)))}`);
    setText(parts[3].caption, `pixels at (${row}, ${column})`);
    return {
      status: `Output ${rows} × ${columns}, values ${long(low)} to ${long(high)}. Window (${row}, ${column}): ${sumInWords(kernel, values, k > 3 ? 4 : 9)} = ${long(result[row * columns + column])}.`,
      formula: `${axisFormula("height", size[0], state, rows)}\n${axisFormula("width ", size[1], state, columns)}`,
      torch: torchLine(state, size, [rows, columns]),
      numbers: () => `kernel = ${asPython(rowsOf(kernel, k))}\npatch = ${asPython(rowsOf(values, k))}\noutput[${row}, ${column}] = ${Number(result[row * columns + column].toPrecision(7))}`,
    };

    function frame(context, x, y, wide, tall) {
      for (const [colour, thick] of [["#000000", 4], [colours.tap, 2]]) {
        context.strokeStyle = colour;
        context.lineWidth = thick;
        context.strokeRect(x, y, wide, tall);
      }
    }
  }

  return { stage: parts.map((part) => part.panel), controls, draw, destroy: () => (weightsGrid.destroy(), patchGrid.destroy()) };
}

/** Photographs run from 0 to 1; an array is shown so too when it fits, else from its smallest to its largest value. */
function greyRange(values, photo) {
  if (photo !== "array") return [0, 1];
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low >= 0 && high <= 1 ? [0, 1] : [low, high === low ? low + 1 : high];
}

/** A cell in the colour of the pixel at `place`, with ink that can be read on it. */
function tinted(pixels, place, text) {
  const [r, g, b] = pixels.subarray(4 * place);
  return { fill: `rgb(${r} ${g} ${b})`, ink: 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#1b1f24" : "#ffffff", text };
}

export default explorer({
  title: "Kernel on a photograph",
  parameters: ["photo", "preset", "kernel_size", "angle", "stride", "padding", "dilation", "position", "weights", "image", "enlarge"],
  problem,
  build,
});
