import { clamp } from "../kit/clamp.mjs";
import { onlyWhile, slider } from "../kit/controls.mjs";
import { h, setHidden } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { greyPixels, pixelCanvas } from "../kit/pixels.mjs";
import { costView } from "./costs_view.mjs";
import { tapGrids } from "./grids.mjs";
import {
  costs,
  imageShape,
  inputValues,
  isPhotograph,
  meant,
  misfit,
  movedTap,
  ownInput,
  ownMasks,
  ownWeights,
  reading,
  sideOf,
} from "./model.mjs";
import { MARGIN, drawPicture } from "./picture.mjs";
import { PHOTO_SIDE, SCHEMA } from "./schema.mjs";
import { captions, texts } from "./words.mjs";

const WIDEST = 320; // pixels of the picture
const REACH = { touch: 26, mouse: 16 }; // pixels from a tap within which it is taken hold of
const MIDDLE = [5, 5]; // of the numbers
const CHANNELS = [1, 3, 16, 22, 32, 64, 128, 256, 512, 1024];
/** What stands beside the picture, and how many cells of its grids lie side by side. */
const PANELS = {
  offsets: { parts: ["sampled", "four", "shares", "numbers"], across: 7 },
  sum: { parts: ["kernel", "masks", "sampled", "products"], across: 6 },
  cost: { parts: ["cost"], across: 7 },
};

function build(tools) {
  const { change, state: readState, bound } = tools;
  let scale = 1; // CSS pixels of a pixel of the image
  let held = -1; // the tap that is dragged; none where the unit is

  function press(_, event) {
    const state = readState();
    const box = picture.element.getBoundingClientRect();
    const to = [event.clientY - box.top, event.clientX - box.left].map((v) => v / scale - MARGIN - 0.5);
    if (event.type === "pointerdown") held = nearest(state, to, REACH[event.pointerType] ?? REACH.mouse);
    if (held < 0) {
      const last = sideOf(state) - 1;
      change({ place: to.map((v) => clamp(Math.round(v), 0, last)) });
    } else if (event.type === "pointerdown") change({ tap: held });
    else change(movedTap({ ...state, tap: held }, { to }));
  }

  /** The tap next to a point, where one is in reach. */
  function nearest(state, to, reach) {
    const far = reading(state).points.map((at) => Math.hypot(at[0] - to[0], at[1] - to[1]) * scale);
    const best = far.indexOf(Math.min(...far));
    return far[best] <= reach ? best : -1;
  }

  const picture = pixelCanvas({
    label:
      "The image with the nine taps. Drag a tap, or press elsewhere to move the window. Arrow keys move the chosen " +
      "tap by an eighth of a pixel, with Shift by a whole one.",
    press,
    move: (step) => change(movedTap(readState(), { by: step.map((v) => (Math.abs(v) > 1 ? v / 10 : v / 8)) })),
  });
  const taps = tapGrids({ change, state: readState });
  const cost = costView(change);
  const shown = panels({ seen: picture, ...taps.grids, cost });
  const { seen, ...beside } = shown.of;
  seen.classList.add("output");
  const side = h("div", { class: "side" }, ...Object.values(beside));

  const ofPreset = (name) => (state) => state.preset === name;
  const inCost = ({ panel }) => panel === "cost";
  const unpulled = ({ preset }) => (preset === "sheep" ? { preset: "rigid" } : {});
  const { list, own: picked } = photographControls(tools, {
    schema: SCHEMA,
    misfit,
    image: "photograph",
    label: "Image",
    names: { array: "your numbers", own: "your picture" },
    write(name) {
      const state = readState();
      const given = name === "array" ? ownInput(state) : { picture: name };
      if (name === "numbers" && isPhotograph(state)) given.place = MIDDLE; // in the corner most taps are outside
      change(name === "photograph" ? given : { ...given, ...unpulled(state) });
    },
    also: unpulled,
    most: PHOTO_SIDE,
    square: true,
  });
  const own = (state) => ({ preset: "custom", offsets: meant(state) });
  const controls = [
    bound.choice("panel", "Show", {
      names: { offsets: "what each tap reads", sum: "kernel, masks and sum", cost: "cost of the layer" },
    }),
    list,
    picked,
    bound.choice("preset", "Offsets", {
      names: { rigid: "none (rigid)", sheep: "towards the sheep", custom: "your own" },
      write(preset) {
        if (preset === "custom") change(own(readState()));
        else change(preset === "sheep" ? { preset, picture: "photograph" } : { preset });
      },
    }),
    bound.choice("order", "Pair order", {
      names: { "dy, dx": "(dy, dx), as in torchvision", "dx, dy": "(dx, dy), a mistake" },
    }),
    bound.choice("kernel", "Kernel", {
      names: { sobel: "Sobel", custom: "your own" },
      write: (kernel) => change(kernel === "custom" ? ownWeights(readState()) : { kernel }),
    }),
    bound.choice("version", "Version", {
      names: { v1: "1: offsets", v2: "2: offsets and masks" },
      write: (version) => change(version === "v2" ? ownMasks(readState()) : { version }),
    }),
    onlyWhile(
      ({ version }) => version === "v2",
      slider({
        name: "masks",
        label: "Tap's mask",
        step: 0.05,
        read: ({ masks, tap }) => masks?.flat()[tap] ?? 1,
        range: () => [0, 1],
        write(value) {
          const { tap } = readState();
          change(ownMasks(readState(), [Math.floor(tap / 3), tap % 3], value));
        },
      }),
    ),
    onlyWhile(ofPreset("turn"), bound.slider("angle", "Turn by", { unit: "°" })),
    onlyWhile(ofPreset("dilation"), bound.slider("factor", "Dilate by", { step: 0.25, unit: "×" })),
    onlyWhile(ofPreset("squeeze"), bound.slider("squeeze", "Squeeze by", { step: 0.25 })),
    onlyWhile(ofPreset("shift"), bound.slider("down", "Shift down", { step: 0.25 })),
    onlyWhile(ofPreset("shift"), bound.slider("right", "Shift right", { step: 0.25 })),
    onlyWhile(ofPreset("sheep"), bound.slider("pull", "Pull", { step: 0.05 })),
    onlyWhile(ofPreset("random"), bound.slider("seed", "Seed")),
    bound.slider("dilation", "Dilation"),
    bound.slider("place", "Row", { axis: 0 }),
    bound.slider("place", "Column", { axis: 1 }),
    onlyWhile(inCost, bound.ladder("in_channels", "Channels in", CHANNELS)),
    onlyWhile(inCost, bound.ladder("out_channels", "Channels out", CHANNELS)),
  ];
  const greys = memo((values, n) => {
    const framed = new Float32Array((n + 2 * MARGIN) ** 2).fill(NaN);
    values.forEach((v, k) => {
      framed[(Math.floor(k / n) + MARGIN) * (n + 2 * MARGIN) + (k % n) + MARGIN] = v / 255;
    });
    return greyPixels(framed);
  });
  const blank = memo((all) => new Uint8ClampedArray(4 * all * all));

  function draw(state, colours, room) {
    const found = reading(state);
    const price = costs(state);
    const n = sideOf(state);
    const all = n + 2 * MARGIN;
    const inRow = room > 600;
    const width = Math.min(WIDEST, inRow ? room * 0.45 : room);
    scale = width / all;
    picture.paint(
      isPhotograph(state) ? greys([inputValues(state)], inputValues(state), n) : blank([all], all),
      all,
      all,
      scale,
    );
    picture.mark((context) => drawPicture(context, scale, state, found, colours), scale);
    const rest = inRow ? room - width - 24 : room;
    shown.widen(width, ["seen"]);
    side.style.width = inRow ? `${rest}px` : "100%";
    const { parts, across } = PANELS[state.panel];
    for (const [name, panel] of Object.entries(beside)) setHidden(panel, !parts.includes(name));
    if (state.panel === "cost") cost.paint(state, price, colours, rest);
    else taps.paint(state, found, colours, Math.floor(Math.min(38, (rest - 52) / across)), parts);
    shown.say(captions(state, found));
    return texts(state, found, price);
  }

  function destroy() {
    taps.destroy();
    picked.destroy();
  }

  return { stage: [seen, side], controls, draw, destroy };
}

export default explorer({
  title: "Deformable grid",
  schema: SCHEMA,
  misfit,
  ranges: { place: (state) => [0, sideOf(state) - 1] },
  bounds: { image_shape: imageShape },
  build,
});
