import { h, setText } from "../kit/dom.mjs";
import { inflated } from "../kit/pixels.mjs";
import { choice } from "./choice.mjs";
import { readLink, writeLink } from "./link.mjs";
import { paper } from "./paper.mjs";
import { pick } from "./pick.mjs";

/** What an earlier visit left: {link, state}; nothing in a private window. */
function store(key) {
  return {
    read() {
      try {
        return JSON.parse(localStorage.getItem(key)) ?? {};
      } catch {
        return {};
      }
    },
    write(value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // the paper lasts as long as its page
      }
    },
  };
}

/**
 * The page of practice papers in `place`, from its stored data: `parts` {part, asks}, `templates` {name, part, marks},
 * `misconceptions` {id: {name, href, where}}, and deflated `items`, {template name: [item]}.
 */
export async function practice(place, data) {
  const items = JSON.parse(new TextDecoder().decode(await inflated(data.items)));
  const known = data.parts.map(({ part }) => part);
  const memory = store(`cnnlib-paper ${location.pathname}`);
  const trouble = h("p", { role: "alert", class: "paper-trouble" });
  const title = h("h2", { tabindex: "-1" });
  const copied = h("span", { role: "status", "aria-live": "polite" });
  const copy = h("button", { type: "button", onclick: copyLink }, "Copy link to this paper");
  const sheet = h("div");
  const tell = (text) => setText(trouble, text);
  const form = choice({ parts: data.parts, mostSeeds: data.mostSeeds, tell, chosen: (wish) => go(wish, true) });
  const FIRST = { seed: 1, parts: known, marks: 30, mode: "practice" };
  let shown = "";

  function go(wish, byHand) {
    const address = writeLink(wish, known);
    tell("");
    form.show(wish);
    if (address !== shown || byHand) {
      const kept = memory.read();
      sheet.replaceChildren(
        paper({
          items: pick(data, wish.seed, wish.parts, wish.marks).map(([name, variant]) => items[name][variant]),
          misconceptions: data.misconceptions,
          mode: wish.mode,
          kept: kept.link === address && !(byHand && address === shown) ? kept.state : null,
          keep: (state) => memory.write({ link: address, state }),
        }),
      );
      shown = address;
    }
    const which = wish.parts.length < known.length ? `, parts ${wish.parts.join(", ")}` : "";
    setText(title, `Paper ${wish.seed}: ${wish.marks} marks${which}`);
    setText(copied, "");
    if (!byHand) return;
    point(address);
    title.focus();
  }
  function point(address) {
    try {
      history.replaceState(null, "", address);
    } catch {
      // the button gives the link all the same
    }
  }
  async function copyLink() {
    point(shown);
    const url = location.href.split("#")[0] + shown;
    try {
      await navigator.clipboard.writeText(url);
      setText(copied, "Link copied.");
    } catch {
      setText(copied, "The link is in the address bar.");
    }
  }
  function follow() {
    const last = location.hash.includes("seed=") ? "" : memory.read().link;
    const { wanted, trouble: why } = readLink(last || location.hash, FIRST, known, data.mostSeeds);
    go(wanted, false);
    tell(why);
  }

  place.replaceChildren(form.element, trouble, title, h("p", { class: "paper-link" }, copy, " ", copied), sheet);
  follow();
  addEventListener("hashchange", follow);
}
