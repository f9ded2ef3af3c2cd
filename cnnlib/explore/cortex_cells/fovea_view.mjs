import { setHidden } from "../kit/dom.mjs";
import { PHOTOGRAPHS } from "../generated/photographs.mjs";
import { ontoGrid } from "../kit/clamp.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { WAITING, pictures, tooSmall } from "../kit/pictures.mjs";
import { greyPixels, pixelCanvas } from "../kit/pixels.mjs";
import { views } from "../mirror/retina.mjs";
import { target } from "./drawing.mjs";
import { LEAST, NEAR, SCHEMA } from "./schema.mjs";
import { foveaTexts } from "./words.mjs";

/** A photograph, and what is left of it with a fovea and with as many even fields. */
export function foveaView(tools) {
  const { change, request, bound } = tools;
  const photographs = pictures(PHOTOGRAPHS, request);
  let where = null; // the pixel that is looked at
  let size = [1, 1];
  let kept = { picture: null, rings: 0, parts: {} }; // what does not depend on where one looks
  const look = memo((picture, state) => {
    const same = kept.picture === picture && kept.rings === state.rings;
    const found = views(picture, state, NEAR, same ? kept.parts : {});
    kept = { picture, rings: state.rings, parts: found.kept };
    return {
      ...found,
      eyePixels: greyPixels(found.painted[0]),
      flat: greyPixels(found.seen[0]),
      cameraPixels: greyPixels(found.painted[1]),
    };
  });
  const sharp = memo((picture) => greyPixels(picture.values));

  const go = (at) => change({ fixation: ontoGrid(at, size) });
  const photo = pixelCanvas({
    label: "The photograph. Press, or use the arrow keys, to move the point that is looked at.",
    move: (step) => where && go(where.map((v, axis) => v + step[axis])),
    press: go,
  });
  const eye = pixelCanvas({ label: "The photograph as fields in rings see it, small ones in the middle." });
  const camera = pixelCanvas({ label: "The photograph as the same number of equal fields see it." });
  const flat = pixelCanvas({ label: "The fields in rings, laid out flat." });
  const shown = panels({ photo, eye, camera, cortex: flat });
  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    misfit: (state) => tooSmall(state, LEAST),
    also: () => ({ view: "fovea", fixation: null }),
    most: SCHEMA.image.most,
    least: LEAST,
  });
  const controls = [list, own, bound.slider("rings", "Rings")];

  function draw(state, colours, room) {
    const picture = photographs.shown(state);
    for (const panel of shown.all) setHidden(panel, !picture); // no panel before it has something to show
    if (!picture) return WAITING;
    size = [picture.height, picture.width];
    const found = look([picture, state.rings, state.fixation], picture, state);
    where = found.where;
    const side = (room - 24) / 2;
    const scale = side / picture.width;
    const [rings, rays] = [state.rings, 2 * state.rings];
    shown.widen(side);
    photo.paint(sharp([picture], picture), picture.width, picture.height, scale);
    eye.paint(found.eyePixels, picture.width, picture.height, scale);
    camera.paint(found.cameraPixels, picture.width, picture.height, scale);
    flat.paint(found.flat, rays, rings, side / rays);
    for (const part of [photo, eye, camera]) {
      part.mark(
        (context, unit) =>
          target(context, colours, (where[1] + 0.5) * unit, (where[0] + 0.5) * unit, NEAR * unit, part === photo),
        scale,
        [where, colours.tap],
      );
    }
    shown.say({
      photo: "press to look somewhere else",
      eye: `with a fovea: ${rings} rings of ${rays} fields`,
      camera: `without: ${found.camera.rows.length} equal fields`,
      cortex: "each ring as a row, the fovea at the top",
    });
    return foveaTexts(state, found, size);
  }

  return { panels: shown.all, output: shown.of.eye, controls, draw, destroy: own.destroy };
}
