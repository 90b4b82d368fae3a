"""What pages say of counts, findings, models and provenance, before any template sees it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from attnatlas.analyses.faithfulness.record import AOPC
from attnatlas.charts.roles import LETTERS
from attnatlas.config import Settings
from attnatlas.pages.home import Facts, cut
from attnatlas.pages.home_sentences import (
    LINES,
    asked,
    asked_of_trees,
    in_short,
    verdict_lines,
)
from attnatlas.pages.model.dots import dots_island
from attnatlas.pages.model.measurements import measurements
from attnatlas.pages.model_summary import parameters
from attnatlas.pages.record.erased import _falls
from attnatlas.pages.sentence_links import sentence_parts
from attnatlas.pages.shape_figures import titled, used
from attnatlas.pages.verdicts import INSET, WIDTH, axis, dot_plot, verdict_line, verdict_list
from attnatlas.results.levels import CORRELATION, PROBABILITY, Claim
from attnatlas.results.shapes import Finding, Result, Table
from attnatlas.results.survival import Survival, Way
from attnatlas.results.wording import as_much, points
from attnatlas.site.about import citation
from attnatlas.site.provenance import collect, command

HELD = Claim(0.5, (0.4, 0.6), (0.0, 0.1), 0.1)


def test_the_lead_counts_in_words_up_to_nine() -> None:
    assert Facts(pages=1, texts=1, models=1, heads=4, tokens=9).lead.startswith(
        "Where a language model looks while it reads one text:"
    )
    assert Facts(pages=31, texts=30, models=2, heads=4, tokens=900).lead.startswith(
        "Where two language models look while they read 30 texts:"
    )


def test_a_long_text_is_cut_at_a_space() -> None:
    assert cut("short") == "short"
    assert cut("one two three", 9) == "one two…"


def test_in_short_prefers_what_holds_beyond_chance() -> None:
    held = Finding("b", "It holds.", claim=HELD)
    assert in_short([Finding("a", "Plain."), held]) == "It holds."
    assert in_short([Finding("a", "Plain.")]) == "Plain."
    assert in_short([]) == ""


def test_where_no_word_stands_beside_it_a_claim_that_fails_is_told_as_facts() -> None:
    failing = replace(HELD, value=0.0, interval=(0.0, 0.01))
    said = Finding("a", "Much rests.", claim=failing, plain="2% rests.")
    assert said.level == "does not hold"
    assert (said.alone, said.facts) == ("Does not hold: Much rests.", "2% rests.")
    assert replace(said, claim=HELD).facts == "Much rests."


def test_home_leaves_the_gap_of_one_pair_to_its_page_and_prefers_what_holds_in_most_ways() -> None:
    gap = Finding("gap-m", "One pair.", page="reports/coreference.html", n=1)
    other = replace(gap, id="accuracy-m", statement="Three of four.", n=4)
    ((answered,),) = [one.answers for one in asked([("Who", gap.page)], [gap, other])]
    assert answered.parts == (("Three of four.", "", ""),)
    assert asked([("Who", gap.page)], [gap]) == []
    failing = replace(HELD, value=0.0, interval=(0.0, 0.01))
    ways = tuple(Way(str(at), failing if at else HELD) for at in range(3))
    page = SimpleNamespace(url="m.html", model=SimpleNamespace(name="m"))
    flips = Finding("a", "Flips.", page="m.html", analysis="x", claim=HELD, survival=Survival(ways))
    stays = replace(flips, id="b", statement="Stays.", survival=Survival(ways[:1] * 3))
    lines = verdict_lines(SimpleNamespace(models=[page]), [flips, stays])
    assert [line.finding.statement for line in lines] == ["Stays.", "Flips."]


def test_what_erasing_takes_is_said_in_points_beside_the_band_of_chance() -> None:
    rng = np.random.default_rng(0)
    random = tuple((n, *rng.normal(0.1, 0.02, 4)) for n in range(50))
    drawn = np.array([row[1:] for row in random])

    def said(value: bool = False) -> str:
        tables = {
            "aopc": Table(
                AOPC, (("occlusion", 0.412, 0.1, None, None), ("rollout", 0.3, 0.1, None, None))
            ),
            "random": Table(AOPC, random),
        }
        return _falls(Result("faithfulness", tables=tables), "occlusion", value, "hiding")

    low, high = (points(end) for end in np.quantile(drawn[:, 0], (0.025, 0.975)))
    assert said() == (
        "On average, hiding the first words of occlusion costs 41 points, "
        f"rollout 30, random words {points(drawn[:, 0].mean())} ({low} to {high})."
    )
    assert "of occlusion costs 0.41, rollout 0.30, random words 0.1" in said(value=True)


def test_the_home_page_asks_every_model_several_questions() -> None:
    pages = [SimpleNamespace(url=f"m{n}.html", model=SimpleNamespace(name=f"m{n}")) for n in (1, 2)]
    names = ["syntax"] * 9 + ["profile"] * 3 + ["anchors"] * 2 + ["faithfulness"]
    findings = [
        Finding(f"{at}", f"{name}.", page=page.url, analysis=name, claim=claim)
        for page in pages
        for at, name in enumerate(names)
        for claim in ((None, HELD) if at == 9 else (HELD,))
    ]
    lines = verdict_lines(SimpleNamespace(models=pages), findings)  # type: ignore[arg-type]
    assert len(lines) == LINES
    first = [line.finding for line in lines]
    told = ["profile", "profile", "anchors", "anchors", "faithfulness"]
    assert [one.analysis for one in first] == told
    assert {one.level for one in first} == {"holds"}
    assert [line.where for line in lines] == ["m1", "m2", "m1", "m2", "m1"]


def test_the_home_page_opens_with_how_many_answers_are_wrong_and_the_way_to_them() -> None:
    counted = Finding("e", "a&b labels 4.", page="r/e.html", value=0.5, n=4, model="a&b")
    findings = [replace(counted, key="accuracy"), replace(counted, id="f", key="other")]
    [one] = asked([("Errors", "r/e.html"), ("None", "r/n.html")], findings)
    [first] = one.answers
    assert (first.words, first.link) == ("See the 2", "r/e.html#model=a%26b&right=no")
    assert one.more == 0
    perfect = replace(counted, key="accuracy", value=1.0)
    assert asked([("Errors", "r/e.html")], [perfect])[0].answers[0].link == "r/e.html"


def test_home_answers_what_heads_find_of_trees_where_there_is_no_report() -> None:
    told = Finding("a", "Told.", page="models/m.html", analysis="syntax", n=9)
    held = replace(told, id="b", statement="Held.", claim=HELD)
    findings = [told, held, replace(told, id="c", told=False), replace(told, analysis="profile")]
    [one] = asked_of_trees(findings, {})
    assert [answer.parts[0].text for answer in one.answers] == ["Held.", "Told."]
    assert one.answers[0].link == "models/m.html#syntax-relations"
    assert asked_of_trees(findings[3:], {}) == []


def test_of_many_reports_the_home_page_says_one_sentence_each() -> None:
    pages = [(f"R{n}", f"r/{n}.html") for n in range(3)]
    said = [
        Finding(f"{url}-{n}", f"Sentence {n}.", page=url, key=f"k{n}")
        for _, url in pages
        for n in range(4)
    ]
    assert [(len(one.answers), one.more) for one in asked(pages, said)] == [(1, 3)] * 3
    assert [len(one.answers) for one in asked(pages[:2], said)] == [3, 3]


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([0.92, 0.4], (0.0, 1.0, 0)),
        ([0.12, 0.16], (0.0, 0.2, 2)),
        ([-0.1, 0.2], (-0.2, 0.2, 2)),
        ([4.6, 6.6], (0.0, 10.0, 0)),
        ([37.0], (0.0, 100.0, 0)),
        ([0.0], (0.0, 1.0, 0)),
    ],
)
def test_an_axis_is_round_and_holds_all(values: list[float], ends: tuple[float, ...]) -> None:
    assert axis(values) == ends


def test_a_dot_plot_puts_everything_in_its_place_and_in_words() -> None:
    plot = dot_plot(Finding("a", "", value=0.5, interval=(0.25, 1.0), null=(0.0, 0.25)))
    middle = WIDTH / 2
    assert plot.dot == middle
    assert plot.interval == ((INSET + middle) / 2, WIDTH - INSET)
    assert plot.says == "0.50, 95% interval 0.25 to 1.00, chance gives 0.00 to 0.25"


def test_a_count_is_drawn_among_all_that_were_counted() -> None:
    found = Finding("a", "", value=6.0, among=12, null=(0.0, 3.0), null_says="heads by luck")
    plot = dot_plot(found)
    assert plot.dot == WIDTH / 2
    assert (plot.low, plot.value, plot.high) == ("0", "6", "12")
    assert plot.says == "6, chance gives 0 to 3"
    assert verdict_line(found).chance == "heads by luck: 0 to 3"


def test_a_plot_says_its_numbers_in_the_unit_of_the_sentence():
    ends = {"interval": (-0.4, -0.05), "null": (-0.13, 0.13), "null_says": "untrained copies"}
    line = verdict_line(Finding("gap-x", "29 points.", value=-0.29, analysis="coreference", **ends))
    assert line.plot
    assert (line.plot.low, line.plot.value, line.plot.high) == ("−50", "−29 points", "50 points")
    assert line.plot.says == (
        "−29 points, 95% interval −40 to −5.0 points, chance gives −13 to 13 points"
    )
    assert line.chance == "untrained copies: −13 to 13 points"
    share = Finding("who-x", "57%.", value=0.57, null=(0.5, 0.5), null_says="guessing", twin=(0.5,))
    line = verdict_line(replace(share, analysis="coreference"))
    assert line.plot
    assert (line.plot.low, line.plot.value, line.plot.high) == ("0%", "57%", "100%")
    assert (line.chance, line.untrained) == ("guessing: 50%", "an untrained copy: 50%")
    assert verdict_line(share).chance == "guessing: 0.50"  # its unit is not known


def test_what_a_share_is_claimed_to_be_beyond_is_said_in_points():
    claim = Claim(0.27, (0.2, 0.3), (0.0, 0.0), 0.1)
    found = Finding("x-rest", "57%.", value=0.57, claim=claim, twin=(0.02,), analysis="profile")
    said = "more than that by 27 points; an untrained copy: 2.0 points"
    assert verdict_line(found).untrained == said


def test_a_plot_shows_what_its_verdict_is_about_and_what_it_takes_to_hold():
    """That 40 points are more than 31 by chance is a verdict about 9 points, not about 40."""
    claim = Claim(0.09, (0.06, 0.12), (-0.03, 0.03), 0.05)
    ends = {"value": 0.4, "interval": (0.3, 0.5), "null": (0.28, 0.34), "analysis": "faithfulness"}
    line = verdict_line(Finding("m-rollout-erased", "40.", claim=claim, **ends))
    assert line.word == "Holds"
    assert line.plot
    assert line.plot.value == "+9.0 points"
    assert line.plot.null[1] < line.plot.bar < line.plot.interval[0] < line.plot.dot
    assert line.plot.says == (
        "9.0 points more than chance, 95% interval 6.0 to 12 points, chance gives −3.0 to 3.0 "
        "points, a claim holds above 5.0 points"
    )
    assert line.needs == ""
    failing = replace(claim, value=0.02, interval=(0.01, 0.03))
    line = verdict_line(Finding("m-rollout-erased", "33.", claim=failing, **ends))
    assert line.plot.dot < line.plot.bar
    assert line.needs == "to hold, its whole interval must lie above 5.0 points"
    [row] = measurements({"faithfulness": [line.finding]})
    assert (row.value, row.says) == ("2.0", "points more than chance, −3 to 5")
    assert row.strip.dot < row.strip.bar == 100
    less = replace(claim, value=0.4, interval=(0.3, 0.5), null=(0.28, 0.34), side="less")
    line = verdict_line(Finding("m-cross-alignment-head", "40.", claim=less, **ends))
    assert line.needs == "to hold, its whole interval must lie below 0.26"
    assert line.plot.says.endswith("a claim holds below 0.26")
    plain = verdict_line(Finding("m-rollout-erased", "40.", **ends))
    assert (plain.plot.value, plain.plot.bar, plain.needs) == ("40 points", None, "")


def test_a_model_page_draws_how_much_more_it_costs_to_erase_an_order() -> None:
    claim = Claim(0.09, (0.06, 0.12), (-0.03, 0.03), 0.05)
    found = Finding("rollout-erased", "40.", value=0.4, claim=claim, n=9)
    drawn = dots_island({"faithfulness": Result("faithfulness", findings=(found,))})["erased"]
    [row] = drawn["rows"]
    assert (row["value"], row["low"], row["null_high"], row["open"]) == (9, 6, 3, False)


def test_home_prefers_what_is_known_of_five_texts_or_more() -> None:
    few = Finding("few", "In one text.", page="reports/translation.html", n=1)
    many = replace(few, id="many", statement="In thirty texts.", n=30)
    ((first, second),) = [one.answers for one in asked([("Words", few.page)], [few, many])]
    assert (first.parts[0].text, second.parts[0].text) == ("In thirty texts.", "In one text.")


def test_heads_in_a_sentence_lead_to_the_page_of_the_finding() -> None:
    found = Finding("a", "Head L8H10 and XL3H4 differ.", page="models/m.html")
    assert [(part.text, part.link) for part in sentence_parts(found)] == [
        ("Head ", ""),
        ("L8H10", "models/m.html#layer=8&head=10"),
        (" and XL3H4 differ.", ""),
    ]


@pytest.mark.parametrize(
    ("name", "analysis", "kind"),
    [
        ("en-fr-decoder-best-self", "habits", "&kind=decoder"),
        ("my-encoder-en-fr-cross-alignment-head", "alignment", "&kind=cross"),
        ("my-encoder-tuned-self-best-first", "habits", ""),
        ("translation-en-fr-head", "translation", "&kind=cross"),
    ],
)
def test_a_head_in_a_sentence_leads_to_its_own_kind_of_attention(
    name: str, analysis: str, kind: str
) -> None:
    found = Finding(name, "L0H1.", page="models/m.html", analysis=analysis)
    assert sentence_parts(found)[0].link == f"models/m.html#layer=0&head=1{kind}"


def test_models_in_the_sentence_of_a_report_lead_to_their_pages_and_heads_to_their_model() -> None:
    models = {"en": "models/en.html", "en-fr": "models/en-fr.html"}
    statement = "en-fr reads “en” with L0H1, no-en-fr and en.wiki do not."
    found = Finding("x", statement, page="reports/r.html", model="en-fr")
    named = [part for part in sentence_parts(found, models) if part.link]
    assert named == [
        ("en-fr", "model", "models/en-fr.html"),
        ("L0H1", "head", "models/en-fr.html#layer=0&head=1"),
    ]
    both = replace(found, statement="From en to en-fr, L0H1 moved most.", model="")
    named = [part for part in sentence_parts(both, models) if part.names]
    assert named == [
        ("en", "model", "models/en.html"),
        ("en-fr", "model", "models/en-fr.html"),
        ("L0H1", "head", ""),
    ]


def test_lines_of_one_unit_stand_on_one_axis() -> None:
    high = Finding("who-a", "75%.", value=0.75, n=4, analysis="coreference")
    low = replace(high, id="who-b", statement="50%.", value=0.5)
    gap = replace(high, id="gap-a", statement="2 points.", value=0.02)
    first, second, apart = (line.plot for line in verdict_list([high, low, gap]))
    assert first
    assert second
    assert apart
    assert (first.low, first.high) == (second.low, second.high) == ("0%", "100%")
    assert second.dot == INSET + 0.5 * (WIDTH - 2 * INSET)
    assert apart.high == "2.0 points"


def test_parameters_are_said_in_round_numbers() -> None:
    counts = (None, 812, 2_564_322, 110_000_000, 7_240_000_000)
    assert [parameters(count) for count in counts] == ["–", "812", "2.6 M", "110 M", "7.2 B"]


def test_every_role_has_a_letter_of_its_own() -> None:
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_a_citation_is_linked_only_over_https() -> None:
    plain = citation("Clark et al. 2019, What Does BERT Look At?, https://doi.org/10.18653/v1/x")
    assert plain.text == "Clark et al. 2019, What Does BERT Look At?"
    assert plain.link == "https://doi.org/10.18653/v1/x"
    assert citation("Somebody, javascript:alert(1)").link == ""


def test_provenance_names_files_without_their_folders(tmp_path: Path) -> None:
    folder = tmp_path / "my model"
    folder.mkdir()
    settings = Settings(
        corpora=(str(tmp_path / "texts.toml"), "showcase"),
        models=(str(folder), "owner/name", "./here"),
        arrays=tmp_path / "numbers",
        max_tokens=64,
        output=tmp_path / "out",
        store=tmp_path / "store",
    )
    assert command(settings) == (
        "attnatlas build texts.toml showcase -m 'my model' -m owner/name -m here "
        "--arrays numbers --max-tokens 64"
    )
    assert str(tmp_path) not in str(collect("t", settings, [], []))


def test_the_date_of_a_build_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = collect("t", Settings(), [], [])
    assert made.date == "2023-11-14T22:13:20+00:00"
    assert made.day == "14 November 2023, 22:13 UTC"
    assert made.epoch == 1700000000


def test_the_command_repeats_every_setting_that_changes_the_numbers() -> None:
    settings = Settings(models=("en-fr",), beams=3, threads=1, batch_size=2, max_tokens=64)
    words = command(settings)
    for option in ("--beams 3", "--threads 1", "--batch-size 2", "--max-tokens 64"):
        assert option in words
    assert command(Settings(models=("en-fr",))) == "attnatlas build -m en-fr"


def test_a_column_that_says_nothing_in_any_row_is_not_printed() -> None:
    table = Table(("asked", "odds", "why_not"), (("a", 0.0, None), ("b", None, "")))
    assert used(table) == Table(("asked", "odds"), (("a", 0.0), ("b", None)))
    assert used(Table(("asked",), ())).columns == ()


def test_a_copy_that_disagrees_as_far_leaves_nothing_to_claim_of_how_far_methods_agree() -> None:
    one_sided = Claim(0.48, (0.4, 0.56), (-0.04, 0.04), CORRELATION)
    agree = replace(one_sided, two_sided=True)
    copies = (-0.3, -0.07)
    assert one_sided.level(copies) == "holds"
    assert agree.level(copies) == "described"
    assert agree.level((-0.05, 0.03)) == "holds"
    said = "An untrained copy goes beyond chance the other way: −0.30."
    assert as_much(agree, copies, 0.48) == said
    said = "An untrained copy goes at least as far from chance the other way: −0.60."
    assert as_much(agree, (0.2, -0.6), 0.48) == said
    assert as_much(agree, (0.2,), 0.48) == "An untrained copy goes beyond chance, too: 0.20."


def test_what_a_copy_gives_is_said_as_it_is_beside_the_value() -> None:
    claim = Claim(0.59, (0.42, 0.77), (-0.12, 0.13), CORRELATION)
    assert as_much(claim, (-0.03, 0.3), 0.59) == "An untrained copy goes beyond chance, too: 0.30."
    assert as_much(claim, (0.7,), 0.59) == "An untrained copy gives no less: 0.70."
    less = Claim(-0.2, (-0.3, -0.1), (0.0, 0.0), PROBABILITY, "less")
    assert as_much(less, (-0.25,), -0.2) == "An untrained copy gives no more: −25%."
    gain = Claim(0.2, (0.1, 0.3), (0.0, 0.0), PROBABILITY)
    said = "An untrained copy goes beyond chance, too: by 12 points."
    assert as_much(gain, (0.12,), 0.4) == said


@pytest.mark.parametrize(
    ("value", "twin", "more"),
    [
        (20.0, (11.0, 8.0), " An untrained copy has 11."),
        (20.0, (5.0, 6.0), ""),  # what luck gives
        (20.0, None, ""),
        (4.0, (11.0, 8.0), ""),  # no more than by luck itself
    ],
)
def test_a_count_beyond_luck_says_what_an_untrained_copy_has(value, twin, more):
    found = Finding("a", "20 do.", value=value, among=32, null=(0.0, 6.0), twin=twin)
    assert found.sentence == f"20 do.{more}"


def test_a_sentence_leads_to_the_rows_of_its_own_model_or_to_the_whole_report() -> None:
    def quoted(*models: str, key: str = "counterfactuals") -> str:
        own = [
            Finding(f"{key}-{model}", "x", n=9, model=model, key=key, page="reports/r.html")
            for model in models
        ]
        [report] = asked([("R", "reports/r.html")], own)
        return report.answers[0].link

    assert quoted("one") == "reports/r.html#changes-1"
    assert quoted("one", "two") == "reports/r.html"  # the first part is of another model
    assert quoted("one", "two", key="who") == "reports/r.html#texts"  # one part has all models


def test_tables_and_columns_of_a_page_have_words_and_no_names_of_files() -> None:
    assert used(Table(("candidate", "choice"), (("she", 0.5),))).columns == (
        "candidate",
        "the model’s own choice",
    )
    assert titled("choice") == "What it chooses between"
    assert titled("some_table") == "Some table"
