import { asPython, capital, plural } from "../kit/format.mjs";
import { used } from "./model.mjs";
import { COLOURS, EXACT, SCHEMA, SIDE } from "./schema.mjs";
import { KERNELS } from "./tables.mjs";

/** The kinds of pixel, by what is measured there: in the order of rows and columns of the mosaic. */
export const KINDS = ["red", "green, red row", "green, blue row", "blue"];

/** Decibels with one digit; above `EXACT` only rounding is left. */
export const decibelText = (value) => (value < EXACT ? value.toFixed(1) : `over ${EXACT}`);

/** How many weights the kernels have in all. */
export function weightsOf({ kernels, kernel_size: size }) {
  const taps = KERNELS[`${kernels}${size}`][0];
  return COLOURS.length * size * size * taps[0][0].length * taps[0][0][0].length;
}

/** By how much the kernels are shifted against the mosaic. */
export function movedBy({ kernels, shift: [down, right] }) {
  if (kernels === "shared" || (!down && !right)) return "";
  const by = [down && `${plural(down, "row")} down`, right && `${plural(right, "column")} right`].filter(Boolean);
  return `, shifted ${by.join(" and ")}`;
}

export function texts(state, { decibels }) {
  const { kernels, kernel_size: size, position, colour, shift } = state;
  const learned = kernels === "bilinear" ? "nothing learned" : `${weightsOf(state)} weights`;
  const others = SCHEMA.kernels.choices.filter((name) => name !== kernels);
  const down = kernels === "shared" ? 0 : shift[0] % 2;
  const right = kernels === "shared" ? 0 : shift[1] % 2;
  const period = kernels === "shared" ? "1 × 1" : "2 × 2";
  return {
    status:
      `${capital(kernels)}, ${learned}: ${decibelText(decibels[kernels])} dB on this piece; ` +
      `${others.map((name) => `${name} ${decibelText(decibels[name])}`).join(", ")}.`,
    formula:
      `colour at (row, column) = sum over the ${size} × ${size} pixels around of weight × measured value; ` +
      `the kernel repeats with period ${period}` +
      (down || right ? `, and every one is used where another belongs` : ""),
    torch:
      kernels === "shared"
        ? `torch.nn.functional.conv2d(mosaic, w)  # w: (3, 1, ${size}, ${size})`
        : "torch.nn.functional.pixel_shuffle(torch.nn.functional.conv2d(mosaic, w, stride=2), 2)" +
          `  # w: (12, 1, ${size + 1}, ${size + 1}): the four kernels of each colour, a pixel apart`,
    numbers: () =>
      `position = (${position.join(", ")})  # of ${SIDE} x ${SIDE} pixels\n` +
      used(state)
        .map((kernel, k) => `# ${colour} at a pixel that measures ${KINDS[k]}\nkernel_${k} = ${asPython(kernel)}`)
        .join("\n"),
  };
}
