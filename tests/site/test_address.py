"""A site that knows its address says it; one that does not names none."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from attnatlas.build import build_site
from attnatlas.cli import run
from attnatlas.config import Settings
from attnatlas.errors import InputError
from attnatlas.share.built_site import open_site
from attnatlas.share.check.everything import check
from attnatlas.site.address import require_web
from PIL import Image

BASE = "https://example.org/my atlas/".replace(" ", "-")


@pytest.fixture(scope="module")
def settings(
    tmp_path_factory: pytest.TempPathFactory, corpus: str, models: dict[str, str], store: Path
) -> Settings:
    """Return the settings of a small build."""
    return Settings(
        corpora=(corpus,),
        models=(models["bert"],),
        output=tmp_path_factory.mktemp("address") / "site",
        store=store / "store",
        base_url=BASE,
        without=("twins",),
    )


@pytest.fixture(scope="module")
def site(settings: Settings) -> Path:
    """Return a site that knows its address."""
    build_site(settings)
    return settings.output


def test_every_page_names_its_own_address(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if path.name != "404.html"]
    assert len(pages) > 8
    for path in pages:
        url = path.relative_to(site).as_posix()
        expected = BASE if url == "index.html" else BASE + url
        text = path.read_text("utf-8")
        assert re.findall(r'rel="canonical" href="([^"]+)"', text) == [expected]
        assert f'content="{BASE}card.png"' in text
        assert "noindex" not in text
    assert check(open_site(site), recompute=False).problems == ()


def test_the_line_to_cite_a_text_by_has_its_full_address(site: Path) -> None:
    for path in (site / "records").rglob("*.html"):
        text = path.read_text("utf-8")
        full = BASE + path.relative_to(site).as_posix()
        assert f'<span data-address="{full}">{full}</span></pre>' in text


def test_the_sitemap_lists_every_page_once(site: Path) -> None:
    tree = ElementTree.fromstring((site / "sitemap.xml").read_bytes())
    listed = [element.text for element in tree.iter() if element.tag.endswith("}loc")]
    assert len(listed) == len({*listed})
    assert len(listed) == len([p for p in site.rglob("*.html") if p.name != "404.html"])
    assert BASE in listed


def test_the_picture_is_as_services_want_it(site: Path) -> None:
    picture = Image.open(io.BytesIO((site / "card.png").read_bytes()))
    assert picture.size == (1200, 630)
    colours = picture.convert("RGB").getcolors(2_000_000)
    assert colours
    assert len(colours) > 100


def test_a_page_for_a_wrong_address_leads_home_from_any_depth(site: Path) -> None:
    text = (site / "404.html").read_text("utf-8")
    assert re.findall(r'href="([^"]+)"', text) == [f"{BASE}index.html"]


def test_a_site_may_ask_to_be_left_out(settings: Settings, tmp_path: Path) -> None:
    from dataclasses import replace

    build_site(replace(settings, noindex=True, output=tmp_path / "quiet"))
    home = (tmp_path / "quiet" / "index.html").read_text("utf-8")
    assert '<meta name="robots" content="noindex">' in home
    assert not (tmp_path / "quiet" / "sitemap.xml").exists()


def test_a_site_without_an_address_cites_a_text_by_its_place_in_it(built: object) -> None:
    from attnatlas.build import BuildReport

    assert isinstance(built, BuildReport)
    page = next((built.output / "records").rglob("*.html"))
    place = page.relative_to(built.output).as_posix()
    assert f'<span data-address="{place}">{place}</span></pre>' in page.read_text("utf-8")


def test_a_site_without_an_address_names_none(built: object, tmp_path: Path) -> None:
    from attnatlas.build import BuildReport

    assert isinstance(built, BuildReport)
    text = (built.output / "index.html").read_text("utf-8")
    assert "canonical" not in text
    assert "og:" not in text
    assert not (built.output / "card.png").exists()


@pytest.mark.parametrize(
    "base",
    ["javascript:alert(1)", "file:///etc", "example.org", "https://", "https://a b/", "//x/"],
)
def test_only_addresses_of_the_web_are_taken(base: str) -> None:
    with pytest.raises(InputError, match="https://example"):
        require_web(base)
    require_web(BASE)
    assert run(["build", "--base-url", base, "-o", "/nowhere"]) == 2
