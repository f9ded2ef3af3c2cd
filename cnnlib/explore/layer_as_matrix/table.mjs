import { setHidden } from "../kit/dom.mjs";
import { grouped } from "../kit/format.mjs";
import { countTable as table } from "../kit/table.mjs";

const KINDS = ["dense", "local", "tiled", "shared"];

/** What each kind of layer costs, the tiled one only when it is shown; `update(connection, tally)` fills it in. */
export function countTable() {
  const { element, of, write } = table(["layer", "free parameters", "connections", "multiply-adds"], KINDS);
  return {
    element,
    update(connection, tally) {
      const texts = KINDS.map((kind) => {
        const { parameters, connections, macs } = tally[kind];
        const name = `${kind === connection ? "▸ " : ""}${kind}`;
        return [kind, [name, ...[parameters, connections, macs].map(grouped)]];
      });
      write(Object.fromEntries(texts), connection);
      setHidden(of.tiled.row, connection !== "tiled");
    },
  };
}
