"""A built site of which no file is read that is no longer what was built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from ..errors import AtlasError
from ..site.manifest import MANIFEST
from .built_site import BuiltSite, open_site
from .check.whole import whole

NAMED = 3
"""Changed files that a warning names."""


@dataclass(frozen=True)
class TrustedSite(BuiltSite):
    """A site whose files are compared with its manifest before any of them is read."""

    @cached_property
    def wrong(self) -> Mapping[str, str]:
        """Return what is wrong with each file that is not as the manifest says, by address."""
        plain = BuiltSite(self.where, self.form, self.inside, self.above)
        return {one.file: one.what for one in whole(plain)}

    @contextmanager
    def open(self, url: str) -> Iterator[BinaryIO]:
        """Open one file; raises DamagedError for one that is not as the manifest says."""
        for name in (MANIFEST, url):
            if name in self.wrong and name in self.files:
                raise self.damaged(name, f"it {self.wrong[name]}")
        with super().open(url) as stream:
            yield stream

    @property
    def warning(self) -> str | None:
        """Return the sentence on files that are not as the manifest says, None where all are.

        It is for the end: where one of them was to be read, an error has said so before.
        """
        if not self.wrong:
            return None
        names = sorted(self.wrong)
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        told = f"{', '.join(names[:NAMED])}{more}"
        return (
            f"{self.where} is not as it was built ({told}); nothing of that was read: "
            f"see attnatlas check {self.where}."
        )


def trusted(path: Path) -> TrustedSite:
    """Return the site in a folder, a zip, a bag or one file; raises InputError where none is."""
    site = open_site(path)
    return TrustedSite(site.where, site.form, site.inside, site.above)


def require_whole(site: BuiltSite) -> None:
    """Raise AtlasError where a file of a site is no longer what was built."""
    for problem in whole(site):
        raise AtlasError(
            f"{problem.file} in {site.where} is not what was built, so nothing is made of it; "
            f"build it again (attnatlas check {site.where} says more)."
        )
