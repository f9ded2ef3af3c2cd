import { BEST } from "./schema.mjs";

export const strongest = (values) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;

/** Draw one filter in its colours, grey where it is 0, into RGBA pixels of a picture `wide` pixels wide. */
export function drawFilter(pixels, wide, top, left, weights, side) {
  const half = 127.5 / strongest(weights);
  for (let i = 0; i < side; i += 1) {
    for (let j = 0; j < side; j += 1) {
      const to = 4 * ((top + i) * wide + left + j);
      for (let channel = 0; channel < 3; channel += 1) {
        pixels[to + channel] = 127.5 + half * weights[(channel * side + i) * side + j];
      }
      pixels[to + 3] = 255;
    }
  }
}

export function galleryPixels({ filters, side, count }, order, columns) {
  const [wide, tall] = [columns * (side + 1), Math.ceil(count / columns) * (side + 1)];
  const pixels = new Uint8ClampedArray(4 * wide * tall);
  order.forEach((f, k) => {
    const [top, left] = [Math.floor(k / columns), k % columns].map((n) => n * (side + 1));
    drawFilter(pixels, wide, top, left, filters[f], side);
  });
  return { pixels, wide, tall };
}

/** The spectrum with frequency 0 in the middle, white for nothing, black for the strongest wave. */
export function spectrumPixels(strength) {
  const bins = Math.sqrt(strength.length);
  const most = Math.sqrt(strongest(strength));
  const pixels = new Uint8ClampedArray(4 * strength.length).fill(255);
  strength.forEach((p, n) => {
    const [v, u] = [(Math.floor(n / bins) + bins / 2) % bins, ((n % bins) + bins / 2) % bins];
    pixels.fill(255 * (1 - Math.sqrt(p) / most), 4 * (v * bins + u), 4 * (v * bins + u) + 3);
  });
  return { pixels, bins };
}

/** The best windows side by side, as they are in the photograph. */
export function bestPixels({ pixels, width }, best, side, stride) {
  const wide = BEST * (side + 1);
  const shown = new Uint8ClampedArray(4 * wide * side);
  best.forEach(([r, c], number) => {
    for (let i = 0; i < side; i += 1) {
      const from = 4 * ((r * stride + i) * width + c * stride);
      shown.set(pixels.subarray(from, from + 4 * side), 4 * (i * wide + number * (side + 1)));
    }
  });
  return shown;
}
