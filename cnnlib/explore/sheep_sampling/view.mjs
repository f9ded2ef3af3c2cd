import { button } from "../kit/controls.mjs";
import { ontoGrid } from "../kit/clamp.mjs";
import { h } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { WAITING, pictures } from "../kit/pictures.mjs";
import { pixelCanvas } from "../kit/pixels.mjs";
import { everywhere, here, misfit } from "./model.mjs";
import { MARGIN, drawPoints } from "./picture.mjs";
import { CELL, CELLS, DRAWS, HEIGHTS, KINDS, NAMES, SCHEMA } from "./schema.mjs";
import { STORED } from "./stored.mjs";
import { strip } from "./strip.mjs";
import { sharesTable } from "./table.mjs";
import { unpackScene } from "./unpacked.mjs";
import { averaged, captions, texts } from "./words.mjs";

const WIDEST = 350; // pixels of the picture

/** The picture with clear margins. */
function framed({ pixels, side }) {
  const all = side + 2 * MARGIN;
  const found = new Uint8ClampedArray(4 * all * all);
  for (let r = 0; r < side; r += 1)
    found.set(pixels.subarray(4 * r * side, 4 * (r + 1) * side), 4 * ((r + MARGIN) * all + MARGIN));
  return found;
}

function build({ change, request, state: readState, bound }) {
  const scenes = pictures(STORED, request, unpackScene);
  const go = (position) => change({ place: ontoGrid(position, [CELLS, CELLS]) });
  const picture = pixelCanvas({
    label: "The sheep with the points that the network reads. Press, or use the arrow keys, to choose a position.",
    press: (pixel) => go(pixel.map((v) => Math.round((v - MARGIN) / CELL))),
    move: (step) => go(readState().place.map((v, axis) => v + step[axis])),
  });
  const table = sharesTable((offsets) => change({ offsets }));
  const histogram = strip();
  const shown = panels({ seen: picture, table, strip: histogram });
  const { seen, ...beside } = shown.of;
  seen.classList.add("output");
  const side = h("div", { class: "side" }, ...Object.values(beside));
  const again = button("Draw another position", () =>
    change({ draw: (readState().draw + 1) % DRAWS, offsets: "elsewhere" }),
  );
  const controls = [
    bound.choice("offsets", "Points of", { names: NAMES }),
    bound.choice("layer", "Layer", { names: { all: "all three, composed" } }),
    bound.ladder("height", "Sheep, px", HEIGHTS),
    bound.slider("place", "Row", { axis: 0 }),
    bound.slider("place", "Column", { axis: 1 }),
    bound.toggle("lines", "Lines from the rigid grid"),
    { element: h("div", { class: "control buttons" }, again), update() {} },
  ];
  const whole = memo(framed);
  const overall = memo(everywhere);

  function draw(state, colours, room) {
    const scene = scenes.of(state.height);
    if (!scene) return WAITING;
    const found = here(scene, state);
    const all = overall([state.height, state.layer, state.draw], scene, state);
    const beside_ = room > 620;
    const width = Math.min(WIDEST, beside_ ? room * 0.47 : room);
    const across = scene.side + 2 * MARGIN;
    const scale = width / across;
    picture.paint(whole([state.height], scene), across, across, scale);
    picture.mark((context) => drawPoints(context, scale, state, scene, found, colours), scale);
    const rest = beside_ ? room - width - 24 : room;
    shown.widen(width, ["seen"]);
    side.style.width = beside_ ? `${rest}px` : "100%";
    table.update(state.offsets, found.kinds, Object.fromEntries(KINDS.map((kind) => [kind, averaged(all[kind])])));
    const said = captions(state, found, all);
    histogram.paint({
      width: rest,
      shares: all[state.offsets],
      rigid: all.rigid,
      mark: found.kinds[state.offsets].share,
      label: `Histogram of ${said.strip}.`,
      colours,
    });
    shown.say(said);
    return texts(state, scene, found, all);
  }

  const why =
    "There is no picture of your own here: the offsets were computed by a trained network that is not on this page, " +
    "and are stored for these scenes alone.";
  return { stage: [seen, side, h("p", { class: "legend" }, why)], controls, draw };
}

export default explorer({ title: "Sheep sampling", schema: SCHEMA, misfit, build });
