"""What a forger does to a site, and archives of one."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import bagit
from attnatlas.site.manifest import manifest_text, parse_manifest
from attnatlas.site.receipt import sealed


def renewed(site: Path) -> None:
    """Make manifest and receipt fit files that were edited, as a forger would."""
    path = site / "manifest-sha256.txt"
    urls = parse_manifest(path.read_text("utf-8"))
    hashes = {url: hashlib.sha256((site / url).read_bytes()).hexdigest() for url in urls}
    path.write_text(manifest_text(hashes), "utf-8")
    marker = site / ".attnatlas-site"
    about = json.loads(marker.read_text("utf-8"))
    about["manifest"] = hashlib.sha256(path.read_bytes()).hexdigest()
    marker.write_text(sealed(about), "utf-8")


def zipped(site: Path, path: Path) -> Path:
    """Pack a folder, without compression, so that each byte of a file stands in the zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for file in sorted(site.rglob("*")):
            if file.is_file():
                packed.write(file, file.relative_to(site).as_posix())
    return path


def bagged(site: Path, bag: Path) -> Path:
    """Put a copy of a site into a bag."""
    bag.mkdir()
    shutil.copytree(site, bag / "site")
    bagit.make_bag(str(bag), checksums=["sha256"])
    return bag
