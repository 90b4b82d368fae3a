"""Addresses where a file is wanted, and the other way round."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.corpus import load_corpora, read_options
from attnatlas.models import resolve_model

from tests.hostile.case import Case


def corpus(name: str) -> Callable[[Path], object]:
    return lambda folder: load_corpora([name], options=read_options(Settings()))


def model(name: str) -> Callable[[Path], object]:
    return lambda folder: resolve_model(name, Settings(offline=True))


def published_at(address: str) -> Callable[[Path], object]:
    return lambda folder: build_site(
        Settings(base_url=address, output=folder / "site", store=folder / "store")
    )


BASE = "--base-url is"
CASES = {
    "corpus: http": Case(corpus("http://evil.example/a.csv"), "is an address"),
    "corpus: https": Case(corpus("https://evil.example/a.csv"), "is an address"),
    "corpus: file": Case(corpus("file:///etc/passwd"), "is an address"),
    "corpus: ftp": Case(corpus("ftp://evil.example/a.csv"), "is an address"),
    "corpus: a bucket": Case(corpus("s3://bucket/a.csv"), "is an address"),
    "corpus: a share": Case(corpus("\\\\host\\share\\a.csv"), "is an address"),
    "corpus: a device": Case(corpus("/dev/zero"), "is a pipe or a device"),
    "corpus: a null": Case(corpus("a\0.csv"), "No corpus"),
    "corpus: escapes of a terminal": Case(corpus("\x1b[2J.csv"), "No corpus '\\x1b[2J.csv'"),
    "model: http": Case(model("https://evil.example/model"), "Unknown model"),
    "base-url: a script": Case(published_at("javascript:alert(1)"), BASE),
    "base-url: data": Case(published_at("data:text/html,<script>x</script>"), BASE),
    "base-url: a file": Case(published_at("file:///etc/"), BASE),
    "base-url: ftp": Case(published_at("ftp://example.org/"), BASE),
    "base-url: no scheme": Case(published_at("//evil.example/"), BASE),
    "base-url: no host": Case(published_at("https:///atlas"), BASE),
    "base-url: a quote": Case(published_at('https://a.example/"onload="x()'), BASE),
    "base-url: a tag": Case(published_at("https://a.example/<script>"), BASE),
    "base-url: a new line": Case(published_at("https://a.example/\nX: y"), BASE),
    "base-url: a query": Case(published_at("https://a.example/?q=1"), BASE),
    "base-url: a bad port": Case(published_at("https://a.example:99999/"), BASE),
    "base-url: a password": Case(published_at("https://me:secret@a.example/"), "a password"),
}
