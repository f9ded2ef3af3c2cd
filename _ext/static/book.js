// What the theme leaves to do in the browser.

// Excerpts in search results are fetched from the pages, which a page opened from a folder may not do.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// What is wider than the page scrolls by itself: it says so by fading, and the keyboard can reach it.
const WIDE = ".cell_output, pre, .book-table, .pst-scrollable-table-container, div.math, mjx-container[display='true']";
function mark(element) {
  const room = element.scrollWidth - element.clientWidth;
  const wide = room > 0 && getComputedStyle(element).overflowX !== "visible";
  const start = wide && element.scrollLeft > 1;
  const end = wide && element.scrollLeft < room - 1;
  const more = start && end ? "both" : start ? "start" : end ? "end" : null;
  if (more) element.dataset.more = more;
  else delete element.dataset.more;
  if (wide) element.setAttribute("tabindex", "0");
  else if (element.tabIndex === 0) element.removeAttribute("tabindex");
}
window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));
  for (const element of document.querySelectorAll(`.bd-article :is(${WIDE})`)) {
    if (element.closest(".cnnlib-explorer")) continue;
    sizes.observe(element);
    element.addEventListener("scroll", () => mark(element), { passive: true });
  }
});

// A number with its range, such as 5.9 (2.6 to 8.9), or 49 of 169, is read as one: its cell does not wrap. A column of
// numbers that its table was given as text stands at the right, as every column of numbers.
addEventListener("DOMContentLoaded", () => {
  for (const cell of document.querySelectorAll(".book-table td"))
    cell.classList.toggle(
      "value",
      /^[^a-z]*\d[^a-z]*( (to|of) [^a-z]+)?$/i.test(cell.textContent) && cell.textContent.length < 32,
    );
  for (const table of document.querySelectorAll(".book-table table")) {
    const rows = [...table.tBodies[0].rows];
    for (const head of [...table.tHead.rows[0].cells].slice(1)) {
      const column = rows.map((row) => row.cells[head.cellIndex]);
      if (!column.every((cell) => /^([+−-]?[\d.,]*\d( ?(%|[GMk]i?B|dB))?)?$/.test(cell.textContent))) continue;
      for (const cell of [head, ...column]) cell.classList.add("number");
    }
  }
});

// On a phone "Before you start" is one line that opens when it is pressed.
addEventListener("DOMContentLoaded", () => {
  const phone = matchMedia("(max-width: 480px)");
  for (const title of document.querySelectorAll(".admonition.start > .admonition-title")) {
    const fold = () => {
      if (phone.matches) Object.entries({ role: "button", tabindex: "0", "aria-expanded": "false" }).forEach(set);
      else for (const name of ["role", "tabindex", "aria-expanded"]) title.removeAttribute(name);
    };
    const set = ([name, value]) => title.setAttribute(name, value);
    const press = () =>
      phone.matches && set(["aria-expanded", String(title.getAttribute("aria-expanded") === "false")]);
    const sign = document.createElement("span");
    sign.className = "sign";
    sign.setAttribute("aria-hidden", "true");
    title.append(sign);
    title.addEventListener("click", press);
    title.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      press();
    });
    phone.addEventListener("change", fold);
    fold();
  }
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
