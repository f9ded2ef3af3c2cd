import { h, setAttribute, setText } from "../kit/dom.mjs";
import { extent, resize, signedPixels } from "../kit/pixels.mjs";
import { largest, mapOf, NAMES, rowOf } from "./model.mjs";
import { SCHEMA } from "./schema.mjs";
import { FIRST_STAGES } from "./tables.mjs";

/** The rows that the strip shows; the squeezes lie between them and are met on the way down. */
const STAGES = NAMES.filter((name) => !name.endsWith("_squeeze"));

const BLANK = { values: new Float32Array(1), means: [0], side: 1 };

/** A map that the page holds from the start, in 14 x 14 levels. */
function stored(text) {
  const levels = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return { values: Float32Array.from(levels), means: [0], side: 14 };
}

/** The network as a strip of stages, each with the map of its strongest channel. `open(stage)` when one is pressed. */
export function strip(open) {
  const tiles = STAGES.map((name, at) => {
    const canvas = h("canvas", { class: "pixels", "aria-hidden": "true", width: 1, height: 1 });
    const size = h("span", {});
    const sees = h("span", {});
    const label = h("b", {}, name);
    const element = h("button", { type: "button", onclick: () => open(name) }, canvas, label, size, sees);
    return { name, canvas, size, sees, element, first: stored(FIRST_STAGES[at]), shown: [] };
  });
  return {
    element: h("div", { class: "tiles" }, ...tiles.map((tile) => tile.element)),
    show(state, maps, colours) {
      for (const tile of tiles) {
        const [channels, side, field] = rowOf(state, tile.name);
        setText(tile.size, `${channels}×${side}²`);
        setText(tile.sees, `sees ${field}²`);
        setAttribute(tile.element, "aria-pressed", String(tile.name === state.stage));
        const row = maps?.[tile.name] ?? (state.photo === SCHEMA.photo.default ? tile.first : BLANK);
        if (tile.shown[0] === row && tile.shown[1] === colours.zero) continue;
        tile.shown = [row, colours.zero];
        const map = mapOf(row, largest(row.means, 1)[0]);
        resize(tile.canvas, row.side, row.side);
        const pixels = signedPixels(map, extent(map)[1] || 1, colours);
        tile.canvas.getContext("2d").putImageData(new ImageData(pixels, row.side, row.side), 0, 0);
      }
    },
  };
}
