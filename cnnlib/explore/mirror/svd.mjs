/** `cnnlib.ops.separable_terms`: a square kernel as a sum of columns times rows, by one-sided Jacobi rotations. */

const SWEEPS = 60;
const SMALL = 1e-15; // of the lengths of two columns: the product that counts as a right angle

// in loops, here and below: a kernel of 11 x 11 takes thousands of these in a frame
function dot(a, b) {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += a[i] * b[i];
  return total;
}

/** Turn two columns by the angle with this tangent. */
function turn(one, other, tangent) {
  const cos = 1 / Math.sqrt(1 + tangent * tangent);
  const sin = cos * tangent;
  for (let i = 0; i < one.length; i += 1) {
    const [a, b] = [one[i], other[i]];
    one[i] = cos * a - sin * b;
    other[i] = sin * a + cos * b;
  }
}

/** One pass over all pairs of columns, each made perpendicular; whether any had to be. */
function sweep(columns, turns) {
  let moved = false;
  for (let p = 0; p < columns.length - 1; p += 1) {
    for (let q = p + 1; q < columns.length; q += 1) {
      const [alpha, beta, gamma] = [
        dot(columns[p], columns[p]),
        dot(columns[q], columns[q]),
        dot(columns[p], columns[q]),
      ];
      if (gamma === 0 || Math.abs(gamma) <= SMALL * Math.sqrt(alpha * beta)) continue;
      moved = true;
      const zeta = (beta - alpha) / (2 * gamma);
      const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
      turn(columns[p], columns[q], tangent);
      turn(turns[p], turns[q], tangent);
    }
  }
  return moved;
}

/**
 * The terms of a kernel (k x k, row-major), largest first: `[{ size, column, row }]`, with both filters scaled by the
 * square root of the singular value `size`, and the largest entry of each column positive. Where two sizes are equal,
 * the terms are one choice of many; only their sum is the kernel's own.
 */
export function separableTerms(kernel, k) {
  const largest = kernel.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const unit = largest || 1; // so that no square overflows
  const square = (entry) =>
    Array.from({ length: k }, (_, j) => Float64Array.from({ length: k }, (__, i) => entry(i, j)));
  const columns = square((i, j) => kernel[i * k + j] / unit);
  const turns = square((i, j) => Number(i === j));
  for (let pass = 0; pass < SWEEPS && sweep(columns, turns); pass += 1);
  return columns
    .map((column, r) => {
      const length = Math.sqrt(dot(column, column));
      const peak = column.reduce((most, v) => (Math.abs(v) > Math.abs(most) * (1 + 1e-9) ? v : most), 0);
      const [root, sign] = [Math.sqrt(length * unit), peak < 0 ? -1 : 1];
      return {
        size: length * unit,
        column: Array.from(column, (v) => (length ? (sign * root * v) / length : 0)),
        row: Array.from(turns[r], (v) => sign * root * v),
      };
    })
    .sort((one, other) => other.size - one.size);
}

/** The sum of the first `count` terms, k x k, row-major. */
export function sumOfTerms(terms, count, k) {
  const used = terms.slice(0, count);
  return Float64Array.from({ length: k * k }, (_, n) =>
    used.reduce((total, { column, row }) => total + column[Math.floor(n / k)] * row[n % k], 0),
  );
}
