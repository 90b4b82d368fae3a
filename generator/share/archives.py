"""The files of a folder or of a zip, by name: listed once, read one at a time, never unpacked."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import BinaryIO, Protocol

from ..errors import AtlasError, InputError
from ..site.ownership import contents, is_folder

MOST_FILES = 200_000
"""More entries than this are refused: ten times what a site may have."""
MOST_BYTES = 50_000_000_000
"""What all files of an archive may have together, unpacked."""
MOST_RATIO = 1100
"""How much larger than its packed form a file may be: deflate reaches 1032."""

LOCAL_FILE = b"PK\3\4"
"""What a zip begins with."""
NAME_ONE = "name a folder, a zip, a bag or one HTML file with a site"


class DamagedError(AtlasError):
    """A file that cannot be read whole, of the site at `where` if that is known. Exit code 1."""

    def __init__(self, name: str, reason: str, where: Path | None = None) -> None:
        advice = f"; see attnatlas check {where}, or build it again" if where else ""
        place = f" in {where}" if where else ""
        super().__init__(f"{name}{place} cannot be read: {reason}{advice}.")
        self.name, self.reason = name, reason


class Files(Protocol):
    """Files by name, `/` between folders. `odd` says of names that are no plain files what is."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Return the bytes of each file, by name."""

    @property
    def odd(self) -> Mapping[str, str]:
        """Return what else is there: links, pipes, devices, by name."""

    def open(self, name: str) -> BinaryIO:
        """Return a stream of the bytes of one file."""


class FolderFiles:
    """The plain files below a folder; no link is followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.sizes: dict[str, int] = {}
        self.odd: dict[str, str] = {}
        for name, entry in contents(folder):
            if entry.is_file(follow_symlinks=False):
                self.sizes[name] = entry.stat(follow_symlinks=False).st_size
            elif not is_folder(entry):
                self.odd[name] = "a link" if entry.is_symlink() else "a pipe or a device"

    def open(self, name: str) -> BinaryIO:
        """Return a stream of the bytes of one file."""
        try:
            return (self._folder / name).open("rb")
        except OSError as error:
            raise DamagedError(name, error.strerror or "the system refused it") from error


class ZipFiles:
    """The files of a zip, as its directory lists them.

    Raises InputError for a name that leads out of it or is there twice, a link, a password, and
    for more than the limits above.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise InputError(f"{path}: not a zip that can be read ({error}).") from error
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        for reason in refusals(entries, path.stat().st_size):
            raise InputError(f"{path}: {reason}; it was not opened.")
        self.sizes: dict[str, int] = {entry.filename: entry.file_size for entry in entries}
        self.odd: dict[str, str] = {}

    def open(self, name: str) -> BinaryIO:
        """Return a stream of the bytes of one file."""
        with reading(name):
            return self._zip.open(name)  # type: ignore[return-value]


def refusals(entries: list[zipfile.ZipInfo], packed: int) -> Iterator[str]:
    """Yield why an archive of `packed` bytes is not opened, if it is not."""
    seen: set[str] = set()
    if len(entries) > MOST_FILES:
        yield f"it holds {len(entries)} files, more than {MOST_FILES}"
    if (whole := sum(entry.file_size for entry in entries)) > MOST_BYTES:
        yield f"it would unpack to {whole} bytes, more than {MOST_BYTES}"
    if sum(entry.compress_size for entry in entries) > packed:
        yield "its files overlap, so it would unpack to far more than it is"
    for entry in entries:
        if entry.filename in seen:
            yield f"{entry.filename!r} is in it twice"
        seen.add(entry.filename)
        if reason := _refusal(entry):
            yield f"{entry.filename!r} {reason}"


def _refusal(entry: zipfile.ZipInfo) -> str:
    """Return what is wrong with one entry of a zip; empty where nothing is."""
    if not stays_inside(entry.orig_filename):
        return "would lie outside of the folder that it is unpacked to"
    if entry.flag_bits & 1:
        return "is locked with a password"
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "is a link or a device"
    if entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        return f"would grow to {entry.file_size} bytes from {entry.compress_size}"
    return ""


def stays_inside(name: str) -> bool:
    """Return whether a name, joined to a folder, names something in that folder on any system."""
    path = PureWindowsPath(name)  # knows drives, and both slashes
    plain = bool(name) and "\\" not in name and "\0" not in name and name == name.strip("/")
    parts = name.split("/")
    return plain and not path.anchor and not {"", ".", ".."} & set(parts)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what a damaged archive or disk answers into a DamagedError that names the file."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DamagedError(name, "it does not unpack to what was packed") from error
    except OSError as error:
        raise DamagedError(name, error.strerror or str(error)) from error


ODD = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What comes of values that are not those that a build writes."""


@contextmanager
def understanding(*sites: Path) -> Iterator[None]:
    """Turn what comes of a site that no build wrote so into one sentence that says so."""
    try:
        yield
    except AtlasError:
        raise
    except ODD as error:
        named = " or ".join(map(str, sites))
        raise AtlasError(
            f"{named} holds what no build writes ({odd_words(error)}); attnatlas check says where, "
            "and building it again mends it."
        ) from error


def odd_words(error: Exception) -> str:
    """Return in short what came of such a value."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:100]}"


def _begins_a_zip(path: Path) -> bool:
    with reading(path.name), path.open("rb") as stream:
        return stream.read(len(LOCAL_FILE)) == LOCAL_FILE


def files_of(path: Path) -> Files:
    """Return the files of a folder or a zip; raises InputError for anything else."""
    if path.is_dir():
        return FolderFiles(path)
    if not os.path.lexists(path):
        raise InputError(f"{path} does not exist; {NAME_ONE}.")
    if path.is_file() and zipfile.is_zipfile(path):
        return ZipFiles(path)
    if path.is_file() and _begins_a_zip(path):
        raise InputError(f"{path} is a zip without its end; copy it again, or export it again.")
    raise InputError(f"{path} is no folder and no zip; {NAME_ONE}.")
