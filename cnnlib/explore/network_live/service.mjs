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
    const maps = wanted ? Object.fromEntries(net.ROWS.map((row) => [row, copied(one.maps.get(row))])) : null;
    // copies made here are handed over: the page would take time of a frame to make its own
    scope.postMessage({ scores, maps, fresh }, maps ? Object.values(maps).map(({ values }) => values.buffer) : []);
  };
  const copied = (row) => ({
    values: row.values.slice(),
    channels: row.channels,
    side: row.side,
    means: net.means(row),
  });
}

/** A worker from the text of these functions. */
function apart() {
  const text = `(${serve})((${engine})(), self);`;
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return new Worker(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The same on the page itself, where it forbids workers. */
function here() {
  const scope = { postMessage: (data) => worker.onmessage({ data }) };
  const worker = {
    postMessage: (data) =>
      setTimeout(() => {
        try {
          scope.onmessage({ data });
        } catch (error) {
          worker.onerror(error);
        }
      }),
    terminate: () => Object.assign(worker, { onmessage() {}, onerror() {} }),
  };
  serve(engine(), scope);
  return worker;
}

/**
 * The network in a worker of its own, one request at a time: `ask(make)` promises { scores, maps, fresh } of what
 * `make()` gives once it is its turn. Of the requests that wait, only the latest is kept; an earlier one is answered
 * with null. The worker is made for the first request; one in which something fails is ended and its request refused,
 * and the next gets a new one.
 */
export function service(layers) {
  let place = apart;
  let worker = null;
  let running = null; // { make, done, failed } of what the worker is at
  let waiting = null;

  function begin() {
    try {
      worker = place();
    } catch {
      worker = (place = here)();
    }
    worker.onmessage = ({ data }) => {
      running.done(data);
      next();
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      end();
      if (place === apart && !event.message) {
        // the script could not be loaded: some browsers say only now that the page forbids workers
        place = here;
        if (waiting) running.done(null);
        else waiting = running;
      } else running.failed(new Error(event.message || "no reason is given"));
      next();
    };
    worker.postMessage({ layers });
  }

  function end() {
    worker?.terminate();
    worker = null;
  }

  function next() {
    [running, waiting] = [waiting, null];
    if (!running) return;
    try {
      if (!worker) begin();
      const request = running.make();
      worker.postMessage(request, [request.picture.buffer]); // handed over: a copy would take time of the frame
    } catch (error) {
      end();
      running.failed(error);
      next();
    }
  }

  return {
    ask(make) {
      waiting?.done(null);
      return new Promise((done, failed) => {
        waiting = { make, done, failed };
        if (!running) next();
      });
    },
    destroy: end,
  };
}

/** Scores as probabilities. */
export function softmax(scores) {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
