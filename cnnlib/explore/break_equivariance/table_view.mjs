import { frame } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { pictures } from "../kit/pictures.mjs";
import { greyPixels, pixelCanvas } from "../kit/pixels.mjs";
import { SCHEMA, SIDE } from "./schema.mjs";
import { SHIFTED } from "./tables.mjs";
import { tableTexts } from "./words.mjs";

const NETWORK_SIDE = 227; // pixels of SqueezeNet's input
const REACH = SCHEMA.shift.high;
const WIDE = 2 * REACH + 1;
const TABLES = Object.fromEntries(
  Object.entries(SHIFTED).flatMap(([name, entry]) =>
    ["circular", "zero"].map((boundary) => [`${name} ${boundary}`, entry[boundary].table]),
  ),
);

/** What SqueezeNet calls the photograph at each shift, looked up in a stored table. */
export function tableView({ change, request, move, draggable }) {
  const tables = pictures(TABLES, request);
  let pixelSize = 1; // CSS pixels of one pixel of the network's input
  const read = memo(({ values }) => {
    const bytes = Array.from(values, (v) => Math.round(v * 255));
    const [named, percents, owns] = [0, 1, 2].map((part) => bytes.slice(part * WIDE * WIDE, (part + 1) * WIDE * WIDE));
    return { named, percents, owns, map: greyPixels(owns, 1 / 100) };
  });
  const grey = memo((image) => greyPixels(image));
  const input = pixelCanvas({
    label: "The photograph, moved, as the network gets it. Drag it, or move it with the arrow keys.",
    move,
  });
  const table = pixelCanvas({
    label: "The probability at each shift. Press, or use the arrow keys, to move the photograph.",
    move,
    press: (where) => change({ shift: where.map((v) => v - REACH) }),
  });
  const shown = panels({ moved: input, table });
  draggable(input.element.querySelector(".marks"), () => pixelSize);

  function draw({ photo, shift, boundary }, colours, room, image) {
    const { own } = SHIFTED[photo];
    const { labels } = SHIFTED[photo][boundary];
    const found = tables.of(`${photo} ${boundary}`);
    if (!found) return null;
    const { named, percents, owns, map } = read([found], found);
    const at = (shift[0] + REACH) * WIDE + shift[1] + REACH;
    const side = Math.floor(Math.min(room > 560 ? (room - 40) / 2 : room, 320));
    const [scale, cell] = [side / SIDE, side / WIDE];
    pixelSize = side / NETWORK_SIDE;
    shown.widen(side);
    input.paint(grey([photo], image), SIDE, SIDE, scale);
    input.mark(
      (context) => {
        context.fillStyle = "#000000";
        context.fillRect(0, 0, side, side);
        context.imageSmoothingEnabled = true;
        const turns = boundary === "circular" ? [-side, 0, side] : [0];
        for (const down of turns) {
          for (const right of turns) {
            const box = [right + shift[1] * pixelSize, down + shift[0] * pixelSize, side, side];
            context.drawImage(input.canvas, 0, 0, SIDE, SIDE, ...box);
          }
        }
      },
      scale,
      [photo, boundary, shift],
    );
    table.paint(map, WIDE, WIDE, cell);
    table.mark((context) => {
      context.strokeStyle = "#d55e00";
      context.lineWidth = 1.2;
      context.beginPath();
      named.forEach((label, k) => {
        if (labels[label] === own) return;
        const [x, y] = [(k % WIDE) * cell, Math.floor(k / WIDE) * cell];
        for (const [from, to] of [
          [0.2, 0.8],
          [0.8, 0.2],
        ]) {
          context.moveTo(x + from * cell, y + 0.2 * cell);
          context.lineTo(x + to * cell, y + 0.8 * cell);
        }
      });
      context.stroke();
      frame(context, (shift[1] + REACH) * cell, (shift[0] + REACH) * cell, cell, cell, colours.tap);
    }, cell);
    shown.say({
      moved: `drag: moved by pixels of ${NETWORK_SIDE}`,
      table: `probability of “${own}” at each shift; × another label wins`,
    });
    return tableTexts(
      { shift, boundary },
      {
        own,
        owns,
        label: labels[named[at]],
        percent: percents[at],
        ownPercent: owns[at],
        wide: WIDE,
        side: NETWORK_SIDE,
        other: named.filter((label) => labels[label] !== own).length,
      },
    );
  }

  return { panels: shown.all, draw };
}
