import { PHOTOGRAPHS } from "../generated/photographs.mjs";
import { ontoGrid } from "../kit/clamp.mjs";
import { h, setText } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { frame } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { WAITING, middlePiece, pictures } from "../kit/pictures.mjs";
import { greyPixels, pixelCanvas } from "../kit/pixels.mjs";
import { AREA, LARGE, asKind, computed, misfit, rangeShape, shades, sizesOf } from "./model.mjs";
import { FILLS, SCHEMA, SIDE } from "./schema.mjs";
import { KINDS, texts } from "./words.mjs";

const DARK = "#1b1f24"; // ink on the fills of the phases
const LETTERS = "ABCD"; // of the phases, so that their colours do not stand alone

function build(tools) {
  const { change, request, state: readState, bound } = tools;
  const photographs = pictures(PHOTOGRAPHS, request);
  const compute = memo((state, picture) => {
    const found = computed(state, picture);
    const { low, high } = found.result;
    const [black, white] = [Math.min(0, low), Math.max(1, high)];
    return {
      ...found,
      pixels: greyPixels(found.result.map, 1 / (white - black), black),
      spectrum: greyPixels(shades(found.result.power)),
    };
  });
  const greys = memo((picture) => greyPixels(picture.values));

  function go(where) {
    if (readState().photo === "constant") return;
    change({ position: ontoGrid(where.map(Math.round), rangeShape(readState())) });
  }
  const photograph = pixelCanvas({
    label: "Photograph. Press, or use the arrow keys, to move the piece.",
    move: (step) => go(readState().position.map((v, axis) => v + step[axis])),
    press: (pixel) => go(pixel.map((v) => v - SIDE / 2)),
  });
  const result = pixelCanvas({ label: "The piece at twice its size" });
  const spectrum = pixelCanvas({ label: "Spectrum of the result, with rings where the checkerboard lies" });
  let shown = { kernels: [[0]], means: [[0, 0]] };
  const means = numberGrid({
    label: "Phase means. Arrow keys move over them.",
    nameCell: ([r, c]) => `phase ${LETTERS[2 * r + c]}`,
    readCell: ([r, c]) => shown.means[r][c],
  });
  /** The kernel and the tap in a cell of the weights, where four kernels stand in two rows. */
  const tapIn = ([r, c]) => {
    const { kernel_size: k } = readState();
    const across = shown.kernels.length > 1 ? 2 : 1;
    return [Math.floor(r / k) * across + Math.floor(c / k), (r % k) * k + (c % k)];
  };
  /** The phase that a weight writes, or null where it writes all of them. */
  const phaseAt = ([r, c]) => {
    if (shown.kernels.length > 1) return tapIn([r, c])[0];
    const { kind, kernel_size: k } = readState();
    const back = (k - 1) >> 1;
    return kind === "transposed" ? (Math.abs(r - back) % 2) * 2 + (Math.abs(c - back) % 2) : null;
  };
  const weights = numberGrid({
    label: "Weights. Arrow keys move over them.",
    nameCell(where) {
      const [r, c] = where;
      const phase = phaseAt(where);
      return `weight row ${r}, column ${c}${phase === null ? "" : `, phase ${LETTERS[phase]}`}`;
    },
    readCell(where) {
      const [kernel, tap] = tapIn(where);
      return shown.kernels[kernel][tap];
    },
  });
  const parts = { photograph, weights, output: result, means, spectrum };
  const captions = Object.fromEntries(Object.keys(parts).map((name) => [name, h("span", { class: "caption" })]));
  const panels = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      h("div", { class: `panel ${name}` }, captions[name], part.element),
    ]),
  );
  const columns = [["photograph", "weights"], ["output", "means"], ["spectrum"]].map((names) =>
    h("div", { class: "side" }, ...names.map((name) => panels[name])),
  );

  const drawing = ({ weights: chosen }) => chosen === "random" || chosen === "ICNR";
  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    misfit,
    names: { constant: "a constant" },
    also: (state, image) => ({ position: middlePiece(image, SIDE) }),
    most: SCHEMA.image.most,
    least: SIDE,
  });
  const controls = [
    list,
    own,
    bound.choice("kind", "Upsampling", { names: KINDS, write: (kind) => change(asKind(readState(), kind)) }),
    bound.choice("kernel_size", "Kernel size", {
      options: ({ kind }) => sizesOf(kind).map(String),
      read: (state) => String(state.kernel_size),
      write: (text) => change({ kernel_size: Number(text) }),
    }),
    bound.choice("weights", "Weights", {
      names: { ones: "all equal", ICNR: "ICNR (four equal)" },
      options: ({ kind }) => SCHEMA.weights.choices.filter((name) => name !== "ICNR" || kind === "sub-pixel"),
    }),
    bound.slider("seed", "Seed", { rests: (state) => (drawing(state) ? "" : "only for random weights") }),
  ];

  function draw(state, colours, room) {
    const picture = state.photo === "constant" ? AREA : photographs.shown(state);
    if (!picture) return WAITING;
    const { photo, position, kind, kernel_size: k } = state;
    shown = compute([picture, position, kind, k, state.weights, state.seed], state, picture);

    const beside = room > 560;
    const small = Math.floor(beside ? Math.min(180, room * 0.24) : room * 0.5);
    const large = Math.floor(beside ? Math.min(260, (room - small - 50) / 2) : Math.min(room * 0.66, 280));
    for (const [n, wide] of [small, large, large].entries()) columns[n].style.width = beside ? `${wide}px` : "100%";
    panels.weights.style.width = `${beside ? small : room - small - 20}px`;
    panels.means.style.width = `${beside ? large : room - large - 20}px`;
    for (const name of ["photograph", "output", "spectrum"])
      panels[name].style.width = `${name === "photograph" ? small : large}px`;
    const scale = small / picture.width;
    photograph.paint(greys([picture], picture), picture.width, picture.height, scale);
    photograph.mark(
      (context) => {
        const [y, x] = position.map((v) => v * scale);
        if (photo !== "constant") frame(context, x, y, SIDE * scale, SIDE * scale, colours.tap);
      },
      scale,
      [photo === "constant", position, colours.tap],
    );
    result.paint(shown.pixels, LARGE, LARGE, large / LARGE);
    result.mark(() => {}, large / LARGE, []);
    spectrum.paint(shown.spectrum, LARGE, LARGE, large / LARGE);
    spectrum.mark((context, per) => rings(context, per, colours.tap), large / LARGE, [colours.tap]);

    const four = shown.kernels.length > 1;
    const side = four ? 2 * k : k;
    const share = beside ? small : room - small - 20;
    weights.paint({
      rows: side,
      columns: side,
      size: Math.floor(Math.min(36, (share - 2) / side, 176 / side)),
      colours,
      look(r, c) {
        const [kernel, tap] = tapIn([r, c]);
        const phase = phaseAt([r, c]);
        return {
          fill: phase === null ? colours.cell : FILLS[phase],
          ink: phase === null ? colours.ink : DARK,
          value: shown.kernels[kernel][tap],
          tag: phase === null ? null : LETTERS[phase],
        };
      },
      frames: four
        ? [0, k].flatMap((row) =>
            [0, k].map((column) => ({ row, column, rows: k, columns: k, colour: colours.ink, width: 2 })),
          )
        : [],
    });
    means.paint({
      rows: 2,
      columns: 2,
      size: Math.floor(Math.min(44, (beside ? large : room - large - 22) / 2)),
      colours,
      look: (r, c) => ({ fill: FILLS[2 * r + c], ink: DARK, value: shown.means[r][c], tag: LETTERS[2 * r + c] }),
    });
    const said = texts(state, shown);
    for (const [name, text] of Object.entries(said.captions)) setText(captions[name], text);
    return said;
  }

  return {
    stage: columns,
    controls,
    draw,
    destroy: () => [means, weights, own].forEach((part) => part.destroy()),
  };
}

/** Around the three lines in which a checkerboard lies, at `per` pixels a line of the spectrum. */
function rings(context, per, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  for (const [v, u] of [
    [16, 48],
    [48, 16],
    [48, 48],
  ]) {
    context.beginPath();
    context.arc((u + 0.5) * per, (v + 0.5) * per, 3.5 * per, 0, 2 * Math.PI);
    context.stroke();
  }
}

export default explorer({ title: "Upsampling", schema: SCHEMA, misfit, bounds: { range_shape: rangeShape }, build });
