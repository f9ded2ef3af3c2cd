import { ownPicture } from "./own_picture.mjs";
import { sentence } from "./schema.mjs";

/**
 * The list of photographs and the row for a picture of the reader's own, as `{ list, own }`, two controls. `tools` are
 * those that `build` is given. A picture that can't stand with the other parameters, as `misfit` says, gets its
 * sentence and changes nothing.
 *   schema, misfit   of the explorer
 *   image            the parameter that holds it; its `shows` names the list and the choice for it
 *   label, names, hides(state), write   of the list; `hides` gives choices that are not offered at present
 *   also(state, { shape, data })   what a new picture changes besides
 *   most, least, square   as of `ownPicture`
 */
export function photographControls(
  { bound, change, state: readState, say },
  {
    schema,
    misfit = () => null,
    image = "image",
    label = "Photograph",
    names = {},
    hides = () => [],
    write,
    also,
    ...cut
  },
) {
  const [choice, shown] = schema[image].shows;
  const list = bound.choice(choice, label, {
    names: { [shown]: "Your own", ...names },
    options(state) {
      const hidden = [...hides(state), ...(state[image] ? [] : [shown])];
      return schema[choice].choices.filter((name) => !hidden.includes(name));
    },
    write,
  });
  const own = ownPicture({
    take(given) {
      const state = readState();
      const values = { ...also?.(state, given), [image]: given, [choice]: shown };
      const wrong = misfit({ ...state, ...values });
      if (wrong) return sentence(schema, wrong);
      change(values);
      return null;
    },
    colour: Boolean(schema[image].colour),
    say,
    ...cut,
  });
  return { list, own };
}
