import { h, setText } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { memo } from "../kit/memo.mjs";
import { NAMES, costs, measured, misfit, rounded } from "./model.mjs";
import { kernelAt, places, readChannels, readPlaces, sideOf } from "./picture.mjs";
import { tableRow } from "./rows.mjs";
import { OWN, SCHEMA, VARIANTS } from "./schema.mjs";
import { captions, texts, whole } from "./words.mjs";

const CHANNELS = [16, 32, 64, 128, 256, 512];
const NARROWEST = 300; // pixels of a stage that has room for the counts; they are in the texts as well
const NARROW = 560; // pixels of a stage that has no room for the columns of times

/** Whether a cell of the picture of four channels, two by two with a gap between them, is read. */
function isRead(state, row, column) {
  const side = sideOf(state);
  if (row === side || column === side) return false;
  const channel = 2 * Number(row > side) + Number(column > side);
  return channel < readChannels(state) && found(state).has(`${row % (side + 1)},${column % (side + 1)}`);
}

const once = memo((state) => readPlaces(state));
const found = (state) => once(Object.values(state), state);

function build({ change, bound }) {
  const input = numberGrid({
    label: "Four channels of the input. What the chosen output reads is filled.",
    readCell: ([row, column]) => Number(isRead(now, row, column)),
    nameCell: ([row, column]) => `row ${row}, column ${column}, read`,
  });
  const output = numberGrid({
    label: "One channel of the output. Arrow keys choose an output.",
    press: (position) => change({ position }),
    readCell: ([row, column]) => kernelAt(now, row, column),
    nameCell: ([row, column]) => `output ${row}, ${column}, kernel`,
  });
  let now = null; // the state that is shown
  const [reads, shares, unit] = Array.from({ length: 3 }, () => h("span", { class: "caption" }));
  const head = h("thead");
  const rows = Object.fromEntries(NAMES.map((variant) => [variant, tableRow(variant, () => change({ variant }))]));
  const body = h("tbody", {}, ...NAMES.map((variant) => rows[variant].element));
  const table = h("table", { class: "counts" }, head, body);
  let columns = "";

  const only = (name) => (state) => (OWN[name].includes(state.variant) ? "" : "not used by this variant");
  const controls = [
    bound.choice("variant", "Variant", { names: VARIANTS }),
    bound.choice("quantity", "Compare"),
    bound.ladder("in_channels", "Channels in", CHANNELS),
    bound.ladder("out_channels", "Channels out", CHANNELS),
    bound.ladder("size", "Input size", [8, 14, 16, 28, 32, 56, 112, 128]),
    bound.slider("kernel_size", "Kernel size", { step: 2 }),
    bound.slider("stride", "Stride", { rests: only("stride") }),
    bound.slider("dilation", "Dilation", { rests: only("dilation") }),
    bound.ladder("groups", "Groups", [1, 2, 4, 8, 16], { rests: only("groups") }),
    bound.slider("multiplier", "Multiplier", { rests: only("multiplier") }),
    bound.ladder("reduction", "Reduction", [1, 2, 4, 8], { rests: only("reduction") }),
  ];

  function drawPicture(state, colours, room) {
    const [side, [across]] = [sideOf(state), places(state)];
    const wide = room < NARROW ? Math.floor(room / 2) - 12 : 172;
    const span = 2 * side + 1;
    input.paint({
      rows: span,
      columns: span,
      size: Math.floor(wide / span),
      colours,
      look(r, c) {
        if (r === side || c === side) return { fill: colours.paper };
        return { fill: isRead(state, r, c) ? colours.tap : colours.input };
      },
    });
    const kernel = kernelAt(state, ...state.position);
    output.paint({
      rows: across,
      columns: across,
      size: Math.floor(wide / across),
      colours,
      look(r, c) {
        const value = kernelAt(state, r, c);
        const same = value === kernel;
        return {
          fill: same ? colours.output : colours.cell,
          ink: same ? colours["on-output"] : colours.ink,
          value,
        };
      },
      frames: [
        { row: state.position[0], column: state.position[1], rows: 1, columns: 1, colour: colours.ink, width: 3 },
      ],
    });
    output.setCursor(state.position);
    const said = captions(state);
    setText(reads, said.reads);
    setText(shares, said.shares);
  }

  function drawTable(state, cost, room) {
    const times = state.quantity === "multiply-adds" ? measured(state) : null;
    const wide = room >= NARROW;
    const wanted = [
      "variant",
      "",
      ...(room < NARROWEST ? [] : [state.quantity === "receptive field" ? "side" : "count"]),
      "× full",
      ...(times && wide ? ["torch", "NumPy"] : []),
    ];
    if (String(wanted) !== columns) {
      columns = String(wanted);
      head.replaceChildren(
        h("tr", {}, ...wanted.map((name) => h(name ? "th" : "td", name ? { scope: "col" } : {}, name))),
      );
    }
    const full = cost.full;
    const log = state.quantity !== "receptive field";
    const ratios = NAMES.flatMap((variant) => [cost[variant] / full, ...(times ? times[variant] : [])]);
    const low = log ? 10 ** Math.floor(Math.log10(Math.min(...ratios)) - 0.15) : 0;
    const high = log ? 10 ** (Math.log10(Math.max(...ratios)) + 0.1) : Math.max(...ratios);
    const at = (ratio) => (log ? Math.log10(ratio / low) / Math.log10(high / low) : ratio / high) * 100;
    for (const variant of NAMES) {
      const ratio = cost[variant] / full;
      rows[variant].update({
        chosen: variant === state.variant,
        width: at(ratio),
        full: at(1),
        count: whole(cost[variant]),
        ratio: rounded(ratio),
        times: times?.[variant].map(rounded),
        places: times?.[variant].map(at),
        counts: room >= NARROWEST,
        columns: times && wide,
      });
    }
    setText(
      unit,
      times
        ? "Bars: multiply-adds, log scale; the line marks the full convolution. Measured times: ○ torch, □ NumPy"
        : `Bars: ${state.quantity}, ${log ? "log scale" : "linear scale"}; the line marks the full convolution`,
    );
  }

  function draw(state, colours, room) {
    now = state;
    const cost = costs(state);
    drawPicture(state, colours, room);
    drawTable(state, cost, room);
    return texts(state, cost);
  }

  const pictures = [h("div", {}, reads, input.element), h("div", {}, shares, output.element)];
  for (const picture of pictures) picture.style.flex = "1 1 130px";
  const stage = [
    h("div", { class: "panel side", style: "flex:1 1 172px" }, ...pictures),
    h("div", { class: "panel", style: "flex:3 1 20rem" }, unit, table),
  ];
  return { stage, controls, draw, destroy: output.destroy };
}

export default explorer({ title: "Convolution bench", schema: SCHEMA, misfit, bounds: { places }, build });
