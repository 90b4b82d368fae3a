"""The files that all pages share: charts that Vega-Lite knows, and what is kept of them."""

from pathlib import Path

import altair as alt
import jsonschema
import pytest
from attnatlas.charts import dots, model, record, relations, shapes, similarity, tokens
from attnatlas.charts.every import every_chart
from attnatlas.site.assets import assets, kept, user_folder

KINDS = (
    record.record_charts, tokens.token_charts, model.model_charts,
    similarity.similarity_charts, relations.relation_charts, shapes.shape_charts,
    lambda: {"dots": dots.dots()},
)  # fmt: skip
CHARTS = every_chart()


def test_no_two_charts_have_one_name() -> None:
    assert len(CHARTS) == sum(len(charts()) for charts in KINDS)


@pytest.mark.parametrize("name", list(CHARTS))
def test_every_chart_is_vega_lite(name: str) -> None:
    jsonschema.validate(CHARTS[name], alt.load_schema())


def test_what_is_kept_is_made_once_and_anew_where_it_was_damaged(tmp_path: Path) -> None:
    path, made, said = tmp_path / "assets" / "one.kept", [], []

    def make() -> str:
        made.append(1)
        return "über\n"

    assert kept(path, make, said.append) == kept(path, make, said.append) == "über\n"
    assert (len(made), said) == (1, [])
    whole = path.read_bytes()
    for damaged in (whole[:-2], whole.replace(b"ber", b"bes"), b"", b"\xff\n"):
        path.write_bytes(damaged)
        assert kept(path, make, said.append) == "über\n"
        assert path.read_bytes() == whole
    assert len(said) == 4
    assert len(made) == 5
    assert "one.kept is damaged" in said[0]


def test_what_cannot_be_kept_is_made_all_the_same(tmp_path: Path) -> None:
    path, said = tmp_path / "one.kept", []
    path.mkdir()
    assert kept(path, lambda: "über\n", said.append) == "über\n"
    assert [*tmp_path.iterdir()] == [path]
    assert said == [f"{path} cannot be kept (Is a directory), and is made anew in each build."]


def test_sites_of_one_user_share_what_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = user_folder()
    assert folder == tmp_path / "cache" / "attnatlas"
    for name in ("one", "two"):
        files = dict(assets(tmp_path / name, print, reports=False))
        assert not (tmp_path / name).exists()
    assert sorted(path.name.partition("-")[0] for path in folder.iterdir()) == ["charts", "vega"]
    assert files["assets/vega.js"].encode() in next(folder.glob("vega-*")).read_bytes()


def test_a_folder_that_others_write_to_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_folder() == tmp_path / "attnatlas"
    (tmp_path / "attnatlas").chmod(0o777)
    assert user_folder() is None
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "attnatlas" / "file" / "below"))
    (tmp_path / "attnatlas" / "file").touch()
    assert user_folder() is None
