"""A web server for one built site: this machine only, nothing cached, the right types."""

from __future__ import annotations

import functools
import os
import stat
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .errors import InputError

HOST = "127.0.0.1"
OWN_NAMES = frozenset({HOST, "localhost"})

TYPES = {
    "": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
}


class SiteServer(ThreadingHTTPServer):
    """A server that says nothing of a reader who has left, or who talks nonsense."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep the terminal quiet: the connection is closed, and the others go on."""


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server for `folder`, listening on loopback; port 0 finds a free one."""
    handler = functools.partial(SiteHandler, directory=str(folder.absolute()))
    try:
        return SiteServer((HOST, port), handler)
    except OSError as error:
        raise InputError(
            f"Port {port} cannot be used ({error.strerror}); "
            "choose another with --port, or --port 0 for a free one."
        ) from error


class SiteHandler(SimpleHTTPRequestHandler):
    """Answers with the files of a site, its own 404 page, and no listing of folders."""

    extensions_map = TYPES
    timeout = 30
    """Seconds that a reader may take to ask."""

    def send_head(self) -> Any:
        """Open the file that is asked for, unless it lies elsewhere or could be read for ever."""
        try:
            inside = self._is_inside(self.translate_path(self.path))
            if inside:
                return super().send_head()
        except ValueError:  # a path that no system has, such as one with a null
            pass
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def _is_inside(self, path: str) -> bool:
        """Return whether a path leads to a plain file or folder of the site, links followed."""
        site, found = os.path.realpath(self.directory), os.path.realpath(path)
        if os.path.commonpath([site, found]) != site:
            return False
        if os.path.isdir(found):  # what stands for it is looked at, too
            index = os.path.join(path, "index.html")
            return not os.path.lexists(index) or self._is_inside(index)
        return not os.path.exists(found) or stat.S_ISREG(os.stat(found).st_mode)

    def parse_request(self) -> bool:
        """Refuse a request for another host: a name on the web that was pointed at this machine."""
        if not super().parse_request():
            return False
        if self.headers.get("Host", HOST).partition(":")[0].lower() in OWN_NAMES:
            return True
        self.send_error(HTTPStatus.FORBIDDEN, "This server answers to localhost only")
        return False

    def end_headers(self) -> None:
        """Forbid caching, so that a new build shows at once."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        """Answer that there is no such page, instead of listing files."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the site's own page where a file is missing."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file() or not self._is_inside(str(page)):
            return super().send_error(code, message, explain)
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", TYPES[".html"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        return None

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file; a reader who has left is no error."""
        try:
            super().copyfile(source, outputfile)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal quiet."""
