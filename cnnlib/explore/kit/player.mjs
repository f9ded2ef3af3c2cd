import { button } from "./controls.mjs";
import { h, setText } from "./dom.mjs";

const STEP_MS = 650;

/** "Play" and "Step", which call `step()` again and again, or once; `stop()` when something else is pressed. */
export function player(step) {
  let timer = 0;
  function stop() {
    clearInterval(timer);
    timer = 0;
    setText(play, "Play");
    play.setAttribute("aria-pressed", "false");
  }
  const play = button(
    "Play",
    () => {
      if (timer) return stop();
      timer = setInterval(() => (play.isConnected ? step() : stop()), STEP_MS);
      setText(play, "Pause");
      play.setAttribute("aria-pressed", "true");
    },
    { "aria-pressed": "false" },
  );
  const single = button("Step", () => {
    stop();
    step();
  });
  return { element: h("div", { class: "control buttons" }, play, single), update() {}, stop };
}
