import { h, setText, styleLater } from "./dom.mjs";

/**
 * The parts of a picture, each under a caption: `const shown = panels({ input, output })`, of grids, pictures, charts
 * or plain elements by name.
 *   shown.all               the panels, for `stage`
 *   shown.of.input          one of them
 *   shown.say({ input: "input 8 × 8" })   what stands over them
 *   shown.widen(300)        each as wide as that; `widen(300, ["input"])` these
 */
export function panels(parts) {
  const captions = {};
  const of = {};
  for (const [name, part] of Object.entries(parts)) {
    captions[name] = h("span", { class: "caption" });
    of[name] = h("div", { class: `panel ${name}` }, captions[name], part.element ?? part);
  }
  return {
    of,
    all: Object.values(of),
    captions,
    say(texts) {
      for (const [name, text] of Object.entries(texts)) setText(captions[name], text);
    },
    widen(width, names = Object.keys(of)) {
      for (const name of names) styleLater(of[name], { width: `${width}px` });
    },
  };
}

/** What the colours mean: `[style of the swatch, text]` for each. */
export const legend = (entries) =>
  h(
    "p",
    { class: "legend" },
    ...entries.map(([style, text]) => h("span", {}, h("span", { class: "swatch", style }), text)),
  );
