/** The measures of `cnnlib.spectrum` for one square map of period 2. */

/** Power at each frequency, row-major, of a map of side x side: mean removed, under a Hann window. */
export function powerOf(map, side) {
  const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
  const turn = Array.from({ length: side }, (_, k) => (2 * Math.PI * k) / side);
  const [cosine, sine] = [Math.cos, Math.sin].map((wave) => Float64Array.from(turn, wave));
  const hann = cosine.map((value) => 0.5 - 0.5 * value);
  const half = Math.floor(side / 2) + 1; // of the columns: the others mirror them, since the map is real
  const real = new Float64Array(side * half);
  const imaginary = new Float64Array(side * half);
  const line = new Float64Array(side);
  for (let r = 0; r < side; r += 1) {
    for (let c = 0; c < side; c += 1) line[c] = (map[r * side + c] - mean) * hann[r] * hann[c];
    for (let u = 0; u < half; u += 1) {
      let [a, b] = [0, 0];
      for (let c = 0, k = 0; c < side; c += 1, k = (k + u) % side) {
        a += line[c] * cosine[k];
        b -= line[c] * sine[k];
      }
      real[r * half + u] = a;
      imaginary[r * half + u] = b;
    }
  }
  const power = new Float64Array(side * side);
  for (let v = 0; v < side; v += 1) {
    for (let u = 0; u < half; u += 1) {
      let [a, b] = [0, 0];
      for (let r = 0, k = 0; r < side; r += 1, k = (k + v) % side) {
        const at = r * half + u;
        a += real[at] * cosine[k] + imaginary[at] * sine[k];
        b += imaginary[at] * cosine[k] - real[at] * sine[k];
      }
      power[v * side + u] = power[((side - v) % side) * side + ((side - u) % side)] = a * a + b * b;
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
