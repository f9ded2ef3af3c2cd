// The exam, checked: filters whose state is in the address, claims that an address names, questions that answer.
(() => {
  "use strict";
  const NAMES = { q: "question", verdict: "verdict", kind: "kind", text: "words" };

  /** What each row can be filtered by, from its classes and its text. */
  function describe(row) {
    const [, question, verdict, kind] = row.className.split(" ").filter((name) => !name.startsWith("row-"));
    const below = row.nextElementSibling; // how we know
    const text = (row.textContent + below.textContent).toLowerCase();
    return { row, below, q: question.slice(1), verdict, kind, text };
  }

  function fits(claim, wanted) {
    const exact = ["q", "verdict", "kind"].every((name) => !wanted[name] || claim[name] === wanted[name]);
    return (
      exact &&
      wanted.text
        .toLowerCase()
        .split(/\s+/)
        .every((word) => claim.text.includes(word))
    );
  }

  function labelled(name, control) {
    const label = document.createElement("label");
    control.name = name;
    label.append(NAMES[name], control);
    return label;
  }

  function choice(name, claims) {
    const select = document.createElement("select");
    const values = [...new Set(claims.map((claim) => claim[name]))].sort();
    select.append(new Option("all", ""));
    for (const value of values) {
      select.append(new Option(name === "q" && value === "0" ? "the paper" : value.replaceAll("-", " "), value));
    }
    return labelled(name, select);
  }

  function filters(claims) {
    const form = document.createElement("form");
    form.className = "exam-filters";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "Claims");
    const search = document.createElement("input");
    search.type = "search";
    const reset = document.createElement("button");
    reset.type = "button";
    reset.textContent = "Show all";
    const count = document.createElement("output");
    count.setAttribute("aria-live", "polite");
    form.append(choice("q", claims), choice("verdict", claims), choice("kind", claims), labelled("text", search));
    form.append(reset, count);
    return { form, reset, count };
  }

  function start(rows) {
    const claims = rows.map(describe);
    const { form, reset, count } = filters(claims);
    const fields = Object.fromEntries(Object.keys(NAMES).map((name) => [name, form.elements.namedItem(name)]));
    const sections = new Map(rows.map((row) => [row.closest("section"), []]));
    for (const row of rows) sections.get(row.closest("section")).push(row);
    sections.keys().next().value.before(form);

    const wanted = () => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value.trim()]));

    function apply() {
      const now = wanted();
      for (const claim of claims) claim.row.hidden = claim.below.hidden = !fits(claim, now);
      for (const [section, own] of sections) section.hidden = own.every((row) => row.hidden);
      const left = claims.filter((claim) => !claim.row.hidden).length;
      count.textContent = left ? `${left} of ${claims.length} claims` : "No claim fits. Take a filter away.";
    }

    /** The state as an address; the position on the page stays. */
    function remember() {
      const query = new URLSearchParams(Object.entries(wanted()).filter(([, value]) => value));
      history.replaceState(null, "", `${query.size ? `?${query}` : location.pathname}${location.hash}`);
    }

    /** The filters that an address asks for; what it asks for and does not exist is left out. */
    function recall() {
      const query = new URLSearchParams(location.search);
      for (const [name, field] of Object.entries(fields)) {
        field.value = query.get(name) ?? "";
        if (field.selectedIndex === -1) field.value = "";
      }
      apply();
    }

    function clear() {
      for (const field of Object.values(fields)) field.value = "";
      apply();
      remember();
    }

    /** Open the claim that the address names, even if a filter hides it. */
    function open() {
      const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!row?.matches("tr.claim")) return;
      if (row.hidden) clear();
      row.nextElementSibling.querySelector("details").open = true;
      row.scrollIntoView();
    }

    form.addEventListener("input", () => {
      apply();
      remember();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    reset.addEventListener("click", clear);
    addEventListener("hashchange", open);
    recall();
    open();
  }

  /** Make the statements of a question buttons that answer. */
  function ask(item) {
    const told = document.createElement("p");
    told.className = "told";
    told.setAttribute("aria-live", "polite");
    const choices = item.querySelector("ol.choices");
    const buttons = [...choices.children].map((statement) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...statement.querySelector("p").childNodes);
      button.setAttribute("aria-pressed", "false");
      statement.querySelector("p").replaceWith(button);
      button.addEventListener("click", () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        const right = statement.classList.contains("is-wrong");
        told.textContent = right ? "Right: this is the wrong one." : "No, this statement is true. Try another.";
        if (right) item.querySelector("details").open = true;
      });
      return button;
    });
    choices.after(told);
  }

  addEventListener("DOMContentLoaded", () => {
    const rows = [...document.querySelectorAll("tr.claim")];
    if (rows.length) start(rows);
    document.querySelectorAll("ol.wrong-ones > li").forEach(ask);
  });
})();
