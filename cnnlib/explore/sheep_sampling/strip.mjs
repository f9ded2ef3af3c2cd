import { h } from "../kit/dom.mjs";
import { grow } from "../kit/pixels.mjs";

const BINS = 20;
const TALL = 84; // pixels
const [TOP, BOTTOM] = [14, 18]; // above and below the bars

/** How many of some shares, from 0 to 1, lie in each of 20 bins. */
export function counted(shares) {
  const bins = new Array(BINS).fill(0);
  for (const share of shares) bins[Math.min(BINS - 1, Math.floor(share * BINS))] += 1;
  return bins;
}

/** A histogram of shares on all of the sheep, bars for the chosen kind and an outline for the rigid grid. */
export function strip() {
  const canvas = h("canvas", { role: "img", width: 0, height: 0 });
  const element = h("div", { class: "picture" }, canvas);
  return {
    element,
    paint({ width, shares, rigid, mark, label, colours }) {
      const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
      grow(canvas, Math.round(width * ratio), Math.round(TALL * ratio));
      Object.assign(canvas.style, { width: `${canvas.width / ratio}px`, height: `${canvas.height / ratio}px` });
      Object.assign(element.style, { width: `${width}px`, height: `${TALL}px` });
      canvas.setAttribute("aria-label", label);
      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      const [bars, outline] = [counted(shares), counted(rigid)];
      const most = Math.max(...bars, ...outline, 1);
      const [left, wide] = [8, width - 16];
      const x = (share) => left + share * wide;
      const y = (count) => TALL - BOTTOM - (count / most) * (TALL - TOP - BOTTOM);
      context.fillStyle = colours.tap;
      bars.forEach((count, k) => context.fillRect(x(k / BINS) + 1, y(count), wide / BINS - 2, y(0) - y(count)));
      context.strokeStyle = colours["curve-1"];
      context.lineWidth = 1.5;
      context.setLineDash([4, 2]);
      context.beginPath();
      context.moveTo(x(0), y(0));
      outline.forEach((count, k) => {
        context.lineTo(x(k / BINS), y(count));
        context.lineTo(x((k + 1) / BINS), y(count));
      });
      context.lineTo(x(1), y(0));
      context.stroke();
      context.setLineDash([]);
      context.strokeStyle = context.fillStyle = colours.ink;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x(0), y(0));
      context.lineTo(x(1), y(0));
      context.stroke();
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(x(mark), TOP - 4);
      context.lineTo(x(mark), y(0));
      context.stroke();
      context.font = "11px system-ui, sans-serif";
      context.textBaseline = "bottom";
      for (const [share, align] of [
        [0, "left"],
        [0.5, "center"],
        [1, "right"],
      ]) {
        context.textAlign = align;
        context.fillText(`${100 * share}%`, x(share), TALL);
      }
      context.textAlign = mark < 0.2 ? "left" : mark > 0.8 ? "right" : "center";
      context.fillText("this position", x(mark), TOP - 3);
    },
  };
}
