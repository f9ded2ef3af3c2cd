/** `cnnlib.data.area_resize` of planes (channels, height, width) to `[rows, columns]`: the mean over areas. */
export function areaResize(values, channels, [height, width], [rows, columns]) {
  const [down, across] = [shares(height, rows), shares(width, columns)];
  const found = new Float64Array(channels * rows * columns);
  const line = new Float64Array(width); // a new row before it is shrunk along its length
  for (let channel = 0, to = 0; channel < channels; channel += 1) {
    for (const { first, parts } of down) {
      line.fill(0);
      for (let n = 0; n < parts.length; n += 1) {
        const [from, part] = [(channel * height + first + n) * width, parts[n]];
        for (let c = 0; c < width; c += 1) line[c] += part * values[from + c];
      }
      for (let c = 0; c < columns; c += 1, to += 1) found[to] = weighted(line, across[c]);
    }
  }
  return found;
}

function weighted(line, { first, parts }) {
  let sum = 0;
  for (let n = 0; n < parts.length; n += 1) sum += parts[n] * line[first + n];
  return sum;
}

/** For each of `side` new pixels the first old one that it covers, and the share that each from there on has in it. */
function shares(length, side) {
  return Array.from({ length: side }, (_, k) => {
    const [from, to] = [(k * length) / side, ((k + 1) * length) / side];
    const first = Math.floor(from);
    const part = (at) => (Math.min(to, at + 1) - Math.max(from, at)) * (side / length);
    return {
      first,
      parts: Float64Array.from({ length: Math.min(length, Math.ceil(to)) - first }, (_, n) => part(first + n)),
    };
  });
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
