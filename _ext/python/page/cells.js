/**
 * A quiet "run" and "edit" on each code cell. Nothing else is loaded before the reader asks for one of them.
 * `cnnlibPython` is the one name that running Python adds to the page.
 */
(() => {
  "use strict";
  const script = document.currentScript;
  const version = script.dataset.version;
  const api = (globalThis.cnnlibPython = { cells: [] });
  const LATER = ["prism-core.min.js", "prism-python.min.js", "codejar.js", "editor.js", "widgets.js", "outputs.js"];
  LATER.push("supply.js", "session.js", "bar.js", "../supply/manifest.js");
  const STORED = ":scope > .cell_output:not(.live-output)";
  const TORCH = "needs torch, which no browser runs; in JupyterLab (make lab) it runs";

  /** The address of a file of the site, from where this script lies. */
  api.address = (name) => new URL(name, script.src).href;

  const loading = new Map();
  /** Add a script to the page, once; a promise that fails in words. */
  api.load = (name, query = version) => {
    if (!loading.has(name)) {
      const loaded = new Promise((resolve, reject) => {
        const element = document.createElement("script");
        element.src = `${api.address(name)}?v=${query}`;
        element.async = false;
        element.onload = resolve;
        element.onerror = () => {
          element.remove();
          loading.delete(name);
          reject(new Error(`${name.split("/").at(-1)} did not arrive`));
        };
        document.head.append(element);
      });
      loading.set(name, loaded);
    }
    return loading.get(name);
  };
  const later = async () => {
    globalThis.Prism ??= { manual: true }; // it colours only what it is given
    for (const name of LATER) await api.load(name);
  };

  function button(text, action, label) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.setAttribute("aria-label", `${text}: ${label}`);
    element.addEventListener("click", action);
    return element;
  }

  class Cell {
    constructor(element, number) {
      this.element = element;
      this.number = number;
      this.input = element.querySelector(".cell_input");
      this.pre = this.input.querySelector("pre");
      this.stored = this.pre.textContent.replace(/\n$/, "");
      this.text = cnnlibKept.recall("code", this.stored) ?? this.stored;
      this.torch = element.classList.contains("needs-torch");
      this.exercise = element.classList.contains("exercise");
      this.solution = Boolean(element.closest("details.solution"));
      this.html = this.pre.innerHTML;
      this.editor = null;
      this.tools = document.createElement("div");
      this.tools.className = "cell-tools";
      const label = `code cell ${number + 1}`;
      this.run = button("run", () => run(this), label);
      this.edit = button("edit", () => edit(this), label);
      this.above = button("run all above", () => run(this, true), label);
      this.code = button("stored code", () => this.write(this.stored), label);
      this.output = button("stored output", () => this.showStored(), label);
      this.note = document.createElement("span");
      this.note.setAttribute("role", "status");
      this.above.hidden = this.output.hidden = true;
      if (this.torch) {
        this.tools.append(this.note);
        this.say(TORCH);
      } else this.tools.append(this.note, this.output, this.code, this.above, this.edit, this.run);
      element.prepend(this.tools);
      element.classList.toggle("corner", Boolean(element.querySelector(":scope > details.cell-code")));
      if (this.exercise && cnnlibKept.recall("solved", this.stored)) this.say("solved");
      this.show();
    }

    /** A word beside the buttons, or a sentence on lines of its own. */
    say(text) {
      this.note.textContent = text;
      this.tools.classList.toggle("long", text.length > 24);
    }

    /** Take a new text, from the editor or from elsewhere. */
    write(text, typed = false) {
      this.text = text;
      cnnlibKept.remember("code", this.stored, text === this.stored ? undefined : text);
      this.show(typed);
    }

    show(typed = false) {
      const changed = this.text !== this.stored;
      this.code.hidden = !changed;
      this.element.classList.toggle("changed", changed);
      if (this.editor && !typed) this.editor.updateCode(`${this.text}\n`);
      if (this.editor) return;
      if (!changed) this.pre.innerHTML = this.html;
      else this.pre.textContent = this.text;
      if (changed) this.open();
    }

    open() {
      const fold = this.input.closest("details.cell-code");
      if (fold) fold.open = true;
      this.element.classList.toggle("opened", true);
    }

    /** The output as the page came with it. */
    showStored() {
      this.live?.clear();
      this.element.querySelectorAll(".live-output").forEach((element) => element.remove());
      this.element.querySelectorAll(STORED).forEach((element) => (element.hidden = false));
      this.element.classList.remove("has-live");
      this.output.hidden = true;
      this.say("");
    }

    hideStored() {
      this.element.querySelectorAll(STORED).forEach((element) => (element.hidden = true));
      this.element.classList.add("has-live");
      this.output.hidden = false;
    }
  }

  async function run(cell, everything = false) {
    if (cell.torch) return;
    cell.say("waiting");
    try {
      await later();
      for (const each of api.cells) each.above.hidden = each.torch || !each.number;
      await api.session.run(cell, everything);
    } catch (error) {
      cell.say(
        `Python could not be loaded: ${error.message}. Nothing that you wrote is lost; ` +
          "once there is a connection again, run the cell again.",
      );
    }
  }

  async function edit(cell) {
    try {
      await later();
      api.edit(cell);
    } catch (error) {
      cell.say(`The editor could not be loaded: ${error.message}.`);
    }
  }
  Object.assign(api, { run, later });

  addEventListener("DOMContentLoaded", () => {
    const elements = [...document.querySelectorAll(".bd-article .cell")].filter((e) =>
      e.querySelector(".cell_input pre"),
    );
    api.cells.push(...elements.map((element, number) => new Cell(element, number)));
    cnnlibKept.onForget(() => {
      for (const cell of api.cells) {
        cell.write(cell.stored);
        if (cell.exercise) cell.say("");
      }
    });
  });
})();
