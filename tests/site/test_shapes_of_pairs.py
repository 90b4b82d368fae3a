"""What another package says of two texts, or of two models, is drawn by shape like all else."""

import pytest
from attnatlas.analyses.analysis import Comparison, PairProbe
from attnatlas.build import build_site
from attnatlas.config import Settings

from tests.capture.tiny import tiny_model
from tests.foreign import SHAPES, everything, words
from tests.plugins import installed

PAIR = """id,text,group,variant
she,The nurse was late and she ran.,g,she
he,The nurse was late and he ran.,g,he
"""
PAGES = {
    "of-pair": "records/one/she.html",
    "of-two": "reports/of-two-one-other.html",
}


def of_pair(first, second, loaded):
    assert first.record.text != second.record.text
    return everything("of-pair", len(first.maps[0].queries))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pairs")
    (folder / "pair.csv").write_text(PAIR)
    foreign = (
        PairProbe(**words("of-pair"), compute=of_pair),
        Comparison(**words("of-two"), compute=lambda _: everything("of-two"), pairwise=True),
    )
    with installed(*foreign):
        build_site(
            Settings(
                corpora=(str(folder / "pair.csv"),),
                models=tuple(str(tiny_model(folder / name, "gpt2")) for name in ("one", "other")),
                output=folder / "site",
                store=folder / "store",
                without=("twins",),
            )
        )
    return folder / "site"


@pytest.mark.parametrize("name", PAGES)
def test_every_shape_is_drawn(site, name):
    page = (site / PAGES[name]).read_text("utf-8")
    assert f"A sentence of {name}." in page
    assert page.count(f'data-of="{name}"') == len(SHAPES)
    for shape in SHAPES:
        assert f'"chart":"shape-{shape}"' in page
    assert "never shown" not in page
    assert f'id="method-{name}"' in (site / "about.html").read_text("utf-8")


def test_a_probe_of_pairs_stands_on_the_page_of_the_first_alone(site):
    assert 'data-of="of-pair"' not in (site / "records/one/he.html").read_text("utf-8")
