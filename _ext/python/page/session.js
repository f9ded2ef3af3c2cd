/** One Python in one worker: started when a cell is first run, ended to stop a cell, started anew when it has died. */
(() => {
  "use strict";
  const api = cnnlibPython;
  let worker = null;
  let ready = null; // the promise of a started Python
  let asked = null; // the cell that the reader asked for
  let finish = null; // ends the promise of the run
  let queue = Promise.resolve();
  const now = () => performance.now() / 1000;
  const seconds = (since) => `${(now() - since).toFixed(1)} s`;
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

  function start() {
    ready ??= begin().catch((error) => {
      ready = null;
      api.bar.say(`Python could not be loaded: ${error.message}.`);
      throw error;
    });
    return ready;
  }

  async function begin() {
    const since = now();
    api.bar.starting(true);
    const tick = (step, more = "") => api.bar.say(step, () => `${more}${seconds(since)}`);
    const { files, size } = await api.supply.start((bytes, all) =>
      tick("Loading Python:", `${megabytes(bytes)} of ${megabytes(all)} MB, `),
    );
    const engine = URL.createObjectURL(await api.supply.text(files["engine.js"]));
    delete files["engine.js"];
    const handed = await api.supply.handed(files);
    worker = new Worker(engine);
    URL.revokeObjectURL(engine);
    await new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message || "the browser did not start a worker"));
      worker.onmessage = ({ data }) => {
        if (data.type === "step") tick(`${data.step[0].toUpperCase()}${data.step.slice(1)}:`);
        else if (data.type === "ready") resolve();
        else if (data.type === "dead") reject(new Error(`Python did not start, ${data.why}`));
      };
      const base = api.supply.folder ? "" : api.address("../supply/");
      const { packages, data } = api.manifest;
      const buffers = Object.values(handed).map(({ bytes }) => bytes);
      worker.postMessage({ type: "start", files: handed, manifest: { packages, data }, base }, buffers);
    });
    worker.onmessage = ({ data }) => hear(data);
    worker.onerror = (event) => kinds.dead({ why: `it met a fault of its own (${event.message})` });
    api.bar.starting(false);
    api.session.report = { size, seconds: now() - since };
    api.bar.say(`Python is ready: ${megabytes(size)} MB in ${seconds(since)}.`);
    document.documentElement.classList.add("python-on");
  }

  /** Run a cell, after those above it that it needs and that have not run; or run all above it. */
  function run(cell, everything = false) {
    const turn = queue.then(async () => {
      await start();
      asked = cell;
      const banned = api.cells.filter((one) => one.torch || (everything && (one.exercise || one.solution)));
      const sources = api.cells.map((one) => one.text);
      const since = now();
      const ended = new Promise((resolve) => (finish = resolve));
      api.bar.busy(true);
      api.bar.say("Running:", () => seconds(since));
      worker.postMessage({
        type: "run",
        sources,
        at: cell.number,
        everything,
        banned: banned.map((one) => one.number),
      });
      const how = await ended;
      finish = null;
      api.bar.busy(false);
      if (how) api.bar.say(`${how.before ? `Ran with ${how.before} above` : "Ran"} in ${seconds(since)}.`);
      if (["waiting", "running"].includes(cell.note.textContent)) cell.say("");
      return how;
    });
    queue = turn.catch(() => {});
    return turn;
  }

  const kinds = {
    cell({ cell, quiet }) {
      const one = api.cells[cell];
      (quiet ? asked : one).say("running");
      if (!quiet) api.outputs.begin(one);
    },
    stream: (message) => api.outputs.stream(api.cells[message.cell], message),
    bundle: (message) => api.outputs.bundle(api.cells[message.cell], message.data),
    error(message) {
      const above = message.cell === asked.number ? null : api.cells[message.cell];
      const shown = above && !above.element.classList.contains("has-live") ? asked : api.cells[message.cell];
      api.outputs.error(shown, message, above);
    },
    ended({ cell, quiet }) {
      if (!quiet) api.outputs.end(api.cells[cell]);
      if (!quiet && api.cells[cell].note.textContent === "running") api.cells[cell].say("");
    },
    ran: (message) => finish?.(message),
    async need({ name }) {
      const bytes = await api.supply.data(name).catch(() => null);
      worker?.postMessage({ type: "file", name, bytes }, bytes ? [bytes] : []);
    },
    comm_open: (message) => api.widgets.open(message),
    comm_msg: (message) => api.widgets.change(message),
    comm_close: (message) => api.widgets.close(message),
    dead({ why }) {
      asked?.say("");
      if (asked) api.outputs.error(asked, { text: `Python ended: ${why}. It starts anew with the next cell.` });
      end();
      api.bar.say(`Python ended: ${why}. What was computed is gone, what you wrote is not.`);
    },
  };
  const hear = (message) => kinds[message.type]?.(message);

  /** End the worker; whatever it computed is gone. */
  function end() {
    worker?.terminate();
    worker = ready = null;
    api.widgets.forget();
    finish?.(null);
  }

  async function stop() {
    const stopped = asked;
    end();
    if (stopped) {
      stopped.say("stopped");
      api.outputs.error(stopped, {
        text: "KeyboardInterrupt: stopped. Python starts anew; what was computed is gone.",
      });
      api.outputs.end(stopped);
    }
    api.bar.busy(false);
    await start();
  }

  async function restart() {
    end();
    for (const cell of api.cells) cell.showStored();
    await start();
  }

  api.session = { run, stop, restart, tell: (model, state) => worker?.postMessage({ type: "model", model, state }) };
})();
