/**
 * Load the files that Python needs. From a server they are fetched; from a folder, where a browser lets a page read no
 * file, each is a script that hands itself in as text. What has arrived is kept, so that a new start loads nothing.
 */
(() => {
  "use strict";
  const api = cnnlibPython;
  const FOLDER = location.protocol === "file:";
  const arrived = new Map(); // name to Blob
  const handedIn = new Map();
  api.handIn = (name, text) => handedIn.set(name, text);

  async function fetched({ file, tag, size }, came) {
    const response = await fetch(`${api.address("../supply/")}${file}?v=${tag}`);
    if (!response.ok) throw new Error(`${file.split("/").at(-1)} did not arrive (${response.status})`);
    const parts = [];
    let sum = 0;
    const reader = response.body.getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      parts.push(value);
      sum += value.length;
      came(value.length);
    }
    if (sum !== size) throw new Error(`of ${file.split("/").at(-1)} ${sum} bytes of ${size} arrived`);
    return new Blob(parts);
  }

  async function fromScript(name, { file, tag, size }, came) {
    await api.load(`../supply/${file}.js`, tag);
    const text = handedIn.get(name);
    handedIn.delete(name);
    const response = await fetch(`data:application/octet-stream;base64,${text}`);
    came(size);
    return response.blob();
  }

  /** One file, as { blob, gzip }. */
  async function one(name, entry, came = () => {}) {
    if (!arrived.has(name)) {
      const load = FOLDER ? fromScript(name, entry, came) : fetched(entry, came);
      arrived.set(name, { blob: await load, gzip: entry.gzip });
    } else came(entry.size);
    return arrived.get(name);
  }

  /** Everything that Python starts with; `tell(bytes, all)` hears how far it is. */
  async function start(tell) {
    const entries = Object.entries(api.manifest.start);
    const all = entries.reduce((sum, [, { size }]) => sum + size, 0);
    let bytes = 0;
    const came = (more) => tell((bytes += more), all);
    const files = {};
    const waiting = [...entries];
    const fetchNext = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) files[next[0]] = await one(next[0], next[1], came);
    };
    await Promise.all(Array.from({ length: FOLDER ? 1 : 4 }, fetchNext)).catch((error) => {
      const lost = error instanceof TypeError;
      throw lost ? new Error("the connection was lost") : error;
    });
    return { files, size: all };
  }

  api.supply = {
    start,
    folder: FOLDER,
    /** A copy of what was kept, in bytes that can be given away: { name: { bytes, gzip } }. */
    async handed(files) {
      const entries = Object.entries(files).map(async ([name, { blob, gzip }]) => [
        name,
        { bytes: await blob.arrayBuffer(), gzip },
      ]);
      return Object.fromEntries(await Promise.all(entries));
    },
    data: async (name) => (await one(`data/${name}`, api.manifest.data[`data/${name}`])).blob.arrayBuffer(),
    text: async ({ blob, gzip }) => {
      const stream = gzip ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
      return new Response(stream).blob();
    },
  };
})();
