"""Serving a folder: the port asked for, a free one, a busy one."""

import socket
import urllib.request

import pytest

from tools import __main__ as commands
from tools import serve
from tools.serve import FolderServer, PortBusy, port_from


@pytest.fixture
def taken_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_serves_what_is_in_the_folder(tmp_path):
    (tmp_path / "a.mjs").write_text("export default 1")
    with FolderServer(tmp_path, 0) as server, urllib.request.urlopen(server.url + "a.mjs") as answer:
        assert answer.read() == b"export default 1"
        assert answer.headers["Content-Type"].startswith("text/javascript")


def test_takes_a_free_port_when_the_usual_one_is_taken(tmp_path, taken_port, monkeypatch):
    monkeypatch.setattr(serve, "USUAL_PORT", taken_port)
    with FolderServer(tmp_path) as server:
        assert f":{taken_port}/" not in server.url
        urllib.request.urlopen(server.url).close()


def test_refuses_a_busy_port_that_was_asked_for(tmp_path, taken_port):
    with pytest.raises(PortBusy, match=rf"port {taken_port} cannot be used.*another PORT"):
        FolderServer(tmp_path, taken_port)


@pytest.mark.parametrize(("text", "port"), [("8080", 8080), ("1", 1), ("65535", 65535), ("", None), (None, None)])
def test_a_port_is_read(text, port):
    assert port_from(text) == port


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80a", "8 0", "８０"])
def test_no_port_is_refused(text):
    with pytest.raises(ValueError, match="is no port; give a number from 1 to 65535"):
        port_from(text)


def test_a_port_that_was_checked_is_free_again(tmp_path, taken_port):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        free = holder.getsockname()[1]
    serve.check_port(str(free))
    with FolderServer(tmp_path, free) as server:
        assert server.url == f"http://127.0.0.1:{free}/"
    serve.check_port(None)
    with pytest.raises(PortBusy, match=rf"port {taken_port} cannot be used"):
        serve.check_port(str(taken_port))


@pytest.mark.parametrize("text", ["0", "eighty"])
def test_make_book_refuses_a_port_before_anything_is_set_up(text, monkeypatch, capsys):
    monkeypatch.setenv("PORT", text)
    monkeypatch.setattr(commands.environment, "setup", lambda level: pytest.fail("the set-up was begun"))
    assert commands.main(["book"]) == 1
    assert f"PORT={text!r} is no port; give a number from 1 to 65535" in capsys.readouterr().err


def test_make_book_refuses_a_busy_port_before_anything_is_set_up(taken_port, monkeypatch, capsys):
    monkeypatch.setenv("PORT", str(taken_port))
    monkeypatch.setattr(commands.environment, "setup", lambda level: pytest.fail("the set-up was begun"))
    assert commands.main(["book"]) == 1
    assert f"port {taken_port} cannot be used" in capsys.readouterr().err
