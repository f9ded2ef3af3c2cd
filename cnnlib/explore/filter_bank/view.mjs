import { COLOUR_PHOTOGRAPHS } from "../generated/colour_photographs.mjs";
import { clamp, ontoGrid } from "../kit/clamp.mjs";
import { h } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { frame } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { WAITING, pictures } from "../kit/pictures.mjs";
import { pixelCanvas, resize, signedPixels } from "../kit/pixels.mjs";
import { bestWindows, correlate, power, shares, summary } from "../mirror/filters.mjs";
import { bestPixels, drawFilter, galleryPixels, spectrumPixels, strongest } from "./drawing.mjs";
import { bounds, misfit, ownPhotograph, unpackBank, unpackPhotograph } from "./model.mjs";
import { BEST, SCHEMA } from "./schema.mjs";
import { BANKS } from "./weights.mjs";
import { captionsOf, texts } from "./words.mjs";

const OWN = 144; // pixels of the longest side of a reader's own picture, as of the photographs
const LARGEST = Math.max(...Object.values(BANKS).map(({ side }) => side)); // the side of a filter
const KEPT = 100; // maps that are remembered
const NAMES = {
  learned: "learned from photographs",
  second: "learned, second seed",
  random: "random",
  squeezenet: "SqueezeNet 1.1, 3 × 3",
  face: "face network, 7 × 7",
};

/** A canvas that only shows. */
function small(name) {
  const canvas = h("canvas", { class: "pixels", role: "img", "aria-label": name });
  return {
    name,
    element: canvas,
    paint(pixels, side, size) {
      resize(canvas, side, side);
      canvas.getContext("2d").putImageData(new ImageData(pixels, side, side), 0, 0);
      Object.assign(canvas.style, { width: `${size}px`, height: `${size}px` });
    },
  };
}

function build(tools) {
  const { change, request, state: readState, bound } = tools;
  const photographs = pictures(COLOUR_PHOTOGRAPHS, request, unpackPhotograph, ownPhotograph);
  const banks = pictures(BANKS, request, unpackBank);
  const maps = new Map(); // computed maps, the latest last
  let now = null; // what is on the page: {bank, map, columns}
  let ownShown = null;
  const galleryOf = memo((bank, order, columns) => galleryPixels(bank, order, columns));

  function compute({ photo, bank: name, filter, stride }, picture, bank) {
    if (photo === "array" && picture !== ownShown) maps.clear(); // of another picture of the reader's own
    if (photo === "array") ownShown = picture;
    const key = JSON.stringify([photo, name, filter, stride]);
    if (!maps.has(key)) {
      const map = correlate(picture.planes, picture.height, picture.width, bank.filters[filter], bank.side, stride);
      const best = bestWindows(map.output, map.rows, map.columns, bank.side, stride, BEST);
      maps.set(key, {
        ...map,
        ...summary(map.output),
        best,
        windows: bestPixels(picture, best, bank.side, stride),
        pixels: {},
      });
      if (maps.size > KEPT) maps.delete(maps.keys().next().value);
    }
    return maps.get(key);
  }

  const placed = (state) => state.position ?? now.map.best[0];
  const go = (where) => now && change({ position: ontoGrid(where, [now.map.rows, now.map.columns]) });
  const move = (step) => now && go(placed(readState()).map((v, axis) => v + step[axis]));
  const orderOf = () => now.bank.orders[readState().sort];
  const pick = (position) => change({ filter: orderOf()[clamp(position, 0, orderOf().length - 1)], position: null });

  const gallery = pixelCanvas({
    label: "Gallery of the filters. Press, or use the arrow keys, to choose one.",
    press([row, column]) {
      if (!now) return;
      const cell = now.bank.side + 1;
      const position = Math.floor(row / cell) * now.columns + Math.floor(column / cell);
      if (position < now.bank.count && orderOf()[position] !== readState().filter) pick(position);
    },
    move: ([down, across]) => now && pick(orderOf().indexOf(readState().filter) + down * now.columns + across),
  });
  const input = pixelCanvas({
    label: "Photograph. Press, or use the arrow keys, to move the window.",
    move,
    press: (pixel) => now && go(pixel.map((v) => Math.round((v - (now.bank.side - 1) / 2) / readState().stride))),
  });
  const output = pixelCanvas({
    label: "Map of the filter. Press, or use the arrow keys, to move the window.",
    move,
    press: go,
  });
  const best = pixelCanvas({
    label: "The best windows. Arrow keys go from one to the next.",
    press: ([, column]) =>
      now && go(now.map.best[clamp(Math.floor(column / (now.bank.side + 1)), 0, now.map.best.length - 1)]),
    move([down, across]) {
      if (!now) return;
      const at = now.map.best.findIndex((where) => String(where) === String(placed(readState())));
      go(now.map.best[clamp(at + Math.sign(down + across), 0, now.map.best.length - 1)]);
    },
  });
  const slices = ["filter", "red", "green", "blue", "spectrum"].map(small);
  const parts = Object.fromEntries(slices.map((slice) => [slice.name, slice]));
  const framed = panels({ gallery, input, output, best, ...parts });
  const { of } = framed;
  framed.widen(36 * BEST, ["best"]);
  framed.captions.best.classList.add("line");
  const side = h("div", { class: "side" }, ...slices.map(({ name }) => of[name]), of.best);

  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    misfit,
    write: (photo) => change({ photo, position: null }),
    also: () => ({ position: null }),
    most: OWN,
    least: LARGEST,
  });
  const controls = [
    bound.choice("bank", "Bank", { names: NAMES, write: (bank) => change({ bank, position: null }) }),
    bound.choice("sort", "Sort by", { names: { index: "number" } }),
    bound.slider("filter", "Filter", { write: (filter) => change({ filter, position: null }) }),
    bound.slider("stride", "Stride", { write: (stride) => change({ stride, position: null }) }),
    list,
    own,
    bound.toggle("rectify", "ReLU on the map"),
  ];

  const paintSlices = memo((weights, k, size, colours) => {
    const drawn = new Uint8ClampedArray(4 * k * k);
    drawFilter(drawn, k, 0, 0, weights, k);
    slices[0].paint(drawn, k, size);
    const limit = strongest(weights);
    for (const channel of [0, 1, 2]) {
      slices[channel + 1].paint(
        signedPixels(weights.subarray(channel * k * k, (channel + 1) * k * k), limit, colours),
        k,
        size,
      );
    }
    const { pixels, bins } = spectrumPixels(power(weights, k));
    slices[4].paint(pixels, bins, size > 50 ? 96 : size);
  });

  function draw(state, colours, room) {
    const picture = photographs.shown(state);
    const bank = banks.of(state.bank);
    if (!picture || !bank) return { ...WAITING, status: "Unpacking the photograph and the filters …" };
    const { filter, stride, sort, rectify } = state;
    const { side: k } = bank;
    const map = compute(state, picture, bank);
    const columns = room >= 560 ? 16 : 8;
    now = { bank, map, columns };
    const [row, column] = placed(state);
    const order = bank.orders[sort];
    const weights = bank.filters[filter];
    const box = (context, x, y, size, unit) =>
      frame(context, x * unit, y * unit, size * unit, size * unit, colours.tap);

    const shown = galleryOf([state.bank, sort, columns], bank, order, columns);
    const zoom = Math.max(1, Math.floor(Math.min(room, 640) / shown.wide));
    gallery.paint(shown.pixels, shown.wide, shown.tall, zoom);
    const at = order.indexOf(filter);
    gallery.mark(
      (context) => box(context, (at % columns) * (k + 1), Math.floor(at / columns) * (k + 1), k, zoom),
      zoom,
      [at, columns, k, colours.tap],
    );

    const scale = Math.min(room > 560 ? (room - 24) / 2 : room, 420) / picture.width;
    for (const name of ["input", "output"]) {
      Object.assign(of[name].style, {
        width: `${scale * picture.width}px`,
        minHeight: `${scale * picture.height + 24}px`,
      });
    }
    input.paint(picture.pixels, picture.width, picture.height, scale);
    const pixels = (map.pixels[`${rectify} ${colours.zero}`] ??= signedPixels(
      rectify ? map.output.map((v) => Math.max(0, v)) : map.output,
      Math.max(-map.low, map.high) || 1,
      colours,
    ));
    output.paint(pixels, map.columns, map.rows, scale * stride);
    input.mark((context) => {
      context.font = "bold 12px system-ui, sans-serif";
      map.best.forEach(([r, c], number) => {
        const [x, y] = [c * stride * scale, r * stride * scale];
        context.strokeStyle = "#ffffff";
        context.lineWidth = 1.5;
        context.strokeRect(x, y, k * scale, k * scale);
        context.lineWidth = 3;
        context.strokeStyle = "#000000";
        context.strokeText(number + 1, x + 3, y + 12);
        context.fillStyle = "#ffffff";
        context.fillText(number + 1, x + 3, y + 12);
      });
      box(context, column * stride, row * stride, k, scale);
    }, scale);
    output.mark(
      (context) => {
        const size = Math.max(9, scale * stride); // a position of the map can be too small to be framed
        const [x, y] = [column, row].map((v) => (v + 0.5) * scale * stride - size / 2);
        box(context, x, y, size, 1);
      },
      scale * stride,
      [row, column, colours.tap],
    );

    paintSlices([state.bank, filter, room >= 560, colours.zero], weights, k, room >= 560 ? 77 : 48, colours);
    const bestZoom = 36 / (k + 1);
    best.paint(map.windows, BEST * (k + 1), k, bestZoom);
    best.mark((context) => {
      const which = map.best.findIndex(([r, c]) => r === row && c === column);
      if (which >= 0) box(context, which * (k + 1), 0, k, bestZoom);
    }, bestZoom);

    const seen = {
      bank,
      map,
      picture,
      order,
      row,
      column,
      weights,
      parted: shares(picture.planes, picture.width, weights, k, row * stride, column * stride),
    };
    framed.say(captionsOf(state, seen, colours));
    return texts(state, seen);
  }

  return { stage: [of.gallery, side, of.input, of.output], controls, draw, destroy: own.destroy };
}

const ranges = { filter: (state) => [0, bounds.count(state) - 1] };

export default explorer({ title: "Filter bank", schema: SCHEMA, misfit, bounds, ranges, build });
