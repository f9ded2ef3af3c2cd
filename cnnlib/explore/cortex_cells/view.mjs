import { lineChart } from "../kit/chart.mjs";
import { booleanProblem, first, oneOfProblem, pairProblem, wholeProblem } from "../kit/check.mjs";
import { choice, slider, toggle } from "../kit/controls.mjs";
import { h, setText } from "../kit/dom.mjs";
import { short } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { greyPixels, pixelCanvas, unpack } from "../kit/pixels.mjs";
import { PHOTOGRAPHS } from "../generated/photographs.mjs";
import { NEAR, views } from "../mirror/retina.mjs";
import { ANGLES, OFFSETS, ORIENTATIONS, SIDE, TAPS, cells } from "./model.mjs";

/** The same limits and names stand in cortex_cells.py; a test holds the two together. */
export const LIMITS = {
  position: [0, 47], angle: [0, 179], length: [3, 60], width: [1, 12], reach: [0, 4], fixation: [0, 223], rings: [8, 40],
};
const [GAP, BRIGHTEST] = [2, 0.75];
const MIDDLE = SIDE / 2;
const NAMES = Object.keys(ORIENTATIONS);
const CELLS = { max: "strongest around", mean: "mean around", energy: "energy of a pair" };

export function problem(state) {
  return first(
    oneOfProblem("view", state.view, ["cells", "fovea"]),
    pairProblem("position", state.position, LIMITS.position),
    ...["angle", "length", "width", "reach", "rings"].map((name) => wholeProblem(name, state[name], LIMITS[name])),
    booleanProblem("dark", state.dark),
    oneOfProblem("preferred", state.preferred, NAMES),
    oneOfProblem("cell", state.cell, Object.keys(CELLS)),
    oneOfProblem("photo", state.photo, Object.keys(PHOTOGRAPHS)),
    state.fixation === null ? null : pairProblem("fixation", state.fixation, LIMITS.fixation),
  );
}

function build({ change, request, state: readState }) {
  const pictures = new Map(); // name -> {height, width, values}, as they are unpacked
  let computed = { key: "" };
  let viewed = { key: "" };
  let last = {};
  function remember(parameters, make) { // the curve over all angles, while only the bar turns
    const key = JSON.stringify(parameters);
    if (last.key !== key) last = { key, made: make() };
    return last.made;
  }

  const clamp = (v, [low, high]) => Math.min(Math.max(v, low), high);
  const put = (name, where) => change({ [name]: where.map((v) => clamp(v, LIMITS[name])) });
  const stimulus = pixelCanvas({
    label: "What the cells see. Arrow keys move the bar.",
    move: (step) => put("position", readState().position.map((v, axis) => v + step[axis])),
    point: (pixel) => put("position", pixel),
  });
  const planesOf = pixelCanvas({
    label: "Planes of simple cells above, of complex cells below. Left and right arrow choose the orientation that is followed.",
    move: ([down, right]) => change({ preferred: NAMES[clamp(NAMES.indexOf(readState().preferred) + Math.sign(down + right), [0, 3])] }),
    point: () => {},
  });
  planesOf.element.addEventListener("pointerdown", (event) => {
    const box = planesOf.element.getBoundingClientRect();
    change({ preferred: NAMES[clamp(Math.floor(((event.clientX - box.left) / box.width) * 4), [0, 3])] });
  });
  const charts = {
    tuning: lineChart({ label: "Answer against the bar's angle. Left and right arrow turn the bar.", height: 210, move: (angle) => change({ angle }) }),
    tolerance: lineChart({ label: "Answer against the bar's distance from the cell.", height: 210 }),
  };
  const photo = pixelCanvas({
    label: "The photograph. Arrow keys move the point that is looked at.",
    move: (step) => viewed.where && put("fixation", viewed.where.map((v, axis) => clamp(v + step[axis], [0, viewed.size[axis] - 1]))),
    point: (pixel) => put("fixation", pixel),
  });
  const still = (label) => pixelCanvas({ label, move: () => {}, point: () => {} });
  const pictured = { eye: still("The photograph as the fields in rings see it."), camera: still("The photograph as as many even fields see it."), cortex: still("The fields in rings, laid out flat.") };
  const panel = (name, part, ...more) => {
    const caption = h("span", { class: "caption" });
    return { name, part, caption, element: h("div", { class: `panel ${name}` }, caption, part, ...more) };
  };
  const shown = {
    cells: [panel("stimulus", stimulus.element), panel("planes", planesOf.element), panel("tuning", charts.tuning.element), panel("tolerance", charts.tolerance.element)],
    fovea: [panel("photo", photo.element), panel("eye", pictured.eye.element), panel("camera", pictured.camera.element), panel("cortex", pictured.cortex.element)],
  };

  const only = (view, control) => ({
    element: control.element,
    update(state) {
      control.element.hidden = state.view !== view;
      control.update(state);
    },
  });
  const plain = (view, name, label, more = {}) => only(view, slider({
    name, label, read: (state) => state[name], range: () => LIMITS[name], write: (value) => change({ [name]: value }), ...more,
  }));
  const list = (name, label, options) => choice({ name, label, options, read: (state) => state[name], write: (value) => change({ [name]: value }) });
  const words = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");
  const controls = [
    list("view", "View", [["cells", "Simple and complex cells"], ["fovea", "Fovea and even fields"]]),
    plain("cells", "angle", "Bar's angle", { step: 5, unit: "°" }), plain("cells", "length", "Bar's length"), plain("cells", "width", "Bar's width"),
    only("cells", toggle({ name: "dark", label: "Dark bar", read: (state) => state.dark, write: (dark) => change({ dark }) })),
    only("cells", list("preferred", "Follow", NAMES.map((name) => [name, `${words(name)}, ${ORIENTATIONS[name]}°`]))),
    only("cells", list("cell", "Complex cell", Object.entries(CELLS).map(([name, text]) => [name, words(text)]))),
    plain("cells", "reach", "Listens", { unit: " px", enabled: (state) => state.cell !== "energy" }),
    only("fovea", list("photo", "Photograph", Object.keys(PHOTOGRAPHS).map((name) => [name, words(name)]))),
    plain("fovea", "rings", "Rings"),
  ];

  function draw(state, colours, room) {
    const ready = state.view === "cells" || pictures.get(state.photo); // no panel before it has something to show
    for (const [view, panels] of Object.entries(shown)) for (const { element } of panels) element.hidden = view !== state.view || !ready;
    for (const [view, place] of [["cells", 1], ["fovea", 1]]) shown[view][place].element.classList.toggle("output", view === state.view);
    return state.view === "cells" ? drawCells(state, colours, room) : drawFovea(state, colours, room);
  }

  function drawCells(state, colours, room) {
    const { position, angle, length, width, dark, preferred, cell, reach } = state;
    const key = JSON.stringify([position, angle, length, width, dark, preferred, cell, reach]);
    if (computed.key !== key) {
      const found = cells(state, remember);
      const wide = 4 * SIDE + 3 * GAP;
      const tiles = new Float64Array((2 * SIDE + GAP) * wide).fill(NaN);
      [found.simple, found.complex].forEach((row, top) => row.forEach((plane, left) => {
        for (let r = 0; r < SIDE; r += 1) tiles.set(plane.subarray(r * SIDE, (r + 1) * SIDE), (top * (SIDE + GAP) + r) * wide + left * (SIDE + GAP));
      }));
      computed = { key, ...found, stimulusPixels: greyPixels(found.stimulus, 0.5, -1), tilePixels: greyPixels(tiles, 1 / BRIGHTEST), wide };
    }
    const { simple, complex, tuning, tolerance, offset, stimulusPixels, tilePixels, wide } = computed;
    const beside = room > 560;
    const left = beside ? Math.min(220, room * 0.3) : Math.min(240, room);
    stimulus.paint(stimulusPixels, SIDE, SIDE, left / SIDE);
    const scale = (beside ? room - left - 24 : room) / wide;
    planesOf.paint(tilePixels, wide, 2 * SIDE + GAP, scale);
    stimulus.mark((context, unit) => framed(context, colours, MIDDLE * unit, MIDDLE * unit, unit), left / SIDE);
    const plane = NAMES.indexOf(preferred);
    planesOf.mark((context, unit) => {
      NAMES.forEach((name, k) => {
        for (const top of [0, 1]) {
          const [x, y] = [k * (SIDE + GAP) * unit, top * (SIDE + GAP) * unit];
          if (k === plane) {
            outline(context, "#000000", 4, x + 1.5, y + 1.5, SIDE * unit - 3);
            outline(context, colours.tap, 2, x + 1.5, y + 1.5, SIDE * unit - 3);
            framed(context, colours, x + MIDDLE * unit, y + MIDDLE * unit, unit);
          }
          glyph(context, x + 11, y + SIDE * unit - 11, ORIENTATIONS[name]);
          if (k === 0) letter(context, "SC"[top], x + 5, y + 4);
        }
      });
    }, scale);
    const middle = MIDDLE * SIDE + MIDDLE;
    const [s, c] = [simple[plane][middle], complex[plane][middle]];
    const wideOf = beside ? (room - 24) / 2 : room;
    const curves = (points, xs) => [0, 1].map((k) => ({ name: ["simple", "complex"][k], points: xs.map((x, i) => [x, points[i][k]]) }));
    const y = { label: "answer", range: [0, 0.8] };
    charts.tuning.paint({ width: wideOf, colours, key, x: { label: "bar's angle, degrees", range: [0, 180] }, y, curves: curves(tuning, ANGLES), landmarks: [{ axis: "x", at: ORIENTATIONS[preferred], label: "preferred" }], cursor: angle, stops: ANGLES.slice(0, 36), valueText: `${angle} degrees` });
    charts.tolerance.paint({ width: wideOf, colours, key, x: { label: "bar's distance from the cell, pixels", range: [-16, 16] }, y, curves: curves(tolerance, OFFSETS), cursor: Math.abs(offset) > 16 ? null : offset });
    const [captionBar, captionPlanes, captionTuning, captionPlace] = shown.cells.map(({ caption }) => caption);
    setText(captionBar, "a bar; move it");
    setText(captionPlanes, "S: simple cells, C: complex; black 0, white 0.75");
    setText(captionTuning, `the ${preferred} cells, as the bar turns`);
    setText(captionPlace, "the same, as the bar moves across its line");
    const half = (points, k) => {
      const least = Math.max((Math.max(...points.map((pair) => pair[k])) / 2) * (1 - 1e-6), 1e-6); // a tie counts, rounding does not
      return points.filter((pair) => pair[k] >= least).length;
    };
    const list = (values) => `[${Array.from(values, (v) => Number(v.toPrecision(6))).join(", ")}]`;
    const rule = { max: `the strongest of ${(2 * reach + 1) ** 2} simple cells`, mean: `the mean of ${(2 * reach + 1) ** 2} simple cells`, energy: "√(even² + odd²)" }[cell];
    const pool = cell === "energy" ? "c = torch.hypot(F.conv2d(x, even, padding=5), F.conv2d(x, odd, padding=5))" : `c = F.${cell === "max" ? "max" : "avg"}_pool2d(s, ${2 * reach + 1}, stride=1, padding=${reach})`;
    return {
      status: `The ${preferred} cells in the middle: simple ${s.toFixed(3)}, complex ${c.toFixed(3)}. At half their best or more: simple at ${half(tuning, 0)} of 37 angles and ${half(tolerance, 0)} of 33 places, complex at ${half(tuning, 1)} and ${half(tolerance, 1)}.`,
      formula: `S = max(0, Σ w·x) over ${TAPS} × ${TAPS} pixels = ${s.toFixed(3)}\nC = ${rule} = ${c.toFixed(3)}`,
      torch: `s = F.relu(F.conv2d(x, even, padding=5)); ${pool}  # (1, 1, 48, 48) -> (1, 4, 48, 48)`,
      numbers: () => `simple = ${list(simple.map((p) => p[middle]))}\ncomplex = ${list(complex.map((p) => p[middle]))}\ntuning = [${[0, 1].map((k) => list(tuning.map((p) => p[k]))).join(", ")}]\ntolerance = [${[0, 1].map((k) => list(tolerance.map((p) => p[k]))).join(", ")}]`,
    };
  }

  function drawFovea(state, colours, room) {
    const name = state.photo;
    if (!pictures.has(name)) {
      pictures.set(name, null);
      unpack(PHOTOGRAPHS[name]).then((picture) => (pictures.set(name, picture), request()));
    }
    const picture = pictures.get(name);
    if (!picture) return { status: "Unpacking the photograph …", formula: "", torch: "", numbers: () => "" };
    const key = JSON.stringify([name, state.rings, state.fixation]);
    if (viewed.key !== key) {
      const same = viewed.name === name && viewed.rings === state.rings;
      const found = views(picture, state, same ? viewed.kept : {});
      viewed = {
        key, name, rings: state.rings, size: [picture.height, picture.width], ...found,
        photoPixels: viewed.name === name ? viewed.photoPixels : greyPixels(picture.values),
        eyePixels: greyPixels(found.painted[0]), cortexPixels: greyPixels(found.seen[0]),
        cameraPixels: same ? viewed.cameraPixels : greyPixels(found.painted[1]),
      };
    }
    const { where, eye, camera, errors, seen } = viewed;
    const side = (room - 24) / 2;
    const scale = side / picture.width;
    const [rings, rays] = [state.rings, 2 * state.rings];
    for (const { element } of shown.fovea) element.style.width = `${side}px`;
    photo.paint(viewed.photoPixels, picture.width, picture.height, scale);
    pictured.eye.paint(viewed.eyePixels, picture.width, picture.height, scale);
    pictured.camera.paint(viewed.cameraPixels, picture.width, picture.height, scale);
    pictured.cortex.paint(viewed.cortexPixels, rays, rings, side / rays);
    for (const part of [photo, pictured.eye, pictured.camera]) part.mark((context, unit) => target(context, colours, (where[1] + 0.5) * unit, (where[0] + 0.5) * unit, NEAR * unit, part === photo), scale);
    pictured.cortex.mark(() => {}, side / rays);
    const captions = shown.fovea.map(({ caption }) => caption);
    setText(captions[0], "move the point of fixation");
    setText(captions[1], `${rings} rings of ${rays} fields`);
    setText(captions[2], `${camera.rows.length} even fields`);
    setText(captions[3], "the rings laid flat: fovea on top");
    const wide = (r) => Math.max(1, (r + eye.core) * eye.rate);
    const inside = eye.rows.filter((row, k) => row >= -0.5 && row <= picture.height - 0.5 && eye.columns[k] >= -0.5 && eye.columns[k] <= picture.width - 0.5).length;
    return {
      status: `${rings * rays} fields in rings, error ${errors[0][0].toFixed(3)} near the fixation and ${errors[0][1].toFixed(3)} overall; ${camera.rows.length} even ones, ${errors[1][0].toFixed(3)} and ${errors[1][1].toFixed(3)}.`,
      formula: `a field r pixels out is max(1, (r + ${eye.core})·ln(1 + ${short(eye.reach, 4)}/${eye.core})/${rings}) pixels wide: ${wide(0).toFixed(1)} at 0, ${wide(16).toFixed(1)} at 16, ${wide(100).toFixed(1)} at 100; an even one is ${camera.sides[0].toFixed(1)} everywhere`,
      torch: `F.grid_sample(blurred, points)  # (1, 1, ${picture.height}, ${picture.width}), (1, ${rings}, ${rays}, 2) -> (1, 1, ${rings}, ${rays})`,
      numbers: () => `fixation = (${where.join(", ")})\nfields_on_the_photograph = ${inside}\nerrors = [[${errors.map((pair) => pair.map((v) => v.toPrecision(7)).join(", ")).join("], [")}]]\nseen = [${Array.from(seen[0].filter((_, k) => k % 7 === 0), (v) => Number(v.toPrecision(6))).join(", ")}]`,
    };
  }

  return { stage: Object.values(shown).flat().map((part) => part.element), controls, draw };
}

function outline(context, colour, thick, x, y, side) {
  context.strokeStyle = colour;
  context.lineWidth = thick;
  context.strokeRect(x, y, side, side);
}

/** The cell that is followed. */
function framed(context, colours, x, y, unit) {
  outline(context, "#000000", 4, x - 2, y - 2, unit + 4);
  outline(context, colours.tap, 2, x - 2, y - 2, unit + 4);
}

/** A short line that says which orientation a plane is for. */
function glyph(context, x, y, angle) {
  const [dx, dy] = [8 * Math.cos((angle * Math.PI) / 180), -8 * Math.sin((angle * Math.PI) / 180)];
  for (const [colour, thick] of [["#000000", 5], ["#ffffff", 2.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.beginPath();
    context.moveTo(x - dx, y - dy);
    context.lineTo(x + dx, y + dy);
    context.stroke();
  }
}

function letter(context, text, x, y) {
  context.font = "600 14px system-ui, sans-serif";
  context.textBaseline = "top";
  context.lineWidth = 3;
  context.strokeStyle = "#000000";
  context.strokeText(text, x, y);
  context.fillStyle = "#ffffff";
  context.fillText(text, x, y);
}

function target(context, colours, x, y, radius, cross) {
  for (const [colour, thick] of [["#000000", 3.5], [colours.tap, 1.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (cross) {
      context.moveTo(x - 6, y);
      context.lineTo(x + 6, y);
      context.moveTo(x, y - 6);
      context.lineTo(x, y + 6);
    }
    context.stroke();
  }
}

export default explorer({
  title: "Cells of the cortex",
  parameters: ["view", "position", "angle", "length", "width", "dark", "preferred", "cell", "reach", "photo", "fixation", "rings"],
  problem,
  build,
});
