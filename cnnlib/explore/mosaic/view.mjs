import { COLOUR_PHOTOGRAPHS } from "../generated/colour_photographs.mjs";
import { ontoGrid } from "../kit/clamp.mjs";
import { h, setText } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { frame, tinted } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { WAITING, middlePiece, pictures } from "../kit/pictures.mjs";
import { openColours, pixelCanvas, signedPixels, unpackColours } from "../kit/pixels.mjs";
import { WIDE, bounds, colourAt, computed, misfit, ranges, used } from "./model.mjs";
import { COLOURS, RIM, SCHEMA, SIDE } from "./schema.mjs";
import { KINDS, decibelText, movedBy, texts } from "./words.mjs";

const TIMES = 4; // by how much the error is shown larger
const [WIDEST, LARGEST] = [210, 32]; // pixels of a picture and of a weight's cell: one screen with the controls
const OWN = 144; // pixels of the longest side of a reader's own picture, as of the photographs
const NAMES = { tiled: "four, tiled 2 × 2", shared: "one for all pixels", bilinear: "bilinear (fixed)" };
const LETTERS = ["R", "G", "B"];

/** RGBA pixels of three planes, each value given by `level(colour, k)` from 0 to 1. */
function painted(level) {
  const pixels = new Uint8ClampedArray(4 * SIDE * SIDE).fill(255);
  for (let k = 0; k < SIDE * SIDE; k += 1) {
    for (let colour = 0; colour < 3; colour += 1) pixels[4 * k + colour] = Math.round(255 * level(colour, k));
  }
  return pixels;
}

function build(tools) {
  const { change, request, state: readState, bound } = tools;
  const photographs = pictures(COLOUR_PHOTOGRAPHS, request, unpackColours, openColours);
  const made = memo((state, picture) => {
    const found = computed(state, picture);
    const { output, wanted } = found;
    const at = (colour, k) => colour * SIDE * SIDE + k;
    const [top, left] = state.position.map((n) => n + RIM);
    const isMeasured = (colour, k) => colourAt(top + Math.floor(k / SIDE), left + (k % SIDE)) === colour;
    const pixels = {
      mosaic: painted((colour, k) => (isMeasured(colour, k) ? wanted[at(colour, k)] : 0)),
      output: painted((colour, k) => output[at(colour, k)]),
      error: painted((colour, k) => 1 - TIMES * Math.abs(output[at(colour, k)] - wanted[at(colour, k)])),
    };
    return { ...found, pixels };
  });

  function go(where) {
    change({ position: ontoGrid(where, bounds.positions(readState())) });
  }
  const photograph = pixelCanvas({
    label: "Photograph. Press, drag, or use the arrow keys, to move the piece.",
    move: (step) => go(readState().position.map((v, axis) => v + step[axis])),
    press: (pixel) => go(pixel.map((v) => v - SIDE / 2 - RIM)),
  });
  const still = ["mosaic", "output", "error"];
  const labels = { mosaic: "The mosaic", output: "The piece, filled in", error: "The error" };
  const shown = Object.fromEntries(still.map((name) => [name, pixelCanvas({ label: labels[name] })]));
  const grids = KINDS.map((kind, k) =>
    numberGrid({
      label: `Kernel at a pixel that measures ${kind}. Arrow keys move over the weights.`,
      readCell: ([r, c]) => used(readState())[k][r][c],
    }),
  );
  const parts = [photograph, ...still.map((name) => shown[name]), ...grids];
  const captions = parts.map(() => h("span", { class: "caption line" }));
  const panels = parts.map((part, k) =>
    h("div", { class: part === shown.output ? "panel output" : "panel" }, captions[k], part.element),
  );
  const key = h("span", { class: "caption" });
  const kernels = h("div", { class: "side" }, ...panels.slice(4), key);

  const rests = ({ kernels: name }) => (name === "shared" ? "no effect: one kernel for all" : "");
  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    misfit,
    also: (state, image) => ({ position: middlePiece(image, WIDE) }),
    most: OWN,
    least: WIDE,
  });
  const controls = [
    bound.choice("kernels", "Kernels", { names: NAMES }),
    bound.slider("shift", "Shift right", { axis: 1, rests }),
    bound.slider("shift", "Shift down", { axis: 0, rests }),
    bound.ladder("kernel_size", "Kernel size", [3, 5]),
    bound.choice("colour", "Weights for"),
    list,
    own,
  ];

  function draw(state, colours, room) {
    const picture = photographs.shown(state);
    if (!picture) return WAITING;
    const { position, kernels: name, kernel_size: size, shift } = state;
    const found = made([picture, ...position, name, size, ...shift], state, picture);
    const broad = room > 560;
    const wide = Math.min(WIDEST, Math.floor(broad ? (room - 62) / 4 : (room - 22) / 2));
    const scale = wide / picture.width;
    photograph.paint(picture.pixels, picture.width, picture.height, scale);
    photograph.mark(
      (context) => {
        const [y, x] = position.map((v) => (v + RIM) * scale);
        frame(context, x, y, SIDE * scale, SIDE * scale, colours.tap);
      },
      scale,
      [position, colours.tap],
    );
    for (const one of still) shown[one].paint(found.pixels[one], SIDE, SIDE, wide / SIDE);
    for (const panel of panels.slice(0, 4)) panel.style.width = `${wide}px`;
    setText(captions[0], "drag the frame");
    setText(captions[1], "what is measured");
    setText(captions[2], `filled in, ${decibelText(found.decibels[name])} dB`);
    setText(captions[3], `error × ${TIMES} (white: 0)`);

    const four = used(state);
    const limit = Math.max(...four.flat(2).map(Math.abs));
    const colour = COLOURS.indexOf(state.colour);
    const cell = Math.min(LARGEST, Math.floor((wide - 4) / 5));
    const middle = (size - 1) / 2;
    grids.forEach((grid, k) => {
      const tint = signedPixels(four[k].flat(), limit, colours);
      const reads = (r, c) => colourAt((k >> 1) + r + 4 - middle, (k & 1) + c + 4 - middle);
      grid.paint({
        rows: size,
        columns: size,
        size: cell,
        colours,
        look: (r, c) => ({ ...tinted(tint, r * size + c), value: Math.round(100 * four[k][r][c]) / 100 }),
        frames: Array.from({ length: size * size }, (_, n) => [Math.floor(n / size), n % size])
          .filter(([r, c]) => reads(r, c) === colour)
          .map(([row, column]) => ({ row, column, width: 2 })),
      });
      setText(captions[4 + k], `at ${LETTERS[colourAt(k >> 1, k & 1)]}${["", ", red rows", ", blue rows", ""][k]}`);
      panels[4 + k].style.width = `${wide}px`;
    });
    setText(
      key,
      `Weights for ${state.colour}${movedBy(state)}: blue negative, red positive; ` +
        `framed where the sensor measures ${state.colour}.`,
    );
    return texts(state, found);
  }

  return {
    stage: [...panels.slice(0, 4), kernels],
    controls,
    draw,
    destroy: () => [...grids, own].forEach((part) => part.destroy()),
  };
}

export default explorer({ title: "Mosaic", schema: SCHEMA, misfit, ranges, bounds, build });
