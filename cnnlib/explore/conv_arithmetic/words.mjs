import { axisFormula, listed, long, plural, short, sumInWords, torchLine } from "../kit/format.mjs";
import { leftOver } from "../mirror/convolution.mjs";

/**
 * What is shown, in words: the line that is announced, the formula with its numbers, the line of torch, the numbers.
 */
export function texts(state, shown) {
  const { values, weights, result, taps, idle, reading, pixel, held, partner } = shown;
  const {
    size: [height, width],
    position: [row, column],
    kernel_size: k,
  } = state;
  const [rows, columns] = [result.length, result[0].length];

  function status() {
    if (reading) {
      return `Pixel (${pixel.join(", ")}) is read by ${plural(reading[0].length * reading[1].length, "output")}.`;
    }
    if (held) {
      const [weight, value] = [weights[held[0]][held[1]], taps[held[0] * k + held[1]]];
      const inside = partner[0] >= 0 && partner[1] >= 0 && partner[0] < height && partner[1] < width;
      return (
        `Weight (${held.join(", ")}) meets ${inside ? `pixel (${partner.join(", ")})` : "the padding"} ` +
        `in this window: ${short(weight)}·${value < 0 ? `(${short(value)})` : short(value)} = ${long(weight * value)}.`
      );
    }
    return (
      `Output ${rows} × ${columns}. Window (${row}, ${column}): ${sumInWords(weights.flat(), taps)} ` +
      `= ${long(result[row][column])}.`
    );
  }

  const over = [leftOver(height, state), leftOver(width, state)];
  const floored =
    over[0] || over[1]
      ? `rounded down: ${plural(over[0], "row")} and ${plural(over[1], "column")} of the padded input are left over`
      : "divides exactly: nothing is left over";
  const unread = idle
    ? ` ${plural(idle, "pixel")} of ${height * width} ${idle === 1 ? "is" : "are"} read by no window.`
    : "";
  return {
    status: status() + unread,
    formula: [axisFormula("height", height, state, rows), axisFormula("width ", width, state, columns), floored].join(
      "\n",
    ),
    torch: torchLine(state, [height, width], [rows, columns]),
    numbers: () => listed({ input: values, kernel: weights, output: result }),
  };
}
