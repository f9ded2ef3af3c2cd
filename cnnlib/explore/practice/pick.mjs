/** A 32-bit hash of a text, the same as `cnnlib.exam.picking.scramble`. */
export function scramble(text) {
  let value = 2166136261;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 16777619);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

const bySeed = (seed, key) => (a, b) => scramble(`${seed} ${key(a)}`) - scramble(`${seed} ${key(b)}`);

/**
 * The questions of a paper as `[name, variant]` in the order of the exam, the same as `cnnlib.exam.picking` gives them.
 * `templates` are `{name, part, marks}` in that order; every template has `variants` stored questions.
 */
export function pick({ templates, variants, leastMarks }, seed, parts, marks) {
  const shelves = [...parts]
    .sort(bySeed(seed, (part) => part))
    .map((part) => templates.filter((template) => template.part === part).sort(bySeed(seed, ({ name }) => name)));
  const picked = [];
  let left = marks;
  for (let turn = 0; left; turn += 1)
    for (const shelf of shelves) {
      const template = shelf[turn % shelf.length];
      if (left !== template.marks && left - template.marks < leastMarks) continue;
      picked.push([template, Math.floor(turn / shelf.length)]);
      left -= template.marks;
    }
  const rank = ([template]) => templates.indexOf(template);
  return picked
    .sort((a, b) => rank(a) - rank(b) || a[1] - b[1])
    .map(([{ name }, turn]) => [name, (scramble(`${seed} ${name} variant`) + turn) % variants]);
}
