import { h, setText } from "../kit/dom.mjs";

const [TALL, WIDE] = [84, 26]; // pixels of the tallest bar, and of one with its gap

/** A bar for each term: its share of the energy above, its index below; those left out are outlined only. */
export function barRow() {
  const element = h("div", { style: "display:flex;align-items:flex-end" });
  const bars = [];

  function bar() {
    const made = {
      share: h("span", { style: "font-size:10px;line-height:14px" }),
      block: h("span", { style: `display:block;width:${WIDE - 8}px;border:1.5px solid` }),
      index: h("span", { style: "font-size:11px;line-height:15px" }),
    };
    const style = `display:flex;flex-direction:column;align-items:center;width:${WIDE}px`;
    made.element = h("div", { style }, made.share, made.block, made.index);
    element.append(made.element);
    return made;
  }

  return {
    element,
    paint(shares, kept, colours) {
      while (bars.length < shares.length) bars.push(bar());
      bars.forEach(({ element: one, share, block, index }, r) => {
        one.style.display = r < shares.length ? "flex" : "none";
        if (r >= shares.length) return;
        const percent = 100 * shares[r];
        setText(share, percent > 0 && percent < 0.5 ? (percent < 1e-7 ? "0%" : "<1%") : `${Math.round(percent)}%`);
        setText(index, String(r + 1));
        Object.assign(block.style, {
          height: `${Math.max(0, TALL * shares[r])}px`,
          borderColor: colours["curve-1"],
          background: r < kept ? colours["curve-1"] : "transparent",
        });
      });
    },
  };
}
