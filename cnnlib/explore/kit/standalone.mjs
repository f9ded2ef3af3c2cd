/** A model without a kernel, in the form that anywidget asks for. */
export function plainModel(state) {
  const listeners = new Map();
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const listener of listeners.get(`change:${name}`) ?? []) listener();
    },
    on(event, listener) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event).add(listener);
    },
    off: (event, listener) => listeners.get(event)?.delete(listener),
    save_changes() {},
  };
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

/** An array as text, `{ shape, data: "base64" }`, as the explorers take it; anything else as it is. */
const revived = (value) =>
  typeof value?.data === "string" ? { ...value, data: new DataView(bytes(value.data)) } : value;

/**
 * An explorer that brings its state and its style, for any host of anywidgets: what the host's model does not say is
 * taken from `state`, and with no model at all everything is. `assets` are the bytes that it asks for by name, in
 * base64. Returns `{ render({ model, el }) }`.
 */
export function standalone(widget, state, style, assets) {
  const asset = async (name) => bytes(assets[name]);
  asset.there = (name) => name in assets;
  asset.only = Object.keys(assets); // there is no page behind it that could load others
  return {
    render({ model, el }) {
      const own = model ?? plainModel({});
      for (const [name, value] of Object.entries(state)) {
        if (own.get(name) === undefined) own.set(name, revived(value));
      }
      const sheet = document.createElement("style");
      sheet.textContent = style;
      const mount = document.createElement("div");
      el.replaceChildren(sheet, mount);
      return widget.render({ model: own, el: mount, asset });
    },
  };
}
