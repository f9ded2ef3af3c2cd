import { kernelAt, tileOf, weightAt } from "./model.mjs";
import { listed, long, plural, rowsOf, sumInWords, torchLine } from "../kit/format.mjs";

const TERMS = 5; // of an equation; more only fill the page

/**
 * What a layer as a matrix says: the status, the equation of `row`, the line of torch, the numbers. `computed` is what
 * the explorer keeps of a state, `at` the {row, pixel} under the pointer or null, `tie` the tap of the weight there or
 * null.
 */
export function words(state, computed, { row, at, tie }) {
  const { connection, dimensions } = state;
  const { shape, matrix, table: taps, free, x, y, connected, tally } = computed;
  const { height, width, tall, wide, rows, columns, down, pixels, outputs } = shape;
  const start = row * pixels;
  const nameY = (index) => (dimensions === 1 ? `y[${index}]` : `y[${Math.floor(index / columns)},${index % columns}]`);
  const nameX = (pixel) => (dimensions === 1 ? `x[${pixel}]` : `x[${Math.floor(pixel / width)},${pixel % width}]`);
  const terms = [];
  if (connection === "dense") {
    for (let c = 0; c < pixels; c += 1) terms.push([`A[${row},${c}]`, nameX(c), matrix[start + c], x[c]]);
  } else {
    const suffix = { local: nameY(row).slice(1), tiled: `(${kernelAt(state, shape, row)})` }[connection] ?? "";
    for (let tap = 0; tap < tall * wide; tap += 1) {
      const pixel = taps.subarray(start, start + pixels).indexOf(tap);
      const value = weightAt(state, shape, free, row, tap);
      terms.push([`W${tap + 1}${suffix}`, pixel < 0 ? "0" : nameX(pixel), value, pixel < 0 ? 0 : x[pixel]]);
    }
  }
  const symbols = terms
    .slice(0, TERMS)
    .map(([w, pixel]) => `${w}·${pixel}`)
    .join(" + ");
  const { parameters, connections, macs } = tally[connection];
  const tile = tileOf(state, shape);
  const kernels = tile[0] * tile[1];
  return {
    status:
      `${sentence()} This layer: ${plural(parameters, "free parameter")}, ${plural(connections, "connection")}, ` +
      `${plural(macs, "multiply-add")}.`,
    formula: [
      `${nameY(row)} = ${symbols}${terms.length > TERMS ? " + …" : ""}`,
      `     = ${sumInWords(
        terms.map((t) => t[2]),
        terms.map((t) => t[3]),
        TERMS,
      )} = ${long(y[row])}`,
      `free parameters: dense ${outputs}·${pixels} = ${tally.dense.parameters}, ` +
        `local ${outputs}·${tall * wide} = ${tally.local.parameters}, ` +
        (connection === "tiled" ? `tiled ${kernels}·${tall * wide} = ${parameters}, ` : "") +
        `shared ${tall * wide}`,
    ].join("\n"),
    torch: torchFor(),
    numbers: () =>
      listed({
        input: rowsOf(x, width),
        weights: free,
        matrix: rowsOf(matrix, pixels),
        output: rowsOf(y, columns),
      }),
  };

  function sentence() {
    if (tie !== null) {
      if (connection === "dense")
        return `A[${at.row},${at.pixel}] = ${long(matrix[at.row * pixels + at.pixel])} occurs once.`;
      const name = `W${tie + 1} = ${long(matrix[at.row * pixels + at.pixel])}`;
      if (connection === "local")
        return `${name} of row ${at.row} occurs once: every other row has a W${tie + 1} of its own.`;
      const kernel = kernelAt(state, shape, at.row);
      const of = connection === "tiled" ? ` of kernel ${kernel}` : "";
      let copies = 0;
      taps.forEach((tap, k) => (copies += tap === tie && kernelAt(state, shape, Math.floor(k / pixels)) === kernel));
      return copies === 1
        ? `${name}${of} occurs once.`
        : `${name}${of} occurs ${copies} times: change one, and all ${copies} change.`;
    }
    if (at && at.row !== null && at.pixel !== null)
      return `Output ${at.row} does not read pixel ${at.pixel}: this entry is always zero.`;
    if (at && at.pixel !== null) {
      let readers = 0;
      for (let output = 0; output < outputs; output += 1) readers += connected[output * pixels + at.pixel];
      return (
        `Pixel ${at.pixel}, ${nameX(at.pixel)}, is column ${at.pixel}: ${plural(readers, "output")} ` +
        `read${readers === 1 ? "s" : ""} it.`
      );
    }
    return `Row ${row} of 0 to ${outputs - 1}: ${nameY(row)} = ${long(y[row])}.`;
  }

  function torchFor() {
    if (connection === "dense") return `torch.nn.functional.linear(x.flatten(), A)  # A: (${outputs}, ${pixels})`;
    const pair = (name, plainly) => (dimensions === 1 ? `(${down[name]}, ${state[name]})` : plainly);
    if (connection !== "shared") {
      const given = [
        ["stride", 1],
        ["padding", 0],
        ["dilation", 1],
      ]
        .filter(([name, usual]) => state[name] !== usual)
        .map(([name]) => `, ${name}=${pair(name, state[name])}`);
      const unfolded = `torch.nn.functional.unfold(x, (${tall}, ${wide})${given.join("")})`;
      const turns =
        rows === 1
          ? `torch.arange(${columns}) % ${tile[1]}`
          : `(torch.arange(${rows})[:, None] % ${tile[0]} * ${tile[1]} + ` +
            `torch.arange(${columns}) % ${tile[1]}).ravel()`;
      const [used, many] = connection === "local" ? ["w", outputs] : [`w[${turns}]`, kernels];
      return `(${unfolded} * ${used}.T).sum(1)  # w: (${many}, ${tall * wide}); torch has no such layer`;
    }
    const line = torchLine(state, [height, width], [rows, columns]);
    if (dimensions === 2) return line;
    return [width, columns].reduce(
      (text, n) => text.replace(`(1, 1, 1, ${n})`, `(1, 1, ${n})`),
      line.replace("conv2d", "conv1d"),
    );
  }
}

/** What stands over the matrix, x, the weights and y. */
export function captionsOf(state, shape) {
  const { connection, dimensions, padding, row } = state;
  const { height, width, rows, columns, pixels, outputs } = shape;
  return {
    matrix: `A, ${outputs} × ${pixels}: rows are outputs, columns pixels`,
    input: `x, ${dimensions === 1 ? width : `${height} × ${width}`}${padding ? ", padded" : ""}`,
    weights:
      { shared: "shared kernel", tiled: `kernel ${kernelAt(state, shape, row)}` }[connection] ??
      `weights of row ${row}`,
    output: `y, ${dimensions === 1 ? columns : `${rows} × ${columns}`}`,
  };
}
