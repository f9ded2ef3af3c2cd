import { listed, long, plural, rowsOf, short, sumInWords, torchLine } from "../kit/format.mjs";
import { outputSize } from "../mirror/convolution.mjs";
import { overlapCounts, reach } from "../mirror/transposed.mjs";
import { letter, outputShape } from "./model.mjs";

/** The formula of one axis with the numbers in it. */
function axisFormula(name, size, { kernel_size, stride, padding, output_padding, dilation }, output) {
  return (
    `${name}: (${size} − 1)·${stride} − 2·${padding} + ${dilation}·(${kernel_size} − 1) + 1 + ${output_padding} ` +
    `= ${output}`
  );
}

/**
 * What a convolution with the same parameters makes of the output's size: several sizes become one, and output_padding
 * says which of them comes back, unless dilation lets it reach the next.
 */
function wayBack(name, size, state, output) {
  const { stride, padding, output_padding } = state;
  const front = `${name}a convolution with these parameters maps`;
  if (output_padding >= stride) {
    const found = outputSize(output, state);
    return `${front} ${output} to ${found}, not back to ${size}: output_padding reaches the stride`;
  }
  const least = reach(size, state) - 2 * padding;
  const sizes = Array.from({ length: stride }, (_, extra) => least + extra).filter((n) => n > 0);
  if (sizes.length === 1) return `${front} only ${sizes[0]} to ${size}`;
  const list = `${sizes.slice(0, -1).join(", ")} and ${sizes.at(-1)}`;
  return `${front} ${list} to ${size}; output_padding=${output_padding} picks ${output}`;
}

/** How often stamps cover the positions of one period along a row, and what that has to do with the stride. */
function evenness(state) {
  const counts = overlapCounts(state);
  const along = counts.join(" ");
  const gaps = counts.includes(0);
  const word = counts.every((n) => n === counts[0]) ? "even" : gaps ? "uneven, with gaps of zeros" : "uneven";
  return `Inside, overlaps along a row repeat ${along}: ${word}.`;
}

/**
 * What is shown, in words: captions, the line that is announced, the formula with its numbers, the line of torch, the
 * numbers.
 */
export function texts(state, shown) {
  const { values, weights, frame, counts, sums, at, corner, kept, wrote, partner, pixel, tap, spot, tiny } = shown;
  const { size, kernel_size: k, padding, output_padding: extra, stride, dilation, show } = state;
  const [rows, columns] = outputShape(state);
  const value = values[at[0]][at[1]];
  const inOutput = (where) => `(${where.map((v) => v - padding).join(", ")})`;

  /** The position under the pointer: the products that make it, and what padding or output_padding did to it. */
  function ofSpot() {
    const total = frame[spot[0]][spot[1]];
    const sum = sumInWords(
      wrote.map((one) => weights[one.tap[0]][one.tap[1]]),
      wrote.map((one) => values[one.from[0]][one.from[1]]),
    );
    const made = wrote.length
      ? `${sum} = ${long(total)}, from pixel${wrote.length > 1 ? "s" : ""} ` +
        `${wrote.map((one) => `(${one.from.join(", ")})`).join(", ")}`
      : "no stamp covers it, so it is 0";
    if (!kept(...spot)) return `Cut off by padding: ${made}.`;
    const given = extra && [rows, columns].some((n, axis) => spot[axis] - padding >= n - extra);
    return `Output ${inOutput(spot)}${given ? ", there because of output_padding" : ""}: ${made}.`;
  }

  function ofTap() {
    const made = weights[tap[0]][tap[1]] * value;
    const where = kept(...partner) ? `onto output ${inOutput(partner)}` : "onto a position that padding cuts off";
    return (
      `Weight (${tap.join(", ")}) of pixel (${at.join(", ")})'s stamp writes ` +
      `${sumInWords([weights[tap[0]][tap[1]]], [value])} = ${long(made)} ${where}.`
    );
  }

  function ofPixel() {
    const reached = (line) => [0, 1].map((axis) => corner[axis] + dilation * line[axis]);
    let lost = 0;
    for (let i = 0; i < k; i += 1) for (let j = 0; j < k; j += 1) lost += Number(!kept(...reached([i, j])));
    const cut = lost ? `, ${lost === k * k ? "all" : lost} of them where padding cuts them off` : "";
    const shape = pixel ? "" : `Output ${rows} × ${columns}. `;
    return `${shape}Pixel (${at.join(", ")}) stamps ${short(value)} × the kernel: ${plural(k * k, "product")}${cut}.`;
  }

  function ofShow() {
    if (show === "overlaps") return ` ${evenness(state)}`;
    if (show === "phases") {
      const list = sums.map((sum, phase) => `${letter(phase)} ${long(sum)}`).join(", ");
      return ` Weights of the ${plural(stride ** 2, "phase")} sum to ${list}.`;
    }
    return "";
  }

  const status = (spot ? ofSpot() : tap ? ofTap() : ofPixel()) + ofShow();
  const both = size[0] === size[1];
  const axes = [
    ["height: ", size[0], rows],
    ["width:  ", size[1], columns],
  ];
  const back = both ? [["", size[0], rows]] : axes;
  const what = { values: "", overlaps: ", stamps on each pixel", phases: ", phase of each pixel" }[show];
  return {
    captions: {
      input: `input ${size[0]} × ${size[1]}`,
      kernel: `× kernel ${k} × ${k}`,
      stamp: "= stamp",
      output: `stamps added: output ${rows} × ${columns}${what}${tiny ? ", values under “Numbers as text”" : ""}`,
    },
    status,
    formula: [
      axisFormula("height", size[0], state, rows),
      axisFormula("width ", size[1], state, columns),
      ...back.map(([name, n, output]) => wayBack(name, n, state, output)),
    ].join("\n"),
    torch: torchLine(state, size, [rows, columns], "conv_transpose2d"),
    numbers() {
      const whole = (table) =>
        table.slice(padding, padding + rows).map((line) => line.slice(padding, padding + columns));
      return listed({
        input: values,
        kernel: weights,
        output: whole(frame),
        overlaps: whole(counts),
        phase_sums: rowsOf(sums, stride),
      });
    },
  };
}
