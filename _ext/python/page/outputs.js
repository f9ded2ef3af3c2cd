/** What a cell shows when it runs in the page, in place of what is stored and in its form. */
(() => {
  "use strict";
  const api = cnnlibPython;
  const VIEW = "application/vnd.jupyter.widget-view+json";
  const LONGEST = 200_000; // letters of a stream: more would stop the page, not the cell

  function make(tag, name, properties = {}) {
    return Object.assign(document.createElement(tag), { className: name }, properties);
  }

  /** Where a cell's live output goes; what it showed before stays until there is something new, so nothing jumps. */
  function begin(cell) {
    cell.fresh = true;
    cell.element.setAttribute("aria-busy", "true");
  }

  function placed(cell) {
    if (cell.fresh || !cell.live) {
      cell.fresh = false;
      cell.live?.clear();
      cell.element.querySelector(":scope > .live-output")?.remove();
      const element = make("div", "cell_output live-output docutils container");
      const cleanUps = [];
      cell.live = { element, cleanUps, letters: 0, clear: () => cleanUps.splice(0).forEach((cleanUp) => cleanUp()) };
      cell.hideStored();
      cell.element.append(element);
    }
    return cell.live;
  }

  function end(cell) {
    if (cell.fresh) placed(cell); // it showed nothing
    cell.element.removeAttribute("aria-busy");
  }

  function block(kind, text) {
    const outer = make("div", `output ${kind} highlight-myst-ansi notranslate`);
    const inner = make("div", "highlight");
    const pre = make("pre", "", { textContent: text });
    inner.append(pre);
    outer.append(inner);
    return { outer, pre };
  }

  function stream(cell, { name, text }) {
    const live = placed(cell);
    const room = LONGEST - live.letters;
    live.letters += text.length;
    if (text.length > room) text = room < 0 ? "" : `${text.slice(0, room)}\n... too long to be shown\n`;
    const last = live.element.lastElementChild;
    if (last?.dataset.stream === name) {
      last.querySelector("pre").append(text);
      return;
    }
    const { outer } = block(`stream ${name}`, text);
    outer.dataset.stream = name;
    live.element.append(outer);
  }

  function error(cell, { text }, above = null) {
    const live = placed(cell);
    if (above) {
      const said = `Cell ${above.number + 1} above, which this one needs, ended in an error:`;
      live.element.append(make("p", "live-trouble", { textContent: said }));
    }
    const { outer, pre } = block("error", text);
    pre.setAttribute("role", "alert");
    live.element.append(outer);
    cell.element.removeAttribute("aria-busy");
    if (cell.note.textContent === "running") cell.say("");
  }

  function bundle(cell, data) {
    const { element, cleanUps } = placed(cell);
    const text = data["text/plain"] ?? "";
    if (data[VIEW]) {
      const holder = make("div", "live-mount");
      element.append(holder);
      api.widgets.show(data[VIEW].model_id, holder, cleanUps).catch((trouble) => {
        holder.append(
          make("p", "live-trouble", { textContent: `This can't be shown in the page: ${trouble.message}.` }),
        );
        holder.append(block("text_plain", text).outer);
      });
    } else if (data["text/html"]) element.append(make("div", "output text_html", { innerHTML: data["text/html"] }));
    else if (data["image/png"]) element.append(figure(data, text));
    else element.append(block("text_plain", text).outer);
    if (cell.exercise && text.startsWith("Right:")) {
      cnnlibKept.remember("solved", cell.stored, true);
      cell.say("solved");
    }
  }

  /** A figure in a frame of its size, as the builder makes it, and light on a dark page where it holds images. */
  function figure(data, text) {
    const { density, least, points } = api.manifest.figure;
    const { layout } = data;
    const [width, height] = layout.size.map((length) => length / density);
    const letters = ((layout.points ?? points) * 100) / 72;
    const source = `data:image/png;base64,${data["image/png"]}`;
    const frame = make("div", `figure-frame${layout.images ? " both-themes" : ""}`);
    frame.style.cssText =
      `--width: ${width}px; --ratio: ${width} / ${height}; ` +
      `--least: ${Math.min(width, Math.round((width * least) / letters))}px`;
    frame.append(make("img", "dark-light", { src: source, alt: text.replace(/\s+/g, " ").trim() }));
    if (layout.images?.length) {
      const percent = (share) => `${(100 * share).toFixed(2)}%`;
      const corners = layout.images.flatMap(([left, top, right, bottom]) =>
        [
          [left, top],
          [right, top],
          [right, bottom],
          [left, bottom],
          [left, top],
          [0, 0],
        ].map(([x, y]) => `${percent(x)} ${percent(y)}`),
      );
      const images = make("span", "figure-images");
      images.style.backgroundImage = `url(${source})`;
      images.style.clipPath = `polygon(0 0, ${corners.join(", ")})`;
      frame.append(images);
    }
    return frame;
  }

  api.outputs = { begin, end, stream, error, bundle };
})();
