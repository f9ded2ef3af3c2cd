/**
 * Bring the page's widgets to life. Where one can't be, its stored picture or text stays, with a sentence that says so.
 *
 * A link `page.html#explorer=2&stride=[2]` restores the state of the page's second explorer.
 */
(() => {
  "use strict";
  const explorers = []; // {model, parameters, start, root} in the order of the page

  function mountAll() {
    let models = null;
    let damage = "";
    const stored = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]');
    try {
      models = cnnlibExplorers.revive(JSON.parse(stored.textContent));
    } catch (error) {
      damage = `the stored state of this page can't be read (${error.message})`;
    }
    for (const place of document.querySelectorAll(".live-mount")) {
      const live = document.createElement("div");
      try {
        if (damage) throw new Error(damage);
        live.append(show(models, place.dataset.model));
        place.querySelector(".live-still")?.setAttribute("hidden", "");
        place.append(live);
        place.dispatchEvent(new CustomEvent("live", { bubbles: true }));
      } catch (error) {
        live.remove();
        const note = document.createElement("p");
        note.className = "live-trouble";
        note.setAttribute("role", "note");
        const still = place.querySelector(".live-still img") ? "The picture shows" : "The lines below describe";
        note.textContent = `This explorer could not be started: ${error.message.replace(/\.$/, "")}. ${still} its first state.`;
        place.prepend(note);
      }
    }
    restore();
    addEventListener("hashchange", restore);
  }

  /** The element of one model; the explorer's own cleaning up is not needed, for it lives as long as the page. */
  function show(models, reference) {
    const model = cnnlibExplorers.reference(models, reference);
    if (!model) throw new Error("its stored state is missing");
    if (model instanceof Error) throw model;
    const view = cnnlibExplorers.views[model.name];
    if (view) return view(model, (child) => show(models, child));
    const name = model.name === "AnyModel" ? cnnlibExplorers.entry(model.get("_anywidget_id")) : null;
    if (!name) throw new Error(`${model.get("_anywidget_id") ?? model.name} is not known to this site`);
    const module = cnnlibExplorers.load(name);
    const wrong = module.problem?.(model.state);
    if (wrong) throw new Error(wrong);
    const parameters = Object.keys(model.state).filter((key) => !key.startsWith("_") && !["layout", "tabbable", "tooltip"].includes(key));
    const start = Object.fromEntries(parameters.map((key) => [key, model.get(key)]));
    const root = document.createElement("div");
    root.className = "live-explorer";
    root.id = `explorer-${explorers.length + 1}`;
    const number = explorers.push({ model, parameters, start, root });
    module.default.render({ model, el: root, start, permalink: (values) => permalink(number, values) });
    return root;
  }

  function permalink(number, values) {
    const query = new URLSearchParams({ explorer: number });
    for (const [name, value] of Object.entries(values)) query.set(name, JSON.stringify(value));
    try {
      history.replaceState(null, "", `#${query}`);
      return location.href;
    } catch {
      return `${location.href.split("#")[0]}#${query}`;
    }
  }

  function restore() {
    if (!location.hash.startsWith("#explorer=")) return;
    const query = new URLSearchParams(location.hash.slice(1));
    const found = explorers[Number(query.get("explorer")) - 1];
    if (!found) return;
    for (const name of found.parameters) {
      let value = found.start[name];
      if (query.has(name)) {
        try {
          value = JSON.parse(query.get(name));
        } catch {
          value = query.get(name); // the explorer says what is wrong with it
        }
      }
      found.model.set(name, value);
    }
    found.root.scrollIntoView({ block: "center" });
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", mountAll);
  else mountAll();
})();
