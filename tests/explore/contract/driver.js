/** What the browser tests do on a page: move real controls with real events, and read what is shown. */
window.driver = {
  few: {}, // model to parameter to those of many choices that are tried
  explorers: (title) =>
    [...document.querySelectorAll(".cnnlib-explorer")].filter((e) => e.getAttribute("aria-label") === title),

  /** Two frames: the one that draws, and the one after it. */
  frame: () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),

  /** While `work` is done, a frame follows as soon as the page has nothing else to do: no test waits for a screen. */
  async hurried(work) {
    const own = { requestAnimationFrame, cancelAnimationFrame };
    const waiting = new Map();
    const { port1, port2 } = new MessageChannel();
    let last = 0;
    port1.onmessage = () => {
      const now = [...waiting.values()];
      waiting.clear();
      for (const each of now) each(performance.now());
    };
    window.requestAnimationFrame = (callback) => {
      if (!waiting.size) port2.postMessage(null);
      waiting.set((last += 1), callback);
      return last;
    };
    window.cancelAnimationFrame = (id) => waiting.delete(id) || own.cancelAnimationFrame.call(window, id);
    try {
      return await work();
    } finally {
      Object.assign(window, own);
      for (const each of waiting.values()) own.requestAnimationFrame.call(window, each);
    }
  },

  /** The model of an explorer on a bare page, and its parameters as Python takes them. */
  model: (root) => globalThis.models?.get(root.closest(".live-mount").dataset.model),
  parameters(root) {
    const model = driver.model(root);
    if (!model) return null;
    const names = Object.keys(model.state).filter(
      (name) => !name.startsWith("_") && !["layout", "tabbable", "tooltip"].includes(name),
    );
    return Object.fromEntries(names.map((name) => [name, model.get(name)?.data ? null : model.get(name)]));
  },

  async set(root, name, value) {
    const input = root.querySelector(`[data-parameter="${name}"]`);
    if (input.type === "checkbox") input.checked = value;
    else input.value = value;
    input.dispatchEvent(new Event(input.type === "range" ? "input" : "change", { bubbles: true }));
    await driver.settle(root);
  },

  /** Wait until the change is drawn, and what it needs for that is unpacked and computed. */
  async settle(root) {
    await driver.frame();
    for (
      let tries = 0;
      tries < 2000 && /Unpacking|Computing|being loaded/.test(root.querySelector(".status").textContent);
      tries += 1
    )
      await new Promise((done) => setTimeout(done, 10));
  },

  /** What the controls stand at. */
  state(root) {
    return Object.fromEntries(
      [...root.querySelectorAll("[data-parameter]")].map((input) => [
        input.dataset.parameter,
        input.type === "checkbox" ? input.checked : input.type === "range" ? Number(input.value) : input.value,
      ]),
    );
  },

  /** The parameters whose controls rest, and those whose can be moved; a slider with one value left does neither. */
  rest(root) {
    const inputs = [...root.querySelectorAll("[data-parameter]")].filter(
      (input) => input.offsetParent && !(input.type === "range" && input.min === input.max),
    );
    const names = (disabled) =>
      inputs.filter((input) => input.disabled === disabled).map((input) => input.dataset.parameter.split("-")[0]);
    return { resting: names(true), moving: names(false) };
  },

  /** What a reader sees: the texts, the picture of `.output` if there is one, and the grids of numbers. */
  read(root) {
    const text = (selector) => root.querySelector(selector).textContent;
    const canvas = root.querySelector(".output .pixels");
    return {
      parameters: driver.parameters(root),
      controls: driver.state(root),
      ...driver.rest(root),
      status: text(".status"),
      formula: text(".formula"),
      torch: text(".torch"),
      numbers: text("details pre"),
      trouble: root.querySelector(".trouble").hidden ? null : text(".trouble"),
      picture: canvas && driver.visible(canvas),
      grids: [...root.querySelectorAll(".cells canvas")].map(driver.visible),
    };
  },

  /** What can be seen of a canvas that is larger than the window on it. */
  visible(canvas) {
    const [whole, window] = [canvas, canvas.parentElement].map((element) => element.getBoundingClientRect());
    const part = document.createElement("canvas");
    part.width = Math.round((canvas.width * window.width) / whole.width);
    part.height = Math.round((canvas.height * window.height) / whole.height);
    if (part.width && part.height) part.getContext("2d").drawImage(canvas, 0, 0);
    return part.toDataURL();
  },

  async start(root) {
    root.querySelector("details").open = true;
    root.scrollIntoView();
    await driver.frame();
    await driver.settle(root);
  },

  /**
   * Press keys on an element of a picture: the state, the announced cell and all that is spoken after each of them,
   * once it is drawn. Keys with Shift only lead far, and are not drawn but for the last.
   */
  press: (root, element, keys) =>
    driver.hurried(async () => {
      const said = [];
      for (const [index, name] of keys.entries()) {
        const [key, shiftKey] = [name.replace("Shift+", ""), name.startsWith("Shift+")];
        element.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
        if (shiftKey && index < keys.length - 1) continue;
        await driver.settle(root);
        const announced = [...root.querySelectorAll(".announced")].map((e) => e.textContent);
        const values = [...root.querySelectorAll("[role=slider]")].map((e) => e.getAttribute("aria-valuetext"));
        said.push({
          parameters: driver.parameters(root),
          cell: element.parentElement.querySelector(".announced")?.textContent,
          spoken: [root.querySelector(".status").textContent, ...announced, ...values].join("|"),
        });
      }
      return said;
    }),

  async reset(root) {
    root.querySelector(".reset").click();
    await driver.settle(root);
  },

  /** The legal values of a control: of a slider with many, `most` of them, both ends included; of a list `few`. */
  values(input, most = 24) {
    if (input.type === "checkbox") return [true, false];
    if (input.type !== "range") {
      const tried = driver.few[input.closest(".live-mount")?.dataset.model]?.[input.dataset.parameter];
      return [...input.options].map((option) => option.value).filter((value) => !tried || tried.includes(value));
    }
    const step = Number(input.step) || 1;
    const count = Math.round((input.max - input.min) / step) + 1;
    const wanted = Math.min(count, most);
    return Array.from(
      { length: wanted },
      (_, i) => Number(input.min) + step * Math.round((i * (count - 1)) / Math.max(1, wanted - 1)),
    );
  },

  controls: (root) =>
    [...root.querySelectorAll("[data-parameter]")].filter((input) => !input.disabled && input.offsetParent),

  /** Every legal value of every control, one after the other, from the state in which the explorer stands. */
  sweep: (title, index = 0, most = 24) => driver.hurried(() => driver.swept(title, index, most)),
  async swept(title, index, most) {
    const root = driver.explorers(title).at(index);
    await driver.start(root);
    const seen = [{ moved: "nothing", ...driver.read(root) }];
    const names = driver.controls(root).map((input) => input.dataset.parameter);
    for (const name of names) {
      const input = root.querySelector(`[data-parameter="${name}"]`);
      const before = JSON.stringify(driver.parameters(root) ?? driver.state(root));
      for (const value of driver.values(input, most)) {
        await driver.set(root, name, value);
        seen.push({ moved: name, to: value, ...driver.read(root) });
      }
      await driver.reset(root);
      if (JSON.stringify(driver.parameters(root) ?? driver.state(root)) !== before)
        seen.push({ moved: "reset", to: before, ...driver.read(root) });
    }
    return seen;
  },

  /**
   * A walk of `steps` random moves with a seed; each is a legal value of one control. Every other one is the next of
   * the `leaps`, states to which the model is set as a whole, as long as there are any.
   */
  walk: (title, steps, seed, index = 0, leaps = []) =>
    driver.hurried(() => driver.walked(title, steps, seed, index, leaps)),
  async walked(title, steps, seed, index, leaps) {
    let random = seed >>> 0;
    const next = (n) => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      return Math.floor((random / 2 ** 32) * n);
    };
    const root = driver.explorers(title).at(index);
    await driver.start(root);
    const seen = [];
    while (seen.length < steps) {
      const leap = seen.length % 2 && leaps[seen.length >> 1];
      if (leap) {
        for (const [name, value] of Object.entries(leap)) driver.model(root).set(name, value);
        await driver.settle(root);
        seen.push({ moved: "everything", to: leap, ...driver.read(root) });
        continue;
      }
      const inputs = driver.controls(root);
      const input = inputs[next(inputs.length)];
      const values = driver.values(input, 1e4);
      const value = values[next(values.length)];
      await driver.set(root, input.dataset.parameter, value);
      seen.push({ moved: input.dataset.parameter, to: value, ...driver.read(root) });
    }
    return seen;
  },
};
