/**
 * What the reader did on a page, kept by the browser on the reader's own device: answers to questions, code that was
 * changed, exercises that were solved, the practice paper that is open. The line in the page's contents says how far
 * that is and forgets it all.
 */
(() => {
  "use strict";
  const KINDS = ["answers", "code", "solved", "paper"];
  const forgetting = new Set();
  const held = {}; // for when nothing can be stored, as in a private window

  /** The name under which the store holds one kind of thing of one page. */
  const key = (kind, path = location.pathname) => `cnnlib-${kind} ${path}`;

  /** All that is kept of one kind, for this page or for another. */
  function all(kind, path) {
    try {
      return JSON.parse(localStorage.getItem(key(kind, path))) ?? held[key(kind, path)] ?? {};
    } catch {
      return held[key(kind, path)] ?? {}; // nothing damaged is read
    }
  }

  function remember(kind, name, value) {
    const kept = all(kind);
    if (value === undefined) delete kept[name];
    else kept[name] = value;
    held[key(kind)] = kept;
    try {
      if (Object.keys(kept).length) localStorage.setItem(key(kind), JSON.stringify(kept));
      else localStorage.removeItem(key(kind));
    } catch {
      // it lasts as long as the page
    }
    show();
  }

  function forget(paths = [location.pathname]) {
    for (const path of paths)
      for (const kind of KINDS) {
        delete held[key(kind, path)];
        try {
          localStorage.removeItem(key(kind, path));
        } catch {
          // as said above
        }
      }
    for (const callback of forgetting) callback();
    show();
  }

  /** How many questions of a page are answered rightly, and how many of its exercises are solved. */
  const progress = (path) => ({
    questions: Object.values(all("answers", path)).filter((answer) => answer.right).length,
    exercises: Object.keys(all("solved", path)).length,
    any: KINDS.some((kind) => Object.keys(all(kind, path)).length),
  });

  function show() {
    const line = document.querySelector(".answers-line");
    if (!line) return;
    const questions = document.querySelectorAll(".cnnlib-explorer.question:not(.paper *)").length;
    const exercises = document.querySelectorAll(".cell.exercise").length;
    const done = progress();
    const parts = [];
    if (questions) parts.push(`Questions: ${Math.min(done.questions, questions)} of ${questions} answered`);
    if (exercises) parts.push(`Exercises: ${Math.min(done.exercises, exercises)} of ${exercises} solved`);
    line.hidden = !parts.length && !done.any;
    line.querySelector("[role=status]").textContent = parts.join(". ");
    const button = line.querySelector("button");
    button.hidden = !done.any;
    button.textContent = Object.keys(all("code")).length ? "Forget my answers and code" : "Forget my answers";
  }

  addEventListener("DOMContentLoaded", () => {
    document.querySelector(".answers-line button")?.addEventListener("click", () => forget());
    show();
  });
  globalThis.cnnlibKept = {
    all,
    remember,
    recall: (kind, name) => all(kind)[name],
    /** Returns the function that takes it back. */
    onForget(callback) {
      forgetting.add(callback);
      return () => forgetting.delete(callback);
    },
    forget,
    progress,
    show,
  };
})();
