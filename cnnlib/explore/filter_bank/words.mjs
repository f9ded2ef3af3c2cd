import { asPython, grouped, rowsOf, short } from "../kit/format.mjs";

const three = (v) => short(Number(v.toFixed(3)));

/** What stands over each part of the picture. */
export function captionsOf({ filter, sort, rectify }, { bank, map, picture }, { zeroName }) {
  const strength = short(Math.max(-map.low, map.high));
  const value = ([r, c]) => short(map.output[r * map.columns + c], 2);
  return {
    gallery:
      `${bank.count} filters of ${bank.side} × ${bank.side} × 3, ` +
      `${sort === "index" ? "in the bank's own order" : `sorted by ${sort}`}`,
    input: `photograph ${picture.height} × ${picture.width}, the best windows 1 to ${map.best.length}`,
    output: `map ${map.rows} × ${map.columns}${rectify ? " after ReLU" : ""}: blue −, ${zeroName} 0, red + ${strength}`,
    best: `best: ${[map.best[0], map.best.at(-1)].map(value).join(" to ")}`,
    filter: `filter ${filter}`,
    red: "red",
    green: "green",
    blue: "blue",
    spectrum: "spectrum",
  };
}

/** One filter and one window in words, as a sum over the channels, and as a line of torch. */
export function texts({ filter, stride, rectify }, { bank, map, picture, order, row, column, weights, parted }) {
  const { side: k, count } = bank;
  const measured = bank.measured[filter];
  const total = map.output[row * map.columns + column];
  const bars = measured.oriented >= 0.5 ? `bars at ${Math.round(measured.orientation)}°` : "no clear direction";
  const parameters = 3 * k * k + 1;
  const terms = parted.map((v) => (v < 0 ? `(${three(v)})` : three(v))).join(" + ");
  const slice = (channel) => asPython(rowsOf(weights.subarray(channel * k * k, (channel + 1) * k * k), k));
  return {
    status:
      `Filter ${filter}: ${bars}, ${measured.frequency.toFixed(2)} cycles per pixel, colour ` +
      `${measured.colour.toFixed(2)}. ` +
      `Map ${map.rows} × ${map.columns}, values ${three(map.low)} to ${three(map.high)}, sparseness ` +
      `${map.sparseness.toFixed(2)}. Window (${row}, ${column}): ${three(total)}.`,
    formula:
      `map[${row}, ${column}] = Σ red + Σ green + Σ blue = ${terms} = ${three(total)}` +
      `${rectify ? `, after ReLU ${three(Math.max(0, total))}` : ""}\n` +
      `layer: ${count} · (${k}·${k}·3 + 1 bias) = ${count} · ${parameters} = ${grouped(count * parameters)} parameters`,
    torch:
      `torch.nn.functional.conv2d(x, w${stride > 1 ? `, stride=${stride}` : ""})[:, ` +
      `${filter}]${rectify ? ".relu()" : ""}  ` +
      `# (1, 3, ${picture.height}, ${picture.width}), (${count}, 3, ${k}, ${k}) -> (1, ${map.rows}, ${map.columns})`,
    numbers: () =>
      [
        ...["orientation", "oriented", "frequency", "colour", "energy"].map((name) => `${name} = ${measured[name]}`),
        `sparseness = ${map.sparseness}`,
        `low, high = ${map.low}, ${map.high}`,
        `order = [${order.join(", ")}]`,
        `best = [${map.best.map(([r, c]) => `[${r}, ${c}, ${map.output[r * map.columns + c]}]`).join(", ")}]`,
        `map[${row}, ${column}] = ${total} = sum([${parted.join(", ")}])`,
        ...["red", "green", "blue"].map((name, channel) => `${name} = ${slice(channel)}`),
      ].join("\n"),
  };
}
