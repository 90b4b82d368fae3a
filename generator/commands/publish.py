"""`attnatlas publish`: put a built site on the branch that its host serves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import AtlasError
from ..report import listed, printable
from .parameters import site_argument

if TYPE_CHECKING:
    from ..share.built_site import BuiltSite


@click.command()
@site_argument
@click.option("--remote", metavar="NAME", default="origin", show_default=True, help="Where to.")
@click.option("--branch", metavar="NAME", default="gh-pages", show_default=True, help="What to.")
@click.option("--dry-run", is_flag=True, help="Say what would be pushed, and push nothing.")
def publish(output: Path, remote: str, branch: str, dry_run: bool) -> None:
    """Push the site in DIR to the branch that its host serves.

    That is a branch of a remote of the repository you are in. A site that `check` finds wrong is
    refused. What a build did not write stays out of it, but for CNAME.
    """
    from ..share.built_site import open_site
    from ..share.chosen import contents_of
    from ..share.publish import DOMAIN, find_target, push
    from .folders import require_atlas

    require_atlas(output)
    site = open_site(output)
    _require_good(site)
    target = find_target(Path.cwd(), remote, branch)
    contents = contents_of(site)
    domain = site.text(DOMAIN).strip() if DOMAIN in site.files else target.domain
    if domain:
        contents[DOMAIN] = f"{domain}\n".encode()
    size = sum(map(len, contents.values())) / 1e6
    click.echo(
        f"{len(contents):,} files, {size:,.1f} MB, to {branch} of {target.remote.url}"
        f"{' (a new branch)' if target.is_new else ''}",
        err=True,
    )
    _tell_left_out(output)
    if not dry_run:
        push(contents, target, f"Publish {printable(str(site.atlas['title']))}")
    _tell_address(target.remote.address(domain), target.remote.url, site, dry_run)


def _require_good(site: BuiltSite) -> None:
    """Raise AtlasError unless files, links and numbers are what they should be."""
    from ..share.check.everything import check

    report = check(site)
    if not report.good:
        raise AtlasError(
            f"{site.where} is not published, for check finds it wrong: "
            f"{printable(str(report.problems[0]))}; build it again."
        )


def _tell_left_out(output: Path) -> None:
    from ..site.ownership import KEPT, topmost

    left = [name for name in topmost(output) if name not in KEPT]
    if left:
        click.echo(f"Left out, since no build wrote it: {listed(left)}.", err=True)


def _tell_address(address: str | None, url: str, site: BuiltSite, dry_run: bool) -> None:
    """Print where the site will be; where that is not known, where it went."""
    done = "Would be pushed" if dry_run else "Pushed"
    if address is None:
        click.echo(f"{done} to {url}; its host says where it is served.")
        return
    click.echo(address)
    built_for = site.atlas.get("settings", {}).get("base_url")
    if built_for and built_for.rstrip("/") != address.rstrip("/"):
        click.echo(
            f"It was built for {built_for}; build it again with --base-url {address}", err=True
        )
