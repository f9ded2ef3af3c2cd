import { h, setText } from "../kit/dom.mjs";
import { inflated } from "../kit/pixels.mjs";
import { choice } from "./choice.mjs";
import { readLink, writeLink } from "./link.mjs";
import { paper } from "./paper.mjs";
import { pick } from "./pick.mjs";

const touched = ({ answers, handedIn }) => handedIn || Object.keys(answers).length > 0;

/**
 * The page of practice papers in `root`, from its stored data: `parts` {part, asks}, `templates` {name, part, marks},
 * `misconceptions` {id: {name, href, where}}, and deflated `items`, {template name: [item]}. `kept` is what the site
 * keeps for its reader: the paper that is open is in it, {link, state}, once it has an answer.
 */
export async function practice(root, data, kept) {
  const items = JSON.parse(new TextDecoder().decode(await inflated(data.items)));
  const known = data.parts.map(({ part }) => part);
  const last = () => kept.recall("paper", "open") ?? {};
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
      const { link, state } = last();
      sheet.replaceChildren(
        paper({
          items: pick(data, wish.seed, wish.parts, wish.marks).map(([name, variant]) => items[name][variant]),
          misconceptions: data.misconceptions,
          mode: wish.mode,
          kept: link === address && !(byHand && address === shown) ? state : null,
          keep: (left) => kept.remember("paper", "open", touched(left) ? { link: address, state: left } : undefined),
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
    const link = location.hash.includes("seed=") ? "" : last().link;
    const { wanted, trouble: why } = readLink(link || location.hash, FIRST, known, data.mostSeeds);
    go(wanted, false);
    tell(why);
  }

  root.replaceChildren(form.element, trouble, title, h("p", { class: "paper-link" }, copy, " ", copied), sheet);
  follow();
  addEventListener("hashchange", follow);
  kept.onForget(() => {
    shown = "";
    follow();
  });
}
