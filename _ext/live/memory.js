/**
 * What the reader answered to this page's questions, kept by the browser for this page alone, and the line in the
 * page's contents that says how far that is and forgets it all.
 */
(() => {
  "use strict";
  const KEY = `cnnlib-answers ${location.pathname}`;
  const forgetting = [];
  let answers = {};
  try {
    answers = JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    // nothing is kept in a private window, and nothing damaged is read
  }

  function keep() {
    try {
      if (Object.keys(answers).length) localStorage.setItem(KEY, JSON.stringify(answers));
      else localStorage.removeItem(KEY);
    } catch {
      // as said above
    }
    show();
  }

  function remember(prompt, answer) {
    answers[prompt] = answer;
    keep();
  }

  function forget() {
    answers = {};
    for (const callback of forgetting) callback();
    keep();
  }

  /** How many of the page's questions are answered rightly. */
  function show() {
    const line = document.querySelector(".answers-line");
    const questions = document.querySelectorAll(".cnnlib-explorer.question").length;
    if (!line || !questions) return;
    line.hidden = false;
    const right = Object.values(answers).filter((answer) => answer.right).length;
    line.querySelector("[role=status]").textContent =
      `Questions: ${Math.min(right, questions)} of ${questions} answered`;
    line.querySelector("button").hidden = !Object.keys(answers).length;
  }

  addEventListener("DOMContentLoaded", () => {
    document.querySelector(".answers-line button")?.addEventListener("click", forget);
    show();
  });
  cnnlibExplorers.memory = {
    remember,
    recall: (prompt) => answers[prompt],
    onForget: (callback) => forgetting.push(callback),
  };
})();
