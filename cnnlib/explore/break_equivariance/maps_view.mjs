import { h, setHidden } from "../kit/dom.mjs";
import { frame } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { greyPixels, pixelCanvas, signedPixels } from "../kit/pixels.mjs";
import { SIDE, STRIDES } from "./schema.mjs";
import { compare, mean, moved, shifted, stack } from "./stack.mjs";
import { mapTexts } from "./words.mjs";

/** A picture and the moved picture, their maps, and whether the map has moved along. */
export function mapsView({ move, draggable }) {
  let pixelSize = 1; // CSS pixels of one pixel of the photograph
  const still = memo((layers, second, image) => {
    const map = stack(layers, second, image);
    return {
      map,
      high: map.reduce((most, v) => Math.max(most, v), 0) || 1,
      before: mean(map),
      picture: greyPixels(image),
    };
  });
  const views = {
    original: pixelCanvas({ label: "The photograph." }),
    input: pixelCanvas({ label: "The photograph, moved. Drag it, or move it with the arrow keys.", move }),
    output: pixelCanvas({ label: "The map of the moved photograph." }),
    reference: pixelCanvas({ label: "The map of the photograph, then moved." }),
    difference: pixelCanvas({ label: "The difference of the two maps." }),
  };
  const none = h("span", { class: "none" }, "no difference");
  views.difference.element.append(none);
  const shown = panels(views);
  draggable(views.input.element.querySelector(".marks"), () => pixelSize);

  /** The seam, where the picture begins again. */
  function seam(context, shift, colours) {
    context.strokeStyle = colours.tap;
    context.setLineDash([3, 3]);
    for (const axis of [0, 1]) {
      const at = (((shift[axis] % SIDE) + SIDE) % SIDE) * pixelSize;
      if (at) context.strokeRect(...(axis ? [at, -5, 999, 999] : [-5, at, 999, 999]));
    }
    context.setLineDash([]);
  }

  function draw(state, colours, room, image) {
    const { layers, second, shift, boundary, pooled, border } = state;
    const [stride, side] = [STRIDES[layers], SIDE / STRIDES[layers]];
    const { map, high, before, picture } = still([image, layers, second], layers, second, image);
    const input = shifted(image, SIDE, shift, boundary);
    const output = stack(layers, second, input);
    const way = shift.map((v) => v / stride);
    const reference = moved(map, side, way, boundary);
    const difference = output.map((v, k) => (Math.abs(v - reference[k]) < 1e-9 ? 0 : v - reference[k]));
    const edge = pooled ? 0 : border;
    const result = compare(output, reference, side, edge);

    const wide = Math.floor(room > 620 ? (room - 84) / 5 : room > 420 ? (room - 44) / 3 : (room - 20) / 2);
    shown.widen(wide);
    pixelSize = wide / SIDE;
    const scale = wide / side;
    views.original.paint(picture, SIDE, SIDE, pixelSize);
    views.input.paint(greyPixels(input), SIDE, SIDE, pixelSize);
    views.input.mark((context) => boundary === "circular" && seam(context, shift, colours), pixelSize, [
      boundary === "circular" && shift,
      colours.tap,
    ]);
    views.output.paint(greyPixels(output, 1 / high), side, side, scale);
    views.reference.paint(greyPixels(reference, 1 / high), side, side, scale);
    views.difference.paint(signedPixels(difference, high / 2, colours), side, side, scale);
    for (const name of ["output", "reference", "difference"]) {
      const [from, size] = [edge * scale, (side - 2 * edge) * scale];
      views[name].mark(
        (context) => {
          if (edge) frame(context, from, from, size, size, colours.tap);
          context.strokeStyle = colours.muted;
          context.lineWidth = 1;
          context.strokeRect(0.5, 0.5, wide - 1, wide - 1);
        },
        scale,
        [edge, colours.tap, colours.muted],
      );
    }
    setHidden(
      none,
      difference.some((v) => v !== 0),
    );
    const after = mean(output);
    shown.say({
      original: "picture x",
      input: "drag: moved, T x",
      output: pooled ? `f(T x), mean ${after.toFixed(4)}` : "its map, f(T x)",
      reference: pooled ? `f(x), mean ${before.toFixed(4)}` : "moved map, T′ f(x)",
      difference: "difference × 2",
    });
    return mapTexts(state, {
      way,
      side,
      result,
      unmoved: compare(output, map, side, edge),
      before,
      after,
      output,
      reference,
    });
  }

  return { panels: shown.all, draw };
}
