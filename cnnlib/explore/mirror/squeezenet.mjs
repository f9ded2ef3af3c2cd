/**
 * SqueezeNet 1.1 as `cnnlib.squeezenet.maps` computes it. One function that needs nothing from outside, so that its
 * text can be handed to a worker: `const net = engine(); net.load(layers); net.forward(...)`.
 */
export function engine() {
  const ROWS = ["conv1"]; // in the order in which they are computed
  for (let number = 2; number <= 9; number += 1) {
    if ([2, 4, 6].includes(number)) ROWS.push(`pool${number / 2}`);
    ROWS.push(`fire${number}_squeeze`, `fire${number}`);
  }
  ROWS.push("conv10");

  const pooled = (side) => Math.ceil((side - 3) / 2) + 1;
  const strided = (side) => Math.floor((side - 3) / 2) + 1;

  /**
   * `bias + weights * inputs`, not below 0, for blocks of four rows by four columns whose sums stay in local variables.
   * Weights lie as [row / 4][depth][4], inputs as [column / 4][depth][4], outputs row by row.
   */
  function product(weights, inputs, bias, rows, depth, columns, out) {
    for (let row = 0; row < rows; row += 4) {
      for (let column = 0; column < columns; column += 4) {
        // one by one: as lists they would take a tenth of the time of the whole network
        let a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3;
        a0 = a1 = a2 = a3 = bias[row];
        b0 = b1 = b2 = b3 = bias[row + 1];
        c0 = c1 = c2 = c3 = bias[row + 2];
        d0 = d1 = d2 = d3 = bias[row + 3];
        const end = depth * (row + 4);
        for (let i = depth * row, j = depth * column; i < end; i += 4, j += 4) {
          const x0 = inputs[j];
          const x1 = inputs[j + 1];
          const x2 = inputs[j + 2];
          const x3 = inputs[j + 3];
          let w = weights[i];
          a0 += w * x0;
          a1 += w * x1;
          a2 += w * x2;
          a3 += w * x3;
          w = weights[i + 1];
          b0 += w * x0;
          b1 += w * x1;
          b2 += w * x2;
          b3 += w * x3;
          w = weights[i + 2];
          c0 += w * x0;
          c1 += w * x1;
          c2 += w * x2;
          c3 += w * x3;
          w = weights[i + 3];
          d0 += w * x0;
          d1 += w * x1;
          d2 += w * x2;
          d3 += w * x3;
        }
        const left = columns - column;
        let at = row * columns + column;
        store(out, at, left, a0, a1, a2, a3);
        store(out, (at += columns), left, b0, b1, b2, b3);
        store(out, (at += columns), left, c0, c1, c2, c3);
        store(out, at + columns, left, d0, d1, d2, d3);
      }
    }
  }

  function store(out, at, left, v0, v1, v2, v3) {
    out[at] = v0 > 0 ? v0 : 0;
    if (left > 1) out[at + 1] = v1 > 0 ? v1 : 0;
    if (left > 2) out[at + 2] = v2 > 0 ? v2 : 0;
    if (left > 3) out[at + 3] = v3 > 0 ? v3 : 0;
  }

  /** Every window of a map, four positions side by side: [position / 4][channel, row, column][4], zeros outside. */
  function windows({ values, channels, side }, k, stride, padding, outSide) {
    const [depth, count, plane] = [channels * k * k, outSide * outSide, side * side];
    const packed = new Float32Array(depth * 4 * Math.ceil(count / 4));
    for (let at = 0; at < count; at += 1) {
      const top = Math.floor(at / outSide) * stride - padding;
      const left = (at % outSide) * stride - padding;
      let to = depth * (at & ~3) + (at & 3);
      for (let channel = 0; channel < channels; channel += 1) {
        for (let i = top; i < top + k; i += 1) {
          for (let j = left; j < left + k; j += 1, to += 4) {
            if (i >= 0 && i < side && j >= 0 && j < side) packed[to] = values[channel * plane + i * side + j];
          }
        }
      }
    }
    return packed;
  }

  /** Weights (out, depth) as `product` reads them. */
  function interleaved(weights, out, depth) {
    const packed = new Float32Array(out * depth);
    for (let row = 0; row < out; row += 1) {
      const start = (row & ~3) * depth + (row & 3);
      for (let d = 0; d < depth; d += 1) packed[start + 4 * d] = weights[row * depth + d];
    }
    return packed;
  }

  function maxPool({ values, channels, side }) {
    const out = pooled(side);
    const result = new Float32Array(channels * out * out);
    for (let channel = 0, to = 0; channel < channels; channel += 1) {
      for (let r = 0; r < out; r += 1) {
        for (let c = 0; c < out; c += 1, to += 1) {
          const bottom = Math.min(2 * r + 3, side);
          const right = Math.min(2 * c + 3, side);
          let most = -Infinity;
          for (let i = 2 * r; i < bottom; i += 1) {
            const line = (channel * side + i) * side;
            for (let at = line + 2 * c; at < line + right; at += 1) if (values[at] > most) most = values[at];
          }
          result[to] = most;
        }
      }
    }
    return { values: result, channels, side: out };
  }

  /** The nearest slices of rank 1 or 2: each times the projection onto its strongest rows, by Jacobi rotations. */
  function cut(weights, rank) {
    const result = new Float32Array(weights.length);
    for (let start = 0; start < weights.length; start += 9) {
      const slice = weights.subarray(start, start + 9);
      const gram = [0, 1, 2].map((p) => [0, 1, 2].map((q) => dot(slice, p, q)));
      const axes = [0, 1, 2].map((p) => [0, 1, 2].map((q) => Number(p === q)));
      for (let sweep = 0; sweep < 12; sweep += 1)
        for (const [p, q] of [
          [0, 1],
          [0, 2],
          [1, 2],
        ])
          turn(gram, axes, p, q);
      const order = [0, 1, 2].sort((p, q) => gram[q][q] - gram[p][p]).slice(0, rank);
      for (let r = 0; r < 3; r += 1) {
        for (const axis of order) {
          let along = 0;
          for (let c = 0; c < 3; c += 1) along += slice[3 * r + c] * axes[c][axis];
          for (let c = 0; c < 3; c += 1) result[start + 3 * r + c] += along * axes[c][axis];
        }
      }
    }
    return result;
  }

  const dot = (slice, p, q) => slice[p] * slice[q] + slice[p + 3] * slice[q + 3] + slice[p + 6] * slice[q + 6];

  function turn(gram, axes, p, q) {
    if (Math.abs(gram[p][q]) < 1e-30) return;
    const zeta = (gram[q][q] - gram[p][p]) / (2 * gram[p][q]);
    const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
    const cos = 1 / Math.hypot(1, tangent);
    const sin = cos * tangent;
    const mixed = (one, other) => [cos * one - sin * other, sin * one + cos * other];
    for (const row of gram) [row[p], row[q]] = mixed(row[p], row[q]);
    for (let k = 0; k < 3; k += 1) [gram[p][k], gram[q][k]] = mixed(gram[p][k], gram[q][k]);
    for (const row of axes) [row[p], row[q]] = mixed(row[p], row[q]);
  }

  let layers = {};
  const ready = new Map(); // what was interleaved, by layer and rank

  /** The weights of a layer (out, in, k, k) row by row, its 3 x 3 slices of at most a rank. */
  function weightsOf(name, rank = 3) {
    const { levels, factors, out, into, k } = layers[name];
    const depth = into * k * k;
    const weights = new Float32Array(levels.length);
    for (let filter = 0, at = 0; filter < out; filter += 1) {
      for (const end = at + depth; at < end; at += 1) weights[at] = levels[at] * factors[filter];
    }
    return k === 3 && rank < 3 ? cut(weights, rank) : weights.subarray(0, out * depth);
  }

  function prepared(name, rank) {
    const key = `${name} ${layers[name].k === 3 ? rank : 3}`;
    if (!ready.has(key)) {
      const { out, into, k } = layers[name];
      ready.set(key, interleaved(weightsOf(name, rank), out, into * k * k));
    }
    return ready.get(key);
  }

  function conv(x, name, rank, outSide, stride, padding, result) {
    const { out, into, k, bias } = layers[name];
    const inputs = windows(x, k, stride, padding, outSide);
    product(prepared(name, rank), inputs, bias, out, into * k * k, outSide * outSide, result);
  }

  function compute(row, x, rank) {
    if (row.startsWith("pool")) return maxPool(x);
    const side = row === "conv1" ? strided(x.side) : x.side;
    const name = row.startsWith("conv") ? row : row.replace("_squeeze", "/squeeze1x1");
    const channels = layers[name]?.out ?? 2 * layers[`${row}/expand1x1`].out;
    const values = new Float32Array(channels * side * side);
    if (layers[name]) conv(x, name, rank, side, row === "conv1" ? 2 : 1, 0, values);
    else {
      conv(x, `${row}/expand1x1`, rank, side, 1, 0, values);
      conv(x, `${row}/expand3x3`, rank, side, 1, 1, values.subarray(values.length / 2));
    }
    return { values, channels, side };
  }

  /**
   * All maps of `picture`, (3, side, side), blue, green and red less their means. `removed` is [row, first, last] of
   * channels that are set to zero. `kept`, a Map of an earlier run, and `key`, what the picture is called: rows whose
   * picture, rank and removed channels are the same are not computed again. Returns the names of those that were.
   */
  function forward(picture, side, { rank = 3, removed = null, kept = new Map(), key = {} } = {}) {
    let x = { values: picture, channels: 3, side };
    let gone = "";
    const fresh = [];
    for (const row of ROWS) {
      if (removed?.[0] === row) gone = String(removed);
      const old = kept.get(row);
      if (old && old.key === key && old.rank === rank && old.gone === gone) {
        x = old;
        continue;
      }
      x = { ...compute(row, x, rank), key, rank, gone };
      const plane = x.side * x.side;
      if (removed?.[0] === row) x.values.fill(0, removed[1] * plane, removed[2] * plane);
      kept.set(row, x);
      fresh.push(row);
    }
    return { maps: kept, fresh };
  }

  /** The mean of each channel: of conv10, the 1,000 scores. */
  function means({ values, channels, side }) {
    const plane = side * side;
    return Float64Array.from({ length: channels }, (_, channel) => {
      let sum = 0;
      for (let at = channel * plane; at < (channel + 1) * plane; at += 1) sum += values[at];
      return sum / plane;
    });
  }

  return {
    ROWS,
    load(given) {
      layers = given;
      ready.clear();
    },
    layer: (name) => layers[name],
    weightsOf,
    forward,
    means,
  };
}

/**
 * The layers and the names of the classes in the file that `network_live.packed` in Python writes: the length of a
 * header, the header, then for each layer its factors, its biases and its levels.
 */
export function unpackNetwork(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const layers = {};
  let at = 4 + length;
  for (const [name, out, into, k] of header.layers) {
    const size = out * into * k * k;
    const floats = new Float32Array(buffer.slice(at, at + 8 * out));
    const levels = new Int8Array(buffer, at + 8 * out, size);
    layers[name] = { out, into, k, factors: floats.subarray(0, out), bias: floats.subarray(out), levels };
    at += 8 * out + size;
  }
  return { layers, classes: header.classes };
}
