/** The measures of `cnnlib.spectrum` for one square map of period 2. */

/** Power at each frequency, row-major, of a map of side x side: mean removed, under a Hann window. */
export function powerOf(map, side) {
  const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
  const turn = Array.from({ length: side }, (_, k) => (2 * Math.PI * k) / side);
  const [cosine, sine] = [turn.map(Math.cos), turn.map(Math.sin)];
  const hann = cosine.map((value) => 0.5 - 0.5 * value);
  const windowed = Float64Array.from(
    map,
    (value, at) => (value - mean) * hann[Math.floor(at / side)] * hann[at % side],
  );
  const real = new Float64Array(side * side);
  const imaginary = new Float64Array(side * side);
  for (let r = 0; r < side; r += 1) {
    for (let u = 0; u < side; u += 1) {
      let [a, b] = [0, 0];
      for (let c = 0, k = 0; c < side; c += 1, k = (k + u) % side) {
        a += windowed[r * side + c] * cosine[k];
        b -= windowed[r * side + c] * sine[k];
      }
      real[r * side + u] = a;
      imaginary[r * side + u] = b;
    }
  }
  const power = new Float64Array(side * side);
  for (let v = 0; v < side; v += 1) {
    for (let u = 0; u < side; u += 1) {
      let [a, b] = [0, 0];
      for (let r = 0, k = 0; r < side; r += 1, k = (k + v) % side) {
        const at = r * side + u;
        a += real[at] * cosine[k] + imaginary[at] * sine[k];
        b += imaginary[at] * cosine[k] - real[at] * sine[k];
      }
      power[v * side + u] = a * a + b * b;
    }
  }
  return power;
}

/** The share of a map's energy that repeats every two pixels, from its power; 0 where there is none. */
export function checkerboardShare(power, side) {
  const half = side / 2;
  const lines = power[half] + power[half * side] + power[half * side + half];
  const all = power.reduce((sum, value) => sum + value, 0);
  return all ? lines / all : 0;
}

/** Means over the pixels at (i mod 2, j mod 2): [[00, 01], [10, 11]]. */
export function phaseMeans(map, side) {
  const sums = [
    [0, 0],
    [0, 0],
  ];
  map.forEach((value, at) => (sums[Math.floor(at / side) % 2][(at % side) % 2] += value));
  return sums.map((row) => row.map((sum) => sum / (map.length / 4)));
}
