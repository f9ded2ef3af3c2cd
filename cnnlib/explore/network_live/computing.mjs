import { engine, unpackNetwork } from "../mirror/squeezenet.mjs";
import { intactOf, isChanged, removedOf, sideOf } from "./model.mjs";
import { centred, changed, ownSquare, shrunk, unpackSquare } from "./picture.mjs";
import { SIDES } from "./schema.mjs";
import { service, softmax } from "./service.mjs";

const KEPT = 300; // predictions that are kept

async function inflated(buffer) {
  const stream = new Blob([buffer]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/**
 * Pictures and predictions as they become known: `of(state)` gives what there is of `picture`, `current`, `rough` and
 * `intact`, sets off what is missing, and `request()` is called when there is more.
 */
export function computing(asset, request) {
  const squares = new Map(); // photograph to its planes, null while they come
  const own = new WeakMap(); // own picture to { name, square }
  const predictions = new Map(); // key to the 1,000 probabilities
  let net = null; // { layers, classes, service } once it is loaded
  let loading = false;
  let trouble = "";
  let refused = ""; // the photograph that can't be loaded; it is asked for again once another one was shown
  let current = null; // { key, probabilities, maps } of the latest full run
  let wanted = ""; // the key of the latest state that was asked for
  let given = { key: "" }; // the latest changed picture
  let count = 0;

  function load() {
    if (loading) return;
    loading = true;
    trouble = "";
    asset("squeezenet")
      .then(inflated)
      .then((buffer) => {
        const { layers, classes } = unpackNetwork(buffer);
        const here = engine(); // on the page itself, for the weights of the sums
        here.load(layers);
        net = { layers, classes, engine: here, service: service(layers) };
        request();
      })
      .catch((error) => {
        loading = false;
        fail(`The network can't be loaded (${error.message}).`);
      });
    request();
  }

  function fail(text) {
    trouble = text;
    request();
  }

  function ownOf(image) {
    if (!own.has(image)) own.set(image, { name: `own ${(count += 1)}`, square: ownSquare(image) });
    return own.get(image);
  }

  const nameOf = ({ photo, image }) => (photo === "array" ? ownOf(image).name : photo);

  function squareOf({ photo, image }) {
    if (refused && refused !== photo) refused = trouble = "";
    if (photo === "array") return ownOf(image).square;
    if (squares.has(photo)) return squares.get(photo);
    if (photo === refused) return null;
    squares.set(photo, null);
    asset(`photo-${photo}`)
      .then(unpackSquare)
      .then((planes) => (squares.set(photo, planes), request()))
      .catch((error) => {
        squares.delete(photo);
        refused = photo;
        fail(`The photograph can't be loaded (${error.message}).`);
      });
    return null;
  }

  const changesOf = ({ shift, turn, zoom, cover, cover_size, cover_fill, grey, shuffle }) =>
    JSON.stringify([shift, turn, zoom, cover_size && [cover, cover_size, cover_fill], grey, shuffle]);
  const keyOf = (state) =>
    JSON.stringify([nameOf(state), sideOf(state), changesOf(state), removedOf(state), state.rank]);

  function remember(key, scores) {
    predictions.set(key, softmax(scores));
    if (predictions.size > KEPT) predictions.delete(predictions.keys().next().value);
    return predictions.get(key);
  }

  function ask(state, slot, picture, side, keep) {
    const key = `${nameOf(state)} ${changesOf(state)}`;
    const one = { slot, side, key, rank: state.rank, removed: removedOf(state), wanted: keep };
    return net.service.ask(() => ({ ...one, picture: centred(shrunk(picture, side)) }));
  }

  /** The intact picture's prediction, a rough one of what is wanted, and the full one, while it is still wanted. */
  async function run(state, key, picture) {
    const side = sideOf(state);
    const intact = intactOf(state);
    if (isChanged(state) && !predictions.has(keyOf(intact))) {
      const found = await ask(intact, "intact", squareOf(state), side, false);
      if (!found || wanted !== key) return;
      remember(keyOf(intact), found.scores);
    }
    if (isChanged(state) && side === SIDES.fine && !predictions.has(key)) {
      const found = await ask(state, "rough", picture, SIDES.coarse, false);
      if (!found || wanted !== key) return;
      remember(`rough ${key}`, found.scores);
      request();
    }
    const found = await ask(state, isChanged(state) ? "changed" : "intact", picture, side, true);
    if (!found || wanted !== key) return;
    current = { key, probabilities: remember(key, found.scores), maps: found.maps, fresh: found.fresh };
    request();
  }

  return {
    load,
    get loaded() {
      return net;
    },
    get loading() {
      return loading && !net;
    },
    get trouble() {
      return trouble;
    },
    of(state) {
      const square = squareOf(state);
      if (!square) return { picture: null };
      const change = `${nameOf(state)} ${changesOf(state)} ${sideOf(state)}`;
      if (given.key !== change) {
        const planes = changed(square, state);
        given = { key: change, planes, shown: shrunk(planes, sideOf(state)) };
      }
      const key = keyOf(state);
      if (net && current?.key !== key && wanted !== key) {
        wanted = key; // stays where it fails: the same is not tried again before something else was
        trouble = "";
        run(state, key, given.planes).catch((error) => {
          if (wanted === key) fail(`The network can't answer (${error.message}). Change something to try again.`);
        });
      }
      if (current?.key === key) {
        wanted = key;
        trouble = "";
      }
      return {
        picture: given.shown,
        change: given.key,
        current: current?.key === key ? current : null,
        last: current,
        rough: predictions.get(key) ?? predictions.get(`rough ${key}`) ?? null,
        intact: predictions.get(keyOf(intactOf(state))) ?? null,
      };
    },
    destroy: () => net?.service.destroy(),
  };
}
