import { ontoGrid } from "./clamp.mjs";
import { arrowStep, h, setHidden, setText, styleLater } from "./dom.mjs";
import { cellEditor } from "./editor.mjs";
import { long, shorter } from "./format.mjs";
import { grow } from "./pixels.mjs";

/** Pixels of a cell that has room for a sign; smaller ones show their fill alone. */
export const READABLE = 11;
const TAGGED = 28; // pixels of a cell that has room for a tag beside its value
const EVEN = 1.15; // how much taller than the smallest letters of a grid its largest may be
// whole pixels: each size is a font that the browser has to make
const fontOf = (pixels) => `${pixels}px system-ui, sans-serif`;

/**
 * A grid of numbers on a canvas, for mouse, touch and keyboard.
 *
 *   hover(cell | null)    the pointer, or the cursor of the keyboard, is over `[row, column]`, or over none
 *   press(cell)           it was pressed there, dragged there, or the cursor came there by a key
 *   readCell(cell)        the number in a cell, which is announced as the cursor reaches it
 *   nameCell(cell)        what a cell is called
 *   edit(cell, number)    makes cells editable where `editable(cell)`: by a click, a second tap, Enter or a digit
 * The editor is called by the first sentence of `label` and the name of the cell.
 */
export function numberGrid({
  label,
  hover = () => {},
  press = () => {},
  edit,
  editable = () => true,
  readCell,
  nameCell = ([r, c]) => `row ${r}, column ${c}`,
}) {
  const canvas = h("canvas", { width: 0, height: 0, "aria-hidden": "true" });
  const mark = h("span", { class: "cursor", hidden: true });
  const view = h("div", { class: "cells", tabindex: "0", role: "application", "aria-label": label }, canvas, mark);
  const said = h("span", { class: "announced", "aria-live": "polite" });
  const element = h("div", { class: "grid" }, view, said);
  const context = canvas.getContext("2d");
  const editor = cellEditor({ element, view, label, nameCell, readCell, edit });
  let shape = [1, 1];
  let cell = 0;
  let cursor = [0, 0];
  let tapped = ""; // the cell of the last tap: a second one opens it
  let shown = []; // what is on the canvas, to leave it alone when nothing is new
  let font = ""; // of the canvas; to set one, even the same, makes the browser compute the styles of the whole page
  const widths = new Map();
  const fits = new Map(); // how each number is written in cells of the present size

  const clamp = (where) => ontoGrid(where, shape);

  function under(event) {
    const box = view.getBoundingClientRect();
    const where = [Math.floor((event.clientY - box.top) / cell), Math.floor((event.clientX - box.left) / cell)];
    return where.every((v, axis) => v >= 0 && v < shape[axis]) ? where : null;
  }

  let marked = false; // whether the cursor of the keyboard is seen; to ask for it makes the browser lay the page out
  let last = "";
  function over(where) {
    const key = String(where);
    if (key === last) return;
    last = key;
    if (where) cursor = where;
    hover(where);
  }
  function pressed(where) {
    over(where);
    if (where) press(where);
  }
  /** Move the cursor of the keyboard, show it, and say what it is on. */
  function visit(where) {
    cursor = clamp(where);
    pressed(cursor);
    showCursor(true);
    if (readCell) setText(said, `${nameCell(cursor)}: ${long(readCell(cursor))}`);
  }
  function showCursor(seen = marked) {
    marked = seen;
    setHidden(mark, !marked);
    if (!marked) return;
    const [r, c] = cursor;
    Object.assign(mark.style, {
      top: `${r * cell}px`,
      left: `${c * cell}px`,
      width: `${cell + 1}px`,
      height: `${cell + 1}px`,
    });
  }

  view.addEventListener("pointermove", (event) => (event.buttons ? pressed : over)(under(event)));
  view.addEventListener("pointerdown", (event) => pressed(under(event)));
  // what a finger chose stays lit
  view.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && over(null));
  view.addEventListener("click", (event) => {
    const where = under(event);
    const again = String(where) === tapped;
    tapped = String(where);
    if (where && edit && editable(where) && (event.pointerType !== "touch" || again)) editor.open(where, cell);
  });
  view.addEventListener("focus", () => view.matches(":focus-visible") && (over(clamp(cursor)), showCursor(true)));
  view.addEventListener("blur", () => {
    showCursor(false);
    over(null);
  });
  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = arrowStep(event);
    if (step) {
      event.preventDefault();
      visit([cursor[0] + step[0], cursor[1] + step[1]]);
    } else if (edit && (event.key === "Enter" || /^[-\d.]$/.test(event.key)) && editable(cursor)) {
      event.preventDefault();
      editor.open(cursor, cell, event.key === "Enter" ? null : event.key);
    }
  });

  return {
    element,
    view,
    get cellSize() {
      return cell;
    },
    /** Put the cursor of the keyboard on a cell without telling anybody. */
    setCursor(where) {
      cursor = clamp(where);
      showCursor();
    },
    /**
     * Draw `rows` x `columns` cells of `size` pixels. `look(r, c)` gives {fill, ink, value | text, tag, hatch, edge} of
     * a cell: a `value` is written as briefly as the cell needs, a `tag` is a letter in the corner of a large one.
     * `frames` are rectangles {row, column, rows, columns, colour, width, dash} on top, by default of one cell. A
     * colour may be the name of one of the theme's, such as "tap"; the ink is that which belongs to the fill.
     */
    paint({ rows, columns, size, look, frames = [], colours }) {
      const scale = Math.min(2, globalThis.devicePixelRatio || 1);
      const looks = Array.from({ length: rows * columns }, (_, k) =>
        themed(look(Math.floor(k / columns), k % columns), colours),
      );
      const wanted = [rows, columns, size, scale, colours.ink, colours.unread, ...looks, ...frames];
      if (wanted.length === shown.length && wanted.every((part, k) => alike(part, shown[k]))) return;
      shown = wanted;
      const [width, height] = [columns * size + 2, rows * size + 2];
      if (shape[0] !== rows || shape[1] !== columns || cell !== size) {
        shape = [rows, columns];
        cell = size;
        fits.clear();
        styleLater(view, { width: `${width}px`, height: `${height}px` });
        cursor = clamp(cursor);
        editor.close();
        showCursor();
      }
      if (grow(canvas, Math.round(width * scale), Math.round(height * scale))) font = "";
      styleLater(canvas, { width: `${canvas.width / scale}px`, height: `${canvas.height / scale}px` });
      context.setTransform(scale, 0, 0, scale, scale, scale);
      context.clearRect(-1, -1, canvas.width, canvas.height);
      context.textAlign = "center";
      context.textBaseline = "middle";
      const edges = [];
      if (fits.size > 2000) fits.clear();
      const written = looks.map(({ value, text }) => {
        if (size < READABLE || (value === undefined && !text)) return null;
        const what = text || value; // a text is never a number
        if (!fits.has(what)) fits.set(what, fitted(text ? [text] : shorter(value), size));
        return fits.get(what);
      });
      const tallest = EVEN * Math.min(...written.filter(Boolean).map(([, letters]) => letters));
      const texts = new Map(); // by the size of their letters, since another font takes long
      const write = (letters, ...text) => {
        if (!texts.has(letters)) texts.set(letters, []);
        texts.get(letters).push(text);
      };
      looks.forEach(({ fill, ink, tag, hatch, edge }, k) => {
        const x = (k % columns) * size;
        const y = Math.floor(k / columns) * size;
        context.fillStyle = fill;
        context.fillRect(x + 0.5, y + 0.5, size - 1, size - 1);
        if (hatch) strike(x, y, size, colours.unread);
        if (edge) edges.push([x, y, edge]);
        if (tag && size >= TAGGED) write(9, ink, tag, x + 6, y + 7);
        if (!written[k]) return;
        const [text, letters] = written[k];
        write(Math.floor(Math.min(letters, tallest)), ink, text, x + size / 2, y + size / 2 + 0.5);
      });
      const sizes = [...texts].sort(([one], [other]) => (fontOf(other) === font) - (fontOf(one) === font));
      for (const [letters, all] of sizes) {
        setFont(fontOf(letters));
        for (const [ink, ...text] of all) {
          context.fillStyle = ink;
          context.fillText(...text);
        }
      }
      for (const [x, y, edge] of edges) outline(x, y, size, size, edge, 2, []);
      for (const {
        row,
        column,
        rows: down = 1,
        columns: across = 1,
        colour = "ink",
        width: thick = 2,
        dash = [],
      } of frames)
        outline(column * size, row * size, across * size, down * size, colours[colour] ?? colour, thick, dash);
    },
    destroy: editor.close,
  };

  /** The first way to write a number that fits into a cell, else the last one, and how tall its letters are. */
  function fitted(ways, size) {
    const tallest = Math.max(9, size * 0.42);
    const tried = []; // [way, letters] of those that do not fit, and of the next
    // 9 pixels can be read on a phone; 8 are better than a power of ten or the sign alone, the last ways
    const small = () => tried.find(([, letters]) => letters >= Math.min(8, size - 4));
    for (const way of ways) {
      if (tried.at(-1)?.[1] >= Math.min(9, size - 4)) return tried.at(-1);
      if (way.includes("e") && small()) return small();
      tried.push([way, Math.floor(Math.min(tallest, (size - 3) / widthOf(way)))]);
    }
    return small() ?? [tried.at(-1)[0], 7];
  }

  function setFont(wanted) {
    if (wanted !== font) context.font = font = wanted;
  }

  /** How wide a text is for letters one pixel tall: its letters side by side, each measured once. */
  function widthOf(text) {
    let sum = 0;
    for (const letter of text) {
      if (!widths.has(letter)) {
        context.save();
        context.font = fontOf(100);
        widths.set(letter, context.measureText(letter).width / 100);
        context.restore();
      }
      sum += widths.get(letter);
    }
    return sum;
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

/** The look of a cell with the theme's colours in place of their names. */
function themed(look, colours) {
  const { fill, edge, ink = colours[`on-${fill}`] ?? colours.ink } = look;
  return { ...look, fill: colours[fill] ?? fill, edge: colours[edge] ?? edge, ink: colours[ink] ?? ink };
}

/** Whether two numbers, two looks of a cell or two frames are the same. */
function alike(one, other) {
  if (typeof one !== "object" || typeof other !== "object") return Object.is(one, other);
  // a dash is a list
  for (const name in one) if (one[name] !== other[name] && String(one[name]) !== String(other[name])) return false;
  for (const name in other) if (!(name in one)) return false;
  return true;
}
