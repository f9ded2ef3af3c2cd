import { h, setHidden } from "./dom.mjs";
import { parsed } from "./format.mjs";
import { shows } from "./schema.mjs";

/**
 * The little field in which one cell of a grid is edited: Enter or leaving it takes the number, Escape leaves it as it
 * was. One that was only opened changes nothing: the field shows fewer digits than the number may have.
 */
export function cellEditor({ element, view, label, nameCell, readCell, edit }) {
  let open = null;
  const note = h("span", { class: "editor-note", role: "alert", hidden: true });
  element.append(note);

  function close() {
    const input = open;
    open = null;
    setHidden(note, true);
    input?.remove();
  }

  function begin(where, cell, typed = null) {
    close();
    const [r, c] = where;
    const input = h("input", {
      type: "text",
      inputmode: "decimal",
      class: "cell-editor",
      "aria-label": `${label.split(".")[0]}, ${nameCell(where)}`,
      style: `left:${c * cell}px;top:${r * cell}px;width:${Math.max(cell, 44)}px;height:${Math.max(cell, 24)}px`,
    });
    const shown = String(Number(readCell(where).toPrecision(7)));
    input.value = typed ?? shown;

    function commit(back) {
      const value = parsed(input.value);
      if (!shows(value)) {
        input.setAttribute("aria-invalid", "true");
        note.textContent = Number.isFinite(value)
          ? `${input.value} is too large; write a number from −1e12 to 1e12, or press Escape.`
          : `“${input.value}” is not a number; write one such as 2, −0.5 or 1/9, or press Escape.`;
        note.hidden = false;
        return false;
      }
      close();
      if (typed !== null || input.value !== shown) edit(where, value);
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
    input.addEventListener("blur", () => open === input && !commit(false) && close());
    open = input;
    element.append(input);
    input.focus();
    if (typed === null) input.select();
  }

  return { open: begin, close };
}
