/** Runs axe and gives { faults, rules, texts, links }: sentences, and on how much there is a verdict. */
globalThis.judge = async ([options, colours, shape, every]) => {
  const PLAIN = {
    backgroundColor: "rgba(0, 0, 0, 0)",
    backgroundImage: "none",
    filter: "none",
    mixBlendMode: "normal",
    opacity: "1",
  };
  const OWN = ["color", "fontSize", "fontWeight", "textShadow", "webkitTextFillColor", "webkitTextStroke"];
  const OFF = "[disabled], [aria-disabled], [aria-hidden], [inert], label"; // axe may leave out what is within
  const behind = new Map([[null, ""]]); // element to what it and those around it lay behind a text

  function layers(element) {
    if (!behind.has(element)) {
      const style = getComputedStyle(element);
      const own = Object.keys(PLAIN).map((name) => (style[name] === PLAIN[name] ? "" : style[name]));
      if (["absolute", "fixed", "sticky"].includes(style.position)) own.push(`in ${element.getAttribute("class")}`);
      const around = layers(element.parentElement);
      behind.set(element, own.some(Boolean) ? `${around} | ${own}` : around);
    }
    return behind.get(element);
  }

  function look(element) {
    const style = getComputedStyle(element);
    return JSON.stringify([OWN.map((name) => style[name]), Boolean(element.closest(OFF)), layers(element)]);
  }

  /** What is shown of a selector; what MathJax writes for screen readers alone has no colour. */
  const shown = (selector) =>
    [...document.body.querySelectorAll(`${selector}:not(mjx-assistive-mml *)`)].filter((element) =>
      element.checkVisibility({ visibilityProperty: true }),
    );
  const written = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim());

  const LINKS = "a[href], [role=link]";
  const length = (element) => element.textContent.replace(/\s/g, "").length;

  /** Whether the block that a link stands in is a text with links in it, and not a list of them. */
  function inText(element) {
    let block = element.parentElement;
    while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    const links = [...block.querySelectorAll(LINKS)].reduce((sum, each) => sum + length(each), 0);
    return length(block) - links > links;
  }

  /** Links are alike if they are, what they stand in is, and what marks them beside the colour. */
  function mark(element) {
    const style = getComputedStyle(element);
    const marks = [style.textDecoration, style.borderBottom, style.fontStyle, style.fontFamily, style.outline];
    const inside = [...element.querySelectorAll("*")].map((each) => [each.tagName, look(each)]);
    return JSON.stringify([look(element), look(element.parentElement), marks, inside]);
  }

  const faults = [];
  const told = { "color-contrast": new Set(), "link-in-text-block": new Set() }; // what axe has a verdict on
  let rules = 0;

  async function run(wanted) {
    const { violations, passes } = await axe.run(document, { preload: false, ...wanted });
    for (const { id, nodes } of violations)
      for (const { html, failureSummary } of nodes) faults.push(`${id}: ${html.slice(0, 120)} (${failureSummary})`);
    rules += passes.length;
    for (const { id, nodes } of [...violations, ...passes]) for (const { element } of nodes) told[id]?.add(element);
  }

  /** Verdicts on the contrast of some texts and of all fields, and on some links. */
  async function judge(texts, links) {
    for (const element of texts) element.dataset.text = "judged";
    for (const element of links) element.dataset.link = "judged";
    const selectors = {
      "color-contrast": "[data-text=judged], input, select, textarea",
      "link-in-text-block": "[data-link=judged]",
    };
    axe.configure({ rules: Object.entries(selectors).map(([id, selector]) => ({ id, selector })) });
    await run({ resultTypes: ["violations", "passes"], elementRef: true, runOnly: colours });
    for (const element of texts) delete element.dataset.text;
    for (const element of links) delete element.dataset.link;
  }

  const groups = (elements, key) => [...Map.groupBy(elements, key).values()];
  /** Those of a group that axe has a verdict on: it has none on signs alone, and none against a single letter. */
  const sayable = (group) => {
    const [words, letters] = [/[\p{L}\p{N}]\S|\S[\p{L}\p{N}]/u, /[\p{L}\p{N}]/u].map((kind) =>
      group.filter((element) => kind.test(element.textContent)),
    );
    return words.length ? words : letters;
  };
  const three = (group) => [1, 2, 3].map((part) => group[Math.floor((part * group.length) / 4)]);
  const few = (group) => (every ? group : three(sayable(group).length ? sayable(group) : group));
  const unsaid = (all, id) => all.filter((one) => sayable(one).length > 3 && !one.some((e) => told[id].has(e))).flat();

  /** Takes the text of code that is folded away off the page, most of its elements; gives what puts it back. */
  function foldedOff() {
    const off = [];
    for (const code of document.querySelectorAll("details:not([open]) pre"))
      if (!code.checkVisibility() && !code.closest(".live-mount")) off.push([code, [...code.childNodes]]);
    for (const [code] of off) code.replaceChildren();
    return () => off.forEach(([code, nodes]) => code.replaceChildren(...nodes));
  }

  const putBack = every ? () => {} : foldedOff();
  if (shape) await run({ ...options, resultTypes: ["violations"] });
  const texts = colours.length ? groups(shown("*").filter(written), look) : [];
  if (colours.length) {
    const all = shown(`:is(${LINKS})`);
    const { true: among = [], false: alone = [] } = Object.groupBy(all, inText);
    const links = groups(among, mark);
    await judge(texts.flatMap(few), [...links.flatMap(few), ...alone]);
    const again = every ? [[], []] : [unsaid(texts, "color-contrast"), unsaid(links, "link-in-text-block")];
    if (again.flat().length) await judge(...again);
  }
  putBack();
  return { faults, rules, texts: told["color-contrast"].size, links: told["link-in-text-block"].size };
};
