"""The reports of minimal pairs, from settings to pages: every link, and what stands behind."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from attnatlas.build import BuildReport, build_site
from attnatlas.config import Settings
from attnatlas.share.built_site import open_site
from attnatlas.share.check.everything import check

from tests.site.links import broken_links

PAIRS = [
    ("cook", "The doctor told the nurse that {} was late.", "The doctor"),
    ("river", "The nurse told the doctor that {} was muddy.", "the doctor"),
    ("bank", "The doctor of the bank told the nurse that {} was late.", "the nurse"),
]
HEAD = 'title = "Pairs"\nabout = "For tests."\nlicence = "CC0-1.0"\nsource = "These tests."\n'


def record(name: str, text: str, answer: str, word: str) -> str:
    people = ["The doctor" if text.startswith("The doctor") else "the doctor", "the nurse"]
    people = [one if one in text else one.capitalize() for one in people]
    return (
        f'\n[[record]]\nid = "{name}-{word}"\ntext = "{text.format(word)}"\nmention = "{word}"\n'
        f'candidates = {json.dumps(people)}\nanswer = "{answer}"\ngroup = "{name}"\n'
        f'variant = "{"female" if word == "she" else "male"}"\n'
    )


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, models: dict[str, str], store: Path
) -> BuildReport:
    root = tmp_path_factory.mktemp("pairs")
    rows = [record(*pair, word) for pair in PAIRS for word in ("she", "he")]
    more = '\n[[record]]\nid = "alone"\ntext = "She saw the river, and the bank."\n'
    (root / "pairs.toml").write_text(HEAD + "".join(rows) + more, "utf-8")
    return build_site(
        Settings(
            corpora=(str(root / "pairs.toml"),),
            models=(models["bert"], models["gpt2"]),
            output=root / "site",
            store=store / "pairs",
            vary=("swap:she=he", "comma"),
            without=("twins", "faithfulness", "word_erasure", "similarity", "flow"),
        )
    )


def tables(built: BuildReport, name: str) -> dict[str, list[dict[str, object]]]:
    found = json.loads((built.output / f"data/reports/{name}.json").read_text("utf-8"))["tables"]
    return {
        table: [dict(zip(one["columns"], row, strict=True)) for row in one["rows"]]
        for table, one in found.items()
    }


def test_nothing_failed_and_every_link_leads_somewhere(built):
    assert not built.failed
    assert broken_links(built.output) == []


def test_every_pair_stands_behind_the_gap_of_each_model(built):
    found = tables(built, "coreference")
    assert {row["model"] for row in found["texts"]} == {"bert", "gpt2"}
    pronouns = [row for row in found["pairs"] if row["measure"] == "pronoun"]
    gaps = [row for row in found["gaps"] if row["measure"] == "pronoun"]
    assert sum(row["pairs"] for row in gaps) == len(pronouns)
    assert all(row["level"] == "described" for row in found["gaps"])
    page = (built.output / "reports/coreference.html").read_text("utf-8")
    assert all(row["first_record"] in json.dumps(found) for row in pronouns)
    assert "How often the one meant is found" in page


def test_pairs_too_few_for_an_interval_share_a_table_and_have_no_line_each(built):
    page = html.unescape((built.output / "reports/coreference.html").read_text("utf-8"))
    lines = "".join(re.findall(r'<ol class="verdicts">.*?</ol>', page, re.DOTALL))
    found = json.loads((built.output / "data/findings.json").read_text("utf-8"))
    gaps = [one for one in found if one["id"].startswith("gap-")]
    assert gaps
    assert all(one["statement"] in page and one["statement"] not in lines for one in gaps)
    assert "from so few nothing can be concluded about a gap." in page
    assert page.count('class="gaps by-model stacked"') == 1
    assert 'id="pairs-' not in page
    assert "1 pairs" not in page
    wrong = check(open_site(built.output)).problems
    assert not [one for one in wrong if one.kind == "sentence"]


def test_effects_of_heads_stand_beside_where_they_look_or_it_says_why_not(built):
    found = tables(built, "coreference")
    asked = len(found.get("effects", []))
    said = [str(row["why"]) for row in found.get("left_out", [])]
    why = sum(int(one.split()[0]) for one in said if "no odds that could move" in one)
    assert asked + why == 2 * len(PAIRS)
    for row in found["heads"]:
        assert row["to_candidates"] is not None
        assert (row["indirect"] is not None) == (row["pairs"] > 0)


def test_pairs_made_by_rule_stand_beside_those_of_the_corpus(built):
    variants = {row["second_variant"] for row in tables(built, "counterfactuals")["pairs"]}
    assert variants == {"male", "swap:she=he", "comma"}


def test_plain_words_lead_to_a_report_that_names_the_term_of_the_field(built):
    home = (built.output / "index.html").read_text("utf-8")
    assert re.search(r'href="reports/coreference.html"\s*>Who is meant<', home)
    assert re.search(r'href="reports/counterfactuals.html"\s*>Small changes<', home)
    for term in ("Coreference", "Counterfactuals"):
        page = (built.output / f"reports/{term.casefold()}.html").read_text("utf-8")
        assert f'<p class="lab">{term}</p>' in page
        assert f" · {term} · " in page.partition("</title>")[0]


def test_each_text_has_one_line_with_a_column_for_each_model(built):
    found = tables(built, "coreference")["texts"]
    page = (built.output / "reports/coreference.html").read_text("utf-8")
    section = page.partition('id="texts"')[2].partition("</section>")[0]
    head, _, body = section.partition("<tbody>")
    assert re.findall(r'<th scope="col"[^>]*>(?:<bdi>)?([^<]*)', head) == [
        "Text", "Mention", "Means", *dict.fromkeys(row["model"] for row in found),
    ]  # fmt: skip
    assert body.count("<tr>") == len({row["record"] for row in found}) < len(found)
    assert body.count("looks at") == sum(bool(row["looks_at"]) for row in found)


def test_what_few_need_is_folded_and_nothing_is_left_out_of_it(built):
    page = (built.output / "reports/coreference.html").read_text("utf-8")
    for part, words in (("heads", "head-svg"), ("effects", "<td")):
        section = page.partition(f'id="{part}"')[2].partition("</section>")[0]
        assert section.count('<details class="fold">') == 1
        assert words in section.partition("</summary>")[2]


def test_a_changed_answer_is_not_painted_as_a_wrong_one(built):
    pairs = tables(built, "counterfactuals")["pairs"]
    page = (built.output / "reports/counterfactuals.html").read_text("utf-8")
    assert any(row["flips"] == "yes" for row in pairs)
    assert "<b>changed</b>" in page
    assert 'class="wrong"' not in page


def test_two_models_have_a_report_of_their_own(built):
    found = tables(built, "compare-bert-gpt2")
    assert {row["name"] for row in found["heads"]} >= {"L0H0", "L2H3"}
    home = (built.output / "index.html").read_text("utf-8")
    assert "reports/compare-bert-gpt2.html" in home
    page = (built.output / "reports/compare-bert-gpt2.html").read_text("utf-8")
    assert "No answers are compared: these two do not choose among the same labels." in page


def test_pairs_without_anybody_who_is_meant_have_a_report_of_small_changes(
    tmp_path: Path, models: dict[str, str], store: Path
) -> None:
    rows = "id,text,group,variant\na,The bank was muddy.,g,1\nb,The river was muddy.,g,2\n"
    (tmp_path / "pairs.csv").write_text(rows, "utf-8")
    built = build_site(
        Settings(
            corpora=(str(tmp_path / "pairs.csv"),),
            models=(models["bert"],),
            output=tmp_path / "site",
            store=store / "pairs",
            without=("twins", "asking-the-model"),
        )
    )
    assert built.failed == ()
    assert (built.output / "reports/counterfactuals.html").exists()
    assert not (built.output / "reports/coreference.html").exists()
    assert broken_links(built.output) == []
