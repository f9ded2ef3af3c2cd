// Ranks the entries of search-entries.js for the words in the address, and shows where each was found.
(() => {
  "use strict";
  const MOST = 30; // results
  const EACH = 3; // of one page
  const AROUND = 90; // letters before and after what was found
  const stemmer = new Stemmer(); // Sphinx's
  const stems = new Map();
  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];

  function stem(word) {
    if (!stems.has(word)) stems.set(word, stemmer.stemWord(word));
    return stems.get(word);
  }

  /** How often a list of words holds the wanted one; the last one that is typed may be the start of a word. */
  function count(list, wanted, start) {
    return list.filter((word) => stem(word) === stem(wanted) || (start && wanted.length > 2 && word.startsWith(wanted)))
      .length;
  }

  /** How well an entry fits; 0 where one of the words is in neither its text nor a title. */
  function score([page, title, anchor, text], query, pages) {
    const name = words(title);
    const whole = words(pages[page][0]);
    const body = words(text);
    let sum = 0;
    let named = 0;
    for (const [i, wanted] of query.entries()) {
      const start = i === query.length - 1;
      const [inName, inWhole, inBody] = [
        count(name, wanted, start),
        count(whole, wanted, start),
        count(body, wanted, start),
      ];
      if (!(inName + inBody) && !(inWhole && sum)) return 0;
      named += inName > 0;
      sum += (inName ? 8 : 0) + (inWhole ? 2 : 0) + (4 * inBody) / (inBody + 2);
    }
    if (named === query.length) {
      const heading = name.filter((word) => !/^\d+$/.test(word));
      sum += (anchor ? 20 : 40) * (query.length / Math.max(heading.length, 1)); // the chapter of that name comes first
      if (/^\d+\. /.test(title)) sum += 40;
    }
    return sum;
  }

  function mark(text, query) {
    const nodes = [];
    let from = 0;
    for (const match of text.matchAll(/[\p{L}\p{N}_]+/gu)) {
      const word = match[0].toLowerCase();
      if (!query.some((wanted, i) => count([word], wanted, i === query.length - 1))) continue;
      const found = document.createElement("mark");
      found.textContent = match[0];
      nodes.push(text.slice(from, match.index), found);
      from = match.index + match[0].length;
    }
    return [...nodes, text.slice(from)];
  }

  /** The text around the first position at which a word is found. */
  function excerpt(text, query) {
    const first = [...text.matchAll(/[\p{L}\p{N}_]+/gu)].find((match) =>
      query.some((wanted) => count([match[0].toLowerCase()], wanted, true)),
    );
    const at = first?.index ?? 0;
    const begin = at < AROUND ? 0 : text.indexOf(" ", at - AROUND) + 1;
    const end = text.length - at < 2 * AROUND ? text.length : text.lastIndexOf(" ", at + 2 * AROUND);
    return [begin ? "... " : "", ...mark(text.slice(begin, end), query), end < text.length ? " ..." : ""];
  }

  function result([page, title, anchor, text], query, pages) {
    const [name, address] = pages[page];
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address + (anchor ? `#${anchor}` : "");
    link.append(...mark(anchor ? title : name, query));
    item.append(link);
    if (anchor) {
      const where = document.createElement("span");
      where.className = "search-page";
      where.textContent = ` in ${name}`;
      item.append(where);
    }
    const found = document.createElement("p");
    found.append(...excerpt(text, query));
    item.append(found);
    return item;
  }

  function search(text) {
    const [pages, entries] = searchEntries;
    const query = words(text).filter((word, i, all) => all.length === 1 || !stopwords.includes(word));
    const summary = document.getElementById("search-summary");
    if (!query.length) return;
    const shown = new Map();
    const found = entries
      .map((entry) => [score(entry, query, pages), entry])
      .filter(([value]) => value > 0)
      .sort(([a], [b]) => b - a)
      .filter(([, [page]]) => shown.set(page, (shown.get(page) ?? 0) + 1).get(page) <= EACH)
      .slice(0, MOST);
    const count = `${found.length} ${found.length === 1 ? "result" : "results"}`;
    const counted = found.length === MOST ? `The first ${count}` : count;
    summary.textContent = found.length
      ? `${counted} for “${text}”.`
      : `Nothing was found for “${text}”. Try fewer words, or the start of a word.`;
    document.getElementById("search-results").append(...found.map(([, entry]) => result(entry, query, pages)));
  }

  const asked = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  const field = document.querySelector(".book-search input");
  field.value = asked;
  field.focus();
  search(asked);
})();
