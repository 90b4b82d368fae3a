"""The manifest that pages read, and the signature that it has once a site is signed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ...site.manifest import MANIFEST, SCRIPT, said_by
from ..archive.signed import signer, statement
from ..archives import DamagedError
from ..built_site import ATLAS, FINDINGS, BuiltSite
from .problem import Note, Problem


def signature(site: BuiltSite) -> Iterator[Problem | Note]:
    """Yield what is wrong with the manifest for pages and its signature, and whose that is."""
    if SCRIPT not in site.files:
        return
    try:
        said = said_by(site.text(SCRIPT))
        if said.get("manifest") != site.text(MANIFEST):
            yield Problem(SCRIPT, f"is not what {MANIFEST} says", "file")
        elif set(said) - {"manifest"}:
            yield _signed(site, said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield Problem(SCRIPT, "is not as a build writes it", "file")
    except DamagedError as error:
        yield Problem(error.name, error.reason, "file")


def _signed(site: BuiltSite, said: Mapping[str, str]) -> Problem | Note:
    """Return whose signature it is, or what is wrong with it."""
    signed, own = said["statement"], None
    if not {ATLAS, FINDINGS} & site.left_out:
        own = statement(site)
    named = {one["name"]: one["digest"]["sha256"] for one in json.loads(signed)["subject"]}
    other = own is not None and own.decode() != signed
    if other or named.get(MANIFEST) != site.sha256(MANIFEST):
        return Problem(SCRIPT, "has a signature that is for other numbers", "file")
    key = signer(signed.encode(), said["signature"])
    if key is None:
        return Note("The signature was not verified: ssh-keygen, of OpenSSH, is not on the PATH.")
    if not key:
        return Problem(SCRIPT, "has a signature that does not fit what it signs", "file")
    return Note(f"Signed with the key {key}: compare it with the one that you know.")
