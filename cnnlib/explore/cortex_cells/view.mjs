import { setHidden } from "../kit/dom.mjs";
import { explorer } from "../kit/frame.mjs";
import { sizeOf, tooSmall } from "../kit/pictures.mjs";
import { PHOTOGRAPHS } from "../generated/photographs.mjs";
import { cellsView } from "./cells_view.mjs";
import { foveaView } from "./fovea_view.mjs";
import { LEAST, SCHEMA } from "./schema.mjs";

const VIEWS = { cells: "Simple and complex cells", fovea: "Fovea and even fields" };

/** Two views of one explorer: each has its panels, its controls, and its way to draw. */
function build(tools) {
  const views = { cells: cellsView(tools), fovea: foveaView(tools) };
  /** A control that is there in one view only. */
  const only = (view) => (control) => ({
    element: control.element,
    update(state) {
      setHidden(control.element, state.view !== view);
      if (state.view === view) control.update(state);
    },
  });
  const controls = [
    tools.bound.choice("view", "View", { names: VIEWS }),
    ...Object.entries(views).flatMap(([name, view]) => view.controls.map(only(name))),
  ];

  function draw(state, colours, room) {
    for (const [name, view] of Object.entries(views)) {
      for (const panel of view.panels) setHidden(panel, name !== state.view);
      view.output.classList.toggle("output", name === state.view);
    }
    return views[state.view].draw(state, colours, room);
  }

  return {
    stage: Object.values(views).flatMap((view) => view.panels),
    controls,
    draw,
    destroy: () => views.fovea.destroy(),
  };
}

const misfit = (state) => tooSmall(state, LEAST);
const bounds = { image_shape: (state) => sizeOf(PHOTOGRAPHS, state) };

export default explorer({ title: "Cells of the cortex", schema: SCHEMA, misfit, bounds, build });
