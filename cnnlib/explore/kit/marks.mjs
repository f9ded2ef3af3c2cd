/**
 * What `path(context, width)` draws, twice, so that it can be seen on any picture: in black, `more` pixels wider, and
 * in a colour on it. The path is stroked; it may fill what it likes by itself.
 */
export function edged(context, colour, thick, path, { edge = "#000000", more = 2 } = {}) {
  for (const [paint, width] of [
    [edge, thick + more],
    [colour, thick],
  ]) {
    context.strokeStyle = context.fillStyle = paint;
    context.lineWidth = width;
    context.beginPath();
    path(context, width);
    context.stroke();
  }
}

/** A rectangle that can be seen on any picture. */
export const frame = (context, x, y, wide, tall, colour, thick = 2) =>
  edged(context, colour, thick, () => context.rect(x, y, wide, tall));

/** A cell's fill and ink from the pixel at `index` of some RGBA pixels: ink that can be read on it. */
export function tinted(pixels, index) {
  const at = 4 * index;
  const [r, g, b] = [pixels[at], pixels[at + 1], pixels[at + 2]];
  return { fill: `rgb(${r} ${g} ${b})`, ink: 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#1b1f24" : "#ffffff" };
}
