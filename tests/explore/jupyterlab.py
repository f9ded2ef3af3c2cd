"""A JupyterLab of its own for a test, with no settings but those it is given."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request

from tools.environment import ROOT


@contextlib.contextmanager
def started(folder, options=()):
    """Address of a JupyterLab that serves a folder; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = dict(
        os.environ,
        PYTHONPATH=str(ROOT),
        JUPYTER_CONFIG_DIR=str(folder / "config"),
        JUPYTERLAB_SETTINGS_DIR=str(folder / "settings"),
    )
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--expose-app-in-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=",
        "--ServerApp.open_browser=False",
        *options,
    ]
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}/lab"
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{url}/api/settings", timeout=5).close()
                    break
                except OSError:
                    assert server.poll() is None, (folder / "lab.log").read_text()
                    time.sleep(0.25)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=20)


def open_notebook(page, address, cells=None):
    """Wait until the notebook and its kernel are there."""
    page.goto(address)
    page.wait_for_function(
        """(cells) => {
          const there = globalThis.jupyterapp?.shell?.currentWidget?.content?.widgets?.length;
          return cells === null ? there > 0 : there === cells;
        }""",
        arg=cells,
        timeout=90_000,
    )
    page.wait_for_function(
        "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'", timeout=60_000
    )


def command(page, name):
    """Carry out one of JupyterLab's commands and wait for its end."""
    page.evaluate(
        """(name) => {
          globalThis.commandDone = false;
          jupyterapp.commands.execute(name).then(() => (globalThis.commandDone = true));
        }""",
        name,
    )
    page.wait_for_function("() => globalThis.commandDone", timeout=600_000)
