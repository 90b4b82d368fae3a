"""What commands that read a part of a site say of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..report import printable

if TYPE_CHECKING:
    from ..share.built_site import BuiltSite


def warn(*sites: BuiltSite) -> None:
    """Say of sites whose files were compared with their manifests which of them were changed."""
    from ..share.trusted import TrustedSite

    for site in sites:
        if isinstance(site, TrustedSite) and site.warning:
            click.echo(printable(site.warning), err=True)
