"""A page in Firefox that tries itself and tells what it saw to a server of the test's own: no driver is needed."""

import http.server
import json
import os
import queue
import subprocess
import tempfile
import threading
from pathlib import Path

from tests.conftest import PATIENCE
from tools.environment import ROOT
from tools.firefox import find_or_install

#: No first steps and no questions, which would take the window from the page; no host but this machine is reached.
SETTINGS = {
    "browser.aboutwelcome.enabled": False,
    "browser.preonboarding.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.firstRunURL": "",
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}

#: What is told, and what goes wrong on the page; before all other scripts.
FIRST = """<script>
  globalThis.tell = (kind, value) =>
    fetch("http://127.0.0.1:%d/", { method: "POST", mode: "no-cors", body: JSON.stringify([kind, value]) });
  globalThis.troubles = [];
  for (const kind of ["error", "warn"])
    console[kind] = (...words) => troubles.push(`console ${kind}: ${words.join(" ")}`);
  addEventListener("unhandledrejection", ({ reason }) => troubles.push(`refused: ${reason}`));
  addEventListener("error", ({ target, message }) => {
    if (target !== window) troubles.push(`not loaded: ${target.src ?? target.href}`);
    else if (!message.startsWith("ResizeObserver loop")) troubles.push(message); // it draws once more, as it should
  }, true);
</script>"""
LAST = """<script>addEventListener("load", async () => {
  try {
    %s
  } catch (error) {
    troubles.push(`${error}\\n${error.stack}`);
  }
  await tell("end", troubles);
});</script>"""


def told(html: str, script: str, place: Path | None = None):
    """Open a page from a folder in a Firefox that is new, and yield what its ``script`` tells by `tell("seen", ...)`.

    ``place`` is the file that the page is written to, if it needs others beside it. Fails with what the page
    complained of, or when Firefox ends before the script does.
    """
    # a Firefox that is a snap can read no system-wide temporary folder
    (ROOT / "_build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "_build", prefix="firefox-", ignore_cleanup_errors=True) as folder:
        place = place or Path(folder, "page.html")
        settings = "".join(f"user_pref({json.dumps(name)}, {json.dumps(v)});\n" for name, v in SETTINGS.items())
        Path(folder, "user.js").write_text(settings, encoding="utf-8")
        with Server(("127.0.0.1", 0), Hearing) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page = html.replace("<head>", f"<head>{FIRST % server.server_port}", 1)
            place.write_text(page.replace("</body>", f"{LAST % script}</body>"), encoding="utf-8")
            command = [find_or_install(), "--headless", "--no-remote", "--profile", folder, place.as_uri()]
            log = Path(folder, "log.txt")
            with log.open("w", encoding="utf-8") as output:
                firefox = subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | {"HOME": folder})
            try:
                yield from heard(server.reports, firefox, log)
            finally:
                firefox.kill()
                firefox.wait()
                server.shutdown()


def heard(reports, firefox, log):
    waited = 0
    while True:
        try:
            kind, value = reports.get(timeout=1)
        except queue.Empty:
            waited += 1
            assert firefox.poll() is None, f"Firefox ended by itself: {log.read_text(encoding='utf-8')[-500:]}"
            assert waited < 5 * PATIENCE / 1000, "the page tells nothing more"
            continue
        waited = 0
        if kind == "end":
            assert value == [], "\n".join(["the page reported:", *value])
            return
        yield value


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *options):
        super().__init__(*options)
        self.reports = queue.Queue()


class Hearing(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *words):
        pass
