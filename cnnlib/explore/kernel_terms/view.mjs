import { PHOTOGRAPHS } from "../generated/photographs.mjs";
import { h, setHidden } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { tinted } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { WAITING, pictures } from "../kit/pictures.mjs";
import { greyPixels, pixelCanvas, signedPixels } from "../kit/pixels.mjs";
import { barRow } from "./bars.mjs";
import {
  bounds,
  keptOf,
  kernelValues,
  misfit,
  ownWeights,
  ranges,
  responses,
  side,
  summedUp,
  takenApart,
  unpackFilters,
} from "./model.mjs";
import { DIRECTED, GABOR_SIDE, SCHEMA } from "./schema.mjs";
import { BANKS } from "./weights.mjs";
import { captionOfTerm, captionsOf, texts } from "./words.mjs";

const [TALL, LARGEST] = [118, 34]; // pixels of a grid, and of its largest cells
const OWN = 224; // pixels of the longest side of a reader's own picture, as of the photographs
const WRITTEN = 5; // the largest kernel whose weights are written in its cells; all are in the numbers as text
const SHOWN = 5; // terms that are written out, where there is room
const GRIDS = {
  kernel: "Kernel. Arrow keys move over the weights, Enter edits one.",
  near: "The terms that are kept. Arrow keys move over their sum.",
  left: "What is left out. Arrow keys move over it.",
};
const PICTURES = { whole: "Responses with all terms", kept: "Responses with the terms kept", lost: "The difference" };

/** What is written in a cell of a small kernel: rounding left away, so that a zero is written as 0. */
const written = (k, value, most) =>
  k > WRITTEN ? undefined : Math.abs(value) < 1e-9 * most ? 0 : Number(value.toPrecision(6));

function build(tools) {
  const { change, request, state: readState, bound } = tools;
  const photographs = pictures(PHOTOGRAPHS, request);
  const banks = pictures(BANKS, request, unpackFilters);
  const take = memo((state, filters) => takenApart(kernelValues(state, filters), side(state)));
  const sum = memo(summedUp);
  const respond = memo((picture, apart, k, colours) => {
    const found = responses(picture, apart, k);
    const grey = (values) => greyPixels(values, 1 / found.gain);
    const paint = found.signed ? (values) => signedPixels(values, found.limit, colours) : grey;
    return { ...found, paint, pixels: paint(found.whole) };
  });
  const keep = memo((picture, whole, apart, count, k, colours) => {
    const found = keptOf(picture, whole, apart, count, k);
    const kept = found.near === whole.whole ? whole.pixels : whole.paint(found.near);
    return { ...found, pixels: { whole: whole.pixels, kept, lost: signedPixels(found.lost, whole.limit, colours) } };
  });

  let now = null; // what is on the page
  /** An entry of a grid; of the kernel the one that was just edited, which is drawn with the next frame. */
  function entry(name, [r, c]) {
    const state = readState();
    const values = name === "kernel" ? kernelValues(state, banks.of("learned")) : now[name];
    return values[r * side(state) + c];
  }
  const grids = Object.fromEntries(
    Object.entries(GRIDS).map(([name, label]) => [
      name,
      numberGrid({
        label,
        readCell: (where) => (now ? entry(name, where) : 0),
        nameCell: ([r, c]) => `row ${r}, column ${c}`,
        edit:
          name === "kernel"
            ? (where, value) => change(ownWeights(readState(), banks.of("learned"), where, value))
            : undefined,
      }),
    ]),
  );
  const tables = Array.from({ length: SHOWN }, (_, r) =>
    numberGrid({
      label: `Term ${r + 1}. Its column on the left, its row on top, their products inside.`,
      readCell: ([i, j]) => tableValue(now.terms[r], i, j) ?? 0,
      nameCell: ([i, j]) =>
        i ? (j ? `product ${i - 1}, ${j - 1}` : `column ${i - 1}`) : j ? `row ${j - 1}` : "corner",
    }),
  );
  const termOf = tables.map(() => memo(paintTerm)); // most stay as they are while a slider moves
  const bars = barRow();
  const images = Object.fromEntries(Object.entries(PICTURES).map(([name, label]) => [name, pixelCanvas({ label })]));
  // a picture is like the page where nothing responds: without a line around it, none would be seen
  for (const { element } of Object.values(images)) element.style.outline = "1px solid var(--line)";

  const shown = panels({ ...grids, bars, ...images });
  shown.of.kept.classList.add("output");
  const termPanels = panels(Object.fromEntries(tables.map((table, r) => [`term-${r + 1}`, table])));
  const row = (...children) =>
    h("div", { style: "display:flex;flex-wrap:wrap;gap:0.4rem 1rem;flex-basis:100%" }, ...children);
  const stage = [
    row(...Object.keys(grids).map((name) => shown.of[name]), shown.of.bars),
    row(...termPanels.all),
    row(...Object.keys(images).map((name) => shown.of[name])),
  ];

  const onlyLearned = ({ preset }) => (preset === "learned" ? "" : "only for learned filters");
  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    misfit,
    most: OWN,
    least: SCHEMA.kernel_size.high,
  });
  const controls = [
    bound.choice("preset", "Kernel", {
      names: {
        binomial: "1 2 1 twice",
        cross: "two diagonals",
        custom: "your own",
      },
      write(preset) {
        const state = readState();
        if (preset === "custom") change(ownWeights(state, banks.of("learned")));
        else change({ preset, ...(preset === "gabor" && { kernel_size: Math.max(state.kernel_size, GABOR_SIDE) }) });
      },
    }),
    bound.slider("terms", "Terms kept"),
    bound.slider("angle", "Angle", {
      unit: "°",
      rests: ({ preset }) => (DIRECTED.includes(preset) ? "" : "this kernel has no direction"),
    }),
    bound.slider("kernel_size", "Kernel size", {
      rests: ({ preset }) => (preset === "learned" ? "learned filters are 11 × 11" : ""),
    }),
    bound.slider("filter", "Filter", { rests: onlyLearned }),
    bound.choice("channel", "Channel", { names: { sum: "sum of all three" }, rests: onlyLearned }),
    list,
    own,
  ];

  function draw(state, colours, room) {
    const picture = photographs.shown(state);
    const filters = banks.of("learned");
    if (!picture || !filters) return WAITING;
    const k = side(state);
    const weights = ["preset", "kernel_size", "angle", "filter", "channel", "weights"].map((name) => state[name]);
    const apart = take(weights, state, filters);
    const found = { ...apart, ...sum([apart, state.terms], apart, k, state.terms) };
    now = found;
    const whole = respond([...weights, picture, colours.zero], picture, apart, k, colours);
    const key = [...weights, state.terms, picture, colours.zero];
    const seen = { ...whole, ...keep(key, picture, whole, found, state.terms, k, colours) };
    const most = found.kernel.reduce((top, v) => Math.max(top, Math.abs(v)), 0) || 1;
    const size = Math.min(LARGEST, Math.floor(TALL / k));
    for (const name of Object.keys(grids)) {
      const tint = signedPixels(found[name], most, colours);
      grids[name].paint({
        rows: k,
        columns: k,
        size,
        colours,
        look: (r, c) => ({ ...tinted(tint, r * k + c), value: written(k, found[name][r * k + c], most) }),
      });
    }
    const slim = room < 480; // a phone: three terms of a small kernel in one row
    const cell = Math.min(LARGEST - (slim ? 9 : 6), Math.floor((TALL - 6) / (k + 1)));
    const wide = Math.max((k + 1) * cell + 2, slim ? 104 : 166);
    const fit = Math.max(1, Math.floor((room + 16) / (wide + 16)));
    termPanels.widen(wide);
    const captions = {};
    tables.forEach((table, r) => {
      const missing = r >= Math.min(Math.max(1, found.rank), fit, SHOWN); // as many as the rank: the rest are zeros
      setHidden(termPanels.all[r], missing);
      if (missing) return;
      const kept = r < state.terms;
      termOf[r]([found.terms[r], kept, cell, colours], table, found.terms[r], kept, k, cell, most, colours);
      captions[`term-${r + 1}`] = captionOfTerm(state, found, r);
    });
    termPanels.say(captions);
    bars.paint(found.shares, state.terms, colours);
    const beside = room >= 560 ? 3 : 2;
    const scale = Math.min(1, (room - 16 * (beside - 1)) / beside / seen.columns);
    for (const [name, image] of Object.entries(images)) image.paint(seen.pixels[name], seen.columns, seen.rows, scale);
    shown.say(captionsOf(state, seen));
    return texts(state, found.kernel, found, seen);
  }

  return {
    stage,
    controls,
    draw,
    destroy: () => [...Object.values(grids), ...tables, own].forEach((part) => part.destroy()),
  };
}

/** What stands in a cell of a term's table: its row on top, its column on the left, the products inside. */
function tableValue({ column, row }, i, j) {
  if (i && j) return column[i - 1] * row[j - 1];
  return i ? column[i - 1] : j ? row[j - 1] : undefined;
}

/** A term as a multiplication table; its column and its row are framed, in grey where the term is left out. */
function paintTerm(table, term, kept, k, cell, most, colours) {
  const values = Array.from({ length: k * k }, (_, n) => term.column[Math.floor(n / k)] * term.row[n % k]);
  const tint = signedPixels(values, most, colours);
  const line = (entries) => signedPixels(entries, Math.max(...entries.map(Math.abs)) || 1, colours);
  const [down, across] = [line(term.column), line(term.row)];
  const edge = { colour: kept ? colours.tap : colours.muted, width: 3, dash: kept ? [] : [3, 3] };
  table.paint({
    rows: k + 1,
    columns: k + 1,
    size: cell,
    colours,
    look(i, j) {
      if (!i && !j) return { fill: colours.paper, ink: colours.ink, text: "×" };
      const value = written(k, tableValue(term, i, j), i && j ? most : Math.sqrt(most));
      return {
        ...(i && j ? tinted(tint, (i - 1) * k + j - 1) : i ? tinted(down, i - 1) : tinted(across, j - 1)),
        value,
      };
    },
    frames: [
      { row: 0, column: 1, rows: 1, columns: k, ...edge },
      { row: 1, column: 0, rows: k, columns: 1, ...edge },
    ],
  });
}

export default explorer({ title: "Kernel terms", schema: SCHEMA, misfit, bounds, ranges, build });
