import { engine } from "../mirror/squeezenet.mjs";

/** What runs in the worker: the network, with the maps of each run that is worth keeping. */
function serve(net, scope) {
  const kept = new Map(); // slot and side to the maps of the last run there
  scope.onmessage = ({ data }) => {
    if (data.layers) {
      net.load(data.layers);
      return;
    }
    const { slot, side, key, picture, rank, removed, wanted } = data;
    const name = `${slot} ${side}`;
    if (!kept.has(name)) kept.set(name, { key: null, called: {}, maps: new Map() });
    const one = kept.get(name);
    if (one.key !== key) Object.assign(one, { key, called: {} });
    const { fresh } = net.forward(picture, side, { rank, removed, kept: one.maps, key: one.called });
    const scores = net.means(one.maps.get("conv10"));
    const maps = wanted ? Object.fromEntries(net.ROWS.map((row) => [row, plain(one.maps.get(row))])) : null;
    scope.postMessage({ scores, maps, fresh });
  };
  const plain = ({ values, channels, side }) => ({ values, channels, side });
}

/** A worker from the text of these functions, or where the page forbids workers the same on the page itself. */
function made() {
  const text = `(${serve})((${engine})(), self);`;
  try {
    return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  } catch {
    const scope = { postMessage: (data) => here.onmessage({ data }) };
    serve(engine(), scope);
    const here = { postMessage: (data) => setTimeout(() => scope.onmessage({ data })), terminate: () => {} };
    return here;
  }
}

/**
 * The network in a worker of its own, one request at a time: `ask(make)` promises { scores, maps, fresh } of what
 * `make()` gives once it is its turn. Of the requests that wait, only the latest is kept; an earlier one is answered
 * with null.
 */
export function service(layers) {
  const worker = made();
  worker.postMessage({ layers });
  let running = null; // { done } of what the worker is at
  let waiting = null;

  function next() {
    running = waiting;
    waiting = null;
    if (running) worker.postMessage(running.make());
  }
  worker.onmessage = ({ data }) => {
    running.done(data);
    next();
  };
  return {
    ask(make) {
      waiting?.done(null);
      return new Promise((done) => {
        waiting = { make, done };
        if (!running) next();
      });
    },
    destroy: () => worker.terminate(),
  };
}

/** Scores as probabilities. */
export function softmax(scores) {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
