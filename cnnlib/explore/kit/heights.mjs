/**
 * Keep parts of an explorer as tall as they have been, so that a drag moves neither the slider under the pointer nor
 * the page below, which the browser would have to lay out and paint again: half of what such a frame costs on a long
 * page. Returns `{release, disconnect}`; `release` lets the parts shrink to what they hold, for a new width.
 */
export function keepHeights(parts) {
  const tallest = new Map();
  const observer = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) {
      const height = Math.ceil(borderBoxSize[0].blockSize);
      if (height <= (tallest.get(target) ?? 0)) continue;
      tallest.set(target, height);
      target.style.minHeight = `${height}px`;
    }
  });
  for (const part of parts) observer.observe(part);
  return {
    release() {
      tallest.clear();
      for (const part of parts) part.style.minHeight = "";
    },
    disconnect: () => observer.disconnect(),
  };
}
