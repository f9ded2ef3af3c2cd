/** Put the page of practice papers in place of the paper that stands there without a script. */
(() => {
  "use strict";
  addEventListener("DOMContentLoaded", async () => {
    const root = document.querySelector(".practice-papers");
    const still = document.querySelector(".practice-still");
    try {
      const data = JSON.parse(document.querySelector("#practice-data").textContent);
      await cnnlibExplorers.load("practice/page.mjs").practice(root, data, cnnlibKept);
      still.hidden = true;
    } catch (error) {
      const note = document.createElement("p");
      note.setAttribute("role", "note");
      note.textContent = `Other papers can't be shown here (${error.message}); the one below can be read.`;
      root.replaceChildren(note);
    }
  });
})();
