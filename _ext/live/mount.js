/**
 * Bring the page's widgets to life. Where one can't be, its stored picture or text stays, with a sentence that says so.
 *
 * A link `page.html#ConvArithmetic-2:stride=3` restores the state of the page's second explorer of that kind. Links
 * that count all explorers of a page, `#explorer=2&stride=3`, are older and still read.
 */
(() => {
  "use strict";
  const here = document.currentScript.src;
  const explorers = []; // {key, model, parameters, start, root, implied} in the order of the page

  function mountAll() {
    let models = null;
    let damage = "";
    const stored = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]');
    try {
      models = cnnlibExplorers.revive(JSON.parse(stored.textContent));
    } catch (error) {
      damage = `the stored state of this page can't be read (${error.message})`;
    }
    for (const mount of document.querySelectorAll(".live-mount")) {
      const live = document.createElement("div");
      try {
        if (damage) throw new Error(damage);
        live.append(show(models, mount.dataset.model, null, explorers));
        mount.querySelector(".live-still")?.setAttribute("hidden", "");
        mount.append(live);
        mount.dispatchEvent(new CustomEvent("live", { bubbles: true }));
      } catch (error) {
        live.remove();
        const note = document.createElement("p");
        note.className = "live-trouble";
        note.setAttribute("role", "note");
        const still = mount.querySelector(".live-still img") ? "The picture shows" : "The lines below describe";
        const why = error.message.replace(/\.$/, "");
        note.textContent = `This explorer could not be started: ${why}. ${still} its first state.`;
        mount.prepend(note);
      }
    }
    restore();
    settle();
    addEventListener("hashchange", restore);
  }

  /**
   * The element of one model. `onCleanUp` takes the function that ends it; an explorer of the stored page needs none,
   * for it lives as long as the page. Only those in `kept` have links that lead back to them.
   */
  function show(models, reference, onCleanUp = null, kept = null) {
    const model = cnnlibExplorers.reference(models, reference);
    if (!model) throw new Error("its stored state is missing");
    if (model instanceof Error) throw model;
    const view = cnnlibExplorers.views[model.name];
    if (view) return view(model, (child) => show(models, child, onCleanUp, kept), onCleanUp);
    const name = model.name === "AnyModel" ? cnnlibExplorers.entry(model.get("_anywidget_id")) : null;
    if (!name) throw new Error(`${model.get("_anywidget_id") ?? model.name} is not known to this site`);
    const module = cnnlibExplorers.load(name);
    const wrong = (module.default.problem ?? module.problem)?.(model.state);
    if (wrong) throw new Error(wrong);
    const parameters = Object.keys(model.state).filter(
      (key) => !key.startsWith("_") && !["layout", "tabbable", "tooltip"].includes(key),
    );
    const start = Object.fromEntries(parameters.map((key) => [key, model.get(key)]));
    const root = document.createElement("div");
    root.className = "live-explorer";
    const kind = model.get("_anywidget_id").split(".").at(-1);
    let link = null;
    if (kept) {
      const key = `${kind}-${kept.filter((other) => other.key.startsWith(`${kind}-`)).length + 1}`;
      root.id = `explorer-${key}`;
      kept.push({ key, model, parameters, start, root, implied: module.default.implied ?? (() => ({})) });
      link = (values) => permalink(key, values);
    }
    root.addEventListener("explorer-reset", () => {
      if (addressed()?.found?.root === root) history.replaceState(null, "", location.pathname + location.search);
    });
    const cleanUp = module.default.render({
      model,
      el: root,
      start,
      permalink: link,
      embed: (state) => embed(kind, state, root),
      memory: cnnlibExplorers.memory,
      asset: cnnlibExplorers.asset,
    });
    if (cleanUp) onCleanUp?.(cleanUp);
    return root;
  }
  cnnlibExplorers.show = show;

  const fetched = new Map();

  /** A script beside this one, once for each page. */
  function fetch(name) {
    if (!fetched.has(name)) {
      const ready = new Promise((done, failed) => {
        const script = Object.assign(document.createElement("script"), { onload: done, onerror: failed });
        script.src = new URL(name, here);
        document.head.append(script);
      });
      fetched.set(name, ready);
      ready.catch(() => fetched.delete(name)); // so that it can be asked for again
    }
    return fetched.get(name);
  }

  /** Offer an explorer as files; returns what there is to say, which is nothing where that could be done. */
  async function embed(kind, state, root) {
    try {
      await fetch("embed.js");
      await fetch(`embed-${kind}.js`);
    } catch {
      return "The files could not be loaded; try again.";
    }
    try {
      await cnnlibExplorers.embed(kind, state, root);
    } catch (error) {
      return `The files could not be made (${error.message}).`;
    }
    return "";
  }

  function permalink(key, values) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) query.set(name, JSON.stringify(value));
    const fragment = `#${key}:${query}`;
    try {
      history.replaceState(null, "", fragment);
      return location.href;
    } catch {
      return location.href.split("#")[0] + fragment;
    }
  }

  /** Which explorer the address names, what for, and how the address calls it; null where it names none. */
  function addressed() {
    const [, key, values] = /^#([A-Za-z]+-\d+):(.*)$/.exec(location.hash) ?? [];
    if (key)
      return {
        found: explorers.find((explorer) => explorer.key === key),
        query: new URLSearchParams(values),
        name: key,
      };
    if (!location.hash.startsWith("#explorer=")) return null;
    const query = new URLSearchParams(location.hash.slice(1));
    const number = query.get("explorer");
    query.delete("explorer");
    return { found: explorers[Number(number) - 1], query, name: `explorer ${number}` };
  }

  /** One sentence above an explorer, or above the first of the page, in place of the last one. */
  function tell(text, mount = document.querySelector(".live-mount")) {
    document.querySelector(".live-link-trouble")?.remove();
    if (!text || !mount) return;
    const note = document.createElement("p");
    note.className = "live-trouble live-link-trouble";
    note.setAttribute("role", "alert");
    note.textContent = text;
    mount.before(note);
  }

  /** Keep the element that the address names in sight while what is above it grows, until the reader does something. */
  function settle() {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || addressed()) return;
    const growing = new ResizeObserver(() => target.scrollIntoView({ behavior: "instant" }));
    growing.observe(document.body);
    for (const act of ["wheel", "touchstart", "pointerdown", "keydown"])
      addEventListener(act, () => growing.disconnect(), { once: true, passive: true });
  }

  function restore() {
    const link = addressed();
    tell("");
    if (!link) return;
    const { found, query, name: called } = link;
    if (!found) {
      const there = explorers.map(({ key }) => key).join(", ") || "none";
      tell(
        `The link asks for ${called}, which this page does not have (it has ${there}); everything is as it was stored.`,
      );
      return;
    }
    const unknown = [...query.keys()].filter((name) => !found.parameters.includes(name));
    if (unknown.length)
      tell(
        `The link sets ${unknown.join(", ")}, which this explorer does not have; ` +
          `it has ${found.parameters.join(", ")}.`,
        found.root,
      );
    const given = {};
    for (const name of found.parameters.filter((each) => query.has(each))) {
      try {
        given[name] = JSON.parse(query.get(name));
      } catch {
        given[name] = query.get(name); // the explorer says what is wrong with it
      }
    }
    const wanted = { ...found.start, ...given, ...found.implied(given) };
    for (const name of found.parameters) found.model.set(name, wanted[name]);
    found.root.scrollIntoView({ block: "center" });
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", mountAll);
  else mountAll();
})();
