import { first, matrixProblem, pairProblem, wholeProblem } from "./kit/check.mjs";
import { button, choice, slider } from "./kit/controls.mjs";
import { correlate, legalRange, leftOver, misfit, outputSize, patch, readers, span } from "./kit/convolution.mjs";
import { h, setText } from "./kit/dom.mjs";
import { asPython, axisFormula, long, plural, rowsOf, short, sumInWords, torchLine } from "./kit/format.mjs";
import { explorer } from "./kit/frame.mjs";
import { numberGrid } from "./kit/grid.mjs";

/** The same limits stand in conv_arithmetic.py; a test holds the two together. */
export const LIMITS = { size: [1, 16], kernel_size: [1, 7], stride: [1, 6], padding: [0, 6], dilation: [1, 4] };
const STEP_MS = 650;

/** The numbers in the input: those given, zeros beyond them; without any, 10·row + column, so that each says where it is. */
export function inputValues(image, [height, width]) {
  return Float64Array.from({ length: height * width }, (_, k) => {
    const [r, c] = [Math.floor(k / width), k % width];
    return image ? (image[r]?.[c] ?? 0) : 10 * r + c;
  });
}

/** The weights: those given, zeros beyond them; without any, ones. */
export function kernelValues(weights, size) {
  return Float64Array.from({ length: size * size }, (_, k) => (weights ? (weights[Math.floor(k / size)]?.[k % size] ?? 0) : 1));
}

/** Numbers with a name, which they keep when the size changes; conv_arithmetic.py has the same, a test holds the two together. */
export const IMAGES = {
  positions: () => null,
  impulse: ([height, width]) => rowsOf(Array.from({ length: height * width }, (_, k) => Number(k === Math.floor(height / 2) * width + Math.floor(width / 2))), width),
  edge: ([height, width]) => rowsOf(Array.from({ length: height * width }, (_, k) => Number(k % width >= width / 2)), width),
};
export const KERNELS = {
  ones: () => null,
  centre: (k) => rowsOf(Array.from({ length: k * k }, (_, i) => Number(i === Math.floor(k / 2) * (k + 1))), k),
  difference: (k) => rowsOf(Array.from({ length: k * k }, (_, i) => (k === 1 ? 1 : Number(i % k === k - 1) - Number(i % k === 0))), k),
  mean: (k) => rowsOf(Array.from({ length: k * k }, () => 1 / (k * k)), k),
};

/** What numbers are called; where several names fit (one pixel, one weight), `last` if it is among them. */
function presetName(presets, given, size, last) {
  const text = JSON.stringify(given ?? null);
  const fitting = Object.keys(presets).filter((name) => JSON.stringify(presets[name](size)) === text);
  return fitting.includes(last) ? last : (fitting[0] ?? "yours");
}

/** What the numbers of a state are called, with the names that they had `last`. */
const namesOf = ({ size, kernel_size: k, image, weights }, last) =>
  ({ image: presetName(IMAGES, image, size, last.image), weights: presetName(KERNELS, weights, k, last.weights) });

/** The numbers of a state; those with a name are the ones of that name at the state's size. */
const atNewSize = (names, { size, kernel_size: k, image, weights }) => ({
  image: names.image === "yours" ? image : IMAGES[names.image](size),
  weights: names.weights === "yours" ? weights : KERNELS[names.weights](k),
});

export function problem(state) {
  return first(
    pairProblem("size", state.size, LIMITS.size),
    ...["kernel_size", "stride", "padding", "dilation"].map((name) => wholeProblem(name, state[name], LIMITS[name])),
    pairProblem("position", state.position, [0, 999]),
    matrixProblem("image", state.image, LIMITS.size[1]),
    matrixProblem("weights", state.weights, LIMITS.kernel_size[1]),
  ) ?? misfit(state.size, state);
}

function build({ change, request, state: readState }) {
  let pixel = null; // the input pixel under the pointer, in image coordinates
  let shape = [1, 1];
  let timer = 0;
  let sizes = null; // {size, kernel_size} as last drawn
  let names = {}; // what the numbers were called then

  const placed = (state) => state.position.map((p, axis) => Math.min(p, shape[axis] - 1));
  const moveTo = (where) => where && change({ position: where });
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    setText(play, "Play");
    play.setAttribute("aria-pressed", "false");
  };
  const step = () => {
    const [r, c] = placed(readState());
    const next = (r * shape[1] + c + 1) % (shape[0] * shape[1]);
    change({ position: [Math.floor(next / shape[1]), next % shape[1]] });
  };
  const play = button("Play", () => {
    if (timer) return stop();
    timer = setInterval(() => (play.isConnected ? step() : stop()), STEP_MS);
    setText(play, "Pause");
    play.setAttribute("aria-pressed", "true");
  }, { "aria-pressed": "false" });
  const buttons = { element: h("div", { class: "control buttons" }, play, button("Step", () => (stop(), step()))), update() {} };

  /** A copy of the effective numbers with one changed. */
  const edited = (values, columns, [r, c], value) => {
    const rows = rowsOf(values, columns);
    rows[r][c] = value;
    return rows;
  };
  const inImage = ([r, c], { size, padding }) => r >= padding && c >= padding && r < size[0] + padding && c < size[1] + padding;

  const input = numberGrid({
    label: "Input. Arrow keys move over the pixels, Enter edits one.",
    point: (where) => {
      const state = readState();
      pixel = where && inImage(where, state) ? where.map((v) => v - state.padding) : null;
      request();
    },
    editable: (where) => inImage(where, readState()),
    nameCell: (where) => `pixel (${where.map((v) => v - readState().padding).join(", ")})`,
    readCell: ([r, c]) => {
      const { image, size, padding } = readState();
      return inputValues(image, size)[(r - padding) * size[1] + c - padding];
    },
    edit: ([r, c], value) => {
      const { image, size, padding } = readState();
      change({ image: edited(inputValues(image, size), size[1], [r - padding, c - padding], value) });
    },
  });
  const kernel = numberGrid({
    label: "Kernel. Arrow keys move over the weights, Enter edits one.",
    point: () => {},
    readCell: ([r, c]) => kernelValues(readState().weights, readState().kernel_size)[r * readState().kernel_size + c],
    edit: (where, value) => {
      const { weights, kernel_size: k } = readState();
      change({ weights: edited(kernelValues(weights, k), k, where, value) });
    },
  });
  const output = numberGrid({ label: "Output. Arrow keys move the window.", point: (where) => where && (stop(), moveTo(where)) });
  const captions = [input, kernel, output].map(() => h("span", { class: "caption" }));
  const panels = [input, kernel, output].map((grid, i) => h("div", { class: "panel" }, captions[i], grid.element));
  const side = h("div", { class: "side" }, panels[1], panels[2]);
  const legend = h("p", { class: "legend" },
    ...[["tap", "read by this window"], ["input", "pixel"], ["cell", "padding (zero)"]].map(([name, text]) =>
      h("span", {}, h("span", { class: "swatch", style: `background:var(--${name})` }), text)),
    h("span", {}, h("span", { class: "swatch", style: "background:repeating-linear-gradient(135deg,var(--unread) 0 1px,transparent 1px 4px)" }), "pixel that no window reads"));

  const range = (name) => (state) => legalRange(name, state.size, state, LIMITS);
  const sizeSlider = (axis, label) => slider({
    name: axis ? "width" : "height", label, limit: LIMITS.size[1],
    read: (state) => state.size[axis],
    range: (state) => legalRange("size", [state.size[axis]], state, LIMITS),
    write: (value) => resize({ size: readState().size.map((v, i) => (i === axis ? value : v)) }),
  });
  const resize = (values) => change({ ...values, ...atNewSize(namesOf(readState(), names), { ...readState(), ...values }) });
  const plain = (name, label, write = change) => slider({
    name, label, limit: LIMITS[name][1], read: (state) => state[name], range: range(name), write: (value) => write({ [name]: value }),
  });
  const controls = [
    sizeSlider(0, "Height"), sizeSlider(1, "Width"),
    plain("kernel_size", "Kernel size", resize), plain("stride", "Stride"), plain("padding", "Padding"), plain("dilation", "Dilation"),
    choice({
      name: "image", label: "Input", options: [["positions", "10·row + column"], ["impulse", "one 1"], ["edge", "an edge"], ["yours", "your numbers"]],
      read: (state) => presetName(IMAGES, state.image, state.size, names.image),
      write: (name) => change({ image: name === "yours" ? rowsOf(inputValues(readState().image, readState().size), readState().size[1]) : IMAGES[name](readState().size) }),
    }),
    choice({
      name: "weights", label: "Weights", options: [["ones", "ones"], ["centre", "centre only"], ["difference", "right − left"], ["mean", "mean"], ["yours", "your numbers"]],
      read: (state) => presetName(KERNELS, state.weights, state.kernel_size, names.weights),
      write: (name) => change({ weights: name === "yours" ? rowsOf(kernelValues(readState().weights, readState().kernel_size), readState().kernel_size) : KERNELS[name](readState().kernel_size) }),
    }),
    buttons,
  ];

  function draw(state, colours, stageWidth) {
    if (sizes && String([sizes.size, sizes.kernel_size]) !== String([state.size, state.kernel_size])) {
      const numbers = atNewSize(namesOf({ ...state, ...sizes }, names), state); // a link moved a size alone
      change(numbers);
      Object.assign(state, numbers);
    }
    sizes = { size: state.size, kernel_size: state.kernel_size };
    names = namesOf(state, names);
    const { size: [height, width], kernel_size: k, stride, padding, dilation } = state;
    const values = inputValues(state.image, state.size);
    const weights = kernelValues(state.weights, k);
    const { output: result, rows, columns } = correlate(values, height, width, weights, state);
    shape = [rows, columns];
    const [row, column] = placed(state);
    const byRow = Array.from({ length: height }, (_, r) => readers(r, height, state));
    const byColumn = Array.from({ length: width }, (_, c) => readers(c, width, state));
    const readersOf = ([r, c]) => [byRow[r], byColumn[c]];
    const marked = pixel && pixel[0] < height && pixel[1] < width ? readersOf(pixel) : null;

    const [tall, wide] = [height + 2 * padding, width + 2 * padding];
    const room = Math.max(200, stageWidth);
    const wideRoom = room > 560;
    const share = wideRoom ? Math.min(room * 0.55, 440) : room;
    const cell = Math.floor(Math.min(40, (share - 2) / Math.max(wide, Math.min(tall, 12))));
    const rest = wideRoom ? room - Math.max(wide * cell, 150) - 24 : room;
    side.style.width = wideRoom ? `${rest}px` : "100%";
    const small = Math.max(9, Math.floor(Math.min(40, cell + 6, (rest - 2) / Math.max(columns, k))));

    input.paint({
      rows: tall, columns: wide, size: cell, colours,
      look(r, c) {
        const [y, x] = [r - padding, c - padding];
        const inside = y >= 0 && x >= 0 && y < height && x < width;
        const [dy, dx] = [r - row * stride, c - column * stride];
        const tapped = dy >= 0 && dx >= 0 && dy % dilation === 0 && dx % dilation === 0 && dy / dilation < k && dx / dilation < k;
        return {
          fill: tapped ? colours.tap : inside ? colours.input : colours.cell,
          ink: tapped ? colours["on-tap"] : inside ? colours.ink : colours.muted,
          text: inside ? short(values[y * width + x]) : tapped ? "0" : "",
          hatch: inside && (byRow[y].length === 0 || byColumn[x].length === 0),
          edge: pixel && inside && y === pixel[0] && x === pixel[1] ? colours.ink : null,
        };
      },
      frames: [
        ...(padding ? [{ row: padding, column: padding, rows: height, columns: width, colour: colours.muted, width: 1.5 }] : []),
        { row: row * stride, column: column * stride, rows: span(k, dilation), columns: span(k, dilation), colour: colours.ink, dash: dilation > 1 ? [4, 3] : [] },
      ],
    });
    kernel.paint({
      rows: k, columns: k, size: Math.min(34, Math.floor((rest - 2) / k)), colours,
      look: (r, c) => ({ fill: colours.tap, ink: colours["on-tap"], text: short(weights[r * k + c]) }),
    });
    output.paint({
      rows, columns, size: small, colours,
      look(r, c) {
        const reads = marked && marked[0].includes(r) && marked[1].includes(c);
        return { fill: reads ? colours.tap : colours.output, ink: reads ? colours["on-tap"] : colours["on-output"], text: short(result[r * columns + c]) };
      },
      frames: [{ row, column, rows: 1, columns: 1, colour: colours.ink, width: 3 }],
    });
    output.setCursor([row, column]);
    setText(captions[0], `input ${height} × ${width}${padding ? `, padded to ${tall} × ${wide}` : ""}`);
    setText(captions[1], `kernel ${k} × ${k}${dilation > 1 ? `, spans ${span(k, dilation)} × ${span(k, dilation)}` : ""}`);
    setText(captions[2], `output ${rows} × ${columns}`);

    const idle = byRow.filter((found) => !found.length).length * width + byColumn.filter((found) => !found.length).length * height
      - byRow.filter((found) => !found.length).length * byColumn.filter((found) => !found.length).length;
    const taps = patch(values, height, width, row, column, state);
    const unreadText = idle ? ` ${plural(idle, "pixel")} of ${height * width} ${idle === 1 ? "is" : "are"} read by no window.` : "";
    const status = marked
      ? `Pixel (${pixel.join(", ")}) is read by ${plural(marked[0].length * marked[1].length, "output")}.`
      : `Output ${rows} × ${columns}. Window (${row}, ${column}): ${sumInWords(weights, taps)} = ${long(result[row * columns + column])}.`;
    const over = [leftOver(height, state), leftOver(width, state)];
    return {
      status: status + unreadText,
      formula: [
        axisFormula("height", height, state, rows), axisFormula("width ", width, state, columns),
        over[0] || over[1] ? `floored: ${plural(over[0], "row")} and ${plural(over[1], "column")} of the padded input lie behind the last window` : "divides exactly: nothing lies behind the last window",
      ].join("\n"),
      torch: torchLine(state, [height, width], [rows, columns]),
      numbers: () => `input = ${asPython(rowsOf(values, width))}\nkernel = ${asPython(rowsOf(weights, k))}\noutput = ${asPython(rowsOf(result, columns))}`,
    };
  }

  return {
    stage: [panels[0], side, legend], controls, draw,
    destroy() {
      stop();
      for (const grid of [input, kernel, output]) grid.destroy();
    },
  };
}

export default explorer({
  title: "Convolution arithmetic",
  parameters: ["size", "kernel_size", "stride", "padding", "dilation", "position", "image", "weights"],
  problem,
  build,
});
