"""A built site as a commit of its own branch, from which GitHub Pages or another host serves it.

ghp-import makes the commit; neither the working tree nor the index of the repository is touched.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from ..errors import AtlasError, InputError
from ..report import listed
from ..site.ownership import KEPT, MARKER
from .remotes import Remote, remote_of

DOMAIN = "CNAME"
NO_JEKYLL = ".nojekyll"
SECRET = re.compile(r"//[^/@\s]+@")
"""Name and password in an address."""
QUIET = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""git asks nobody for a password, and says in English what went wrong."""


@dataclass(frozen=True, slots=True)
class Target:
    """A branch of a remote, seen from a repository. `is_new` where the remote has no such branch.

    `domain` is what the file CNAME of the branch names.
    """

    repository: Path
    remote: Remote
    branch: str
    is_new: bool
    domain: str | None


def find_target(start: Path, name: str, branch: str) -> Target:
    """Return where a site goes that is published from a folder; raises InputError if it cannot."""
    repository = Path(_must(start, "rev-parse", "--show-toplevel", lacking=NO_REPOSITORY))
    url = _must(repository, "remote", "get-url", name, lacking=NO_REMOTE.format(name))
    if branch.startswith("-") or _git(repository, "check-ref-format", _head(branch)).returncode:
        raise InputError(f"{branch!r} can be no name of a branch; choose another --branch.")
    if _git(repository, "symbolic-ref", "--short", "HEAD").stdout.strip() == branch:
        raise InputError(
            f"{branch!r} is the branch that is checked out in {repository}; "
            "publish from another one, or to another --branch."
        )
    _must(repository, "var", "GIT_COMMITTER_IDENT", lacking=NOBODY)
    remote = remote_of(name, url)
    heads = _git(repository, "ls-remote", "--heads", "--", name, _head(branch))
    if heads.returncode:
        raise AtlasError(f"{remote.url} cannot be reached: {_first_line(heads.stderr)}")
    is_new = not heads.stdout.strip()
    domain = None if is_new else _domain(repository, name, branch)
    for seen in (_head(branch), *(() if is_new else (_seen(name, branch),))):
        _require_ours(repository, seen, branch)
    return Target(repository, remote, branch, is_new, domain)


NO_REPOSITORY = "publish inside a repository; make one with: git init; "
NO_REMOTE = "there is no remote {0!r}; add one with: git remote add {0} ADDRESS; "
NOBODY = "git does not know who publishes; set user.name and user.email with git config; "


def push(contents: Mapping[str, bytes], target: Target, message: str) -> None:
    """Commit the files as all that the branch holds, and push it; its history goes on."""
    try:
        from ghp_import import GhpError, ghp_import
    except ImportError as error:
        raise InputError(
            'Publishing needs ghp-import; install it with: pip install "attnatlas[publish]"'
        ) from error
    with tempfile.TemporaryDirectory(prefix="attnatlas-") as made, chdir(target.repository):
        staged = Path(made) / "site"
        for url, content in contents.items():
            _stage(staged / url, content)
        try:
            ghp_import(
                str(staged),
                remote=target.remote.name,
                branch=target.branch,
                mesg=message,
                nojekyll=True,
                push=False,
            )
        except (GhpError, OSError, TypeError) as error:
            reason = getattr(error, "message", str(error))
            raise AtlasError(f"git made no commit of the site: {reason}.") from error
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    branch = _head(target.branch)
    sent = _git(
        target.repository, "push", "--quiet", "--", target.remote.name, f"{branch}:{branch}"
    )
    if sent.returncode:
        raise AtlasError(f"{target.remote.url} did not take it: {_first_line(sent.stderr)}")


def _stage(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _require_ours(repository: Path, ref: str, branch: str) -> None:
    """Raise InputError where a branch, here or as last seen, holds what no build wrote alone."""
    names = set(_git(repository, "ls-tree", "--name-only", ref).stdout.splitlines())
    if MARKER not in names and (others := sorted(names - KEPT - {NO_JEKYLL})):
        raise InputError(
            f"{branch!r} holds no site but {listed(others)}, which would go from it; "
            "publish to another --branch, or remove that one first."
        )


def _head(branch: str) -> str:
    return f"refs/heads/{branch}"


def _seen(name: str, branch: str) -> str:
    return f"refs/remotes/{name}/{branch}"


def _domain(repository: Path, name: str, branch: str) -> str | None:
    """Fetch the branch, so that its history goes on; return the domain that it names."""
    seen = _seen(name, branch)
    _must(repository, "fetch", "--quiet", "--", name, f"+{_head(branch)}:{seen}", lacking="")
    found = _git(repository, "show", f"{seen}:{DOMAIN}")
    return found.stdout.strip() or None if found.returncode == 0 else None


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    git = shutil.which("git")
    if git is None:
        raise InputError("Publishing needs git, and there is none on the PATH.")
    return subprocess.run(  # noqa: S603
        [git, *arguments],
        cwd=folder,
        env=os.environ | QUIET,
        capture_output=True,
        text=True,
        check=False,
    )


def _must(folder: Path, *arguments: str, lacking: str) -> str:
    """Return what git answers; raises InputError, with what to do, where it fails."""
    done = _git(folder, *arguments)
    if done.returncode:
        raise InputError(
            f"Cannot publish from {folder}: {lacking}git says: {_first_line(done.stderr)}"
        )
    return done.stdout.strip()


def _first_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith(("fatal", "error", " !"))), "")
    line = (told or (lines[0] if lines else "nothing")).strip().rstrip(".")
    return f"{SECRET.sub('//', line)}."
