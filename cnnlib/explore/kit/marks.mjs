/** A rectangle that can be seen on any picture: black, and a colour on it. */
export function frame(context, x, y, wide, tall, colour, thick = 2) {
  for (const [stroke, width] of [
    ["#000000", thick + 2],
    [colour, thick],
  ]) {
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.strokeRect(x, y, wide, tall);
  }
}

/** A cell's fill and ink from the pixel at `place` of some RGBA pixels: ink that can be read on it. */
export function tinted(pixels, place) {
  const [r, g, b] = pixels.subarray(4 * place);
  return { fill: `rgb(${r} ${g} ${b})`, ink: 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#1b1f24" : "#ffffff" };
}
