/** What the browser tests do on a page: move real controls with real events, and read what is shown. */
window.driver = {
  explorers: (title) => [...document.querySelectorAll(".cnnlib-explorer")].filter((e) => e.getAttribute("aria-label") === title),

  /** Two frames: the one that draws, and the one after it. */
  frame: () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),

  async set(root, name, value) {
    const input = root.querySelector(`[data-parameter="${name}"]`);
    if (input.type === "checkbox") input.checked = value;
    else input.value = value;
    input.dispatchEvent(new Event(input.type === "range" ? "input" : "change", { bubbles: true }));
    await driver.settle(root);
  },

  /** Wait until the change is drawn, and a photograph that it needs is unpacked. */
  async settle(root) {
    await driver.frame();
    for (let tries = 0; tries < 200 && /Unpacking/.test(root.querySelector(".status").textContent); tries += 1) await driver.frame();
  },

  /** What the controls stand at. */
  state(root) {
    return Object.fromEntries([...root.querySelectorAll("[data-parameter]")].map((input) =>
      [input.dataset.parameter, input.type === "checkbox" ? input.checked : input.type === "range" ? Number(input.value) : input.value]));
  },

  /** What a reader sees: the texts, the picture of `.output` if there is one, and the grids of numbers. */
  read(root) {
    const text = (selector) => root.querySelector(selector).textContent;
    const canvas = root.querySelector(".output .pixels");
    return {
      state: driver.state(root), status: text(".status"), formula: text(".formula"), torch: text(".torch"),
      numbers: text("details pre"), trouble: root.querySelector(".trouble").hidden ? null : text(".trouble"),
      picture: canvas && driver.visible(canvas), grids: [...root.querySelectorAll(".cells canvas")].map(driver.visible),
    };
  },

  /** What can be seen of a canvas that is larger than the window on it. */
  visible(canvas) {
    const [whole, window] = [canvas, canvas.parentElement].map((element) => element.getBoundingClientRect());
    const part = document.createElement("canvas");
    part.width = Math.round((canvas.width * window.width) / whole.width);
    part.height = Math.round((canvas.height * window.height) / whole.height);
    part.getContext("2d").drawImage(canvas, 0, 0);
    return part.toDataURL();
  },

  async start(root) {
    root.querySelector("details").open = true;
    root.scrollIntoView();
    await driver.frame();
    await driver.settle(root);
  },

  /** Every legal value of every control, one after the other, from the state in which the explorer stands. */
  async sweep(title, index = 0) {
    const root = driver.explorers(title).at(index);
    await driver.start(root);
    const seen = [];
    for (const input of root.querySelectorAll("[data-parameter]")) {
      const name = input.dataset.parameter;
      const before = driver.state(root);
      if (input.disabled) continue;
      const values = input.type === "range"
        ? Array.from({ length: (input.max - input.min) / (input.step || 1) + 1 }, (_, i) => Number(input.min) + i * (input.step || 1))
        : input.type === "checkbox" ? [true, false] : [...input.options].map((option) => option.value);
      for (const value of values) {
        await driver.set(root, name, value);
        seen.push({ moved: name, to: value, ...driver.read(root) });
      }
      root.querySelector(".reset").click();
      await driver.frame();
      if (JSON.stringify(driver.state(root)) !== JSON.stringify(before)) seen.push({ moved: "reset", ...driver.read(root), before });
    }
    return seen;
  },

  /** A walk of `steps` random moves with a seed; each is a legal value of one control. */
  async walk(title, steps, seed, index = 0) {
    let random = seed >>> 0;
    const next = (n) => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      return Math.floor((random / 2 ** 32) * n);
    };
    const root = driver.explorers(title).at(index);
    await driver.start(root);
    const seen = [];
    while (seen.length < steps) {
      const inputs = [...root.querySelectorAll("[data-parameter]")].filter((input) => !input.disabled);
      const input = inputs[next(inputs.length)];
      const step = Number(input.step) || 1;
      const value = input.type === "range" ? Number(input.min) + step * next((input.max - input.min) / step + 1)
        : input.type === "checkbox" ? !input.checked : input.options[next(input.options.length)].value;
      await driver.set(root, input.dataset.parameter, value);
      seen.push({ moved: input.dataset.parameter, to: value, ...driver.read(root) });
    }
    return seen;
  },
};
