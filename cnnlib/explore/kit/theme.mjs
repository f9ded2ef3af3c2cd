/** The theme that the page around us shows: the book, JupyterLab, Colab, VS Code, else the system's. */
export function currentTheme() {
  const { documentElement: html, body } = document;
  const named = html.dataset.theme ?? html.getAttribute("theme");
  if (named === "dark" || named === "light") return named;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false" ? "dark" : "light";
  if (body.dataset.vscodeThemeKind) return /dark|high-contrast$/.test(body.dataset.vscodeThemeKind) ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Call `changed(theme)` whenever the theme changes; returns the function that stops watching. */
export function watchTheme(changed) {
  let theme = currentTheme();
  const look = () => {
    const now = currentTheme();
    if (now !== theme) changed((theme = now));
  };
  const observer = new MutationObserver(look);
  const attributeFilter = ["data-theme", "theme", "data-jp-theme-light", "data-vscode-theme-kind"];
  for (const element of [document.documentElement, document.body]) observer.observe(element, { attributeFilter });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", look);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", look);
  };
}

const NAMES = [
  "ink",
  "muted",
  "line",
  "paper",
  "cell",
  "input",
  "tap",
  "on-tap",
  "output",
  "on-output",
  "unread",
  "curve-1",
  "curve-2",
  "curve-3",
  "curve-4",
  "negative",
  "zero",
  "positive",
];

/**
 * The colours that `explorer.css` gives the current theme, for drawing on a canvas; `zeroName` is what the colour
 * of a zero is called where colours mean signs.
 */
export function readColours(element) {
  const style = getComputedStyle(element);
  const colours = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return { ...colours, zeroName: element.dataset.theme === "dark" ? "dark" : "white" };
}
