import { h } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { greyPixels, pixelCanvas } from "../kit/pixels.mjs";
import { costTable } from "./costs_view.mjs";
import { AREAS, MARGIN, drawPicture } from "./picture.mjs";
import { costs, imageShape, inputValues, meant, misfit, movedTap, ownInput, reading, sideOf } from "./model.mjs";
import { SCHEMA } from "./schema.mjs";
import { tapName, texts } from "./words.mjs";

const WIDEST = 320; // pixels of the picture
const REACH = { touch: 26, mouse: 16 }; // pixels from a tap within which it is taken hold of
const CHANNELS = [1, 3, 16, 22, 32, 64, 128, 256, 512, 1024];

function build({ change, state: readState, bound }) {
  let scale = 1; // CSS pixels of a pixel of the image
  let held = -1; // the tap that is dragged; none where the unit is

  function press(_, event) {
    const state = readState();
    const box = picture.element.getBoundingClientRect();
    const to = [event.clientY - box.top, event.clientX - box.left].map((v) => v / scale - MARGIN - 0.5);
    if (event.type === "pointerdown") held = nearest(state, to, REACH[event.pointerType] ?? REACH.mouse);
    if (held < 0) {
      const last = sideOf(state) - 1;
      change({ place: to.map((v) => Math.min(last, Math.max(0, Math.round(v)))) });
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
  const now = () => reading(readState());
  const sampled = numberGrid({
    label: "What the nine taps read. Arrow keys choose the tap.",
    press: ([r, c]) => change({ tap: 3 * r + c }),
    nameCell: ([r, c]) => `tap ${3 * r + c}`,
    readCell: ([r, c]) => now().values[3 * r + c],
  });
  const numbers = numberGrid({
    label: "The 18 channels of offsets. Arrow keys choose a tap.",
    press: ([r, c]) => change({ tap: 3 * r + (c >> 1) }),
    nameCell: ([r, c]) => `channel ${6 * r + c}, ${c % 2 ? "dx" : "dy"} of tap ${3 * r + (c >> 1)}`,
    readCell: ([r, c]) => now().channels[6 * r + c],
  });
  const four = numberGrid({
    label: "The four pixels that the chosen tap reads. Arrow keys move over them.",
    nameCell: ([r, c]) => `pixel ${["above", "below"][r]} ${["left", "right"][c]}`,
    readCell: ([r, c]) => now().read[readState().tap].values[2 * r + c],
  });
  const shares = numberGrid({
    label: "The weights of these four pixels. Arrow keys move over them.",
    nameCell: ([r, c]) => `weight ${["above", "below"][r]} ${["left", "right"][c]}`,
    readCell: ([r, c]) => now().read[readState().tap].weights[2 * r + c],
  });
  const table = costTable();
  const shown = panels({ seen: picture, sampled, four, shares, numbers, table });
  shown.of.seen.classList.add("output");
  const { sampled: a, four: b, shares: c, numbers: d, table: e } = shown.of;
  const side = h("div", { class: "side" }, a, b, c, d, e);

  const own = (state) => ({ preset: "custom", offsets: meant(state) });
  const controls = [
    bound.choice("picture", "Image", {
      names: { array: "your numbers" },
      write: (name) => change(name === "array" ? ownInput(readState()) : { picture: name }),
    }),
    bound.choice("preset", "Offsets", {
      names: { rigid: "none (rigid)", shift: "shift", custom: "your own" },
      write: (preset) => change(preset === "custom" ? own(readState()) : { preset }),
    }),
    bound.choice("order", "Pair order", {
      names: { "dy, dx": "(dy, dx), as in torchvision", "dx, dy": "(dx, dy), a mistake" },
    }),
    bound.choice("kernel", "Kernel", { names: { sobel: "Sobel" } }),
    bound.slider("angle", "Turn by", { unit: "°" }),
    bound.slider("factor", "Dilate by", { step: 0.25, unit: "×" }),
    bound.slider("squeeze", "Squeeze by", { step: 0.25 }),
    bound.slider("down", "Shift down", { step: 0.25 }),
    bound.slider("right", "Shift right", { step: 0.25 }),
    bound.slider("seed", "Random seed"),
    bound.slider("dilation", "Dilation"),
    bound.slider("place", "Row", { axis: 0 }),
    bound.slider("place", "Column", { axis: 1 }),
    bound.ladder("in_channels", "Channels in", CHANNELS),
    bound.ladder("out_channels", "Channels out", CHANNELS),
  ];
  const greys = memo((values, n) => {
    const framed = new Float32Array((n + 2 * MARGIN) ** 2).fill(NaN);
    values.forEach((v, k) => {
      framed[(Math.floor(k / n) + MARGIN) * (n + 2 * MARGIN) + (k % n) + MARGIN] = v / 255;
    });
    return greyPixels(framed);
  });
  const blank = memo((all) => new Uint8ClampedArray(4 * all * all));

  function paintGrids(state, found, colours, cell) {
    const { tap } = state;
    const chosen = found.read[tap];
    const plain = { fill: colours.cell, ink: colours.ink };
    const lit = { fill: colours.tap, ink: colours["on-tap"] };
    const whole = { colours, size: cell };
    sampled.paint({
      ...whole,
      rows: 3,
      columns: 3,
      look: (r, col) => ({ ...(3 * r + col === tap ? lit : plain), value: found.values[3 * r + col] }),
    });
    const quarters = (values) => ({
      ...whole,
      rows: 2,
      columns: 2,
      look: (r, col) => ({ ...plain, value: values[2 * r + col], edge: colours[AREAS[2 * r + col]] }),
    });
    four.paint(quarters(chosen.values));
    shares.paint(quarters(chosen.weights));
    numbers.paint({
      ...whole,
      rows: 3,
      columns: 6,
      look: (r, col) => ({
        ...(3 * r + (col >> 1) === tap ? lit : plain),
        value: Number(found.channels[6 * r + col].toFixed(3)),
      }),
      frames: Array.from({ length: 9 }, (_, k) => ({
        row: Math.floor(k / 3),
        column: 2 * (k % 3),
        rows: 1,
        columns: 2,
        colour: colours.ink,
        width: k === tap ? 3 : 1,
      })),
    });
  }

  function draw(state, colours, room) {
    const found = reading(state);
    const cost = costs(state);
    const n = sideOf(state);
    const all = n + 2 * MARGIN;
    const beside = room > 600;
    const width = Math.min(WIDEST, beside ? room * 0.45 : room);
    scale = width / all;
    const photograph = state.picture === "photograph";
    picture.paint(photograph ? greys([n], inputValues(state), n) : blank([all], all), all, all, scale);
    picture.mark((context) => drawPicture(context, scale, state, found, colours), scale);
    const rest = beside ? room - width - 24 : room;
    shown.widen(width, ["seen"]);
    side.style.width = beside ? `${rest}px` : "100%";
    paintGrids(state, found, colours, Math.floor(Math.min(38, (rest - 52) / 7)));
    table.update(cost);
    const size = `${n} × ${n}`;
    shown.say({
      seen: `${photograph ? "photograph" : "numbers"} ${size}: ○ rigid taps, ● moved taps`,
      sampled: "values read",
      four: `pixels of tap ${state.tap}`,
      shares: "their weights",
      numbers: tapName(state.tap),
      table: `cost of ${state.in_channels} → ${state.out_channels} channels, multiply-adds per position`,
    });
    return texts(state, found, cost);
  }

  return {
    stage: [shown.of.seen, side],
    controls,
    draw,
    destroy() {
      for (const grid of [sampled, numbers, four, shares]) grid.destroy();
    },
  };
}

export default explorer({
  title: "Deformable grid",
  schema: SCHEMA,
  misfit,
  ranges: { place: (state) => [0, sideOf(state) - 1] },
  bounds: { image_shape: imageShape },
  build,
});
