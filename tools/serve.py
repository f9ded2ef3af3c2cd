"""Serve a folder on this machine, on the port asked for or on a free one."""

import functools
import http.server
import socket
import threading
from pathlib import Path

USUAL_PORT = 8000


class PortBusy(RuntimeError):
    """The port that was asked for is in use."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".js": "text/javascript",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
        ".webp": "image/webp",
    }
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")  # a rebuilt page shows at once
        super().end_headers()


class _Server(http.server.ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A browser that goes away in the middle of a file is no error."""


class FolderServer:
    """A folder served at `.url` while the `with` block runs.

    `port=None` takes the usual port or, if that is in use, any free one. A port given by number is
    taken or refused with PortBusy.
    """

    def __init__(self, folder: Path, port: int | None = None):
        handler = functools.partial(_Handler, directory=str(folder))
        wanted = [USUAL_PORT, 0] if port is None else [port]
        for candidate in wanted:
            if candidate and _in_use(candidate):
                continue
            try:
                self._server = _Server(("127.0.0.1", candidate), handler)
                break
            except OSError:
                continue
        else:
            raise PortBusy(
                f"serve: port {port} cannot be used, something else holds it or it needs rights "
                f"that you lack; choose another PORT, or none for a free one"
            )
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc_info):
        self._server.shutdown()
        self.close()

    def close(self):
        """Give the port back."""
        self._server.server_close()

    def forever(self):
        """Serve until interrupted."""
        try:
            self._server.serve_forever()
        except KeyboardInterrupt:
            print("\nstopped")
        finally:
            self.close()


def _in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def check_port(text: str | None) -> None:
    """Raise at once what serving at the port in `text` would: it is no port, or it cannot be used."""
    port = port_from(text)
    if port is not None:
        FolderServer(Path(), port).close()


def port_from(text: str | None) -> int | None:
    """The port number in `text`, None for an empty one.

    >>> port_from("8080")
    8080
    """
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError(f"port_from: PORT={text!r} is no port; give a number from 1 to 65535")
    return int(text)
