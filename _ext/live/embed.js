/**
 * What the button "Embed" opens: an explorer in its present state as one HTML file and as one module, to keep. Loaded
 * when it is first pressed, together with the explorer's own texts, which `embed-NAME.js` hands in.
 */
(() => {
  "use strict";
  const texts = (cnnlibExplorers.embeddings = new Map());

  /** An array from Python becomes text; what stands in a script must not end it. */
  function written(state) {
    const bytes = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);
    const base64 = (data) => btoa(Array.from(bytes(data), (byte) => String.fromCharCode(byte)).join(""));
    return JSON.stringify(state, (_, value) => (ArrayBuffer.isView(value) ? base64(value) : value));
  }

  function h(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  /** The assets that were loaded for a value of the state, "photo-owl" for `photo: "owl"`. */
  async function loaded(state) {
    const names = Object.entries(state).map((pair) => pair.join("-"));
    const there = names.filter((name) => cnnlibExplorers.asset.there(name));
    return Object.fromEntries(
      await Promise.all(there.map(async (name) => [name, new DataView(await cnnlibExplorers.asset(name))])),
    );
  }

  /** `[name of the file, its text, its type]` of the two forms. */
  async function files(kind, state) {
    const { module, before, after } = texts.get(kind);
    const whole = `const STATE = ${written(state)};\nconst MORE = ${written(await loaded(state))};\n${module}`;
    return {
      page: [`${kind}.html`, before + whole.replaceAll("</", "<\\/") + after, "text/html"],
      module: [`${kind}.mjs`, whole, "text/javascript"],
    };
  }

  async function open(kind, state, root) {
    const address = ([, text, type]) => URL.createObjectURL(new Blob([text], { type }));
    const link = (file) => h("a", { download: file[0], href: address(file) }, file[0]);
    const { page, module } = await files(kind, state);
    const links = [link(page), link(module)];
    const dialog = h(
      "dialog",
      { className: "embed" },
      h("strong", {}, "This explorer, as it stands now"),
      h("p", {}, links[0], ": one file that needs nothing else, for a course page, a slide (as a frame), or to send."),
      h(
        "p",
        {},
        links[1],
        ": one module in the form of anywidget, for another book (",
        h("code", {}, `{anywidget} ${kind}.mjs`),
        ") or a web page (",
        h("code", {}, `import widget from "./${kind}.mjs"; widget.render({ el })`),
        ").",
      ),
      h("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, "Close"),
    );
    dialog.setAttribute("aria-label", "Embed");
    Object.assign(dialog.style, {
      maxWidth: "34rem",
      padding: "1rem",
      color: "inherit",
      background: "var(--paper)",
      border: "1px solid var(--line)",
    });
    dialog.addEventListener("close", () => {
      for (const each of links) URL.revokeObjectURL(each.href);
      dialog.remove();
    });
    root.querySelector(".cnnlib-explorer").append(dialog);
    dialog.showModal();
  }

  cnnlibExplorers.embed = open;
})();
