"""Build the book and serve it."""

import os
import sys

from .serve import FolderServer, PortBusy, port_from
from .site import BuildFailed, build


def main() -> int:
    try:
        port = port_from(os.environ.get("PORT"))
        site = build()
        server = FolderServer(site, port)
    except (BuildFailed, PortBusy, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"book: read it at {server.url} (Ctrl+C ends it)", flush=True)
    server.forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
