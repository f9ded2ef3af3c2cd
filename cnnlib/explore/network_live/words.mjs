import { capital, long, short } from "../kit/format.mjs";
import { fieldOf, FIRST, heaviest, isChanged, largest, rowOf, sideOf } from "./model.mjs";
import { SCHEMA } from "./schema.mjs";

/** A photograph's name as a title: "great_wall_of_china" -> "Great Wall of China". */
export const titled = (name) =>
  name
    .split("_")
    .map((word, k) => (k && /^(of|de|du|des)$/.test(word) ? word : capital(word)))
    .join(" ");

/** What can be taken out, for the list. */
export const REMOVAL_NAMES = Object.fromEntries(
  SCHEMA.remove.choices.slice(1).map((name) => [name, name.replace(/ (\d)x\d$/, ", its $1 × $1 half")]),
);

const WRITTEN = 4; // products in the formula

/** What is done to the picture by the square that covers it, in words. */
export const coverWords = ({ cover, cover_size, cover_fill }) =>
  cover_size ? `${cover_size} × ${cover_size} pixels about (${cover.join(", ")}) are covered (${cover_fill}). ` : "";

/** Everything that is said once the prediction is there. */
export function texts(state, { classes, probabilities, intact, channel, position, value, unit, channels }) {
  const best = largest(probabilities, FIRST).map((number) => [classes[number], probabilities[number], number]);
  const first = largest(intact, 1)[0];
  const [count, side] = rowOf(state);
  const [row, column] = position;
  const name = state.stage === "conv10" ? ` (${classes[channel]})` : "";
  const before = isChanged(state) ? `; without the changes ${classes[first]} ${intact[first].toFixed(3)}` : "";
  return {
    status:
      `${best.map(([called, p]) => `${called} ${p.toFixed(3)}`).join(", ")}${before}. ` +
      `${coverWords(state)}Channel ${channel}${name} of ${state.stage}, ${side} × ${side}: ${short(value, 4)} ` +
      `at (${row}, ${column}).`,
    formula: `${formula(state, channel, position, unit)}\n${stageWords(state, position)}`,
    torch: torch(state, unit, count, side),
    numbers: () =>
      [
        `best = ${JSON.stringify(best)}`,
        `intact = ${JSON.stringify([classes[first], intact[first]])}`,
        `channel, position, value = ${channel}, [${row}, ${column}], ${value}`,
        `order = [${channels.join(", ")}]`,
        `terms = ${unit.terms.length}  # channel, row, column, weight, value of the largest products`,
        ...heaviest(unit, 12).map((term) => `  [${term.join(", ")}]`),
        `bias, sum, total = ${unit.bias}, ${unit.before}, ${unit.total}`,
      ].join("\n"),
  };
}

function stageWords(state, position) {
  const [count, side] = rowOf(state);
  const { row, column, size } = fieldOf(state, position);
  const lines = (first) => `${short(first)} to ${short(first + size - 1)}`;
  const over = Math.min(row, column) < 0 || Math.max(row, column) + size > sideOf(state);
  return (
    `${state.stage}: ${count} channels of ${side} × ${side}; this unit sees ${size} × ${size} pixels, ` +
    `rows ${lines(row)} and columns ${lines(column)}${over ? "; beyond the picture's edges there is padding" : ""}`
  );
}

function formula({ stage }, channel, [row, column], unit) {
  const left = `${stage}[${channel}, ${row}, ${column}]`;
  if (!unit.layer) return `${left} = max of ${unit.terms.length} = ${long(unit.total)}`;
  const some = heaviest(unit, WRITTEN);
  const terms = some.map(
    ([, , , weight, value]) => `${signed(weight)}·${value < 0 ? `(${short(value)})` : short(value)}`,
  );
  const more = unit.terms.length > some.length ? ` + … (${unit.terms.length} products)` : "";
  const sum = `${short(unit.bias)}${terms.join("")}${more}`;
  return `${left} = max(0, ${sum}) = max(0, ${long(unit.before)}) = ${long(unit.total)}`;
}

const signed = (weight) => `${weight < 0 ? " − " : " + "}${short(Math.abs(weight))}`;

function torch({ stage }, unit, count, side) {
  const shape = `(1, ${count}, ${side}, ${side})`;
  if (!unit.layer) return `torch.nn.functional.max_pool2d(x, 3, 2, ceil_mode=True)  # ${shape}`;
  const option = stage === "conv1" ? ", stride=2" : unit.k === 3 ? ", padding=1" : "";
  const call = `torch.nn.functional.conv2d(x, w, b${option})`;
  return `${call}.relu()  # ${unit.layer}, ${unit.source} -> ${stage} ${shape}`;
}

/** What is said before the network is there: the stored prediction, or that there is none. */
export function waitingTexts(stored, loading, changed) {
  const best = stored?.map(([name, share]) => `${name} ${share.toFixed(3)}`).join(", ");
  const known = best
    ? `The book's stored prediction: ${best}.`
    : "There is no stored prediction for a picture of your own.";
  const then = loading
    ? "The network is being loaded …"
    : "Run the network here to open its stages and to change things.";
  return {
    status: `${known} ${changed ? "Your change waits for it. " : ""}${then}`,
    torch: "cnnlib.layers.SqueezeNet()(x).softmax(1)  # (1, 3, 227, 227) -> (1, 1000)",
    numbers: () => known,
  };
}
