/**
 * The models of a page's widgets, without a kernel: what a notebook's widget manager would hold, as small as it can be.
 * `cnnlibExplorers` is the one name that the site adds to the page.
 */
(() => {
  "use strict";
  const factories = new Map();
  const loaded = new Map();
  const entries = new Map();

  /** Scripts beside this one hand in the explorers' modules, each once per site. */
  function define(name, factory) {
    factories.set(name, factory);
  }

  /** Say which module draws the widgets of a Python class. */
  function register(className, name) {
    entries.set(className, name);
  }

  const assets = new Map(); // name to {promise, done}
  const folder = document.currentScript?.src.replace(/[^/]*$/, "") ?? "";

  function expected(name) {
    if (!assets.has(name)) {
      const entry = {};
      entry.promise = new Promise((done, failed) => Object.assign(entry, { done, failed }));
      assets.set(name, entry);
    }
    return assets.get(name);
  }

  /** Hand in an asset, in base64: what the script `asset-NAME.js` does, which works from a folder as well. */
  function hand(name, text) {
    const entry = expected(name);
    entry.there = true;
    entry.done(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  }

  /** Promise the bytes of an asset; its script is loaded when it is first asked for. */
  function asset(name) {
    const entry = expected(name);
    if (entry.there || entry.asked) return entry.promise;
    entry.asked = true;
    const script = document.createElement("script");
    script.src = `${folder}asset-${name}.js`;
    script.onerror = () => {
      assets.delete(name); // so that it can be asked for again
      script.remove();
      entry.failed(new Error(`${name} could not be loaded`));
    };
    document.head.append(script);
    return entry.promise;
  }
  asset.there = (name) => Boolean(assets.get(name)?.there);

  /** The exports of a module. */
  function load(name) {
    if (!loaded.has(name)) {
      if (!factories.has(name)) throw new Error(`this page does not hold the module ${name}`);
      loaded.set(name, factories.get(name)(load));
    }
    return loaded.get(name);
  }

  const plain = (value) => JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? serial(part) : part));
  const same = (a, b) => a === b || plain(a) === plain(b);

  // JSON sees nothing of what a DataView holds, so two pictures of one size would be one to it: each counts by itself.
  const serials = new WeakMap();
  let views = 0;
  function serial(view) {
    if (!serials.has(view)) serials.set(view, `view ${(views += 1)}`);
    return serials.get(view);
  }

  class Model {
    constructor(id, stored) {
      if (!stored?.state) throw new Error("there is none");
      this.id = id;
      this.name = stored.model_name;
      this.state = { ...stored.state };
      for (const { path, data, encoding } of stored.buffers ?? []) {
        if (encoding !== "base64") throw new Error(`a buffer in the encoding ${encoding}`);
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        let holder = this.state;
        for (const step of path.slice(0, -1)) holder = holder[step];
        holder[path.at(-1)] = new DataView(bytes.buffer);
      }
      this.listeners = new Map();
    }

    get(name) {
      return this.state[name];
    }

    set(name, value) {
      if (same(this.state[name], value)) return;
      this.state[name] = value;
      this.emit(`change:${name}`, value);
      this.emit("change");
    }

    on(names, callback) {
      for (const name of names.split(" ")) {
        if (!this.listeners.has(name)) this.listeners.set(name, new Set());
        this.listeners.get(name).add(callback);
      }
    }

    off(names, callback) {
      for (const name of names ? names.split(" ") : this.listeners.keys()) {
        if (callback) this.listeners.get(name)?.delete(callback);
        else this.listeners.delete(name);
      }
    }

    emit(name, value) {
      for (const callback of Array.from(this.listeners.get(name) ?? [])) callback(this, value);
    }

    save_changes() {} // no kernel to tell

    send() {}
  }

  /** A model with a kernel behind it: what the page changes is told to it, what it changes is received. */
  class Connected extends Model {
    constructor(id, stored, tell) {
      super(id, stored);
      this.tell = tell;
      this.changed = {};
      this.receiving = false;
    }

    set(name, value) {
      if (!this.receiving && this.tell && !same(this.state[name], value)) {
        if (!Object.keys(this.changed).length) queueMicrotask(() => this.save_changes());
        this.changed[name] = value;
      }
      super.set(name, value);
    }

    save_changes() {
      const changed = this.changed;
      this.changed = {};
      if (Object.keys(changed).length) this.tell?.(changed);
    }

    receive(state) {
      this.receiving = true;
      try {
        for (const [name, value] of Object.entries(state)) this.set(name, value);
      } finally {
        this.receiving = false;
      }
    }

    disconnect() {
      this.tell = null;
    }
  }

  /** Put a link between two models to work, if the model is one. */
  function link(models, model) {
    if (model.name !== "LinkModel" && model.name !== "DirectionalLinkModel") return;
    const [source, from] = follow(models, model.get("source"));
    const [target, to] = follow(models, model.get("target"));
    if (!(source instanceof Model && target instanceof Model)) return;
    source.on(`change:${from}`, (_, value) => target.set(to, value));
    target.set(to, source.get(from));
    if (model.name === "LinkModel") target.on(`change:${to}`, (_, value) => source.set(from, value));
  }

  /** All models of the stored state, links between them at work; in place of one that can't be read, the error. */
  function revive(stored) {
    const models = new Map();
    for (const [id, entry] of Object.entries(stored.state)) {
      try {
        models.set(id, new Model(id, entry));
      } catch (error) {
        models.set(id, new Error(`its stored state can't be read (${error.message})`));
      }
    }
    for (const model of models.values()) link(models, model);
    return models;
  }

  const reference = (models, text) => models.get(String(text).replace("IPY_MODEL_", ""));
  const follow = (models, pair) => (Array.isArray(pair) ? [reference(models, pair[0]), pair[1]] : []);

  globalThis.cnnlibExplorers = {
    define,
    register,
    load,
    hand,
    asset,
    revive,
    reference,
    link,
    connected: (id, stored, tell) => new Connected(id, stored, tell),
    entry: (className) => entries.get(className),
  };
})();
