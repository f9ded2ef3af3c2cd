/** The editor of a cell: CodeJar with Prism's colours, in place of the code that is read. */
(() => {
  "use strict";
  /** A line break at the end keeps the caret's last line in sight; it is no part of the code. */
  const ended = (text) => (text.endsWith("\n") ? text : `${text}\n`);
  const colour = (element) => {
    element.innerHTML = Prism.highlight(ended(element.textContent), Prism.languages.python, "python");
  };

  /** Put an editor in place of a cell's code, and the caret into it. */
  cnnlibPython.edit = (cell) => {
    cell.open();
    if (!cell.editor) {
      const { pre } = cell;
      pre.textContent = ended(cell.text);
      pre.classList.add("cell-editor");
      pre.setAttribute("role", "textbox");
      pre.setAttribute("aria-multiline", "true");
      pre.setAttribute("aria-label", `Code cell ${cell.number + 1}. Shift and Enter run it, Escape leaves the editor.`);
      pre.tabIndex = 0;
      // before CodeJar's own listeners, which leave alone what is done
      pre.addEventListener("keydown", (event) => {
        if (event.key === "Escape") cell.run.focus();
        else if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) cnnlibPython.run(cell);
        else return;
        event.preventDefault();
      });
      // a browser may put an element there, which CodeJar does not read
      pre.addEventListener("beforeinput", (event) => {
        if (!["insertLineBreak", "insertParagraph"].includes(event.inputType)) return;
        event.preventDefault();
        if (!pre.textContent.endsWith("\n")) pre.append("\n"); // not yet coloured, so the new one would be taken for it
        document.execCommand("insertHTML", false, "\n");
      });
      cell.editor = cnnlibPython.CodeJar(pre, colour, { tab: "    ", addClosing: false, indentOn: /[([{:]$/ });
      cell.editor.onUpdate((text) => cell.write(text.replace(/\n$/, ""), true));
    }
    cell.pre.focus();
  };
})();
