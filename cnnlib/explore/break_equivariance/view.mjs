import { clamp } from "../kit/clamp.mjs";
import { h, setHidden, setText } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { memo } from "../kit/memo.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { WAITING, pictures } from "../kit/pictures.mjs";
import { middleSquare } from "../mirror/area.mjs";
import { mapsView } from "./maps_view.mjs";
import { SCHEMA, SIDE, STRIDES } from "./schema.mjs";
import { SHIFTED } from "./tables.mjs";
import { tableView } from "./table_view.mjs";

const LAYERS = {
  circular: "Convolutions, circular",
  zero_padding: "Convolutions, zero padding",
  stride: "Second one with stride 2",
  max_pool: "Then 2 × 2 max pooling",
  blur_pool: "Then blur pooling",
  dense: "Dense, random weights",
  squeezenet: "SqueezeNet, pretrained",
};
/** What the picture is held against. */
const ASKED = {
  equivariant:
    "Equivariant means: moving the picture and then computing its map gives the same as " +
    "computing the map and then moving it.",
  invariant: "Invariant means: moving the picture does not change what the network says of it.",
};
const PHOTOGRAPHS = Object.fromEntries(Object.entries(SHIFTED).map(([name, { picture }]) => [name, picture]));

/** The widest border to leave out of a map of these layers. */
const mostBorder = (layers) =>
  layers === "squeezenet"
    ? SCHEMA.border.high
    : Math.min(SCHEMA.border.high, Math.floor(SIDE / STRIDES[layers] / 2) - 2);

function misfit({ photo, layers, border }) {
  if (photo === "array" && layers === "squeezenet")
    return (
      "layers='squeezenet' is a table of stored predictions, which has none for photo='array'; " +
      "use other layers, or NetworkLive(image=...)"
    );
  const [side, most] = [Math.floor(SIDE / STRIDES[layers]), mostBorder(layers)];
  return border <= most
    ? null
    : `border=${border} leaves too little of the ${side} x ${side} positions of layers='${layers}'; ` +
        `use border <= ${most}`;
}

const ranges = { border: ({ layers }) => [0, mostBorder(layers)] };
/** The square in the middle of a reader's own picture, in double precision. */
const openSquare = (shape, values) => ({ own: middleSquare(values, 1, shape, SIDE) });

const within = (shift) => shift.map((v) => clamp(v, SCHEMA.shift.low, SCHEMA.shift.high));

function build(tools) {
  const { change, request, state: readState, bound } = tools;
  const photographs = pictures(PHOTOGRAPHS, request, undefined, openSquare);
  /** The picture in the 256 levels of the file, in double precision as Python has it. */
  const levels = memo(({ own, values }) => own ?? Float64Array.from(values, (v) => Math.round(v * 255) / 255));
  const move = (step) => change({ shift: within(readState().shift.map((v, axis) => v + step[axis])) });
  /**
   * Let a picture be dragged: it stays under the finger. `pixel()` is the size of a pixel of the shift on the screen.
   */
  function draggable(handle, pixel) {
    Object.assign(handle.style, { touchAction: "none", cursor: "grab" });
    let held = null;
    handle.addEventListener("pointerdown", (event) => {
      held = { at: [event.clientY, event.clientX], shift: readState().shift };
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (!held) return;
      const way = [event.clientY - held.at[0], event.clientX - held.at[1]];
      const shift = within(held.shift.map((v, axis) => v + Math.round(way[axis] / pixel())));
      if (String(shift) !== String(readState().shift)) change({ shift });
    });
    for (const kind of ["pointerup", "pointercancel"]) handle.addEventListener(kind, () => (held = null));
  }
  const views = [mapsView({ ...tools, move, draggable }), tableView({ ...tools, move, draggable })];
  const viewOf = (state) => views[Number(state.layers === "squeezenet")];

  const pretrained = (state) => (state.layers === "squeezenet" ? "no effect on the table" : "");
  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    misfit,
    hides: ({ layers }) => (layers === "squeezenet" ? ["array"] : []),
    also: ({ layers }) => (layers === "squeezenet" ? { layers: SCHEMA.layers.default } : {}),
    most: SIDE,
    square: true,
  });
  const controls = [
    bound.choice("layers", "Layers", {
      names: LAYERS,
      options: ({ photo }) => SCHEMA.layers.choices.filter((name) => name !== "squeezenet" || photo !== "array"),
      write: (layers) => change({ layers, border: Math.min(readState().border, mostBorder(layers)) }),
    }),
    list,
    own,
    bound.slider("shift", "Down", { axis: 0 }),
    bound.slider("shift", "Right", { axis: 1 }),
    bound.choice("boundary", "Comes in", { names: { circular: "the other edge", zero: "black" } }),
    bound.choice("second", "2nd filter", {
      rests: (state) => pretrained(state) || (state.layers === "dense" ? "a dense layer has no filters" : ""),
    }),
    bound.slider("border", "Leave out", {
      rests: (state) => pretrained(state) || (state.pooled ? "a mean has no border" : ""),
    }),
    bound.toggle("pooled", "Then average over all positions", { rests: pretrained }),
  ];

  const asked = h("p", { class: "legend" });

  function draw(state, colours, room) {
    const picture = photographs.shown(state);
    const view = viewOf(state);
    setText(asked, ASKED[state.layers === "squeezenet" || state.pooled ? "invariant" : "equivariant"]);
    for (const each of views) for (const panel of each.panels) setHidden(panel, each !== view || !picture);
    return (picture && view.draw(state, colours, room, levels([picture], picture))) ?? WAITING;
  }

  return {
    stage: [...views.flatMap((view) => view.panels), asked],
    controls,
    draw,
    destroy: own.destroy,
  };
}

export default explorer({ title: "Break equivariance", schema: SCHEMA, misfit, ranges, build });
