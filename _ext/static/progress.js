// The front page says on each chapter's card how far the reader is, and forgets it all where the reader wants that.
addEventListener("DOMContentLoaded", () => {
  const lines = [...document.querySelectorAll(".card-progress")];
  const path = (line) => new URL(line.closest("li").querySelector(".card-title a").href).pathname;
  if (!lines.length) return;
  const forget = document.createElement("button");
  forget.type = "button";
  forget.className = "btn btn-sm forget-all";
  forget.textContent = "Forget my answers and code in all chapters";
  lines[0].closest("ul").after(forget);

  function show() {
    let any = false;
    for (const line of lines) {
      const done = cnnlibKept.progress(path(line));
      any ||= done.any;
      const parts = [];
      for (const kind of ["questions", "exercises"]) {
        const all = Number(line.dataset[kind] ?? line.querySelector(`.count-${kind}`)?.textContent ?? 0);
        line.dataset[kind] = all;
        const one = all === 1 ? kind.slice(0, -1) : kind;
        if (all) parts.push(done[kind] ? `${Math.min(done[kind], all)} of ${all} ${one}` : `${all} ${one}`);
      }
      line.textContent = parts.join(", ") + (done.questions + done.exercises ? " done" : "");
      line.classList.toggle("started", done.questions + done.exercises > 0);
    }
    forget.hidden = !any;
  }
  forget.addEventListener("click", () => cnnlibKept.forget(lines.map(path)));
  cnnlibKept.onForget(show);
  addEventListener("pageshow", show);
  show();
});
