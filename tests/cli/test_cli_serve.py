"""`serve` answers to this machine alone, with the right types, and caches nothing."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPResponse
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from attnatlas.errors import InputError
from attnatlas.serve import HOST, server


@pytest.fixture
def running(site: Path) -> Iterator[ThreadingHTTPServer]:
    """Serve the site in a thread."""
    with server(site, 0) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def ask(
    running: ThreadingHTTPServer, path: str, host: str | None = None, method: str = "GET"
) -> tuple[HTTPResponse, bytes]:
    """Return the answer to one request."""
    connection = http.client.HTTPConnection(HOST, running.server_port, timeout=10)
    connection.request(method, path, headers={"Host": host} if host else {})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_it_listens_on_loopback_only(running: ThreadingHTTPServer) -> None:
    assert running.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html#layer=3", "text/html; charset=utf-8"),
        ("/atlas.json", "application/json; charset=utf-8"),
        ("/data/one.safetensors", "application/octet-stream"),
    ],
)
def test_every_file_has_its_type(running: ThreadingHTTPServer, path: str, kind: str) -> None:
    response, _ = ask(running, path)
    assert response.status == 200
    assert response.getheader("Content-Type") == kind
    assert response.getheader("Cache-Control") == "no-store"


@pytest.mark.parametrize("path", ["/nowhere.html", "/data/", "/../secret", "/%2e%2e/secret"])
def test_what_is_not_there_is_the_sites_own_page(
    running: ThreadingHTTPServer, path: str, work: Path
) -> None:
    (work / "secret").write_text("secret")
    response, content = ask(running, path)
    assert response.status == 404
    assert b"Not here" in content


def test_head_has_no_body(running: ThreadingHTTPServer) -> None:
    assert ask(running, "/nowhere.html", method="HEAD")[1] == b""


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:1", 200), ("127.0.0.1", 200), ("evil.example", 403), ("evil.example:8000", 403)],
)
def test_a_name_of_the_web_is_refused(running: ThreadingHTTPServer, host: str, status: int) -> None:
    assert ask(running, "/", host=host)[0].status == status


def test_a_new_build_shows_at_once(running: ThreadingHTTPServer, site: Path, work: Path) -> None:
    site.rename(work / "old")
    site.mkdir()
    (site / "index.html").write_text("new")
    assert ask(running, "/")[1] == b"new"


def test_a_taken_port_is_one_sentence(running: ThreadingHTTPServer, site: Path) -> None:
    with pytest.raises(InputError, match="choose another with --port"):
        server(site, running.server_port)


@pytest.mark.parametrize("path", ["/out.html", "/folder/secret", "/folder/", "/pipe", "/a%00b"])
def test_no_link_is_followed_out_of_the_site_and_no_pipe_is_read(
    running: ThreadingHTTPServer, site: Path, work: Path, path: str
) -> None:
    (work / "elsewhere").mkdir()
    (work / "elsewhere" / "secret").write_text("secret")
    (work / "elsewhere" / "index.html").write_text("secret")
    (site / "out.html").symlink_to(work / "elsewhere" / "secret")
    (site / "folder").symlink_to(work / "elsewhere")
    os.mkfifo(site / "pipe")
    response, content = ask(running, path)
    assert response.status == 404
    assert b"secret" not in content


def test_an_index_that_leads_out_is_not_followed(
    running: ThreadingHTTPServer, site: Path, work: Path
) -> None:
    (work / "secret").write_text("secret")
    (site / "inner").mkdir()
    (site / "inner" / "index.html").symlink_to(work / "secret")
    assert ask(running, "/inner/")[0].status == 404
    (site / "404.html").unlink()
    (site / "404.html").symlink_to(work / "secret")
    response, content = ask(running, "/nowhere")
    assert response.status == 404
    assert b"secret" not in content


def test_a_link_inside_the_site_is_followed(running: ThreadingHTTPServer, site: Path) -> None:
    (site / "same.html").symlink_to(site / "index.html")
    assert ask(running, "/same.html")[0].status == 200


BAD = {
    "no request": b"\r\n\r\n",
    "garbage": bytes(range(128, 256)) + b"\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "another version": b"GET / HTTP/9.9\r\n\r\n",
    "another method": b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a long line": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 300 + b"\r\n",
    "a long header": b"GET / HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
    "a bad escape": b"GET /%zz%ff%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a long name": b"GET /" + b"a/" * 3000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a bad date": b"GET / HTTP/1.1\r\nHost: localhost\r\nIf-Modified-Since: soon\r\n\r\n",
    "half a request": b"GET / HT",
    "an address": b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_is_answered_without_a_traceback(
    running: ThreadingHTTPServer, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection((HOST, running.server_port), timeout=5) as connection:
        connection.sendall(BAD[name])
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while connection.recv(65536):
                pass
    assert ask(running, "/")[0].status == 200
    assert capfd.readouterr() == ("", "")


def test_a_reader_who_leaves_is_no_error(
    running: ThreadingHTTPServer, site: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (site / "large.json").write_bytes(b" " * 20_000_000)
    with socket.create_connection((HOST, running.server_port), timeout=5) as connection:
        connection.sendall(b"GET /large.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(10)
    assert ask(running, "/")[0].status == 200
    assert capfd.readouterr() == ("", "")
