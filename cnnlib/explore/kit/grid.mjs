import { arrowStep, h, ontoGrid } from "./dom.mjs";
import { grow } from "./pixels.mjs";

/**
 * A grid of numbers on a canvas, for mouse, touch and keyboard.
 *
 * `point(cell | null)` is called with `[row, column]` as the pointer or the cursor keys reach a cell, and with null when
 * the pointer leaves. With `edit(cell, number)` a click, Enter or a digit opens the cell under the cursor for editing,
 * where `editable(cell)` allows it; the editor is called by the first sentence of `label` and `nameCell(cell)`.
 */
export function numberGrid({ label, point, edit, editable = () => true, readCell, nameCell = ([r, c]) => `row ${r}, column ${c}` }) {
  const canvas = h("canvas", { width: 0, height: 0, "aria-hidden": "true" });
  const view = h("div", { class: "cells", tabindex: "0", role: "application", "aria-label": label }, canvas);
  const element = h("div", { class: "grid" }, view);
  const context = canvas.getContext("2d");
  let shape = [1, 1];
  let cell = 0;
  let cursor = [0, 0];
  let editor = null;
  let shown = []; // what is on the canvas, to leave it alone when nothing is new
  const widths = new Map();

  const clamp = (where) => ontoGrid(where, shape);

  function under(event) {
    const box = view.getBoundingClientRect();
    const r = Math.floor((event.clientY - box.top) / cell);
    const c = Math.floor((event.clientX - box.left) / cell);
    return r >= 0 && c >= 0 && r < shape[0] && c < shape[1] ? [r, c] : null;
  }

  let last = "";
  function tell(where) {
    const key = String(where);
    if (key === last) return;
    last = key;
    if (where) cursor = where;
    point(where);
  }

  view.addEventListener("pointermove", (event) => tell(under(event)));
  view.addEventListener("pointerdown", (event) => tell(under(event)));
  view.addEventListener("pointerleave", () => tell(null));
  view.addEventListener("click", (event) => {
    const where = under(event);
    if (where && edit && editable(where)) open(where);
  });
  view.addEventListener("focus", () => view.matches(":focus-visible") && tell(clamp(cursor)));
  view.addEventListener("blur", () => tell(null));
  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = arrowStep(event);
    if (step) {
      event.preventDefault();
      cursor = clamp([cursor[0] + step[0], cursor[1] + step[1]]);
      tell(cursor);
    } else if (edit && (event.key === "Enter" || /^[-\d.]$/.test(event.key)) && editable(cursor)) {
      event.preventDefault();
      open(cursor, event.key === "Enter" ? null : event.key);
    }
  });

  function open(where, typed = null) {
    close();
    const [r, c] = where;
    const input = h("input", {
      type: "text", inputmode: "decimal", class: "cell-editor",
      "aria-label": `${label.split(".")[0]}, ${nameCell(where)}`,
      style: `left:${c * cell}px;top:${r * cell}px;width:${Math.max(cell, 44)}px;height:${Math.max(cell, 24)}px`,
    });
    input.value = typed ?? String(readCell(where));
    function commit(back) {
      const text = input.value.trim().replace(",", ".").replace("−", "-");
      const value = Number(text);
      if (text === "" || !Number.isFinite(value)) {
        input.setAttribute("aria-invalid", "true");
        input.title = `“${input.value}” is not a number; write one such as 2 or -0.5, or press Escape.`;
        return false;
      }
      close();
      edit(where, value);
      if (back) view.focus();
      return true;
    }
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") commit(true);
      else if (event.key === "Escape") {
        close();
        view.focus();
      }
    });
    input.addEventListener("blur", () => editor === input && !commit(false) && close());
    editor = input;
    element.append(input);
    input.focus();
    if (typed === null) input.select();
  }

  function close() {
    const input = editor;
    editor = null;
    input?.remove();
  }

  return {
    element,
    view,
    get cellSize() {
      return cell;
    },
    /** Put the cursor of the keyboard on a cell without telling anybody. */
    setCursor(where) {
      cursor = clamp(where);
      last = String(cursor);
    },
    /**
     * Draw `rows` x `columns` cells of `size` pixels. `look(r, c, readable)` gives {fill, ink, text, hatch, edge} of a cell,
     * `frames` are rectangles {row, column, rows, columns, colour, width, dash} on top.
     */
    paint({ rows, columns, size, look, frames = [], colours }) {
      const scale = Math.min(2, globalThis.devicePixelRatio || 1);
      const looks = Array.from({ length: rows * columns }, (_, k) => look(Math.floor(k / columns), k % columns, size >= READABLE));
      const wanted = [rows, columns, size, scale, colours.unread, ...looks, ...frames];
      if (wanted.length === shown.length && wanted.every((part, k) => alike(part, shown[k]))) return;
      shown = wanted;
      const [width, height] = [columns * size + 2, rows * size + 2];
      if (shape[0] !== rows || shape[1] !== columns || cell !== size) {
        shape = [rows, columns];
        cell = size;
        Object.assign(view.style, { width: `${width}px`, height: `${height}px` });
        close();
      }
      grow(canvas, Math.round(width * scale), Math.round(height * scale));
      Object.assign(canvas.style, { width: `${canvas.width / scale}px`, height: `${canvas.height / scale}px` });
      context.setTransform(scale, 0, 0, scale, scale, scale);
      context.clearRect(-1, -1, canvas.width, canvas.height);
      context.textAlign = "center";
      context.textBaseline = "middle";
      const edges = [];
      let fontSize = 0; // of the font that is set
      looks.forEach(({ fill, ink, text, hatch, edge }, k) => {
        const x = (k % columns) * size;
        const y = Math.floor(k / columns) * size;
        context.fillStyle = fill;
        context.fillRect(x + 0.5, y + 0.5, size - 1, size - 1);
        if (hatch) strike(x, y, size, colours.unread);
        if (edge) edges.push([x, y, edge]);
        if (!text || size < READABLE) return;
        const wantedSize = Math.floor(Math.min(Math.max(8, size * 0.42), (size - 4) / widthOf(text)));
        if (wantedSize < 8) return;
        if (wantedSize !== fontSize) context.font = fontOf((fontSize = wantedSize));
        context.fillStyle = ink;
        context.fillText(text, x + size / 2, y + size / 2 + 0.5);
      });
      for (const [x, y, edge] of edges) outline(x, y, size, size, edge, 2, []);
      for (const { row, column, rows: down, columns: across, colour, width: thick = 2, dash = [] } of frames) {
        outline(column * size, row * size, across * size, down * size, colour, thick, dash);
      }
    },
    destroy: close,
  };

  /** How wide a text is for letters one pixel tall, measured once. */
  function widthOf(text) {
    if (!widths.has(text)) {
      if (widths.size > 2000) widths.clear();
      context.save();
      context.font = fontOf(100);
      widths.set(text, context.measureText(text).width / 100);
      context.restore();
    }
    return widths.get(text);
  }

  function outline(x, y, wide, tall, colour, thick, dash) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.setLineDash(dash);
    context.strokeRect(x + 0.5, y + 0.5, wide - 1, tall - 1);
  }

  function strike(x, y, size, colour) {
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.setLineDash([]);
    context.beginPath();
    for (let d = size / 3; d < 2 * size; d += size / 3) {
      context.moveTo(x + Math.max(0, d - size), y + Math.min(d, size));
      context.lineTo(x + Math.min(d, size), y + Math.max(0, d - size));
    }
    context.stroke();
  }
}

const READABLE = 17; // pixels of a cell that has room for a text
const fontOf = (pixels) => `${pixels}px system-ui, sans-serif`; // whole pixels: each size is a font that the browser has to make

/** Whether two numbers, two looks of a cell or two frames are the same. */
function alike(one, other) {
  if (typeof one !== "object" || typeof other !== "object") return one === other;
  for (const name in one) if (one[name] !== other[name] && String(one[name]) !== String(other[name])) return false; // a dash is a list
  for (const name in other) if (!(name in one)) return false;
  return true;
}
