import { tinted } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { signedPixels } from "../kit/pixels.mjs";
import { span } from "../mirror/convolution.mjs";
import { kernelAt, weightAt } from "./model.mjs";

const LEVELS = 100; // of colour, on either side of zero
/** Fill and ink of a weight at -1 … 1 of the largest, made once a theme: a matrix has many cells. */
const tints = memo((colours) => {
  const pixels = signedPixels(
    Array.from({ length: 2 * LEVELS + 1 }, (_, k) => k - LEVELS),
    LEVELS,
    colours,
  );
  return Array.from({ length: 2 * LEVELS + 1 }, (_, k) => tinted(pixels, k));
});

/**
 * Draw the four grids and the table: the matrix with x above and y beside it, then x, the row's weights and y by
 * themselves.
 */
export function painter({ large, input, weights, output, shown, side, table }) {
  /** Where there is room for what: depends on the width and on the dimensions, so that no slider moves the page. */
  function layout({ dimensions }, room) {
    const broad = room > 560;
    const flat = dimensions === 1;
    const across = broad && flat ? Math.floor(room * 0.55) : room;
    const rest = broad && flat ? room - across - 24 : room;
    side.style.width = `${rest}px`;
    shown.widen(across, ["matrix"]);
    table.element.style.width = `${broad && !flat ? 290 : rest}px`;
    // on a phone two beside each other: among three an output of four digits has no room for them
    const box = flat
      ? [rest, 36]
      : broad
        ? [Math.floor((rest - 290 - 66) / 3), 132]
        : [Math.floor((rest - 22) / 2), 110];
    shown.widen(box[0], ["input", "weights", "output"]);
    return { across, box, tallest: broad ? 400 : Infinity };
  }

  return function paint(state, data, { at, tie, colours, room }) {
    const { shape, matrix, table: taps, free, x, y, limit, connected, tally } = data;
    const { height, width, tall, wide, rows, columns, down, pixels, outputs } = shape;
    const { connection, padding, row } = state;
    const start = row * pixels;
    const { across, box, tallest } = layout(state, room);
    const cellFor = (r, c) => Math.max(2, Math.floor(Math.min(32, (box[0] - 2) / c, (box[1] - 2) / r)));
    const kernelOf = (k) => kernelAt(state, shape, Math.floor(k / pixels));
    const tied = (k) =>
      tie !== null &&
      (connection === "dense"
        ? k === at.row * pixels + at.pixel
        : taps[k] === tie && kernelOf(k) === kernelAt(state, shape, at.row));
    const ofTheme = tints([colours.zero], colours);
    const weightLook = (value, lit) => ({
      ...ofTheme[LEVELS + Math.round((LEVELS * value) / limit)],
      value,
      edge: lit && "ink",
    });

    // no cell so small that its number vanishes, unless the page is too narrow for it
    const size = Math.floor(Math.min(54, (across - 2) / (pixels + 1), Math.max(13, (tallest - 2) / (outputs + 1))));
    large.paint({
      rows: outputs + 1,
      columns: pixels + 1,
      colours,
      size: Math.max(2, size),
      look(r, c) {
        if (r === 0 && c === pixels) return { fill: "paper", ink: "muted", text: "y" };
        if (r === 0) return { fill: connected[start + c] ? "tap" : "input", value: x[c] };
        if (c === pixels) return { fill: "output", value: y[r - 1] };
        const k = (r - 1) * pixels + c;
        return connected[k] ? weightLook(matrix[k], tied(k)) : { fill: "cell" };
      },
      frames: [
        { row: 1, column: 0, rows: outputs, columns: pixels, colour: "muted", width: 1 },
        ...(at && at.pixel !== null ? [{ row: 0, column: at.pixel, rows: outputs + 1, width: 1, dash: [3, 3] }] : []),
        { row: row + 1, column: 0, columns: pixels + 1 },
      ],
    });

    const [py, px] = [Math.floor(row / columns), row % columns];
    const framed = [height + 2 * down.padding, width + 2 * padding];
    input.paint({
      rows: framed[0],
      columns: framed[1],
      size: cellFor(...framed),
      colours,
      look(r, c) {
        const [v, u] = [r - down.padding, c - padding];
        const pixel = v >= 0 && u >= 0 && v < height && u < width ? v * width + u : null;
        if (pixel === null) return { fill: "cell" };
        const fill = connected[start + pixel] ? "tap" : "input";
        return { fill, value: x[pixel], edge: at && at.pixel === pixel && "ink" };
      },
      frames:
        connection === "dense"
          ? []
          : [
              {
                row: py * down.stride,
                column: px * state.stride,
                rows: span(tall, down.dilation),
                columns: span(wide, state.dilation),
                dash: state.dilation > 1 ? [4, 3] : [],
              },
            ],
    });
    const own = connection === "dense" ? [height, width] : [tall, wide];
    weights.paint({
      rows: own[0],
      columns: own[1],
      size: cellFor(...own),
      colours,
      look(r, c) {
        const k = r * own[1] + c;
        const lit = tie !== null && at.row === row && (connection === "dense" ? at.pixel === k : tie === k);
        return weightLook(weightAt(state, shape, free, row, k), lit);
      },
    });
    output.paint({
      rows,
      columns,
      size: cellFor(rows, columns),
      colours,
      look(r, c) {
        const index = r * columns + c;
        const reads = at && at.pixel !== null && at.row === null && connected[index * pixels + at.pixel];
        return { fill: reads ? "tap" : "output", value: y[index] };
      },
      frames: [{ row: py, column: px, width: 3 }],
    });
    output.setCursor([py, px]);
    table.update(connection, tally);
  };
}
