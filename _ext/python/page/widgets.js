/** Explorers that a running cell made: the page's models for them, joined to the session's in both directions. */
(() => {
  "use strict";
  const api = cnnlibPython;
  const models = new Map();
  const FIRST = ["../live/model.js", "../live/controls.js", "../live/memory.js"];

  /** Buffers stand apart from the rest of a state; put each where it belongs. */
  function state(data, buffers = []) {
    (data.buffer_paths ?? []).forEach((path, i) => {
      let holder = data.state;
      for (const step of path.slice(0, -1)) holder = holder[step];
      const bytes = buffers[i];
      holder[path.at(-1)] = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    });
    return data.state;
  }

  const opening = [];
  /** A model can be made once the page has the scripts for models; what arrives before waits. */
  function open(message) {
    if (!globalThis.cnnlibExplorers) {
      opening.push(message);
      return;
    }
    const values = state(message.data, message.buffers);
    const entry = { model_name: values._model_name, state: values };
    const model = cnnlibExplorers.connected(message.model, entry, (changed) =>
      api.session.tell(message.model, changed),
    );
    models.set(message.model, model);
    cnnlibExplorers.link(models, model);
  }

  function change(message) {
    if (message.data.method !== "update") return;
    const late = opening.find((one) => one.model === message.model);
    if (late) Object.assign(late.data.state, state(message.data, message.buffers));
    else models.get(message.model)?.receive(state(message.data, message.buffers));
  }

  async function scripts(id) {
    if (!globalThis.cnnlibExplorers) {
      for (const name of FIRST) await api.load(name);
      opening.splice(0).forEach(open);
    }
    const names = new Set();
    const visit = (reference) => {
      const model = cnnlibExplorers.reference(models, reference);
      const kind = model?.get("_anywidget_id");
      if (kind) names.add(kind);
      (model?.get("children") ?? []).forEach(visit);
    };
    visit(id);
    for (const name of names) {
      if (cnnlibExplorers.entry(name)) continue;
      for (const script of api.manifest.explorers[name] ?? []) await api.load(`../${script}`);
    }
    if (!cnnlibExplorers.show) await api.load("../live/mount.js");
  }

  /** Draw a model into an element of the page. */
  async function show(id, holder, cleanUps) {
    await scripts(id);
    const element = cnnlibExplorers.show(models, id, (cleanUp) => cleanUps.push(cleanUp));
    holder.append(element);
    holder.dispatchEvent(new CustomEvent("live", { bubbles: true }));
  }

  api.widgets = {
    open,
    change,
    show,
    close: (message) => models.delete(message.model),
    /** The session has ended: what is shown goes on by itself, as a stored explorer does. */
    forget() {
      for (const model of models.values()) model.disconnect?.();
      models.clear();
    },
  };
})();
