// What the reader has chosen: code shown or hidden, remembered for the whole site.
(() => {
  "use strict";
  const KEY = "cnnlib-code";

  /** The store may be refused, in a private window for instance: then a choice lasts as long as its page. */
  function recall() {
    try {
      return localStorage.getItem(KEY) === "on";
    } catch {
      return false;
    }
  }
  function remember(on) {
    try {
      localStorage.setItem(KEY, on ? "on" : "off");
    } catch {
      // as said above
    }
  }

  function show(on) {
    document.documentElement.dataset.code = on ? "on" : "off";
    for (const fold of document.querySelectorAll("details.cell-code")) fold.open = on;
    for (const button of document.querySelectorAll(".code-switch")) button.setAttribute("aria-checked", String(on));
  }

  /** Change what is shown, and keep in place what the reader looks at. */
  function change(on) {
    const blocks = document.querySelectorAll("article section > :not(section)");
    const seen = [...blocks].find((e) => e.offsetParent && e.getBoundingClientRect().top > 60); // below the bar
    const before = seen?.getBoundingClientRect().top;
    const root = document.documentElement;
    root.style.overflowAnchor = "none"; // or the browser keeps it in place too, and both together go too far
    show(on);
    if (seen) scrollBy({ top: seen.getBoundingClientRect().top - before, behavior: "instant" });
    requestAnimationFrame(() => requestAnimationFrame(() => root.style.removeProperty("overflow-anchor")));
    remember(on);
  }

  document.documentElement.dataset.code = recall() ? "on" : "off"; // before anything is painted
  addEventListener("DOMContentLoaded", () => {
    show(recall());
    for (const button of document.querySelectorAll(".code-switch")) {
      button.hidden = false;
      button.addEventListener("click", () => change(button.getAttribute("aria-checked") !== "true"));
    }
  });
  addEventListener("storage", (event) => event.key === KEY && show(recall()));
})();
