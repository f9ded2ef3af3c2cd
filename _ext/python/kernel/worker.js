/**
 * The worker: Python itself, behind messages. It is joined to Pyodide's own scripts and started from a Blob, so that a
 * page from a folder can start it too; whatever Pyodide fetches is answered with files that the page has handed in.
 */
(() => {
  "use strict";
  const BOOK = "/book";
  const files = new Map(); // name to { bytes, gzip }, for a worker of a page from a folder reads no Blob in Safari
  const awaited = new Map(); // name of a data file to the function that takes it
  let manifest = null;
  let base = ""; // the address of the files, where they can be had without the page
  let python = null;
  let session = null;

  const content = ({ bytes, gzip }) =>
    gzip ? new Response(bytes).body.pipeThrough(new DecompressionStream("gzip")) : bytes;

  self.fetch = async (address) => {
    const name = String(address.url ?? address)
      .split("/")
      .at(-1);
    const file = files.get(name);
    if (!file) throw new TypeError(`${name} is not among the files that the page handed in`);
    const kind = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(content(file), { headers: { "Content-Type": kind } });
  };

  /** A data file at once, from a server; null where only the page can bring it. */
  function fetchNow(name) {
    if (!base) return null;
    const { file, tag } = manifest.data[`data/${name}`];
    const request = new XMLHttpRequest();
    request.open("GET", `${base}${file}?v=${tag}`, false);
    request.responseType = "arraybuffer";
    try {
      request.send();
    } catch {
      return null;
    }
    return request.status === 200 ? new Uint8Array(request.response) : null;
  }

  function send(text, buffers) {
    const message = JSON.parse(text);
    if (buffers.length) message.buffers = buffers;
    postMessage(message);
  }

  async function start(message) {
    ({ manifest, base } = message);
    for (const [name, file] of Object.entries(message.files)) files.set(name, file);
    postMessage({ type: "step", step: "starting Python" });
    python = await loadPyodide({
      indexURL: "https://python.invalid/", // never asked: fetch is the one above
      env: { HOME: "/home/pyodide", MPLBACKEND: "agg" },
    });
    postMessage({ type: "step", step: "unpacking NumPy, Pillow and Matplotlib" });
    const silent = { checkIntegrity: false, messageCallback() {} };
    await python.loadPackage(manifest.packages, silent);
    const book = await new Response(content(files.get("book.zip"))).arrayBuffer();
    python.unpackArchive(book, "zip", { extractDir: BOOK });
    python.globals.set("settings", python.toPy({ folder: BOOK, names: Object.keys(manifest.data) }));
    python.globals.set("send", send);
    python.globals.set("fetch_now", fetchNow);
    session = python.runPython(`
import sys
sys.path.insert(0, settings["folder"])
from kernel.door import open_session
open_session(send, fetch_now, **settings)
`);
    files.clear();
    postMessage({ type: "ready" });
  }

  /** A data file from the page, where a worker may not read any itself. */
  function ask(name) {
    postMessage({ type: "need", name });
    return new Promise((resolve) => awaited.set(name, resolve));
  }

  /** Put a data file in its place and give its name, or say that it did not arrive, and give false. */
  async function bring(cell, name) {
    const bytes = await ask(name);
    if (bytes) session.put(name, new Uint8Array(bytes));
    else postMessage({ type: "error", cell, name: "", text: `data/${name} did not arrive; run the cell again.` });
    return bytes ? name : false;
  }

  async function run({ sources, at, everything, banned }) {
    const plan = JSON.parse(session.plan(JSON.stringify({ sources, at, everything, banned })));
    let well = true;
    for (const cell of plan) {
      const quiet = !everything && cell !== at;
      let result = null;
      do {
        postMessage({ type: "cell", cell, quiet });
        result = session.run(cell, sources[cell], quiet);
        if (typeof result === "string") result = await bring(cell, result);
      } while (typeof result === "string");
      postMessage({ type: "ended", cell, quiet, well: result });
      if (!result) {
        well = false;
        break;
      }
    }
    postMessage({ type: "ran", at, before: plan.length - (plan.at(-1) === at ? 1 : 0), well });
  }

  const hear = ({ model, state }) => session.hear(model, JSON.stringify(state));

  /** Python has ended by itself: no memory is left, or a fault in it. */
  function dead(error) {
    const short = /memory|allocation|grow/i.test(String(error));
    const why = short ? "it ran out of memory" : `it met a fault of its own (${error.message ?? error})`;
    postMessage({ type: "dead", why });
  }

  let queue = Promise.resolve();
  const kinds = { start, run, model: hear };
  addEventListener("message", ({ data }) => {
    if (data.type === "file") {
      awaited.get(data.name)?.(data.bytes);
      awaited.delete(data.name);
      return;
    }
    queue = queue.then(() => kinds[data.type](data)).catch(dead);
  });
})();
