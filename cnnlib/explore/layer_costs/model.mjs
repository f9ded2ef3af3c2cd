import { grouped } from "../kit/format.mjs";
import { DTYPES, OPTIMIZERS } from "./schema.mjs";

export const KINDS = ["dense", "local", "shared"];
export const NAMES = { dense: "dense", local: "locally connected", shared: "shared" };

/**
 * Parameters, multiply-adds and outputs of each kind of layer for one image, as BigInt: a dense layer with as many
 * outputs as pixels passes 2^53, beyond which a JavaScript number is no longer exact.
 */
export function counts({ side, channels, units, filters, kernel_size, bias }) {
  const [n, c, f, k, b] = [side, channels, filters, kernel_size, Number(bias)].map(BigInt);
  const positions = n * n;
  const outputs = f * positions;
  const dense = units === null ? outputs : BigInt(units);
  const inputs = c * positions;
  const taps = k * k * c;
  return {
    dense: { parameters: (inputs + b) * dense, macs: inputs * dense, outputs: dense },
    local: { parameters: (taps + b) * f * positions, macs: taps * f * positions, outputs },
    shared: { parameters: (taps + b) * f, macs: taps * f * positions, outputs },
  };
}

/** The quantity that is shown, of each kind of layer, as BigInt. */
export function costs(state) {
  const found = counts(state);
  const { quantity, dtype, optimizer, batch_size } = state;
  const bytes = BigInt(DTYPES[dtype]);
  const copies = BigInt(optimizer === "none" ? 1 : 2 + OPTIMIZERS[optimizer][1]);
  const rule = {
    parameters: ({ parameters }) => parameters,
    memory: ({ parameters }) => parameters * bytes * copies,
    "multiply-adds": ({ macs }) => macs * BigInt(batch_size),
    outputs: ({ outputs }) => outputs * bytes * BigInt(batch_size),
  }[quantity];
  return Object.fromEntries(KINDS.map((kind) => [kind, rule(found[kind])]));
}

const STEPS = [
  [1e21, "Z"],
  [1e18, "E"],
  [1e15, "P"],
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
];

/** 160000000000 bytes -> "160 GB": four significant digits and a decimal prefix. */
export function prefixed(value, unit = "") {
  const number = Number(value);
  const [size, prefix] = STEPS.find(([step]) => number >= step * 0.99995) ?? [1, ""];
  return `${String(Number((number / size).toPrecision(4)))}${prefix || unit ? " " : ""}${prefix}${unit}`;
}

/** 160000000000 bytes -> "149 GiB", in powers of 1024. */
export function binary(value) {
  const power = Math.min(8, Math.floor(Math.log2(Number(value)) / 10));
  return (
    `${Number((Number(value) / 1024 ** power).toPrecision(4))} ` +
    `${["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"][power]}B`
  );
}

/** What is counted, in words. */
export function what({ quantity, optimizer, batch_size }) {
  if (quantity === "parameters") return "parameters";
  if (quantity === "memory")
    return optimizer === "none" ? "bytes of weights" : `bytes to train with ${OPTIMIZERS[optimizer][0]}`;
  const images = batch_size === 1 ? "one image" : `${grouped(batch_size)} images`;
  return quantity === "outputs" ? `bytes of outputs for ${images}` : `multiply-adds for ${images}`;
}

export const misfit = ({ kernel_size: k }) =>
  k % 2 ? null : `kernel_size=${k} is even, and no equal padding keeps the size of the image; use ${k - 1} or ${k + 1}`;
