"""How the network and its photographs are loaded, from the site or from a kernel, and what is said where that fails."""

import base64
import json
import re

import pytest

from cnnlib.explore import NetworkLive
from cnnlib.explore.network_live import assets
from tests.conftest import Watch
from tests.explore.contract.page import html
from tests.explore.hand import put, status


@pytest.fixture
def site(browser, tmp_path):
    """A folder as the built site has it: a page without assets, and a script for each; opened without a server."""

    def site(explorer, *, missing=()):
        text = re.sub(r"<script>for \(const \[name, text\].*?</script>", "", html([explorer]), flags=re.DOTALL)
        model = next(part for part in text.split("<script>") if "function hand(" in part).partition("</script>")[0]
        (tmp_path / "model.js").write_text(model, encoding="utf-8")
        (tmp_path / "page.html").write_text(
            text.replace(f"<script>{model}</script>", '<script src="model.js"></script>'), encoding="utf-8"
        )
        for name, make in explorer.assets.items():
            if name not in missing:
                body = f"cnnlibExplorers.hand({json.dumps(name)}, {json.dumps(base64.b64encode(make()).decode())});"
                (tmp_path / f"asset-{name}.js").write_text(body, encoding="utf-8")
        page = browser.new_page()
        watch = Watch()
        asked = []
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        watch.follow(page)
        page.goto((tmp_path / "page.html").as_uri())
        return page, asked, watch

    yield site
    for context in browser.contexts:
        for page in context.pages:
            if page.url.startswith(tmp_path.as_uri()):
                page.close()


def test_the_network_is_loaded_when_it_is_asked_for(site):
    """From a folder, the picture and the stored prediction at once; the weights by the button, with their size."""
    page, asked, watch = site(NetworkLive(photo="cow"))
    root = page.locator(".cnnlib-explorer")
    assert "stored prediction: English springer 0.2" in status(root)
    assert "asset-photo-cow.js" in asked and "asset-squeezenet.js" not in asked
    assert not root.locator(".panel.sum").is_visible()
    sides = root.locator(".tiles canvas").evaluate_all("(tiles) => tiles.map((tile) => tile.width)")
    assert sides == 13 * [14]  # the stages of this photograph are on the page from the start
    put(root, "grey", True)
    assert "Your change waits for it" in status(root)
    put(root, "grey", False)
    size = len(base64.b64encode(assets.network())) / 1e6
    root.get_by_role("button", name=f"Run the network here ({size:.1f} MB)").click()
    page.wait_for_function("() => / Channel /.test(document.querySelector('.status').textContent)")
    assert asked.count("asset-squeezenet.js") == 1
    assert status(root).replace("×", "x") == NetworkLive(photo="cow").result()
    assert watch.problems == []
    page.close()


def test_a_network_that_is_not_there_gets_a_sentence(site):
    page, _, _ = site(NetworkLive(), missing=["squeezenet"])
    root = page.locator(".cnnlib-explorer")
    status(root)
    root.get_by_role("button", name="Run the network here").click()
    root.get_by_text("The network can't be loaded (squeezenet could not be loaded).").first.wait_for()
    assert root.get_by_role("button", name="Run the network here").is_visible()  # to try again
    page.close()


def test_a_photograph_that_is_not_there_is_asked_for_once(site):
    """And again once another one was shown; the network's own button stands as it was."""
    page, asked, _ = site(NetworkLive(photo="cow"), missing=["photo-cow"])
    root = page.locator(".cnnlib-explorer")
    said = "The photograph can't be loaded (photo-cow could not be loaded)."
    root.locator(".status").get_by_text(said).wait_for()
    page.evaluate("async () => { for (let n = 0; n < 20; n += 1) await driver.frame(); }")
    assert asked.count("asset-photo-cow.js") == 1 and status(root) == said
    put(root, "photo", "owl")
    assert "stored prediction" in status(root) and said not in root.inner_text()
    put(root, "photo", "cow")
    root.locator(".status").get_by_text(said).wait_for()
    assert asked.count("asset-photo-cow.js") == 2
    page.close()


# What fails once it is loaded --------------------------------------------------------------------


def test_a_fault_in_the_worker_gets_a_sentence_and_the_next_answer_is_right(opened):
    page, root = opened(NetworkLive(coarse=True))
    page.evaluate("""() => {
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (data) {
        if (data.slot === "changed") {
          Worker.prototype.postMessage = postMessage;
          return postMessage.call(this, { ...data, picture: null });
        }
        return postMessage.call(this, data);
      };
    }""")
    put(root, "turn", 10)
    root.locator(".status").get_by_text(
        re.compile(r"The network can't answer \(.*null.*\)\. Change something")
    ).wait_for()
    for turn in (20, 10):
        put(root, "turn", turn)
        assert status(root).replace("×", "x") == NetworkLive(coarse=True, turn=turn).result()
    assert "can't answer" not in root.inner_text()


def test_what_cannot_be_sent_to_the_worker_gets_a_sentence(library):
    """And what waits behind it is answered, here by a worker that is only the page's idea of one."""
    script = """async () => {
      const { service } = cnnlibExplorers.load("network_live/service.mjs");
      const { Worker } = globalThis;
      const log = [];
      globalThis.Worker = class {
        constructor() { log.push("made"); }
        postMessage({ layers, picture }) {
          if (!layers) queueMicrotask(() => this.onmessage({ data: 2 * picture[0] }));
        }
        terminate() { log.push("ended"); }
      };
      const net = service([]);
      const given = (n) => ({ picture: Float32Array.of(n) });
      const answers = [1, 2, 3].map((n) => net.ask(() => given(n)));
      const refused = net.ask(() => { throw new Error("no picture"); }).catch((error) => error.message);
      const found = [...await Promise.all(answers), await refused, await net.ask(() => given(5))];
      net.destroy();
      globalThis.Worker = Worker;
      return [found, log]; }"""
    assert library.evaluate(script) == [
        [2, None, None, "no picture", 10],
        ["made", "ended", "made", "ended"],
    ]


def test_a_page_that_forbids_workers_computes_the_same(browser, tmp_path):
    explorer = NetworkLive(coarse=True, stage="fire4")
    rule = """<meta http-equiv="Content-Security-Policy" content="worker-src 'none'">"""
    (tmp_path / "page.html").write_text(html([explorer]).replace("<head>", f"<head>{rule}"), encoding="utf-8")
    page, watch = browser.new_page(), Watch()
    watch.follow(page)
    page.goto((tmp_path / "page.html").as_uri())
    assert status(page.locator(".cnnlib-explorer")).replace("×", "x") == explorer.result()
    assert watch.problems and all("worker-src" in problem for problem in watch.problems)  # it is forbidden indeed
    page.close()
