/** `cnnlib.data.area_resize` of planes (channels, height, width) to `[rows, columns]`: the mean over areas. */
export function areaResize(values, channels, [height, width], [rows, columns]) {
  const across = shrink(values, channels * height, width, 1, columns);
  return shrink(across, channels, height, columns, rows);
}

/** Shrink the middle axis of (outer, length, inner) to `side`. */
function shrink(values, outer, length, inner, side) {
  if (length === side) return Float64Array.from(values);
  const found = new Float64Array(outer * side * inner);
  const share = side / length;
  for (let k = 0; k < side; k += 1) {
    const [from, to] = [(k * length) / side, ((k + 1) * length) / side];
    for (let at = Math.floor(from); at < Math.min(length, Math.ceil(to)); at += 1) {
      const part = (Math.min(to, at + 1) - Math.max(from, at)) * share;
      if (part <= 0) continue;
      for (let o = 0; o < outer; o += 1) {
        for (let i = 0; i < inner; i += 1) {
          found[(o * side + k) * inner + i] += part * values[(o * length + at) * inner + i];
        }
      }
    }
  }
  return found;
}

/** The square in the middle of planes (channels, height, width), `side` a side: averaged, or its pixels repeated. */
export function middleSquare(values, channels, [height, width], side) {
  const length = Math.min(height, width);
  const [top, left] = [(height - length) >> 1, (width - length) >> 1];
  const larger = length >= side;
  const taken = larger ? length : side;
  const found = new Float64Array(channels * taken * taken);
  const nearest = (at) => (larger ? at : Math.floor((at * length) / side));
  for (let channel = 0, to = 0; channel < channels; channel += 1) {
    for (let r = 0; r < taken; r += 1) {
      for (let c = 0; c < taken; c += 1, to += 1)
        found[to] = values[(channel * height + top + nearest(r)) * width + left + nearest(c)];
    }
  }
  return larger ? areaResize(found, channels, [length, length], [side, side]) : found;
}
