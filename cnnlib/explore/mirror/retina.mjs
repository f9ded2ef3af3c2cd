/** The retinas of `cnnlib.retina`, formula for formula. */

/** Sums of everything above and to the left, (height + 1) x (width + 1). */
export function summed({ height, width, values }) {
  const sums = new Float64Array((height + 1) * (width + 1));
  for (let r = 0; r < height; r += 1) {
    let row = 0;
    for (let c = 0; c < width; c += 1) {
      row += values[r * width + c];
      sums[(r + 1) * (width + 1) + c + 1] = sums[r * (width + 1) + c + 1] + row;
    }
  }
  return { height, width, sums };
}

/** The sum over everything above and to the left of an edge between pixels. */
function upTo({ height, width, sums }, y, x) {
  const [r, c] = [Math.min(Math.floor(y), height - 1), Math.min(Math.floor(x), width - 1)];
  const [down, right] = [y - r, x - c];
  const at = r * (width + 1) + c;
  return (
    (1 - down) * ((1 - right) * sums[at] + right * sums[at + 1]) +
    down * ((1 - right) * sums[at + width + 1] + right * sums[at + width + 2])
  );
}

const clip = (v, high) => Math.min(Math.max(v, 0), high);

/** The mean brightness in each field of a retina {rows, columns, sides}. */
export function look(table, { rows, columns, sides }) {
  return Float64Array.from(rows, (row, k) => {
    const half = sides[k] / 2;
    const [top, bottom] = [clip(row + 0.5 - half, table.height), clip(row + 0.5 + half, table.height)];
    const [left, right] = [clip(columns[k] + 0.5 - half, table.width), clip(columns[k] + 0.5 + half, table.width)];
    const area = (bottom - top) * (right - left);
    if (area <= 1e-9) return 0;
    return (
      (upTo(table, bottom, right) - upTo(table, top, right) - upTo(table, bottom, left) + upTo(table, top, left)) / area
    );
  });
}

/** Blocks of equal size, at least `samples` of them. */
export function even([height, width], samples) {
  const across = Math.max(1, Math.round(Math.sqrt((samples * width) / height)));
  const down = Math.ceil(samples / across);
  const [tall, wide] = [height / down, width / across];
  const count = down * across;
  const owner = new Uint16Array(height * width);
  for (let r = 0; r < height; r += 1) {
    for (let c = 0; c < width; c += 1)
      owner[r * width + c] =
        Math.floor(((2 * r + 1) * down) / (2 * height)) * across + Math.floor(((2 * c + 1) * across) / (2 * width));
  }
  return {
    rows: Float64Array.from({ length: count }, (_, k) => (Math.floor(k / across) + 0.5) * tall - 0.5),
    columns: Float64Array.from({ length: count }, (_, k) => ((k % across) + 0.5) * wide - 0.5),
    sides: new Float64Array(count).fill(Math.max(1, Math.sqrt(tall * wide))),
    owner,
  };
}

let turns = { key: "" };

/** The ray on which each offset lies, for offsets of up to (height, width) either way; the same for every fixation. */
function rayTable(height, width, rays) {
  const key = `${height} ${width} ${rays}`;
  if (turns.key === key) return turns.table;
  const table = new Uint8Array((2 * height + 1) * (2 * width + 1));
  for (let dr = -height, k = 0; dr <= height; dr += 1) {
    for (let dc = -width; dc <= width; dc += 1, k += 1) {
      table[k] = (Math.floor(Math.atan2(dr, dc) * (rays / (2 * Math.PI)) + 0.5) + rays) % rays;
    }
  }
  turns = { key, table };
  return table;
}

/** Fields in rings about a fixation, the wider the farther out; `rate` and `reach` as in the formula. */
export function logPolar([height, width], [row, column], { rings, rays, core = 4 }) {
  const reach = Math.max(1, Math.hypot(Math.max(row, height - 1 - row), Math.max(column, width - 1 - column)));
  const rate = Math.log1p(reach / core) / rings;
  const radius = Float64Array.from({ length: rings }, (_, i) => core * Math.expm1((i + 0.5) * rate));
  const count = rings * rays;
  const [rows, columns, sides] = [0, 0, 0].map(() => new Float64Array(count));
  for (let j = 0; j < rays; j += 1) {
    const [sin, cos] = [Math.sin(j * ((2 * Math.PI) / rays)), Math.cos(j * ((2 * Math.PI) / rays))];
    for (let i = 0; i < rings; i += 1) {
      const k = i * rays + j;
      rows[k] = row + radius[i] * sin;
      columns[k] = column + radius[i] * cos;
      sides[k] = Math.max(1, (radius[i] + core) * rate);
    }
  }
  // whole squared distances: the ring of each, from a table
  const most = Math.max(row, height - 1 - row) ** 2 + Math.max(column, width - 1 - column) ** 2;
  const ringOf = new Uint8Array(most + 1);
  for (let i = 0, d = 0; d <= most; d += 1) {
    while (i < rings - 1 && Math.log1p(Math.sqrt(d) / core) / rate >= i + 1) i += 1;
    ringOf[d] = i;
  }
  const table = rayTable(height, width, rays);
  const owner = new Uint16Array(height * width);
  for (let r = 0; r < height; r += 1) {
    const dr = r - row;
    let at = (dr + height) * (2 * width + 1) + width - column;
    for (let c = 0; c < width; c += 1, at += 1)
      owner[r * width + c] = ringOf[dr * dr + (c - column) ** 2] * rays + table[at];
  }
  return { rows, columns, sides, owner, rate, reach, core };
}

/** What was seen, as an image again: each pixel as bright as its field. */
export function repaint(seen, owner) {
  const image = new Float64Array(owner.length);
  for (let k = 0; k < owner.length; k += 1) image[k] = seen[owner[k]];
  return image;
}

/** The two retinas before a picture, what they see, and their errors [[near, whole] of the fovea, of the even one]. */
export function views(picture, state, near, kept = {}) {
  const size = [picture.height, picture.width];
  const where = size.map((n, axis) => (state.fixation ? Math.min(state.fixation[axis], n - 1) : n >> 1));
  const table = kept.table ?? summed(picture);
  const eye = logPolar(size, where, { rings: state.rings, rays: 2 * state.rings });
  const camera = kept.camera ?? even(size, 2 * state.rings ** 2);
  const seen = [look(table, eye), kept.seen ?? look(table, camera)];
  const painted = [repaint(seen[0], eye.owner), kept.painted ?? repaint(seen[1], camera.owner)];
  const errors = painted.map((image) => {
    let [close, count, whole] = [0, 0, 0];
    for (let r = 0, k = 0; r < size[0]; r += 1) {
      for (let c = 0; c < size[1]; c += 1, k += 1) {
        const square = (image[k] - picture.values[k]) ** 2;
        whole += square;
        if ((r - where[0]) ** 2 + (c - where[1]) ** 2 <= near ** 2) {
          close += square;
          count += 1;
        }
      }
    }
    return [Math.sqrt(close / count), Math.sqrt(whole / image.length)];
  });
  return { where, eye, camera, seen, painted, errors, kept: { table, camera, seen: seen[1], painted: painted[1] } };
}
