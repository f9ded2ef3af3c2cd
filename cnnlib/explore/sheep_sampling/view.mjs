import { h, setText } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { numberGrid } from "../kit/grid.mjs";
import { misfit, positions, ranges } from "./model.mjs";
import { SCHEMA } from "./schema.mjs";
import { texts } from "./words.mjs";

const CELL = 40; // pixels of a cell, where there is room

function build({ change, state: readState, bound }) {
  const line = numberGrid({
    label: "The line of numbers. Arrow keys move the window.",
    press: ([, column]) => change({ position: Math.min(column, positions(readState()) - 1) }),
    readCell: ([, column]) => column,
    nameCell: ([, column]) => `number ${column}`,
  });
  const caption = h("span", { class: "caption" });
  const controls = [
    bound.slider("size", "Size"),
    bound.slider("kernel_size", "Kernel size"),
    bound.slider("position", "Position"),
  ];

  function draw(state, colours, room) {
    const { size, kernel_size, position } = state;
    const inside = (column) => column >= position && column < position + kernel_size;
    line.paint({
      rows: 1,
      columns: size,
      size: Math.floor(Math.min(CELL, (room - 2) / size)),
      colours,
      look: (_, column) => ({
        fill: inside(column) ? colours.tap : colours.input,
        ink: inside(column) ? colours["on-tap"] : colours.ink,
        value: column,
      }),
      frames: [{ row: 0, column: position, rows: 1, columns: kernel_size, colour: colours.ink }],
    });
    setText(caption, `${size} numbers, ${kernel_size} of them in the window`);
    return texts(state);
  }

  return { stage: [h("div", { class: "panel" }, caption, line.element)], controls, draw, destroy: line.destroy };
}

export default explorer({
  title: "Sheep sampling",
  schema: SCHEMA,
  misfit,
  ranges,
  bounds: { positions },
  build,
});
