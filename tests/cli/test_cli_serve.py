"""`serve` answers to this machine alone, with the right types, and caches nothing."""

from __future__ import annotations

import http.client
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
