"""Models on the Hugging Face Hub: fetched, unless it does not answer."""

from __future__ import annotations

import difflib
import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..config import Settings
from ..errors import InputError
from ..zoo import zoo_names
from .files import HUB_FILES

HUB_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", re.ASCII)
WAIT = 20.0
"""Seconds to wait for an answer of the Hub, which sets no bound to some of its questions."""
FULL = (errno.ENOSPC, errno.EDQUOT)


def downloaded(name: str, settings: Settings) -> Path:
    """Return the local snapshot of a model on the Hub, fetched if need be."""
    unknown = f"Unknown model {name!r}; it is no folder and no embedded model{_near(name)}"
    if not HUB_NAME.fullmatch(name) or ".." in name or "--" in name:
        raise InputError(f"{unknown}.")
    from huggingface_hub import errors, snapshot_download

    offline = settings.offline or os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE")
    wanted = [*HUB_FILES, "model*.safetensors", "model.safetensors.index.json"]
    if settings.allow_pickle:
        wanted += ["pytorch_model*.bin", "pytorch_model.bin.index.json"]
    try:
        with patient():
            return Path(
                snapshot_download(
                    name,
                    revision=settings.revision,
                    allow_patterns=wanted,
                    ignore_patterns=["*/*"],
                    local_files_only=offline,
                )
            )
    except errors.GatedRepoError as error:
        raise InputError(
            f"Model {name!r} is gated; ask for access on its page, then run `hf auth login`."
        ) from error
    except errors.RevisionNotFoundError as error:
        raise InputError(f"Model {name!r} has no revision {settings.revision!r}.") from error
    except errors.RepositoryNotFoundError as error:
        raise InputError(f"{unknown}, and the Hub has none of that name.") from error
    except Exception as error:  # of the network, a proxy, a certificate: each has its own kind
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        raise InputError(f"{unknown}, {_where(error, offline)}.") from error


@contextmanager
def patient() -> Iterator[None]:
    """Bound how long anything that is asked of the Hub may take to answer."""
    from huggingface_hub import get_session

    client: Any = get_session()
    hooks = client.event_hooks
    client.event_hooks = {**hooks, "request": [*hooks["request"], _bound]}
    try:
        yield
    finally:
        client.event_hooks = hooks


def _bound(request: Any) -> None:
    """Set a bound to each part of a request that has none."""
    given = request.extensions.get("timeout") or {}
    parts = ("connect", "read", "write", "pool")
    request.extensions["timeout"] = {part: given.get(part) or WAIT for part in parts}


def _where(error: BaseException | None, offline: bool) -> str:
    """Return why a model was not fetched, as the end of a sentence."""
    if offline:
        return "and not in the local cache"
    while error is not None:
        if "Timeout" in type(error).__name__:
            return f"and the Hub does not answer within {WAIT:.0f} seconds"
        error = error.__cause__ or error.__context__
    return "and the Hub cannot be reached"


def _near(name: str) -> str:
    """Name the embedded models, and the one that may have been meant."""
    known = zoo_names()
    if near := difflib.get_close_matches(name, known, n=1):
        return f" (did you mean {near[0]!r}?)"
    return f" ({', '.join(known)})" if known else ""
