import { positions, windowOf } from "./model.mjs";

/** What is shown, in words: the line that is announced, the formula with numbers, the line of torch, the numbers. */
export function texts(state) {
  const numbers = windowOf(state);
  const sum = numbers.reduce((total, number) => total + number, 0);
  return {
    status: `Window ${state.position} of ${positions(state)} sums to ${sum}.`,
    formula: `${numbers.join(" + ")} = ${sum}`,
    torch: `torch.arange(${state.size})[${state.position}:${state.position + state.kernel_size}].sum()`,
    numbers: () => `window = [${numbers.join(", ")}]\nsum = ${sum}`,
  };
}
