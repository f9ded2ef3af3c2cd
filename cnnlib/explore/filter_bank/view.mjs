import { booleanProblem, first, oneOfProblem, pairProblem, wholeProblem } from "../kit/check.mjs";
import { choice, slider, toggle } from "../kit/controls.mjs";
import { h, setText } from "../kit/dom.mjs";
import { asPython, rowsOf, short } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { pixelCanvas, signedPixels, unpack } from "../kit/pixels.mjs";
import { COLOUR_PHOTOGRAPHS } from "../generated/colour_photographs.mjs";
import { BANKS } from "./weights.mjs";
import { bestWindows, correlate, drawn, features, power, shares, summary } from "../mirror/filters.mjs";

/** The same limits stand in filter_bank.py; a test holds the two together. */
export const LIMITS = { filter: [0, 95], stride: [1, 8] };
export const SORTS = ["index", "orientation", "frequency", "colour", "energy"];
const BEST = 6;
const KEPT = 100; // maps that are remembered
const NAMES = {
  learned: "learned from photographs", second: "learned, second seed", random: "random",
  squeezenet: "SqueezeNet, 3 × 3", face: "face network, 7 × 7",
};

export function problem(state) {
  return first(
    oneOfProblem("photo", state.photo, Object.keys(COLOUR_PHOTOGRAPHS)),
    oneOfProblem("bank", state.bank, Object.keys(BANKS)),
    ...Object.entries(LIMITS).map(([name, limits]) => wholeProblem(name, state[name], limits)),
    oneOfProblem("sort", state.sort, SORTS),
    booleanProblem("rectify", state.rectify),
    state.position === null ? null : pairProblem("position", state.position, [0, 999]),
  ) ?? (state.filter < BANKS[state.bank].count ? null
    : `filter = ${state.filter} is not in the bank ${state.bank}, which has ${BANKS[state.bank].count}; use 0 to ${BANKS[state.bank].count - 1}.`);
}

/** A photograph: its pixels (RGBA), and its planes from 0 to 1 less the mean of each, with four spare entries. */
export async function unpackPhotograph({ height, width, deflated }) {
  const { values } = await unpack({ height: 3 * height, width, deflated });
  const count = height * width;
  const level = (plane, n) => Math.round(values[plane * count + n] * 255);
  const pixels = new Uint8ClampedArray(4 * count);
  const planes = [0, 1, 2].map(() => new Float64Array(count + 4));
  const sums = [0, 0, 0];
  for (let n = 0; n < count; n += 1) {
    const green = level(0, n);
    const levels = [(level(1, n) + green) % 256, green, (level(2, n) + green) % 256];
    levels.forEach((value, channel) => {
      pixels[4 * n + channel] = value;
      planes[channel][n] = value / 255;
      sums[channel] += value;
    });
    pixels[4 * n + 3] = 255;
  }
  planes.forEach((plane, channel) => {
    for (let n = 0; n < count; n += 1) plane[n] -= sums[channel] / 255 / count;
  });
  return { height, width, pixels, planes };
}

/** A bank: its filters, what is measured on each, and the orders in which a gallery can show them. */
export async function unpackBank({ count, side, factors, deflated }) {
  const size = 3 * side * side;
  let levels = null;
  if (deflated) {
    const stream = new Blob([Uint8Array.from(atob(deflated), (letter) => letter.charCodeAt(0))]).stream();
    levels = new Int8Array(await new Response(stream.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
  } else levels = drawn(count * size);
  const filters = Array.from({ length: count }, (_, f) =>
    Float64Array.from(levels.subarray(f * size, (f + 1) * size), (level) => level * (factors[f] ?? factors[0])));
  const measured = filters.map((weights) => features(weights, side));
  const numbers = filters.map((_, f) => f);
  const orders = Object.fromEntries(SORTS.map((sort) =>
    [sort, sort === "index" ? numbers : [...numbers].sort((a, b) => measured[a][sort] - measured[b][sort])]));
  return { count, side, filters, measured, orders };
}

const strongest = (values) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;

/** Draw one filter in its colours, grey where it is 0, into RGBA pixels of a picture `wide` pixels wide. */
function drawFilter(pixels, wide, top, left, weights, side) {
  const half = 127.5 / strongest(weights);
  for (let i = 0; i < side; i += 1) {
    for (let j = 0; j < side; j += 1) {
      const to = 4 * ((top + i) * wide + left + j);
      for (let channel = 0; channel < 3; channel += 1) pixels[to + channel] = 127.5 + half * weights[(channel * side + i) * side + j];
      pixels[to + 3] = 255;
    }
  }
}

function galleryPixels({ filters, side, count }, order, columns) {
  const [wide, tall] = [columns * (side + 1), Math.ceil(count / columns) * (side + 1)];
  const pixels = new Uint8ClampedArray(4 * wide * tall);
  order.forEach((f, place) => drawFilter(pixels, wide, Math.floor(place / columns) * (side + 1), (place % columns) * (side + 1), filters[f], side));
  return { pixels, wide, tall };
}

/** The spectrum with frequency 0 in the middle, white for nothing, black for the strongest wave. */
function spectrumPixels(strength) {
  const bins = Math.sqrt(strength.length);
  const most = Math.sqrt(strongest(strength));
  const pixels = new Uint8ClampedArray(4 * strength.length).fill(255);
  strength.forEach((p, n) => {
    const [v, u] = [(Math.floor(n / bins) + bins / 2) % bins, ((n % bins) + bins / 2) % bins];
    pixels.fill(255 * (1 - Math.sqrt(p) / most), 4 * (v * bins + u), 4 * (v * bins + u) + 3);
  });
  return { pixels, bins };
}

function build({ change, request, state: readState }) {
  const loaded = new Map(); // what is unpacked, by kind and name
  const maps = new Map(); // computed maps, the latest last
  let now = null; // what is on the page
  let gallery = { key: "" };
  let detail = { key: "" };

  function ready(kind, name, make) {
    const key = `${kind} ${name}`;
    if (!loaded.has(key)) {
      loaded.set(key, null);
      make().then((made) => (loaded.set(key, made), request()));
    }
    return loaded.get(key);
  }

  function compute({ photo, bank, filter, stride }, picture, { side, filters }) {
    const key = JSON.stringify([photo, bank, filter, stride]);
    if (!maps.has(key)) {
      const map = correlate(picture.planes, picture.height, picture.width, filters[filter], side, stride);
      const best = bestWindows(map.output, map.rows, map.columns, side, stride, BEST);
      maps.set(key, { ...map, ...summary(map.output), best });
      if (maps.size > KEPT) maps.delete(maps.keys().next().value);
    }
    return maps.get(key);
  }

  const placed = (position) => (position ? position.map((v, axis) => Math.min(v, (axis ? now.map.columns : now.map.rows) - 1)) : now.map.best[0]);
  const go = (where) => now && change({ position: where.map((v, axis) => Math.min(Math.max(0, v), (axis ? now.map.columns : now.map.rows) - 1)) });
  const move = (step) => now && go(placed(readState().position).map((v, axis) => v + step[axis]));
  const pick = (place) => {
    const order = now.bank.orders[readState().sort];
    change({ filter: order[Math.min(Math.max(0, place), order.length - 1)], position: null });
  };
  const galleryCanvas = pixelCanvas({
    label: "Gallery of the filters. Arrow keys choose one.",
    point: ([row, column], event) => {
      if (!now || (event.type === "pointermove" && !event.buttons)) return; // chosen by a press or a drag, not in passing
      const cell = now.bank.side + 1;
      const place = Math.floor(row / cell) * gallery.columns + Math.floor(column / cell);
      if (place < now.bank.count && now.bank.orders[readState().sort][place] !== readState().filter) pick(place);
    },
    move: ([down, across]) => now && pick(now.bank.orders[readState().sort].indexOf(readState().filter) + down * gallery.columns + across),
  });
  const input = pixelCanvas({
    label: "Photograph. Arrow keys move the window.", move,
    point: (pixel) => now && go(pixel.map((v) => Math.round((v - (now.bank.side - 1) / 2) / readState().stride))),
  });
  const output = pixelCanvas({ label: "Map of the filter. Arrow keys move the window.", move, point: go });
  const bestCanvas = pixelCanvas({
    label: "The best windows. Arrow keys go from one to the next.",
    point: ([, column], event) => now && event.type === "pointerdown" && go(now.map.best[Math.min(Math.floor(column / (now.bank.side + 1)), now.map.best.length - 1)]),
    move: ([down, across]) => {
      if (!now) return;
      const at = now.map.best.findIndex((where) => String(where) === String(placed(readState().position)));
      go(now.map.best[Math.min(Math.max(0, at + Math.sign(down + across)), now.map.best.length - 1)]);
    },
  });
  const small = (name) => {
    const canvas = h("canvas", { class: "pixels", role: "img", "aria-label": name });
    return { canvas, paint: (pixels, side, size) => {
      Object.assign(canvas, { width: side, height: side });
      canvas.getContext("2d").putImageData(new ImageData(pixels, side, side), 0, 0);
      Object.assign(canvas.style, { width: `${size}px`, height: `${size}px` });
    } };
  };
  const slices = ["filter", "red", "green", "blue", "spectrum"].map((name) => ({ name, ...small(name) }));
  const part = (content, name = "") => {
    const caption = h("span", { class: "caption" });
    return { caption, panel: h("div", { class: `panel ${name}` }, caption, content) };
  };
  const parts = [part(galleryCanvas.element), part(input.element), part(output.element, "output"), part(bestCanvas.element),
    ...slices.map(({ canvas }) => part(canvas))];
  parts[3].panel.style.cssText = `width:${36 * BEST}px`;
  parts[3].caption.style.cssText = "white-space:nowrap;overflow:hidden;text-overflow:ellipsis";
  const side = h("div", { class: "side", style: "column-gap:1rem" }, ...parts.slice(4).map(({ panel }) => panel), parts[3].panel);

  const options = (values) => values.map((value) => [value, value.replaceAll("_", " ")]);
  const controls = [
    choice({
      name: "bank", label: "Bank", options: Object.keys(BANKS).map((name) => [name, NAMES[name]]), read: (state) => state.bank,
      write: (bank) => change({ bank, filter: Math.min(readState().filter, BANKS[bank].count - 1), position: null }),
    }),
    choice({ name: "sort", label: "Sort by", options: options(SORTS), read: (state) => state.sort, write: (sort) => change({ sort }) }),
    slider({
      name: "filter", label: "Filter", limit: LIMITS.filter[1], read: (state) => state.filter,
      range: (state) => [0, BANKS[state.bank].count - 1], write: (filter) => change({ filter, position: null }),
    }),
    slider({ name: "stride", label: "Stride", read: (state) => state.stride, range: () => LIMITS.stride, write: (stride) => change({ stride, position: null }) }),
    choice({
      name: "photo", label: "Photograph", options: options(Object.keys(COLOUR_PHOTOGRAPHS)), read: (state) => state.photo,
      write: (photo) => change({ photo, position: null }),
    }),
    toggle({ name: "rectify", label: "ReLU on the map", read: (state) => state.rectify, write: (rectify) => change({ rectify }) }),
  ];

  function draw(state, colours, room) {
    const picture = ready("photo", state.photo, () => unpackPhotograph(COLOUR_PHOTOGRAPHS[state.photo]));
    const bank = ready("bank", state.bank, () => unpackBank(BANKS[state.bank]));
    if (!picture || !bank) return { status: "Unpacking the photograph and the filters …", formula: "", torch: "", numbers: () => "" };
    const { filter, stride, sort, rectify } = state;
    const { side: k, count } = bank;
    const weights = bank.filters[filter];
    const map = compute(state, picture, bank);
    now = { bank, map };
    const [row, column] = placed(state.position);
    const order = bank.orders[sort];
    const measured = bank.measured[filter];
    map.pixels ??= {};
    map.pixels[rectify] ??= signedPixels(rectify ? map.output.map((v) => Math.max(0, v)) : map.output, Math.max(-map.low, map.high) || 1);

    const columns = room >= 560 ? 16 : 8;
    if (gallery.key !== `${state.bank} ${sort} ${columns}`) gallery = { key: `${state.bank} ${sort} ${columns}`, columns, ...galleryPixels(bank, order, columns) };
    const zoom = Math.max(1, Math.floor(Math.min(room, 640) / gallery.wide));
    galleryCanvas.paint(gallery.pixels, gallery.wide, gallery.tall, zoom);
    const place = order.indexOf(filter);
    galleryCanvas.mark((context) => box(context, (place % columns) * (k + 1), Math.floor(place / columns) * (k + 1), k, zoom), zoom);

    const wide = room > 560 ? (room - 24) / 2 : room;
    const scale = Math.min(wide, 420) / picture.width;
    for (const index of [1, 2]) Object.assign(parts[index].panel.style, { width: `${scale * picture.width}px`, minHeight: `${scale * picture.height + 24}px` });
    input.paint(picture.pixels, picture.width, picture.height, scale);
    output.paint(map.pixels[rectify], map.columns, map.rows, scale * stride);
    input.mark((context) => {
      context.font = "bold 12px system-ui, sans-serif";
      map.best.forEach(([r, c], number) => {
        frame(context, c * stride * scale, r * stride * scale, k * scale, "#ffffff", 1.5);
        context.lineWidth = 3;
        context.strokeStyle = "#000000";
        context.strokeText(number + 1, c * stride * scale + 3, r * stride * scale + 12);
        context.fillStyle = "#ffffff";
        context.fillText(number + 1, c * stride * scale + 3, r * stride * scale + 12);
      });
      box(context, column * stride, row * stride, k, scale);
    }, scale);
    output.mark((context) => {
      const size = Math.max(9, scale * stride); // a place of the map can be too small to be framed
      const [x, y] = [column, row].map((v) => (v + 0.5) * scale * stride - size / 2);
      box(context, x, y, size, 1);
    }, scale * stride);

    const large = room >= 560;
    if (detail.key !== `${state.bank} ${filter} ${large}`) {
      const limit = strongest(weights);
      const own = new Uint8ClampedArray(4 * k * k);
      drawFilter(own, k, 0, 0, weights, k);
      slices[0].paint(own, k, large ? 77 : 48);
      for (const channel of [0, 1, 2]) slices[channel + 1].paint(signedPixels(weights.subarray(channel * k * k, (channel + 1) * k * k), limit), k, large ? 77 : 48);
      const { pixels, bins } = spectrumPixels(power(weights, k));
      slices[4].paint(pixels, bins, large ? 96 : 48);
      detail = { key: `${state.bank} ${filter} ${large}` };
    }
    map.windows ??= bestPixels(picture, map.best, k, stride);
    const bestZoom = 36 / (k + 1);
    bestCanvas.paint(map.windows, BEST * (k + 1), k, bestZoom);
    bestCanvas.mark((context) => {
      const at = map.best.findIndex(([r, c]) => r === row && c === column);
      if (at >= 0) box(context, at * (k + 1), 0, k, bestZoom);
    }, bestZoom);

    const parted = shares(picture.planes, picture.width, weights, k, row * stride, column * stride);
    const total = map.output[row * map.columns + column];
    const bars = measured.oriented >= 0.5 ? `bars at ${Math.round(measured.orientation)}°` : "no clear direction";
    const three = (v) => short(Number(v.toFixed(3)));
    const perFilter = 3 * k * k;
    setText(parts[0].caption, `${count} filters of ${k} × ${k} × 3, ${sort === "index" ? "in the bank's own order" : `sorted by ${sort}`}`);
    setText(parts[1].caption, `photograph ${picture.height} × ${picture.width}, the best windows 1 to ${map.best.length}`);
    setText(parts[2].caption, `map ${map.rows} × ${map.columns}${rectify ? " after ReLU" : ""}: blue −, white 0, red + ${short(Math.max(-map.low, map.high))}`);
    setText(parts[3].caption, `best: ${map.best.map(([r, c]) => short(map.output[r * map.columns + c], 2)).join(", ")}`);
    slices.forEach(({ name }, index) => setText(parts[4 + index].caption, name === "filter" ? `filter ${filter}` : name));
    return {
      status: `Filter ${filter}: ${bars}, ${measured.frequency.toFixed(2)} cycles a pixel, colour ${measured.colour.toFixed(2)}. ` +
        `Map ${map.rows} × ${map.columns}, values ${three(map.low)} to ${three(map.high)}, sparseness ${map.sparseness.toFixed(2)}. Window (${row}, ${column}): ${three(total)}.`,
      formula: `map[${row}, ${column}] = Σ red + Σ green + Σ blue = ${parted.map((v) => (v < 0 ? `(${three(v)})` : three(v))).join(" + ")} = ${three(total)}` +
        `${rectify ? `, after ReLU ${three(Math.max(0, total))}` : ""}\n` +
        `layer: ${count} · (${k}·${k}·3 + 1 bias) = ${count} · ${perFilter + 1} = ${(count * (perFilter + 1)).toLocaleString("en-US")} parameters`,
      torch: `torch.nn.functional.conv2d(x, w${stride > 1 ? `, stride=${stride}` : ""})[:, ${filter}]${rectify ? ".relu()" : ""}  ` +
        `# (1, 3, ${picture.height}, ${picture.width}), (${count}, 3, ${k}, ${k}) -> (1, ${map.rows}, ${map.columns})`,
      numbers: () => [
        `orientation = ${measured.orientation}`, `oriented = ${measured.oriented}`, `frequency = ${measured.frequency}`,
        `colour = ${measured.colour}`, `energy = ${measured.energy}`, `sparseness = ${map.sparseness}`,
        `low, high = ${map.low}, ${map.high}`, `order = [${order.join(", ")}]`,
        `best = [${map.best.map(([r, c]) => `[${r}, ${c}, ${map.output[r * map.columns + c]}]`).join(", ")}]`,
        `map[${row}, ${column}] = ${total} = sum([${parted.join(", ")}])`,
        ...["red", "green", "blue"].map((name, channel) => `${name} = ${asPython(rowsOf(weights.subarray(channel * k * k, (channel + 1) * k * k), k))}`),
      ].join("\n"),
    };

    /** A frame round `size` pixels from (x, y), in units of pixels. */
    function box(context, x, y, size, unit) {
      frame(context, x * unit, y * unit, size * unit, "#000000", 4);
      frame(context, x * unit, y * unit, size * unit, colours.tap, 2);
    }
    function frame(context, x, y, size, colour, thick) {
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.strokeRect(x, y, size, size);
    }
  }

  return { stage: [parts[0].panel, side, parts[1].panel, parts[2].panel], controls, draw };
}

/** The best windows side by side, as they are in the photograph. */
function bestPixels({ pixels, width }, best, side, stride) {
  const wide = BEST * (side + 1);
  const shown = new Uint8ClampedArray(4 * wide * side);
  best.forEach(([r, c], number) => {
    for (let i = 0; i < side; i += 1) {
      const from = 4 * ((r * stride + i) * width + c * stride);
      shown.set(pixels.subarray(from, from + 4 * side), 4 * (i * wide + number * (side + 1)));
    }
  });
  return shown;
}

export default explorer({
  title: "Filter bank",
  parameters: ["photo", "bank", "filter", "sort", "stride", "rectify", "position"],
  problem,
  build,
});
