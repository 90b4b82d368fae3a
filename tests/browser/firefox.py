"""A real Firefox without network, told what to do by WebDriver BiDi, which it speaks by itself.

https://www.w3.org/TR/webdriver-bidi/. Playwright drives a Firefox of its own alone, and Selenium
needs a driver that is fetched from elsewhere; this needs neither.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("firefox-esr", "firefox")
PATIENCE = 20.0
"""Seconds until a browser that says nothing has failed."""
PREFERENCES: dict[str, Any] = {
    "network.proxy.type": 1,  # by a proxy that is not there: nothing leaves this machine
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.dns.offline-localhost": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
EVENTS = (
    "log.entryAdded",
    "network.beforeRequestSent",
    "browsingContext.userPromptOpened",
    "browsingContext.downloadEnd",
)
KEYS = {
    "Tab": "\ue004",
    "Shift": "\ue008",
    "Enter": "\ue007",
    "End": "\ue010",
    "Escape": "\ue00c",
    "ArrowLeft": "\ue012",
}
VALUES = """(...given) => Promise.resolve((%s)(...given.map((one) => JSON.parse(one))))
  .then((value) => JSON.stringify(value ?? null))"""


class Firefox:
    """One Firefox with one page; `problems` are errors, dialogs, and requests that leave it."""

    def __init__(self, socket: ClientConnection, folder: Path) -> None:
        self.problems: list[str] = []
        self.saved: list[Path] = []
        self._numbers = itertools.count(1)
        self._socket = socket
        self.tell("session.new", capabilities={})
        self.tell("session.subscribe", events=list(EVENTS))
        allowed = {"type": "allowed", "destinationFolder": str(folder)}
        self.tell("browser.setDownloadBehavior", downloadBehavior=allowed)
        self._page = self.tell("browsingContext.getTree")["contexts"][0]["context"]
        self.size(1360, 900)

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """Return what Firefox answers to a command; note the events that come before."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (said := json.loads(self._socket.recv(PATIENCE))).get("id") != number:
            self._note(said["method"], said["params"])
        assert said["type"] == "success", f"{method}: {said['error']}: {said['message']}"
        found: dict[str, Any] = said["result"]
        return found

    def _note(self, event: str, said: dict[str, Any]) -> None:
        local = ("file:", "data:", "blob:", "about:", "chrome:", "resource:")
        if event == "browsingContext.downloadEnd":
            self.saved.append(Path(said["filepath"]))
        elif event == "browsingContext.userPromptOpened":
            self.problems.append(f"a dialog: {said['message']}")
        elif event == "network.beforeRequestSent":
            url = said["request"]["url"]
            if said["context"] and not url.startswith(local):  # not Firefox's own
                self.problems.append(f"asked for {url}")
        elif event == "log.entryAdded" and said["level"] in ("error", "warn"):
            self.problems.append(str(said["text"]))

    def size(self, width: int, height: int) -> None:
        """Give the window a size in pixels."""
        viewport = {"width": width, "height": height}
        self.tell("browsingContext.setViewport", context=self._page, viewport=viewport)

    def open(self, address: str) -> None:
        """Open an address and wait until the page says that it is ready."""
        self.tell("browsingContext.navigate", context=self._page, url=address, wait="complete")
        self.until("() => document.body?.dataset.ready")

    def run(self, function: str, *given: Any) -> Any:
        """Return what a function of JavaScript returns, or what it promises, as JSON can say it."""
        said = self.tell(
            "script.callFunction",
            functionDeclaration=VALUES % function,
            arguments=[{"type": "string", "value": one} for one in map(json.dumps, given)],
            target={"context": self._page},
            awaitPromise=True,
        )
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return json.loads(said["result"]["value"])

    def until(self, condition: str) -> None:
        """Wait until a function of JavaScript returns what is true, on a later page, too."""
        end = monotonic() + PATIENCE
        while True:
            with suppress(AssertionError):  # a page that is going has no answer
                if self.run(condition):
                    return
            assert monotonic() < end, f"never came: {condition}"

    def press(self, key: str, times: int = 1) -> None:
        """Press a key, or two as in Shift+Tab, some times over."""
        codes = [KEYS.get(one, one) for one in key.split("+")]
        down = [{"type": "keyDown", "value": code} for code in codes]
        up = [{"type": "keyUp", "value": code} for code in reversed(codes)]
        keys = {"type": "key", "id": "keyboard", "actions": (down + up) * times}
        self.tell("input.performActions", context=self._page, actions=[keys])

    def download(self, click: str, *given: Any) -> Path:
        """Return the file that is saved by what a function of JavaScript clicks."""
        before = len(self.saved)
        self.run(click, *given)
        self.listen(lambda: len(self.saved) > before)
        return self.saved[-1]

    def print(self) -> bytes:
        """Return the page as a PDF, made as soon as the page has been told so."""
        sheet = {"width": 21.0, "height": 29.7}
        said = self.tell("browsingContext.print", context=self._page, page=sheet, background=True)
        return base64.b64decode(said["data"])

    def listen(self, enough: Callable[[], bool]) -> None:
        """Note events until there are enough; a browser that falls silent fails."""
        while not enough():
            said = json.loads(self._socket.recv(PATIENCE))
            self._note(said["method"], said["params"])


@contextmanager
def firefox(program: str, folder: Path) -> Iterator[Firefox]:
    """Yield a Firefox with a profile of its own in a folder, where what it saves goes, too."""
    lines = [f'user_pref("{k}", {json.dumps(v)});\n' for k, v in PREFERENCES.items()]
    (folder / "user.js").write_text("".join(lines), "utf-8")
    (folder / "saved").mkdir()
    command = [program, "--headless", "--no-remote", "--profile", str(folder)]
    command += ["--remote-debugging-port", "0"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = _address(process)
            with connect(address, max_size=None, proxy=None) as socket:
                yield Firefox(socket, folder / "saved")
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    """Return where Firefox listens; what it says later is read and thrown away."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"BiDi listening on (ws://\S+)", line):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return found[1] + "/session"
    raise AssertionError("Firefox did not start")


def program() -> str | None:
    """Return where Firefox is."""
    return next(filter(None, map(shutil.which, NAMES)), None)
