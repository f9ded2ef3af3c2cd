/**
 * One DOM element: `h("label", {class: "x"}, "text", child)`.
 * A property whose name starts with "on" is a listener, every other one an attribute; `false` and `null` leave it out.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

let count = 0;

/** An id that no other element of this page has, however many copies of an explorer there are. */
export function uniqueId(stem) {
  count += 1;
  return `${stem}-${count}-${Math.random().toString(36).slice(2, 8)}`;
}

/**
 * Write `text` only when it differs, so that nothing is announced or laid out again for nothing; into the text that is
 * there, since a new node makes the browser build its boxes anew.
 */
export function setText(element, text) {
  if (element.textContent === text) return;
  const node = element.firstChild;
  if (node?.nodeType === Node.TEXT_NODE && node === element.lastChild && text !== "") node.data = text;
  else element.textContent = text;
}

/** Set an attribute, unless it has that value: setting it again makes the browser compute the element's styles anew. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Hide or show an element; one that is hidden or shown already is left alone, for the same reason. */
export function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/**
 * Set styles once everything of this frame is drawn: a text on a canvas makes the browser compute at once the styles of
 * all that was touched before it.
 */
export const styleLater = (element, styles) => queueMicrotask(() => Object.assign(element.style, styles));

/**
 * Keep keys that are pressed inside `root` from the host: JupyterLab would take arrows and letters for its own
 * commands.
 */
export function keepKeys(root) {
  root.dataset.lmSuppressShortcuts = "true";
  // Notebook 7 asks the element itself
  root.addEventListener("focusin", (event) => (event.target.dataset.lmSuppressShortcuts = "true"));
  root.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
}

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** `[rows, columns]` that a pressed arrow key moves by, with Shift ten times as far; null for any other key. */
export function arrowStep(event) {
  const step = ARROWS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return null;
  return step.map((v) => v * (event.shiftKey ? 10 : 1));
}
