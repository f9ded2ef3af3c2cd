import { rowsOf, short } from "../kit/format.mjs";
import { recipe } from "./lines.mjs";
import { layout, measured, mistakes, outputs, sidesOf, unsaid, written } from "./model.mjs";
import { DIALECTS, LAYERS, MISTAKES } from "./schema.mjs";

const far = (off) => (Number.isNaN(off) ? "another size" : `off by ${off}`);

/** How far a dialect's words are off from what is given, as measured. */
export function verdict(state, target) {
  if (target === state.dialect) return "as given";
  if (unsaid(state, target)) return "none";
  return target === "exam" ? "size alone" : short(measured(state, target));
}

/** What goes wrong where a conversion is forgotten. */
export const forgotten = (state, target) =>
  Object.entries(mistakes(state, target)).map(([kind, off]) => `${MISTAKES[kind]}, ${far(off)}`);

function told(state) {
  const { target } = state;
  const name = DIALECTS[target];
  if (target === state.dialect) return "It is given in these words.";
  const why = unsaid(state, target);
  if (why) return `In the words of ${name} it can't be said: ${why.split(";")[0]}.`;
  if (target === "exam") return "The exam has words for its size alone.";
  const wrong = forgotten(state, target).join("; ") || "nothing can be";
  return `In ${name}: difference ${short(measured(state, target))}. Forgotten: ${wrong}.`;
}

export function texts(state, { rows, columns, values }) {
  const { dialect, target, channels, layer } = state;
  const [top, bottom, left, right] = sidesOf(state).sides;
  const said = unsaid(state, target) === null;
  const { shape } = layout(state, dialect);
  return {
    status:
      `${channels} x 4 x 5 becomes ${outputs(state)} x ${rows} x ${columns}: ${DIALECTS[dialect]} ` +
      `${layer === "transposed" ? "cuts off" : "adds"} ${top} above, ${bottom} below, ${left} on the left, ` +
      `${right} on the right. ${told(state)}`,
    formula: said
      ? `# a ${LAYERS[layer]}, from x and w as ${DIALECTS[dialect]} has them\n${recipe(state, target).join("\n")}`
      : "",
    torch: `# as given, in ${DIALECTS[dialect]}\n${recipe(state, dialect).join("\n")}`,
    numbers: () =>
      [
        `w.shape = (${shape.join(", ")})  # as ${DIALECTS[dialect]} has it`,
        `w = [${written(state, dialect).join(", ")}]`,
        `y.shape = (${outputs(state)}, ${rows}, ${columns})`,
        ...rowsOf(values, columns).map((row) => `[${row.join(", ")}]`),
        ...Object.keys(DIALECTS)
          .filter((name) => unsaid(state, name) === null)
          .map((name) => `# ${name}\n${recipe(state, name).join("\n")}`),
      ].join("\n"),
  };
}
