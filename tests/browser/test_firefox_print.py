"""Firefox takes a page for paper as soon as it has said so: nothing that waits is on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.firefox import Firefox
from tests.browser.whole import build, texts

pytestmark = pytest.mark.browser

PAGES = {
    "home": ("index.html", 4),
    "model": ("models/made-encoder.html", 7),
    "head": ("heads/made-encoder/self-L1H2.html", 2),
    "record": ("records/made-encoder/text-0.html", 5),
}
"""A page of each kind, and the least of pictures that it has."""
SEEN = """() => {
  const shown = [...document.querySelectorAll("canvas")]
    .filter((el) => el.checkVisibility({ visibilityProperty: true }) && el.clientWidth > 0);
  const named = (el) =>
    (el.closest(".figure[id], section[id], [data-thumb]")?.id || "") + " " + shown.indexOf(el);
  const told = (el) => {
    if (!el.width || !el.height) return [named(el), 0, 255];
    const { data } = el.getContext("2d").getImageData(0, 0, el.width, el.height);
    const colours = new Set(new Uint32Array(data.buffer)).size;
    let dark = 0; // how far the mean is from paper, on which what is clear is light
    for (let at = 0; at < data.length; at += 4) {
      dark += (255 - Math.min(data[at], data[at + 1], data[at + 2])) * (data[at + 3] / 255);
    }
    return [named(el), colours, dark / (data.length / 4)];
  };
  return shown.map(told);
}"""
"""Each picture: its name, how many colours it has, and its darkness."""
NOTE = f"() => {{ addEventListener('beforeprint', () => {{ window.atPrint = ({SEEN})(); }}); }}"
THEME = "(name) => localStorage.setItem('atlas-theme', name)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    above = tmp_path_factory.mktemp("paper")
    return build(above / "site", above / "cache", texts(3)).folder


def printed(firefox: Firefox, path: Path, theme: str, drawn: bool) -> list[tuple[str, int, float]]:
    """Return what there was of each picture when the page was printed in this theme."""
    firefox.open(path.as_uri())
    firefox.run(THEME, theme)
    firefox.open(path.as_uri())
    if drawn:
        firefox.until(f"() => ({SEEN})().every(([, colours]) => colours > 1)")
        firefox.run("() => new Promise((done) => setTimeout(done, 900))")  # and Vega has taken over
    firefox.run(NOTE)
    firefox.print()
    found: list[tuple[str, int, float]] = firefox.run("() => atPrint")
    return found


@pytest.mark.parametrize("kind", PAGES)
def test_what_is_printed_at_once_is_whole(site: Path, firefox: Firefox, kind: str) -> None:
    path, least = PAGES[kind]
    found = printed(firefox, site / path, "light", drawn=False)
    assert len(found) >= least
    assert [name for name, colours, _ in found if colours < 2] == []


@pytest.mark.parametrize("kind", PAGES)
def test_paper_is_light_where_the_screen_is_dark(site: Path, firefox: Firefox, kind: str) -> None:
    path, _ = PAGES[kind]
    light = printed(firefox, site / path, "light", drawn=True)
    dark = printed(firefox, site / path, "dark", drawn=True)
    firefox.run(THEME, "light")
    assert [name for name, *_ in light] == [name for name, *_ in dark]
    apart = [
        (name, ink, other)
        for (name, _, ink), (_, _, other) in zip(light, dark, strict=True)
        if abs(ink - other) > 2
    ]
    assert apart == []
