// What the theme leaves to do in the browser.

// Excerpts in search results are fetched from the pages, which a page opened from a folder may not do.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// A formula wider than the page scrolls by itself; the keyboard must reach it to do so.
function reachWideFormulas() {
  for (const formula of document.querySelectorAll("mjx-container[display='true']")) {
    const wide = formula.scrollWidth > formula.clientWidth + 1;
    if (wide) formula.setAttribute("tabindex", "0");
    else formula.removeAttribute("tabindex");
  }
}
window.addEventListener("load", () => {
  window.MathJax?.startup?.promise?.then(reachWideFormulas);
  window.addEventListener("resize", reachWideFormulas);
});

// Paper is light, whatever the screen is.
let themeOnScreen = null;
matchMedia("print").addEventListener("change", (event) => {
  const page = document.documentElement.dataset;
  if (event.matches) {
    themeOnScreen = page.theme;
    page.theme = "light";
  } else if (themeOnScreen !== null) {
    page.theme = themeOnScreen;
  }
});
