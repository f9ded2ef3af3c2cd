import { h } from "./dom.mjs";

const letters = (from, to) => Object.fromEntries([...from].map((letter, i) => [letter, [...to][i]]));
const RAISED = letters("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ");
const LOWERED = letters("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎");
const SIGNS = {
  times: "×",
  cdot: "·",
  le: "≤",
  leq: "≤",
  ge: "≥",
  geq: "≥",
  ne: "≠",
  approx: "≈",
  pm: "±",
  to: "→",
  infty: "∞",
  sum: "∑",
  partial: "∂",
  lfloor: "⌊",
  rfloor: "⌋",
  lceil: "⌈",
  rceil: "⌉",
  dots: "…",
  ldots: "…",
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  theta: "θ",
  lambda: "λ",
  mu: "μ",
  pi: "π",
  sigma: "σ",
  Delta: "Δ",
  Sigma: "Σ",
  quad: "  ",
};

/** A script above or below the line, in letters that have one of their own; null where a letter has none. */
const script = (text, letters) =>
  [...text].every((letter) => letters[letter]) ? [...text].map((letter) => letters[letter]).join("") : null;

/** A short formula of TeX as a line of Unicode: `2^{10} \times \frac{a}{b}` is 2¹⁰ × a/b. */
export function plainMath(tex) {
  return tex
    .replace(
      /\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g,
      (_, a, b) => `${/[-+\s]/.test(a) ? `(${a})` : a}/${/[-+\s]/.test(b) ? `(${b})` : b}`,
    )
    .replace(/\\sqrt\s*\{([^{}]*)\}/g, "√($1)")
    .replace(/\\(?:mathrm|text|operatorname|mathbf|mathit)\s*\{([^{}]*)\}/g, "$1")
    .replace(/\\([A-Za-z]+)/g, (whole, name) => SIGNS[name] ?? (name === "left" || name === "right" ? "" : whole))
    .replace(/\\([,;:! %&#_{}])/g, (_, sign) => (/[,;:! ]/.test(sign) ? " " : sign))
    .replace(/\^(?:\{([^{}]*)\}|(\w))/g, (_, group, one) => script(group ?? one, RAISED) ?? `^(${group ?? one})`)
    .replace(/_(?:\{([^{}]*)\}|(\w))/g, (_, group, one) => script(group ?? one, LOWERED) ?? `_${group ?? one}`)
    .replace(/[{}]/g, "")
    .replace(/\s+/g, " ");
}

/** Powers that somebody wrote without dollars: 10^9 is 10⁹. */
const powers = (text) => text.replace(/(?<=[\d)])\^(-?\d+)/g, (_, power) => script(power, RAISED));

/**
 * The nodes of a text with `$formulas$` in it. Each formula is a line of Unicode at once, and set by the page's MathJax
 * as soon as there is one: the book's site has it, a notebook keeps it to itself.
 */
export function mathText(text) {
  return text.split(/\$([^$]+)\$/).map((part, i) => (i % 2 ? formula(part) : powers(part)));
}

function formula(tex) {
  const element = h("span", { class: "formula-in-text" }, plainMath(tex));
  const typeset = () => {
    const ready = globalThis.MathJax?.startup?.promise;
    if (!ready) return;
    ready
      .then(() => MathJax.tex2chtmlPromise(tex, { display: false }))
      .then((set) => {
        element.replaceChildren(set);
        MathJax.startup.document.clear();
        MathJax.startup.document.updateDocument();
      })
      .catch(() => {}); // the line of Unicode stays
  };
  if (document.readyState === "complete") typeset();
  else addEventListener("load", typeset, { once: true });
  return element;
}
