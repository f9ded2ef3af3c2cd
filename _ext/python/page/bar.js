/** The one line that says what Python does, at the foot of the window, with what stops it and starts it anew. */
(() => {
  "use strict";
  const make = (tag, name, text = "") =>
    Object.assign(document.createElement(tag), { className: name, textContent: text });
  const bar = make("div", "python-bar");
  const status = make("span", "");
  const progress = make("span", "python-progress");
  const stop = make("button", "btn btn-sm", "Stop");
  const restart = make("button", "btn btn-sm", "Restart");
  const hide = make("button", "btn btn-sm", "Hide");
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Python in this page");
  status.setAttribute("role", "status");
  for (const button of [stop, restart, hide]) button.type = "button";
  stop.hidden = restart.hidden = true;
  bar.hidden = true;
  stop.addEventListener("click", () => cnnlibPython.session.stop().catch(() => {}));
  restart.addEventListener("click", () => cnnlibPython.session.restart().catch(() => {}));
  hide.addEventListener("click", () => (bar.hidden = true));
  bar.append(status, progress, stop, restart, hide);
  document.querySelector("main")?.append(bar);
  let more = null; // what goes on changing, which is not read aloud

  setInterval(() => {
    if (more && !document.hidden) progress.textContent = more();
  }, 200);

  cnnlibPython.bar = {
    say(text, changing = null) {
      bar.hidden = false;
      if (status.textContent !== text) status.textContent = text;
      more = changing;
      progress.textContent = more ? more() : "";
    },
    /** While Python starts there is nothing to start anew. */
    starting(on) {
      restart.hidden = on;
    },
    busy(on) {
      stop.hidden = !on;
    },
  };
})();
