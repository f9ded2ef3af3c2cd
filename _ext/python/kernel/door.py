"""The door between the worker's JavaScript and the session: messages as JSON, buffers as bytes."""

import json

from pyodide.ffi import to_js

from . import host
from .session import Session


class Door:
    """What the worker calls; see `session.Session`."""

    def __init__(self, session):
        self.session = session

    def plan(self, question):
        return json.dumps(self.session.plan(**json.loads(question)))

    def run(self, number, source, quiet):
        return self.session.run(number, source, quiet)

    def put(self, name, content):
        self.session.data.put(name, content.to_bytes())

    def hear(self, model, state):
        host.hear(model, json.loads(state))


def open_session(send, fetch_now, folder, names):
    """A session whose messages go to JavaScript's ``send(text, buffers)``."""

    def page(message, buffers=()):
        send(json.dumps(message), to_js(list(buffers)))

    def fetch(name):
        content = fetch_now(name)
        return None if content is None else content.to_bytes()

    host.adopt_fonts()
    names = [name.removeprefix("data/") for name in names]
    return Door(Session(page, fetch, f"{folder}/data", names))
