"""A Hub that takes a call and never answers is given up, and so is one that answers nonsense."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

CODE = """
from attnatlas.config import Settings
from attnatlas.errors import InputError
from attnatlas.models import hub, resolve_model

hub.WAIT = 1.0
try:
    resolve_model("org/model", Settings())
except InputError as error:
    print(error.message)
"""


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def asked(server: socket.socket, tmp_path: Path) -> str:
    """Return what is said of a model of a Hub at this address."""
    host, port = server.getsockname()
    home = {"HF_ENDPOINT": f"http://{host}:{port}", "HF_HOME": str(tmp_path)}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    environment = {**kept, **home, "NO_PROXY": host, "no_proxy": host}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_a_hub_that_never_answers_is_given_up(silent: socket.socket, tmp_path: Path) -> None:
    began = time.monotonic()
    said = asked(silent, tmp_path)
    assert said.endswith("and the Hub does not answer within 1 seconds.")
    assert time.monotonic() - began < 40


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 500 No\r\n\r\n"])
def test_a_hub_that_answers_nonsense_cannot_be_reached(
    answer: bytes, silent: socket.socket, tmp_path: Path
) -> None:
    def serve() -> None:
        while True:
            try:
                caller, _ = silent.accept()
            except OSError:
                return
            with caller:
                caller.recv(4096)
                caller.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    assert asked(silent, tmp_path).endswith("and the Hub cannot be reached.")
