/** The arithmetic of a chart's axes, `{range, log, format}`: positions, ticks and their texts. */

/** Where a value of `axis` ({range, log}) stands between the pixels `from` and `to`, and back. */
export function scale({ range: [low, high], log }, from, to) {
  const bent = log ? Math.log10 : (v) => v;
  const straight = log ? (v) => 10 ** v : (v) => v;
  const [a, b] = [bent(low), bent(high)];
  return {
    at: (value) => from + ((bent(value) - a) / (b - a)) * (to - from),
    inverse: (position) => straight(a + ((position - from) / (to - from)) * (b - a)),
  };
}

/**
 * Round values on an axis, at most about `most`: steps of 1, 2 or 5; on a log axis these in every decade, or whole
 * decades.
 */
export function ticks({ range: [low, high], log }, most) {
  if (log && high / low >= 10) {
    const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
    const fine = [];
    for (let decade = first - 1; decade <= last; decade += 1) {
      for (const digit of [1, 2, 5]) {
        const value = digit * 10 ** decade;
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) fine.push(value);
      }
    }
    if (fine.length <= most) return fine;
    const every =
      [1, 2, 3, 6, 9, 12].find((step) => Math.floor(last / step) - Math.ceil(first / step) + 1 <= most) ?? 24;
    const decades = [];
    for (let decade = Math.ceil(first / every) * every; decade <= last; decade += every) decades.push(10 ** decade);
    return decades;
  }
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((digit) => digit * power >= rough * (1 - 1e-9)) * power;
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1)
    found.push(Number((k * step).toPrecision(12)));
  return found;
}

/**
 * Move labels ({at}) apart until each has `gap` pixels, between `low` and `high`, in their order and as near as can be.
 */
export function spread(labels, gap, low, high) {
  const sorted = [...labels].sort((a, b) => a.at - b.at).map((label) => ({ ...label }));
  let least = low;
  for (const label of sorted) {
    label.at = Math.max(label.at, least);
    least = label.at + gap;
  }
  let most = high;
  for (const label of sorted.reverse()) {
    label.at = Math.min(label.at, most);
    most = label.at - gap;
  }
  return sorted;
}

/**
 * The height of a curve at `x`: of the point that stands there, else on the line between its neighbours; null where
 * there is none.
 */
export function valueAt(points, x, xAxis, yAxis) {
  const exact = points.find(([px]) => px === x);
  if (exact) return possible(yAxis, exact[1]) ? exact[1] : null;
  const right = points.findIndex(([px]) => px > x);
  if (right < 1) return null;
  const [[x0, y0], [x1, y1]] = [points[right - 1], points[right]];
  if (![y0, y1].every((v) => possible(yAxis, v))) return null;
  const part = scale({ range: [x0, x1], log: xAxis.log }, 0, 1).at(x);
  return y0 === y1 ? y0 : scale({ range: [y0, y1], log: yAxis.log }, 0, 1).inverse(part);
}

export const possible = ({ log }, value) => Number.isFinite(value) && (!log || value > 0);
export const within = (axis, value) =>
  possible(axis, value) && value >= axis.range[0] * (1 - 1e-9) - 1e-12 && value <= axis.range[1] * (1 + 1e-9) + 1e-12;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
// made once: making it costs more than a chart
const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

/** A tick as text: what the axis says, else the number; powers of ten beyond 10⁴ with a raised exponent. */
export function written({ format, log }, value) {
  if (format) return format(value);
  const exponent = Math.round(Math.log10(Math.abs(value) || 1));
  if (log && Math.abs(exponent) > 3 && Math.abs(value / 10 ** exponent - 1) < 1e-9) {
    return `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => RAISED[digit]).join("")}`;
  }
  return GROUPED.format(Number(value.toPrecision(6))).replace("-", "−");
}
