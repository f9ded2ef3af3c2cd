import { grouped, plural } from "../kit/format.mjs";
import { KINDS, NAMES, binary, counts, prefixed, what } from "./model.mjs";
import { DTYPES, OPTIMIZERS } from "./schema.mjs";

/** What each layer costs, in words, as a product of its factors, and as two lines of torch. */
export function texts(state, cost) {
  const { side, channels, filters, kernel_size: k, bias, quantity, dtype, optimizer, batch_size } = state;
  const found = counts(state);
  const inBytes = quantity === "memory" || quantity === "outputs";
  const learned = quantity === "parameters" || quantity === "memory";
  const copies =
    optimizer === "none" ? "" : ` · (1 weight + 1 gradient + ${OPTIMIZERS[optimizer][1]} of the optimiser)`;
  const more = {
    parameters: "",
    memory: ` · ${DTYPES[dtype]} bytes${copies}`,
    "multiply-adds": batch_size === 1 ? "" : ` · ${grouped(batch_size)} images`,
    outputs: ` · ${DTYPES[dtype]} bytes · ${plural(batch_size, "image")}`,
  }[quantity];
  const read = (taps) => (learned && bias ? `(${taps} + 1)` : taps);
  const positions = `${side}·${side} positions`;
  const window = `${read(`${k}·${k}·${channels}`)} · ${filters} filters`;
  const line =
    quantity === "outputs"
      ? {
          dense: `${grouped(found.dense.outputs)} units`,
          local: `${filters} filters · ${positions}`,
          shared: `${filters} filters · ${positions}`,
        }
      : {
          dense: `${read(`${side}·${side}·${channels}`)} · ${grouped(found.dense.outputs)} units`,
          local: `${window} · ${positions}`,
          shared: `${window}${learned ? "" : ` · ${positions}`}`,
        };
  const sums = KINDS.map((kind) => {
    const size = inBytes ? ` bytes = ${prefixed(cost[kind], "B")} = ${binary(cost[kind])}` : "";
    return `${`${kind}:`.padEnd(8)}${line[kind]}${more} = ${grouped(cost[kind])}${size}`;
  });
  const option = bias ? "" : ", bias=False";
  const padding = k > 1 ? `, padding=${(k - 1) / 2}` : "";
  return {
    status:
      `Side ${grouped(side)}, ${what(state)}: ` +
      `${KINDS.map((kind) => `${NAMES[kind]} ${grouped(cost[kind])}`).join("; ")}.`,
    formula: sums.join("\n"),
    torch:
      `nn.Linear(${side} * ${side} * ${channels}, ${found.dense.outputs}${option})\n` +
      `nn.Conv2d(${channels}, ${filters}, ${k}${padding}${option})`,
    numbers: () =>
      KINDS.map((kind) => {
        const { parameters, macs, outputs } = found[kind];
        return `${kind} = {"parameters": ${parameters}, "macs": ${macs}, "outputs": ${outputs}, "cost": ${cost[kind]}}`;
      }).join("\n"),
  };
}
