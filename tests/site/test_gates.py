"""Gates: one rule for word, file, badge and exit code; the site is written before it fails."""

import json
import shutil

import pytest
from attnatlas.cli import cli
from attnatlas.errors import InputError
from attnatlas.gates import assert_expectations, badge, expectations, gate_json, gates, measured
from attnatlas.gates.expectation import written
from attnatlas.gates.measures import Measured
from attnatlas.results.levels import Claim
from attnatlas.results.published import published
from attnatlas.results.shapes import Finding, Result, Table
from attnatlas.results.survival import Survival, Way
from attnatlas.share.built_site import open_site
from attnatlas.share.check.everything import check
from click.testing import CliRunner

from tests.capture.tiny import tiny_model

TEXTS = "text,label\n" + "".join(f"the nurse was late {'again ' * n},0\n" for n in range(8))


def held(line, value, ends, exact=False):
    known = [Measured("accuracy", "m", value, ends, 9, exact)]
    return gates(expectations([line]), known)[0]


@pytest.mark.parametrize(
    ("line", "ends", "level", "passed"),
    [
        ("accuracy >= 0.7", (0.75, 0.9), "holds", True),
        ("accuracy >= 0.75", (0.75, 0.9), "holds", True),
        ("accuracy >= 0.8", (0.75, 0.9), "undecided", True),
        ("accuracy >= 0.8 strictly", (0.75, 0.9), "undecided", False),
        ("accuracy >= 0.95", (0.75, 0.9), "does not hold", False),
        ("accuracy<=0.9", (0.75, 0.9), "holds", True),
        ("accuracy <= 0.7", (0.75, 0.9), "does not hold", False),
        ("accuracy@m >= 0.7", None, "undecided", True),
        ("accuracy@m >= 0.7 strictly", None, "undecided", False),
    ],
)
def test_the_interval_decides(line, ends, level, passed):
    gate = held(line, 0.8, ends)
    assert (gate.level, gate.passed) == (level, passed)
    assert gate_json(gate)["passed"] is passed
    assert level in gate.says
    colour = {"holds": "brightgreen", "undecided": "yellow"}.get(level, "red") if passed else "red"
    assert badge([gate])["color"] == colour


def test_a_count_is_exact_and_what_nobody_measured_fails():
    assert held("accuracy <= 3", 3.0, None, exact=True).level == "holds"
    assert held("accuracy <= 2", 3.0, None, exact=True).level == "does not hold"
    gate = held("acuracy >= 0.1", 0.8, (0.7, 0.9))
    assert not gate.passed
    assert gate.says.endswith("Did you mean accuracy?")
    assert not held("accuracy@other >= 0.1", 0.8, (0.7, 0.9)).passed


def test_every_model_that_has_the_measure_must_reach_it():
    known = [Measured("accuracy", name, 0.8, (0.7, 0.9)) for name in ("a", "b")]
    assert [gate.model for gate in gates(expectations(["accuracy >= 0.5"]), known)] == ["a", "b"]


@pytest.mark.parametrize("line", ["accuracy", "a > 0.9", "a >= much", ">= 1", "a >= nan"])
def test_what_cannot_be_read_is_refused_in_one_sentence(line):
    with pytest.raises(InputError, match="write KEY >= NUMBER"):
        expectations([line])


def test_tables_of_the_settings_file_are_lines():
    tables = [{"that": "accuracy>=0.9", "model": "my model", "undecided": "fails"}, "wrong <= 3"]
    assert written(tables) == ("accuracy@my model >= 0.9 strictly", "wrong <= 3")
    [one, _] = expectations(written(tables))
    assert (one.key, one.model, one.bound, one.strictly) == ("accuracy", "my model", 0.9, True)
    with pytest.raises(InputError, match=r"unknown setting 'modle' \(did you mean 'model'\?\)"):
        written([{"that": "accuracy >= 1", "modle": "x"}])


def test_a_table_narrows_its_key_by_tag_label_and_variant():
    moves = {"that": "must_rise >= 0.9", "variant": "swap:she=he", "label": "Very good"}
    assert written([moves, {"that": "must_hold >= 1", "tag": "negation"}]) == (
        "must_rise.very-good.swap-she-he >= 0.9",
        "must_hold.negation >= 1",
    )


def test_the_size_of_a_gap_is_what_is_expected_of_it():
    columns = ("model", "first_variant", "second_variant", "measure", "pairs", "gap", "low", "high")
    rows = (
        ("m", "female", "male", "who is meant", 9, -0.2, -0.3, 0.1),
        ("m", "old", "new", "answer", 9, -0.2, -0.3, -0.1),
        ("m", "female", "male", "attention", 9, 0.9, 0.8, 1.0),
    )
    results = {"coreference": Result("coreference", tables={"gaps": Table(columns, rows)})}
    said = [
        published(Finding("x", "X.", value=0.4, interval=(0.3, 0.5), key="profile-x", model="m"))
    ]
    found = {one.key: one for one in measured(results, said)}
    assert (found["gap.gender"].value, found["gap.gender"].ends) == (0.2, (0.0, 0.3))
    assert found["gap.old-new"].ends == (0.1, 0.3)
    assert found["profile-x"].ends == (0.3, 0.5)
    assert len(found) == 4


def verdict(key, *values):
    """Return a finding that holds, computed in as many ways, each with its value."""
    ways = tuple(Way(str(at), Claim(v, (v, v), (0, 0), 0.1)) for at, v in enumerate(values))
    claim = Claim(0.5, (0.4, 0.6), (0, 0), 0.1)
    return published(
        Finding(key, f"{key} is so.", value=0.5, claim=claim, key=key, model="m",
                survival=Survival(ways))
    )  # fmt: skip


def test_the_verdict_that_holds_in_fewest_ways_decides_survival():
    known = measured({}, [verdict("a", 0.5, 0.5), verdict("b", 0.5, 0.5, 0.5, 0.01)])
    [gate] = gates(expectations(["survives >= 0.9"]), known)
    assert (gate.level, gate.value, gate.passed) == ("does not hold", 0.75, False)
    assert gate.says.endswith("does not hold (holds in 3 of 4 ways: b is so).")
    own = gates(expectations(["survives.a >= 0.9", "survives >= 0.75"]), known)
    assert [one.level for one in own] == ["holds", "holds"]


def test_the_error_rate_of_links_is_that_of_sentences_that_did_not_choose_the_head():
    columns = ("model", "reading", "half", "error_rate", "low", "high", "sentences")
    rows = (
        ("m", "written", "all", 0.1, 0.05, 0.2, 20),
        ("m", "written", "other", 0.2, 0.1, 0.3, 10),
        ("m", "read", "other", 0.9, 0.8, 1.0, 10),
    )
    results = {"translation": Result("translation", tables={"ways": Table(columns, rows)})}
    [found] = measured(results, [])
    assert (found.key, found.value, found.n) == ("aer", 0.2, 10)


def test_texts_of_a_tag_must_hold():
    slices = ("model", "by", "slice", "n", "accuracy", "low", "high")
    rows = (("m", "tag", "two words", 9, 0.5, 0.3, 0.7), ("m", "length", "1 to 9", 9, 1, 0.9, 1))
    results = {"errors": Result("errors", tables={"slices": Table(slices, rows)})}
    [found] = measured(results, [])
    assert (found.key, found.value, found.ends) == ("must_hold.two-words", 0.5, (0.3, 0.7))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gates")
    tiny_model(folder / "critic", "bert-classifier")
    (folder / "texts.csv").write_text(TEXTS)
    return folder


def build(project, *more, env=None):
    start = ["build", str(project / "texts.csv"), "-m", str(project / "critic"), "-q"]
    start += ["--without", "twins", "--vary", "swap:late=good"]
    where = ["-o", str(project / "site"), "--store", str(project / "store")]
    return CliRunner().invoke(cli, [*start, *where, *more], env=env)


def test_a_site_is_written_before_its_gate_fails(project):
    summary = project / "summary.md"
    env = {"GITHUB_STEP_SUMMARY": str(summary)}
    more = ("--expect", "wrong <= -1", "--expect", "accuracy >= 0")
    failed = build(project, *more, "--gate", env=env)
    assert failed.exit_code == 1
    assert "1 of 2 expectations fails; the site is written." in failed.output
    assert (project / "site/index.html").is_file()
    found = json.loads((project / "site/gates.json").read_text())
    assert [(row["key"], row["expected"], row["passed"]) for row in found] == [
        ("wrong", "<= -1", False),
        ("accuracy", ">= 0", True),
    ]
    said = json.loads((project / "site/badge.json").read_text())
    assert said == {
        "schemaVersion": 1, "label": "attnatlas", "message": "1 of 2 hold, 1 fails", "color": "red",
    }  # fmt: skip
    assert "| ❌ | wrong \\<= -1 | critic |" in summary.read_text()
    assert "Expected wrong" in (project / "site/index.html").read_text()
    unasked = build(project, *more)
    assert unasked.exit_code == 0
    assert "does not hold" in unasked.output
    again = build(project, *more, "--gate")  # nothing has changed, and it still fails
    assert again.exit_code == 1


def test_a_gate_needs_something_to_expect(project):
    found = build(project, "--gate")
    assert found.exit_code == 2
    assert "needs something to expect" in found.output
    assert build(project, "--expect", "wrong").exit_code == 2


@pytest.fixture(scope="module")
def site(project):
    more = ("--expect", "must_not_change >= 0", "--expect", "must_not_change <= 2 strictly")
    assert build(project, *more, "--gate").exit_code == 0
    return project / "site"


def test_a_built_site_is_asked_by_a_test(site):
    assert_expectations(site)
    assert_expectations(str(site), "must_not_change >= 0", "wrong <= 99")
    with pytest.raises(
        AssertionError, match=r"^Expected wrong <= -1 of critic: .* does not hold\.$"
    ):
        assert_expectations(site, "wrong <= -1", "must_not_change >= 0")
    with pytest.raises(AssertionError, match="Did you mean must_not_change"):
        assert_expectations(site, "must_not_chnge >= 0.5")
    with pytest.raises(InputError, match="holds no site"):
        assert_expectations(site.parent, "wrong <= 1")


def test_what_is_undecided_fails_a_test_only_if_that_is_asked(site):
    stays = "must_not_change >= 0.99"  # in all of eight pairs, and so 0.68 to 1
    assert_expectations(site, stays)
    with pytest.raises(AssertionError, match="undecided, which fails"):
        assert_expectations(site, f"{stays} strictly")


def test_the_page_of_pairs_names_what_can_be_expected_of_them(site):
    page = (site / "reports/counterfactuals.html").read_text()
    assert "<code>must_not_change</code>" in page
    report = json.loads((site / "data/reports/counterfactuals.json").read_text())
    table = report["tables"]["checks"]
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    assert {row["kind"] for row in rows} == {"must_not_change", "must_rise", "must_fall"}
    assert all(row["key"] in page for row in rows)


def test_check_decides_gates_again_and_holds_them_against_their_schema(site, tmp_path):
    assert check(open_site(site)).good
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    rows = json.loads((site / "gates.json").read_text())
    rows[0] |= {"value": rows[0]["value"] + 0.001}
    (folder / "gates.json").write_text(json.dumps(rows))
    said = [one.what for one in check(open_site(folder), recompute=False).problems]
    assert any("says what no number gives" in one for one in said)
    rows[0] |= {"level": "perhaps"}
    (folder / "gates.json").write_text(json.dumps(rows))
    said = [one.what for one in check(open_site(folder), recompute=False).problems]
    assert any("is not as its schema wants it: 'perhaps'" in one for one in said)
