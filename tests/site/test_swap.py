"""A site takes the place of the old one whole, or not at all, and what is the user's goes along."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

import pytest
from attnatlas.errors import BusyError, InputError
from attnatlas.site import swap
from attnatlas.site.manifest import MANIFEST, is_whole, manifest_text, sha256_of
from attnatlas.site.ownership import DRAFT, MARKER, is_atlas
from attnatlas.site.swap import recover, replacing, require_apart

SITE = ("index.html", "data/tiny/one.bin", "assets/atlas.js", "records/tiny/one.html")


def write(folder: Path, text: str, names=SITE) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{text} {name}")
    hashes = {name: sha256_of(folder / name) for name in names}
    (folder / MANIFEST).write_text(manifest_text(hashes))


def build(output: Path, text: str, names=SITE) -> None:
    with replacing(output) as folder:
        write(folder, text, names)


def users(site: Path) -> dict[str, str]:
    """Give a site what a user may have there; return it as `files` does."""
    (site / ".git" / "objects" / "aa").mkdir(parents=True)
    (site / ".git" / "HEAD").write_text("ref: refs/heads/gh-pages\n")
    (site / ".git" / "objects" / "aa" / "bb").write_text("a blob")
    (site / ".git" / "objects" / "aa" / "bb").chmod(0o444)
    (site / "CNAME").write_text("atlas.example.org")
    (site / "data" / "notes.txt").write_text("dear")
    (site / "data" / "tiny" / "mine").mkdir()
    (site / "data" / "tiny" / "mine" / "deep.txt").write_text("deeper")
    (site / "empty" / "er").mkdir(parents=True)
    (site / "nested" / ".git").mkdir(parents=True)
    (site / "nested" / ".git" / "index").write_text("work tree")
    (site / "worktree").mkdir()
    (site / "worktree" / ".git").write_text("gitdir: /elsewhere\n")
    (site / "link").symlink_to("index.html")
    (site / "gone").symlink_to("nowhere")
    (site / "folder-link").symlink_to("data", target_is_directory=True)
    os.mkfifo(site / "pipe")
    (site / os.fsdecode(b"not-utf8-\xff.txt")).write_text("bytes")
    return theirs(site)


def few(site: Path) -> dict[str, str]:
    """Give a site one thing of each kind, where every step counts."""
    (site / ".git").mkdir()
    (site / ".git" / "HEAD").write_text("ref: refs/heads/gh-pages\n")
    (site / "data" / "notes.txt").write_text("dear")
    (site / "link").symlink_to("index.html")
    (site / "empty").mkdir()
    return theirs(site)


def files(site: Path) -> dict[str, str]:
    """Return all that a folder holds, by address: what each is, and its content."""
    found = {}
    for path in site.rglob("*"):
        url = path.relative_to(site).as_posix()
        if path.is_symlink():
            found[url] = f"link to {os.readlink(path)}"
        elif path.is_dir():
            found[url] = "folder"
        else:
            found[url] = path.read_text() if path.is_file() else "pipe"
    return found


def theirs(site: Path) -> dict[str, str]:
    own = {*SITE, "extra.html", MANIFEST, MARKER, DRAFT}
    shared = {str(parent) for name in SITE for parent in Path(name).parents}
    return {url: what for url, what in files(site).items() if url not in own | shared}


def test_a_new_folder_is_made_and_marked(tmp_path):
    build(tmp_path / "site", "one")
    assert is_atlas(tmp_path / "site")
    assert is_whole(tmp_path / "site")
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]
    assert not (tmp_path / "site" / DRAFT).exists()


def test_of_the_old_site_nothing_is_left(tmp_path):
    build(tmp_path / "site", "one", (*SITE, "extra.html"))
    build(tmp_path / "site", "two")
    assert (tmp_path / "site" / "index.html").read_text() == "two index.html"
    assert not (tmp_path / "site" / "extra.html").exists()


def test_what_is_the_users_goes_along_as_it_is(tmp_path):
    site = tmp_path / "site"
    build(site, "one")
    before = users(site)
    (site / ".git").chmod(0o750)
    (site / "CNAME").chmod(0o640)
    (site / "empty").chmod(0o555)
    os.utime(site / "nested", ns=(10**18, 10**18))
    with (site / "data" / "log.txt").open("a", buffering=1) as log:
        log.write("before\n")
        build(site, "two")
        log.write("after\n")
    assert (site / "data" / "log.txt").read_text() == "before\nafter\n"
    (site / "data" / "log.txt").unlink()
    assert theirs(site) == before
    assert (site / ".git").stat().st_mode & 0o777 == 0o750
    assert (site / "CNAME").stat().st_mode & 0o777 == 0o640
    assert (site / ".git" / "objects" / "aa" / "bb").stat().st_mode & 0o777 == 0o444
    assert (site / "nested").stat().st_mtime_ns == 10**18
    assert is_whole(site)
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]
    build(site, "three", ("index.html",))
    assert {"data/notes.txt", ".git/HEAD", "data/tiny/mine/deep.txt"} <= files(site).keys()
    assert "assets" not in files(site)


def test_what_comes_while_a_site_is_built_goes_along(tmp_path):
    site = tmp_path / "site"
    build(site, "one")
    with replacing(site) as folder:
        write(folder, "two")
        before = users(site)
    assert theirs(site) == before


def test_what_comes_in_the_very_moment_is_found(tmp_path, monkeypatch):
    site = tmp_path / "site"
    build(site, "one")
    (site / "kept.txt").write_text("old")
    (site / "same.txt").write_text("same")
    real = swap._exchange

    def exchange(one: Path, other: Path) -> bool:
        (other / "late").mkdir()
        (other / "late" / "note.txt").write_text("late")
        (other / "same.txt").unlink()
        (other / "same.txt").write_text("same")
        (other / "kept.txt").unlink()
        (other / "kept.txt").write_text("new")
        return real(one, other)

    monkeypatch.setattr(swap, "_exchange", exchange)
    said = []
    with replacing(site, said.append) as folder:
        write(folder, "two")
    assert (site / "late" / "note.txt").read_text() == "late"
    assert (site / "same.txt").read_text() == "same"
    (left,) = [entry for entry in tmp_path.iterdir() if entry.name != "site"]
    assert {"new", "old"} == {(left / "kept.txt").read_text(), (site / "kept.txt").read_text()}
    assert said == [f"Files that changed while the site took its place are kept in {left}."]
    monkeypatch.undo()
    build(site, "three")
    assert (left / "kept.txt").read_text() == "new"
    (left / "kept.txt").unlink()
    build(site, "four")
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]


def test_without_hard_links_what_is_the_users_is_copied(tmp_path, monkeypatch):
    site = tmp_path / "site"
    build(site, "one")
    before = users(site)
    (site / "pipe").unlink()
    del before["pipe"]

    def refuse(*paths, **options):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    build(site, "two")
    assert theirs(site) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]


def test_without_an_exchange_two_steps_do(tmp_path, monkeypatch):
    monkeypatch.setattr(swap, "_exchange", lambda one, other: False)
    site = tmp_path / "site"
    build(site, "one")
    before = users(site)
    build(site, "two")
    assert theirs(site) == before
    assert is_whole(site)
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize(
    "name", ["extra.html", "extra", "extra/mine.txt", "index.html/mine.txt", "link"]
)
def test_a_file_of_the_users_in_the_way_is_one_sentence(tmp_path, name):
    site = tmp_path / "site"
    build(site, "one")
    if name == "index.html/mine.txt":
        (site / "index.html").unlink()
    (site / name).parent.mkdir(exist_ok=True)
    if name == "link":
        (site / name).symlink_to("data")
    else:
        (site / name).write_text("mine")
    new = "extra.html" if name == "extra.html" else "extra/page.html"
    new = {"extra/mine.txt": "extra", "link": "link/page.html"}.get(name, new)
    before = files(site)
    with pytest.raises(InputError, match="is not of the site that stands there"):
        build(site, "two", (*SITE, new))
    assert files(site) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]


def test_a_site_without_its_manifest_is_refused_before_anything_is_built(tmp_path):
    build(tmp_path / "site", "one")
    (tmp_path / "site" / MANIFEST).unlink()
    with (
        pytest.raises(InputError, match=r"index.html is not of the site"),
        replacing(tmp_path / "site"),
    ):
        raise AssertionError


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_stands_in_place_of_a_page_is_refused_before_anything_is_built(tmp_path, kind):
    page = tmp_path / "site" / "index.html"
    build(tmp_path / "site", "one")
    page.rename(tmp_path / "site" / "mine.html")
    if kind == "folder":
        page.mkdir()
    else:
        page.symlink_to("mine.html")
    with (
        pytest.raises(InputError, match=r"index.html is not of the site"),
        replacing(tmp_path / "site"),
    ):
        raise AssertionError
    assert (tmp_path / "site" / "mine.html").exists()


def test_a_folder_of_the_users_may_hold_new_files_of_ours(tmp_path):
    site = tmp_path / "site"
    build(site, "one")
    (site / "reports").mkdir()
    (site / "reports" / "mine.txt").write_text("mine")
    build(site, "two", (*SITE, "reports/errors.html"))
    assert (site / "reports" / "mine.txt").read_text() == "mine"
    assert (site / "reports" / "errors.html").exists()
    build(site, "three")
    assert [path.name for path in (site / "reports").iterdir()] == ["mine.txt"]


def test_the_mode_of_the_folder_stays(tmp_path):
    build(tmp_path / "site", "one")
    (tmp_path / "site").chmod(0o750)
    build(tmp_path / "site", "two")
    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o750


def test_a_failed_build_leaves_the_old_site_whole(tmp_path):
    build(tmp_path / "site", "one")
    before = users(tmp_path / "site")

    def fail():
        with replacing(tmp_path / "site") as folder:
            (folder / "index.html").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (tmp_path / "site" / "index.html").read_text() == "one index.html"
    assert theirs(tmp_path / "site") == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("kept", [".gitkeep", ".gitignore", ".gitattributes", "CNAME", ".git"])
def test_files_that_only_keep_a_folder_in_git_stay(tmp_path, kept):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / kept).write_text("*")
    build(tmp_path / "site", "one")
    assert (tmp_path / "site" / kept).read_text() == "*"


def test_a_folder_that_is_not_ours_is_never_touched(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("dear")
    with (
        pytest.raises(InputError, match="not written by attnatlas"),
        replacing(tmp_path / "thesis"),
    ):
        raise AssertionError
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "dear"
    (tmp_path / "file").write_text("dear")
    with pytest.raises(InputError, match="not a folder"), replacing(tmp_path / "file"):
        raise AssertionError


def test_two_builds_of_one_output_do_not_meet(tmp_path):
    with (
        replacing(tmp_path / "site"),
        pytest.raises(BusyError, match="Another build"),
        replacing(tmp_path / "site"),
    ):
        raise AssertionError


def test_an_output_is_the_same_however_it_is_named(tmp_path, monkeypatch):
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    build(Path("."), "one")
    assert is_whole(tmp_path / "site")
    monkeypatch.chdir(tmp_path)
    with replacing(tmp_path / "site"), pytest.raises(BusyError), replacing(Path("site/../site")):
        raise AssertionError
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]


def test_names_like_patterns_and_like_leftovers_are_left_alone(tmp_path):
    build(tmp_path / "site[1]", "one")
    mine = tmp_path / ".site[1].attnatlas-notes"
    mine.mkdir()
    (mine / "mine.txt").write_text("mine")
    other = tmp_path / ".site[1].attnatlas-x.attnatlas-01234567"
    other.mkdir()
    build(tmp_path / "site[1]", "two")
    assert (mine / "mine.txt").read_text() == "mine"
    assert other.exists()


@pytest.mark.parametrize(
    ("output", "store", "how"),
    [
        ("site", "site/.attnatlas", "lies in"),
        ("site", "site", "is"),
        ("store/site", "store", "holds"),
        ("site", "link/store", "lies in"),
        ("site", "other/../site/deep/er", "lies in"),
    ],
)
def test_a_store_and_an_output_lie_apart(tmp_path, output, store, how):
    (tmp_path / "site").mkdir()
    (tmp_path / "link").symlink_to("site")
    with pytest.raises(InputError, match=f"{how} the output .* choose a folder beside it"):
        require_apart(tmp_path / output, tmp_path / store)
    require_apart(tmp_path / "site", tmp_path / "site-store")
    require_apart(tmp_path / "site", tmp_path / ".attnatlas")


def test_git_sees_what_changed_in_a_work_tree_and_nothing_else(tmp_path):
    site = tmp_path / "site"
    build(site, "one")

    def git(*words: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
        command = ["git", "-C", str(site), *identity, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    (site / "CNAME").write_text("atlas.example.org")
    git("add", "-A")
    git("commit", "-qm", "one")
    build(site, "one")
    assert git("status", "--porcelain") == ""
    build(site, "one", (*SITE[1:], "extra.html"))
    assert git("status", "--porcelain").splitlines() == [
        " D index.html",
        " M manifest-sha256.txt",
        "?? extra.html",
    ]
    git("add", "-A")
    git("commit", "-qm", "two")
    assert git("fsck", "--strict") == ""
    assert git("log", "--format=%s").split() == ["two", "one"]


STEPS = ("link", "mkdir", "rename", "unlink", "rmdir", "chmod", "utime", "symlink", "scandir")


def interrupted(work, step: int, how: str, exchange: bool) -> bool:
    """Do `work` in a copy of this process that ends, or fails, at a step; return whether it did."""
    if process := os.fork():
        return os.waitpid(process, 0)[1] != 0
    count = 0

    def counted(real):
        def call(*arguments, **options):
            nonlocal count
            count += 1
            if count == step:
                if how == "killed":
                    os._exit(9)
                raise OSError(5, "Input/output error")
            done = real(*arguments, **options)
            return done

        return call

    try:
        real = swap._exchange if exchange else (lambda one, other: False)
        swap._exchange = counted(real)
        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        os.supports_follow_symlinks.add(os.link)
        work()
        os._exit(int(count >= step))
    except BaseException:
        os._exit(1)


@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("how", ["killed", "failed"])
def test_whatever_step_fails_the_site_is_whole_and_nothing_of_the_users_is_lost(
    tmp_path, how, exchange
):
    site = tmp_path / "site"
    build(site, "one")
    before = few(site)
    step = 0
    hit = True
    while hit:
        step += 1
        hit = interrupted(partial(build, site, str(step)), step, how, exchange)
        if exchange or site.exists():
            assert is_whole(site), step
            assert theirs(site) == before, step
        recover(site)
        assert is_whole(site), step
        assert theirs(site) == before, step
        assert not (site / DRAFT).exists()
        assert [e.name for e in tmp_path.iterdir() if ".lock" not in e.name] == ["site"], step
    build(site, "last")
    assert theirs(site) == before
    assert step > 60


def test_a_build_that_is_killed_anywhen_loses_nothing(tmp_path):
    site = tmp_path / "site"
    build(site, "one")
    before = users(site)
    script = f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parents[2])!r})
        from pathlib import Path
        from tests.site.test_swap import build
        print("ready", flush=True)
        for number in range(10**6):
            build(Path({str(site)!r}), str(number))
    """
    random.seed(0)
    for _ in range(12):
        command = [sys.executable, "-c", textwrap.dedent(script)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"ready\n"
            deadline = time.monotonic() + random.uniform(0.02, 0.3)
            while time.monotonic() < deadline:
                assert (site / "index.html").exists()
            os.kill(process.pid, signal.SIGKILL)
        assert is_whole(site)
        assert theirs(site) == before
        (site / "data" / "notes.txt").write_text("changed after the crash")
        (site / "CNAME").unlink()
        before = theirs(site)
        recover(site)
        assert theirs(site) == before
        (site / "CNAME").write_text("atlas.example.org")
        before = theirs(site)
    build(site, "last")
    assert theirs(site) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]


def test_what_a_user_does_after_a_crash_is_not_undone(tmp_path, monkeypatch):
    site = tmp_path / "site"
    build(site, "one")
    users(site)
    real = swap._exchange

    def crash(one: Path, other: Path) -> bool:
        real(one, other)
        os._exit(9)

    if not (process := os.fork()):
        swap._exchange = crash
        build(site, "two")
    os.waitpid(process, 0)
    assert is_whole(site)
    (site / ".git" / "HEAD").unlink()
    (site / ".git" / "HEAD").write_text("ref: refs/heads/other\n")
    (site / "CNAME").unlink()
    shutil.rmtree(site / "nested")
    before = theirs(site)
    recover(site)
    assert theirs(site) == before
    assert [e.name for e in tmp_path.iterdir() if ".lock" not in e.name] == ["site"]
