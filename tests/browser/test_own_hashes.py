"""The about page hashes what its figures are drawn from, in Chromium and in Firefox."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attnatlas.cli import cli, run
from attnatlas.pages.packing import pack_script, packs_in
from attnatlas.share.built_site import open_site
from attnatlas.share.chosen import choose, contents_of
from attnatlas.share.single_file import single_file
from attnatlas.site.manifest import MANIFEST
from click.testing import CliRunner

from tests.browser.conftest import Open
from tests.browser.firefox import Firefox, program
from tests.browser.firefox import firefox as firefox_in
from tests.share.lines import small_site

pytestmark = pytest.mark.browser

Answer = Callable[[str], str]
"""Opens an address, presses the button, and returns what is said."""
PRESSED = "document.querySelector('[data-check]').click()"
DONE = "/^(?!Hashing).+/.test(document.querySelector('[data-checked]').textContent)"
SAID = "document.querySelector('[data-checked]').textContent"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a site, one that is signed, and what was changed in copies of them."""
    above = tmp_path_factory.mktemp("hashes")
    built = small_site(above, without=("twins",))
    plain, signed = built.rename(above / "plain"), above / "signed"
    shutil.copytree(plain, signed)
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(above / "key")]
    subprocess.run(words, check=True)
    assert run(["export", str(signed), "--sign", str(above / "key")]) == 0
    for name in ("plain", "signed"):
        one = str(above / f"{name}.html")
        assert run(["export", str(above / name), "--single-file", "-o", one]) == 0
    for name in ("changed", "resigned"):
        shutil.copytree(signed, above / name)
    other = changed((signed / "maps" / "index.js").read_bytes())
    (above / "changed" / "maps" / "index.js").write_bytes(other)
    contents = contents_of(open_site(signed)) | {"maps/index.js": other}
    (above / "changed.html").write_bytes(single_file(contents, choose(contents)).content)
    script = above / "resigned" / "manifest.js"
    script.write_text(script.read_text("utf-8").replace('"manifest": "0', '"manifest": "1'))
    text = script.read_text("utf-8")
    script.write_text(text.replace("lines: texts", "other: texts"))
    return above


def changed(script: bytes) -> bytes:
    """Return a script of matrices with one other byte in one of them."""
    packs = {key: bytearray(gzip.decompress(data)) for key, data in packs_in(script).items()}
    next(iter(packs.values()))[0] ^= 1
    return pack_script({key: gzip.compress(bytes(data)) for key, data in packs.items()})


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    found = program()
    if found is None:
        pytest.fail("no Firefox is on the PATH; `make firefox` installs one")
    with firefox_in(found, tmp_path_factory.mktemp("firefox")) as running:
        yield running


@pytest.fixture(params=["chromium", "firefox"])
def answer(request: pytest.FixtureRequest, open_page: Open) -> Iterator[Answer]:
    """Return a function that asks the about page of a site, in each browser."""
    if request.param == "chromium":

        def ask(path: Path, query: str) -> str:
            page = open_page(path, query)
            page.evaluate(PRESSED)
            page.wait_for_function(f"() => {DONE}")
            return str(page.evaluate(SAID))

        yield asking(ask)
        return
    browser: Firefox = request.getfixturevalue("firefox")
    browser.problems.clear()

    def ask_firefox(path: Path, query: str) -> str:
        browser.open(path.as_uri() + query)
        browser.run(f"() => {{ {PRESSED} }}")
        browser.until(f"() => {DONE}")
        return str(browser.run(f"() => {SAID}"))

    yield asking(ask_firefox)
    assert browser.problems == []


def asking(ask: Callable[[Path, str], str]) -> Answer:
    def of(path: str) -> str:
        where = Path(path)
        return ask(where, "?about.html") if where.is_file() else ask(where / "about.html", "")

    return of


@pytest.fixture(scope="module")
def fingerprint(sites: Path) -> str:
    told = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(sites / "key.pub")], check=True, capture_output=True
    )
    return told.stdout.decode().split()[1]


@pytest.mark.parametrize("form", ["", ".html"])
def test_a_page_says_that_its_numbers_are_those_of_the_manifest(
    sites: Path, answer: Answer, form: str
) -> None:
    said = answer(f"{sites}/plain{form}")
    assert said.startswith("These are the numbers of the manifest: ")
    held = open_site(sites / f"plain{form}")
    read = [url for url in held.manifest if url.startswith("maps/") or form]
    assert f" {len([url for url in read if url in held.files])} files were hashed" in said
    own = hashlib.sha256(held.text(MANIFEST).encode()).hexdigest()
    assert said.endswith(f"Fingerprint: {own}")
    told = CliRunner().invoke(cli, ["check", "--fast", f"{sites}/plain{form}"]).output
    assert f", fingerprint {own}): nothing is wrong." in told


@pytest.mark.parametrize("form", ["", ".html"])
def test_a_page_of_a_signed_site_names_the_key(
    sites: Path, answer: Answer, form: str, fingerprint: str
) -> None:
    said = answer(f"{sites}/signed{form}")
    assert said.startswith(f"These are the signed numbers. The key {fingerprint} signed")


@pytest.mark.parametrize("form", ["", ".html"])
def test_a_page_names_the_file_that_was_changed(sites: Path, answer: Answer, form: str) -> None:
    said = answer(f"{sites}/changed{form}")
    assert said == "Not the numbers of the manifest: maps/index.js was changed."


def test_a_statement_that_was_changed_is_not_signed(sites: Path, answer: Answer) -> None:
    assert answer(f"{sites}/resigned") == "The signature is not of these numbers."


def test_a_check_says_whose_signature_it_is(
    sites: Path, fingerprint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in ("", ".html"):
        assert run(["check", f"{sites}/signed{form}"]) == 0
        assert f"Signed with the key {fingerprint}" in capsys.readouterr().err
    assert run(["check", "--fast", f"{sites}/resigned"]) == 1
    assert "manifest.js: has a signature" in capsys.readouterr().out
