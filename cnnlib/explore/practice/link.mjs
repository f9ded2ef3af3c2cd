export const LENGTHS = [15, 30, 60];
export const MODES = ["practice", "exam"];

/** What a link asks for, `#seed=7&marks=30&parts=5a.6c&mode=exam`, each absent part as in `otherwise`. */
export function readLink(hash, otherwise, known, mostSeeds) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const wanted = { ...otherwise };
  const wrong = [];
  const take = (name, good, read, allowed) => {
    if (!query.has(name)) return;
    const value = read(query.get(name));
    if (good(value)) wanted[name] = value;
    else wrong.push(`${name}=${query.get(name)}; use ${allowed}`);
  };
  const digits = (text) => (/^\d+$/.test(text) ? Number(text) : NaN);
  take("seed", (v) => v < mostSeeds, digits, `a whole number below ${mostSeeds.toLocaleString("en-US")}`);
  take("marks", (v) => LENGTHS.includes(v), digits, LENGTHS.join(", "));
  take("mode", (v) => MODES.includes(v), String, MODES.join(" or "));
  take(
    "parts",
    (v) => v.length && v.every((part) => known.includes(part)),
    (text) => text.split("."),
    `some of ${known.join(".")}`,
  );
  wanted.parts = known.filter((part) => wanted.parts.includes(part));
  return { wanted, trouble: wrong.length ? `The link can't be followed in full: it has ${wrong.join(", and ")}.` : "" };
}

/** The part of an address that gives the same paper again; all parts of the exam need not be named. */
export function writeLink({ seed, marks, parts, mode }, known) {
  const some = parts.length < known.length ? `&parts=${parts.join(".")}` : "";
  return `#seed=${seed}&marks=${marks}${some}&mode=${mode}`;
}
