"""Firefox opens what Chromium opens: each kind of page in each form; its keys work, it saves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from attnatlas.cli import run

from tests.browser.firefox import Firefox
from tests.browser.whole import build, texts

pytestmark = pytest.mark.browser

PAGES = {
    "home": "index.html",
    "about": "about.html",
    "report": "reports/errors.html",
    "compare": "reports/compare-made-encoder-made-decoder.html",
    "model": "models/made-encoder.html",
    "head": "heads/made-encoder/self-L1H2.html",
    "record": "records/made-encoder/text-0.html",
}
FORMS = ("folder", "zip", "single-file", "bag")
PAINTED = """async () => {
  const all = (named) => [...document.querySelectorAll(named)];
  const shown = (named) => all(named).filter((el) => el.checkVisibility());
  for (const drawn of shown("canvas, svg")) {
    drawn.scrollIntoView({ block: "center", behavior: "instant" });
    await new Promise((done) => setTimeout(done, 20));
  }
  await new Promise((done) => setTimeout(done, 200));
  const colours = (canvas) => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
  };
  const marks = (chart) => chart.querySelectorAll("path, rect, circle, text, line").length;
  return {
    canvases: shown("canvas").map(colours),
    charts: shown("main svg").map(marks),
    headings: shown("main h1, main h2, main h3").map((el) => el.textContent.trim()),
    words: document.querySelector("main").innerText.length,
  };
}"""
"""Go to each picture, then say how many colours a canvas has, and how many marks a chart."""

CONTROLS = """() => {
  const named = "a[href], button, input, select, textarea, summary, [tabindex]";
  window.controls = [...document.querySelectorAll(named)].filter((el) =>
    el.tabIndex >= 0 && !el.disabled && el.checkVisibility({ visibilityProperty: true }));
  return window.controls.length;
}"""
AT = "() => controls.indexOf(document.activeElement)"
SAVES = """() => {
  const figure = (item) =>
    item.dataset.of ? document.getElementById(item.dataset.of) : item.closest(".figure");
  window.saves = [...document.querySelectorAll("[data-save]")].filter(
    (item) => !["table", "link"].includes(item.dataset.save) && figure(item)?.checkVisibility());
  return window.saves.map((item) => item.dataset.save);
}"""
BEGINS = {"svg": b"<svg ", "png": b"\x89PNG", "json": b"{", "csv": b""}
"""How what is saved begins."""


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a site as a folder, as what a zip and a bag unpack to, and as one file."""
    above = tmp_path_factory.mktemp("forms")
    folder = build(above / "made up", above / "cache", texts(3), ("encoder", "decoder")).folder
    found = {"folder": folder, "single-file": folder.with_name("whole.html")}
    assert run(["export", str(folder), "--single-file", "-o", str(found["single-file"])]) == 0
    for form in ("zip", "bag"):
        packed, out = folder.with_name(f"{form}.zip"), folder.with_name(f"un-{form}")
        assert run(["export", str(folder), f"--{form}", "-o", str(packed)]) == 0
        shutil.unpack_archive(packed, out)
        (found[form],) = (home.parent for home in out.rglob("index.html"))
    return found


def address(forms: dict[str, Path], form: str, kind: str) -> str:
    """Return where a kind of page is in a form of the site."""
    if form == "single-file":
        return f"{forms[form].as_uri()}?{PAGES[kind]}"
    return (forms[form] / PAGES[kind]).as_uri()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", PAGES)
def test_every_section_is_painted(
    forms: dict[str, Path], firefox: Firefox, form: str, kind: str
) -> None:
    firefox.open(address(forms, form, kind))
    found = firefox.run(PAINTED)
    assert bool(found["canvases"]) == (kind not in ("report", "compare"))
    assert min(found["canvases"], default=9) > 1, found
    assert min(found["charts"], default=9) > 0, found
    assert found["headings"]
    assert found["words"] > 200


@pytest.mark.parametrize("kind", PAGES)
def test_tab_reaches_each_control_and_comes_back(
    forms: dict[str, Path], firefox: Firefox, kind: str
) -> None:
    firefox.open(address(forms, "folder", kind))
    count = firefox.run(CONTROLS)
    assert walk(firefox, "Tab", count) == list(range(count))
    assert walk(firefox, "Shift+Tab", count - 1) == list(range(count - 1))[::-1]


def walk(firefox: Firefox, key: str, count: int) -> list[int]:
    """Press a key until `count` controls were met; return them in the order of meeting them."""
    met: list[int] = []
    for _ in range(2 * count):  # a region that scrolls is a stop of its own
        if len(met) == count:
            break
        firefox.press(key)
        at = firefox.run(AT)
        if at >= 0 and at not in met[-1:]:
            met.append(at)
    return met


def test_keys_lead_to_the_next_text_and_open_a_link(
    forms: dict[str, Path], firefox: Firefox
) -> None:
    firefox.open(address(forms, "folder", "record"))
    firefox.press("]")
    firefox.until("() => /text-1.html$/.test(location.pathname) && document.body?.dataset.ready")
    firefox.run("() => document.querySelector('a[href*=about]').focus()")
    firefox.press("Enter")
    firefox.until("() => /about.html$/.test(location.pathname) && document.body?.dataset.ready")


@pytest.mark.parametrize("form", ["folder", "single-file"])
@pytest.mark.parametrize("kind", PAGES)
def test_what_can_be_saved_is_saved(
    forms: dict[str, Path], firefox: Firefox, form: str, kind: str
) -> None:
    firefox.open(address(forms, form, kind))
    firefox.run(PAINTED)  # what is drawn when it is near
    saves = firefox.run(SAVES)
    assert bool(saves) == (kind in ("home", "model", "record"))
    for at, what in enumerate(saves):
        saved = firefox.download("(at) => saves[at].click()", at).read_bytes()
        assert len(saved) > 20
        assert saved.startswith(BEGINS[what]), what


def test_numbers_are_saved_from_one_file(forms: dict[str, Path], firefox: Firefox) -> None:
    firefox.open(address(forms, "single-file", "record"))
    link = "() => [...document.querySelectorAll('main a')].find((a) => /all numbers/.test(a.text))"
    saved = firefox.download(f"() => ({link})().click()").read_bytes()
    assert saved == (forms["folder"] / "data/made-encoder/text-0.safetensors").read_bytes()


def test_what_goes_wrong_on_a_page_is_seen(browser: Firefox, tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    policy = "default-src 'none'; script-src 'unsafe-inline'; img-src http:"
    page.write_text(
        f"""<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="{policy}">
        <body><img src="http://example.org/a.png"><p style="color: red">Red</p>
        <script>console.warn("mind"); setTimeout(() => {{
          document.body.dataset.ready = 1; throw Error("broken");
        }})</script>"""
    )
    browser.problems.clear()
    browser.open(page.as_uri())
    words = ("example.org", "blocked an inline style", "mind", "broken")
    browser.listen(lambda: all(word in " ".join(browser.problems) for word in words))
