import { setHidden } from "../kit/dom.mjs";
import { PHOTOGRAPHS } from "../generated/photographs.mjs";
import { clamp, ontoGrid } from "../kit/clamp.mjs";
import { axisFormula, listed, long, rowsOf, short, sumInWords, torchLine } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { frame, tinted } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { WAITING, pictures } from "../kit/pictures.mjs";
import { extent, greyPixels, pixelCanvas, signedPixels } from "../kit/pixels.mjs";
import { patch, span } from "../mirror/convolution.mjs";
import { correlate } from "../mirror/correlation.mjs";
import { DIRECTED, isSigned } from "../mirror/kernels.mjs";
import { separableTerms } from "../mirror/svd.mjs";
import { greyRange, kernelValues, misfit, outputShape, ownWeights, padded, ranges } from "./model.mjs";
import { GABOR_SIDE, SCHEMA, SMALLEST } from "./schema.mjs";

const WIDE = 560; // pixels of a frame that has room for everything side by side
const OWN = 320; // pixels of the longest side of a picture of the reader's own, so that a drag stays quick
const SMALL = 128; // pixels of a picture's width up to which two stand beside each other in any frame
const ROUNDING = 1e-12; // of the largest term of a kernel: a smaller one is none
const READABLE = 7; // the largest kernel whose products are written out in a narrow frame

/** Everything that does not depend on where the window is. */
function computed(state, picture, [darkest, brightest], colours) {
  const kernel = kernelValues(state);
  const apart = () =>
    separableTerms(kernel, state.kernel_size).filter(({ size }, _, all) => size > ROUNDING * all[0].size);
  const found = correlate(picture.values, picture.height, picture.width, kernel, state, apart);
  const [low, high] = extent(found.output);
  const signed = isSigned(kernel);
  const limit = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const total = kernel.reduce((sum, w) => sum + w, 0);
  const pixels = signed
    ? signedPixels(found.output, limit, colours)
    : greyPixels(found.output, 1 / (total * (brightest - darkest)), total * darkest);
  return { ...found, kernel, low, high, signed, limit, total, pixels };
}

function build(tools) {
  const { change, request, state: readState, bound } = tools;
  const photographs = pictures(PHOTOGRAPHS, request);
  const compute = memo(computed);
  const range = memo((picture) => greyRange(picture.values));
  const framed = memo((picture, padding, [darkest, brightest]) => {
    const whole = padded(picture, padding);
    return { ...whole, pixels: greyPixels(whole.values, 1 / (brightest - darkest), darkest) };
  });

  /** The window's position in the output: where it was put, or the middle. */
  const placed = (state) => state.position ?? outputShape(state).map((n) => n >> 1);
  function go(where) {
    change({ position: ontoGrid(where, outputShape(readState())) });
  }
  const move = (step) => go(placed(readState()).map((v, axis) => v + step[axis]));
  const input = pixelCanvas({
    label: "Input photograph. Press, or use the arrow keys, to move the window.",
    move,
    press(pixel) {
      const { kernel_size, stride, dilation } = readState();
      go(pixel.map((v) => Math.round((v - (span(kernel_size, dilation) - 1) / 2) / stride)));
    },
  });
  const output = pixelCanvas({ label: "Output. Press, or use the arrow keys, to move the window.", move, press: go });
  let values = [0]; // under the window
  const weightsGrid = numberGrid({
    label: "Kernel. Arrow keys move over the weights, Enter edits one.",
    readCell: ([r, c]) => kernelValues(readState())[r * readState().kernel_size + c],
    edit: (where, value) => change(ownWeights(readState(), where, value)),
  });
  const patchGrid = numberGrid({
    label: "The pixels under the window. Arrow keys move over them.",
    readCell: ([r, c]) => values[r * readState().kernel_size + c],
  });
  const productGrid = numberGrid({
    label: "Weight times pixel. Arrow keys move over the products.",
    readCell: ([r, c]) =>
      values[r * readState().kernel_size + c] * kernelValues(readState())[r * readState().kernel_size + c],
  });
  const shown = panels({ input, output, kernel: weightsGrid, patch: patchGrid, products: productGrid });

  const undirected = (state) => (DIRECTED.includes(state.preset) ? "" : "this filter has no direction");
  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    misfit,
    also: () => ({ position: null }),
    most: OWN,
    least: SCHEMA.kernel_size.high,
  });
  const controls = [
    list,
    own,
    bound.choice("preset", "Filter", {
      write(preset) {
        const state = readState();
        const least = preset === "gabor" ? GABOR_SIDE : SMALLEST[preset];
        if (preset === "custom") change(ownWeights(state));
        else
          change({
            preset,
            kernel_size: clamp(state.kernel_size, least, ranges.kernel_size({ ...state, preset })[1]),
          });
      },
    }),
    bound.slider("kernel_size", "Kernel size"),
    bound.slider("angle", "Angle", { unit: "°", rests: undirected }),
    bound.slider("stride", "Stride"),
    bound.slider("padding", "Padding"),
    bound.slider("dilation", "Dilation"),
    bound.toggle("enlarge", "Output as wide as the input"),
  ];

  function draw(state, colours, room) {
    const picture = photographs.shown(state);
    if (!picture) return WAITING;
    const { kernel_size: k, stride, padding, dilation, weights, preset, angle } = state;
    const [darkest, brightest] = range([picture], picture);
    const whole = framed([picture, padding], picture, padding, [darkest, brightest]);
    const made = compute(
      [picture, preset, k, angle, stride, padding, dilation, preset === "custom" && weights, colours.zero],
      state,
      picture,
      [darkest, brightest],
      colours,
    );
    const { kernel, output: result, rows, columns, signed, limit } = made;
    const [row, column] = placed(state);

    const beside = room > WIDE || whole.width <= SMALL;
    const side = beside ? (room - 24) / 2 : room;
    const scale = side / whole.width;
    const outScale = state.enlarge ? side / columns : Math.min(scale, side / columns);
    shown.widen(side, ["input", "output"]);
    input.paint(whole.pixels, whole.width, whole.height, scale);
    output.paint(made.pixels, columns, rows, outScale);
    const [top, left] = [row * stride, column * stride];
    input.mark(
      (context) => {
        if (padding) {
          context.setLineDash([4, 4]);
          const [from, wide, tall] = [padding, picture.width, picture.height].map((v) => v * scale);
          frame(context, from, from, wide, tall, colours.input, 1);
          context.setLineDash([]);
        }
        context.fillStyle = colours.tap;
        const dot = dilation === 1 ? 0 : Math.max(1.5, scale);
        for (let i = 0; dot && i < k; i += 1) {
          for (let j = 0; j < k; j += 1)
            context.fillRect((left + j * dilation) * scale, (top + i * dilation) * scale, dot, dot);
        }
        const reach = span(k, dilation) * scale;
        frame(context, left * scale, top * scale, reach, reach, colours.tap);
      },
      scale,
      [top, left, k, dilation, padding, colours.tap],
    );
    output.mark(
      (context) => frame(context, column * outScale, row * outScale, outScale, outScale, colours.tap),
      outScale,
      [row, column, colours.tap],
    );

    // In a narrow frame the products of a large kernel would be two more screens of digits that nobody reads.
    for (const panel of [shown.of.patch, shown.of.products]) setHidden(panel, room <= WIDE && k > READABLE);
    values = patch(picture.values, picture.height, picture.width, row, column, state);
    const products = values.map((value, tap) => value * kernel[tap]);
    const cell = Math.max(11, Math.min(44, Math.floor((Math.min(room / (room > WIDE ? 3 : 1) - 16, 260) - 2) / k)));
    const grids = [
      [weightsGrid, kernel, signedPixels(kernel, Math.max(...kernel.map(Math.abs)) || 1, colours)],
      [patchGrid, values, greyPixels(values, 1 / (brightest - darkest), darkest)],
      [productGrid, products, signedPixels(products, Math.max(...products.map(Math.abs)) || 1, colours)],
    ];
    for (const [grid, numbers, tint] of grids) {
      grid.paint({
        rows: k,
        columns: k,
        size: cell,
        colours,
        look: (r, c) => ({ ...tinted(tint, r * k + c), value: rounded(numbers[r * k + c]) }),
      });
    }
    const size = [picture.height, picture.width];
    const sum = result[row * columns + column];
    const key = signed ? `blue −${short(limit)}, ${colours.zeroName} 0, red +${short(limit)}` : "grey";
    shown.say({
      input: `input ${size[0]} × ${size[1]}${padding ? `, padded with zeros to ${whole.height} × ${whole.width}` : ""}`,
      output: `output ${rows} × ${columns}, ${key}`,
      kernel: `kernel ${k} × ${k}, sum ${short(rounded(made.total))}`,
      patch: `× pixels at (${row}, ${column})`,
      products: `= products, which sum to ${short(rounded(sum))}`,
    });
    const words = `${sumInWords(kernel, values, k > 3 ? 4 : 9)} = ${long(sum)}`;
    return {
      status:
        `Output ${rows} × ${columns}, values ${long(made.low)} to ${long(made.high)}. Window ` +
        `(${row}, ${column}): ${words}.`,
      formula: `${axisFormula("height", size[0], state, rows)}\n${axisFormula("width ", size[1], state, columns)}`,
      torch: torchLine(state, size, [rows, columns]),
      numbers: () =>
        `${listed({ kernel: rowsOf(kernel, k), patch: rowsOf(values, k) })}\n` +
        `output[${row}, ${column}] = ${Number(sum.toPrecision(7))}`,
    };
  }

  return {
    stage: shown.all,
    controls,
    draw,
    destroy: () => [weightsGrid, patchGrid, productGrid, own].forEach((part) => part.destroy()),
  };
}

/** Rounding of float32 left away. */
const rounded = (value) => (Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(6)));

export default explorer({
  title: "Kernel on a photograph",
  schema: SCHEMA,
  misfit,
  ranges,
  bounds: { output_shape: outputShape },
  build,
});
