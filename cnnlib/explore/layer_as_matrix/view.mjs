import { onlyWhile } from "../kit/controls.mjs";
import { h } from "../kit/dom.mjs";
import { replaced, rowsOf } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { memo, valuesBut } from "../kit/memo.mjs";
import { legend, panels } from "../kit/panels.mjs";
import { brushes } from "./brushes.mjs";
import { countTable } from "./table.mjs";
import { painter } from "./paint.mjs";
import { bounds, computed, converted, kernelAt, misfit, ranges, weightAt } from "./model.mjs";
import { SCHEMA } from "./schema.mjs";
import { captionsOf, words } from "./words.mjs";

function build({ change, request, state: readState, bound }) {
  let hover = null; // {row, pixel}: what the pointer is on; row or pixel may be null
  let brush = null; // the number that a press paints; null lets it be written
  let byPointer = false;
  const remembered = memo(computed);
  const compute = (state) => remembered(valuesBut(state, "row"), state);
  const now = () => compute(readState());

  /** One weight of the matrix set, and with it all that are the same weight. */
  function setWeight(row, pixel, value) {
    const { table, shape } = now();
    setFree(row, table[row * shape.pixels + pixel], pixel, value);
  }
  /** The weight of a tap, or of a pixel where the layer is dense, set. */
  function setFree(row, tap, pixel, value) {
    const { free, shape } = now();
    const { connection } = readState();
    let where = [kernelAt(readState(), shape, row), tap];
    if (connection === "dense") where = [row, pixel];
    if (connection === "shared") where = [Math.floor(tap / shape.wide), tap % shape.wide];
    change({ preset: "custom", weights: replaced(free, where, value) });
  }
  function setPixel(pixel, value) {
    const { x, shape } = now();
    const where = [Math.floor(pixel / shape.width), pixel % shape.width];
    change({ pattern: "array", image: replaced(rowsOf(x, shape.width), where, value) });
  }
  function light(row, pixel) {
    hover = row === null && pixel === null ? null : { row, pixel };
    request();
  }
  /** A cell of the large grid: x stands above the matrix, y at its right. */
  function meaning(where) {
    if (!where) return { row: null, pixel: null };
    const { pixels } = now().shape;
    return { row: where[0] > 0 ? where[0] - 1 : null, pixel: where[1] < pixels ? where[1] : null };
  }
  function isWeight({ row, pixel }) {
    const { connected, shape } = now();
    return row !== null && pixel !== null && Boolean(connected[row * shape.pixels + pixel]);
  }
  const isInput = ({ row, pixel }) => row === null && pixel !== null;
  const writable = () => brush === null || !byPointer;
  /** A press or a drag: choose the row, and paint where there is a brush. */
  function press(at) {
    if (at.row !== null && at.row !== readState().row) change({ row: at.row });
    if (brush === null || !byPointer) return;
    if (isWeight(at)) setWeight(at.row, at.pixel, brush);
    else if (isInput(at)) setPixel(at.pixel, brush);
  }
  /** Space paints the cell under the cursor; a pointer and a key are told apart before the grid hears of them. */
  function paints(grid) {
    grid.element.addEventListener("pointerdown", () => (byPointer = true), true);
    grid.element.addEventListener(
      "keydown",
      (event) => {
        byPointer = false;
        if (event.key !== " " || event.target !== grid.view || brush === null) return;
        event.preventDefault();
        byPointer = true;
        press(hover ?? { row: null, pixel: null });
      },
      true,
    );
    return grid;
  }

  const large = paints(
    numberGrid({
      label: "Matrix, the input above it, the output at its right. Arrow keys move, Enter writes a number.",
      hover(where) {
        const at = meaning(where);
        light(at.row, at.pixel);
      },
      press: (where) => press(meaning(where)),
      nameCell(where) {
        const { row, pixel } = meaning(where);
        if (row === null) return pixel === null ? "corner" : `pixel ${pixel}`;
        return pixel === null ? `output ${row}` : `row ${row}, pixel ${pixel}`;
      },
      editable: (where) => writable() && (isWeight(meaning(where)) || isInput(meaning(where))),
      readCell(where) {
        const { row, pixel } = meaning(where);
        const { matrix, x, y, shape } = now();
        if (row === null) return x[pixel] ?? 0;
        return pixel === null ? y[row] : matrix[row * shape.pixels + pixel];
      },
      edit(where, value) {
        const { row, pixel } = meaning(where);
        if (row === null) setPixel(pixel, value);
        else setWeight(row, pixel, value);
      },
    }),
  );

  /** A cell of the padded input as a pixel, or null. */
  function inside([r, c]) {
    const { down, height, width } = now().shape;
    const [y, x] = [r - down.padding, c - readState().padding];
    return y >= 0 && x >= 0 && y < height && x < width ? y * width + x : null;
  }
  const input = paints(
    numberGrid({
      label: "Input. Arrow keys move over the pixels, Enter writes a number.",
      hover: (where) => light(null, where && inside(where)),
      press: (where) => press({ row: null, pixel: inside(where) }),
      editable: (where) => writable() && inside(where) !== null,
      nameCell: (where) => (inside(where) === null ? "padding" : `pixel ${inside(where)}`),
      readCell: (where) => now().x[inside(where)] ?? 0,
      edit: (where, value) => setPixel(inside(where), value),
    }),
  );
  /** A cell of the row's weights: the pixel that it reads, null in the padding, and its number. */
  function ofRow([r, c]) {
    const { connection, row } = readState();
    const { free, shape, table } = now();
    if (connection === "dense") return { row, pixel: r * shape.width + c, value: free[row][r * shape.width + c] };
    const tap = r * shape.wide + c;
    const at = table.subarray(row * shape.pixels, (row + 1) * shape.pixels).indexOf(tap);
    return { row, tap, pixel: at < 0 ? null : at, value: weightAt(readState(), shape, free, row, tap) };
  }
  const weights = numberGrid({
    label: "Weights of this row. Arrow keys move, Enter writes a number.",
    hover(where) {
      const { row, pixel } = where ? ofRow(where) : {};
      light(pixel == null ? null : row, pixel ?? null);
    },
    readCell: (where) => ofRow(where).value,
    edit(where, value) {
      const { row, tap, pixel } = ofRow(where);
      setFree(row, tap, pixel, value);
    },
  });
  const indexOf = ([r, c]) => r * now().shape.columns + c;
  const output = numberGrid({
    label: "Output. Arrow keys choose the row of the matrix.",
    hover: (where) => light(where && indexOf(where), null),
    press: (where) => press({ row: indexOf(where), pixel: null }),
    readCell: (where) => now().y[indexOf(where)],
  });

  const table = countTable();
  const shown = panels({ matrix: large, input, weights, output });
  for (const caption of Object.values(shown.captions)) caption.classList.add("line");
  const side = h("div", { class: "side" }, ...shown.all.slice(1), table.element);
  const swatches = legend([
    ["background:linear-gradient(90deg,var(--negative),var(--zero),var(--positive))", "weight: negative, 0, positive"],
    ["background:var(--cell)", "not connected: always zero"],
    ["background:var(--tap)", "read by this row"],
  ]);

  const painting = brushes((value) => {
    brush = value;
    for (const grid of [large, input]) grid.view.style.touchAction = value === null ? "" : "none";
  });
  /** Sizes that fit when the input gets another number of dimensions. */
  function fitting(dimensions) {
    const next = { ...readState(), dimensions };
    while (misfit(next) && next.dilation > 1) next.dilation -= 1;
    while (misfit(next)) next.kernel_size -= 1;
    return { dimensions, kernel_size: next.kernel_size, dilation: next.dilation };
  }
  /** Another kind of layer or another period; weights of one's own come along. */
  function tie(connection, period = readState().period) {
    const state = readState();
    const own = state.preset === "custom" ? { weights: converted(state, connection, period) } : {};
    change({ connection, period, ...own });
  }
  const controls = [
    bound.ladder("dimensions", "Input", [1, 2], {
      names: { 1: "a line (1-D)", 2: "an image (2-D)" },
      write: (value) => change(fitting(value)),
    }),
    bound.choice("connection", "Layer", {
      names: { shared: "local, shared", tiled: "local, taking turns", local: "local, unshared" },
      write: (connection) => tie(connection),
    }),
    onlyWhile(
      (state) => state.connection === "tiled",
      bound.slider("period", "Period", { write: (period) => tie("tiled", period) }),
    ),
    onlyWhile((state) => state.dimensions === 1, bound.slider("length", "Length")),
    onlyWhile((state) => state.dimensions === 2, bound.slider("size", "Height", { axis: 0 })),
    onlyWhile((state) => state.dimensions === 2, bound.slider("size", "Width", { axis: 1 })),
    bound.slider("kernel_size", "Kernel size"),
    bound.slider("stride", "Stride"),
    bound.slider("padding", "Padding"),
    bound.slider("dilation", "Dilation"),
    bound.choice("preset", "Weights", {
      names: { counted: "counted through", difference: "right − left", custom: "your numbers" },
      write: (preset) => change(preset === "custom" ? { preset, weights: now().free } : { preset }),
    }),
    bound.choice("pattern", "Pixels", {
      names: { positions: "10·row + column", impulse: "one 1", edge: "an edge", array: "your numbers" },
      write(pattern) {
        const { x, shape } = now();
        change(pattern === "array" ? { pattern, image: rowsOf(x, shape.width) } : { pattern });
      },
    }),
    painting,
  ];

  const paint = painter({ large, input, weights, output, shown, side, table });

  function draw(state, colours, room) {
    const data = compute(state);
    const { outputs, pixels } = data.shape;
    const there =
      hover && (hover.row === null || hover.row < outputs) && (hover.pixel === null || hover.pixel < pixels);
    const at = there ? hover : null;
    const held = at && at.row !== null && at.pixel !== null;
    const tie = held && data.connected[at.row * pixels + at.pixel] ? data.table[at.row * pixels + at.pixel] : null;
    paint(state, data, { at, tie, colours, room: Math.max(200, room) });
    shown.say(captionsOf(state, data.shape));
    return words(state, data, { row: state.row, at, tie });
  }

  return {
    stage: [shown.of.matrix, side, swatches],
    controls,
    draw,
    destroy() {
      for (const grid of [large, input, weights, output]) grid.destroy();
    },
  };
}

export default explorer({ title: "A layer as a matrix", schema: SCHEMA, misfit, bounds, ranges, build });
