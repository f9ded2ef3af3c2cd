import { lineChart } from "../kit/chart.mjs";
import { h } from "../kit/dom.mjs";
import { grouped, short } from "../kit/format.mjs";
import { countTable } from "../kit/table.mjs";
import { costs, extra } from "./model.mjs";

const RANGE = [1, 2048]; // of the axis; a tick at its end would be cut
const EXAM = 6; // times a plain convolution, as the exam has it
const STOPS = [1, 2, 3, 4, 6, 8, 12, 16, 22, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];

/** The ratio as it falls with the output channels, for both versions, and where the exam's factor would be right. */
function costChart(change) {
  const chart = lineChart({
    label: "Multiply-adds against output channels. Arrow keys move the output channels.",
    height: 190,
    move: (out_channels) => change({ out_channels }),
  });
  const curve = (name, version, state, colours) => ({
    name,
    points: STOPS.map((out) => [out, 1 + extra(version) / out]),
    colour: colours[version === "v1" ? "curve-1" : "curve-2"],
    width: version === state.version ? 3 : 1.5,
    tag: version === state.version ? `${short(costs(state).ratio, 3)} ×` : undefined,
  });
  return {
    element: chart.element,
    paint(state, colours, width) {
      chart.paint({
        width,
        colours,
        x: { label: "output channels", range: RANGE, log: true },
        y: { label: "× a plain convolution", range: [1, 33], log: true },
        curves: [curve("v1", "v1", state, colours), curve("v2", "v2", state, colours)],
        landmarks: [{ axis: "y", at: EXAM, label: "the exam's 6" }],
        cursor: state.out_channels,
        stops: STOPS,
        valueText: `${state.out_channels} output channels`,
      });
    },
  };
}

/** The panel of the cost: parameters and multiply-adds by part, and the chart. */
export function costView(change) {
  const parts = ["kernel", "branch", "reading", "together", "ratio"];
  const [table, chart] = [countTable(["part", "parameters", "multiply-adds"], parts), costChart(change)];
  return {
    element: h("div", {}, table.element, chart.element),
    paint(state, cost, colours, width) {
      const [kernel] = cost.rows;
      const rows = [
        ...cost.rows.map(([name, ...counts]) => [name, ...counts.map(grouped)]),
        ["together", grouped(cost.parameters), grouped(cost.macs)],
        ["kernel alone ×", short(cost.parameters / kernel[1], 4), short(cost.ratio, 4)],
      ];
      table.write(Object.fromEntries(parts.map((part, k) => [part, rows[k]])));
      chart.paint(state, colours, width);
    },
  };
}
