"""A statement of what a site was made of, signed with an SSH key: no service is asked.

The statement is in-toto's, with the provenance of SLSA: it names the manifest, the findings, the
models and the corpora by their hashes. OpenSSH signs it, and can verify it wherever it is read.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...errors import AtlasError, InputError
from ...site.manifest import MANIFEST, SCRIPT, manifest_script
from ..built_site import FINDINGS, BuiltSite
from ..target import replace_file

NAMESPACE = "attnatlas"
"""What the signature is for, so that it cannot be passed off as one of something else."""
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
SIGNATURE = ".sig"
SECONDS = 300
"""How long a passphrase may take to be typed."""


def statement(site: BuiltSite) -> bytes:
    """Return what is signed of a site, the same bytes for the same site."""
    provenance = site.atlas["provenance"]
    version = provenance["versions"].get("attnatlas", "")
    content = {
        "_type": STATEMENT,
        "subject": [_hashed(url, site.read(url)) for url in (MANIFEST, FINDINGS)],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": "urn:attnatlas:build:1",
                "externalParameters": {"command": provenance["command"]},
                "resolvedDependencies": [*_models(site.atlas), *_corpora(provenance)],
            },
            "runDetails": {
                "builder": {"id": f"urn:attnatlas:{version}", "version": provenance["versions"]},
                "metadata": {"finishedOn": provenance["date"]},
            },
        },
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def sign(content: bytes, key: Path) -> bytes:
    """Return the signature of a statement by a key; raises InputError where it cannot sign."""
    program = shutil.which("ssh-keygen")
    if program is None:
        raise InputError("Signing needs ssh-keygen, of OpenSSH, and it is not on the PATH.")
    with tempfile.TemporaryDirectory(prefix="attnatlas-") as folder:
        path = Path(folder) / "statement"
        path.write_bytes(content)
        words = [program, "-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key), str(path)]
        try:
            done = subprocess.run(words, stderr=subprocess.PIPE, text=True, timeout=SECONDS)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise AtlasError(f"{key} was not opened within {SECONDS} s.") from error
        signature = path.with_name(path.name + SIGNATURE)
        if done.returncode or not signature.is_file():
            told = " ".join(done.stderr.replace(str(path), "the statement").split()).rstrip(".")
            raise InputError(f"{key} cannot sign: {told or 'ssh-keygen gives no reason'}.")
        return signature.read_bytes()


def tell_pages(site: BuiltSite, said: bytes, signature: bytes) -> Path | None:
    """Write statement and signature into a site, for its pages; return the file, if it is one."""
    if site.form != "folder" or SCRIPT not in site.files:
        return None
    told = manifest_script(
        manifest=site.text(MANIFEST), statement=said.decode(), signature=signature.decode()
    )
    path = site.where / site.above / SCRIPT
    replace_file(path, told.encode(), "the signature is written, but pages do not tell of it")
    return path


def signer(signed: bytes, signature: str) -> str | None:
    """Return the fingerprint of the key that signed, "" where it did not, None without OpenSSH."""
    program = shutil.which("ssh-keygen")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signature"
        path.write_text(signature, "utf-8")
        words = [program, "-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(path)]
        done = subprocess.run(words, input=signed, capture_output=True, timeout=SECONDS)  # noqa: S603
    found = re.search(rb"SHA256:[\w+/]+", done.stdout)
    return found[0].decode() if done.returncode == 0 and found else ""


def _hashed(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": hashlib.sha256(content).hexdigest()}}


def _models(atlas: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for model in atlas["models"]:
        hashes = {part: model.get(f"{part}_sha256") for part in ("weights", "tokenizer")}
        for part, sha256 in hashes.items():
            if sha256:
                yield {"name": f"{model['name']}: {part}", "digest": {"sha256": sha256}}


def _corpora(provenance: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for corpus in provenance["corpora"]:
        yield {"name": f"{corpus['name']}: texts", "digest": {"sha256": corpus["sha256"]}}
