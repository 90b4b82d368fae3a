"""Gates: one rule for word, file, badge and exit code; the site is written before it fails."""

import json

import pytest
from attnatlas.cli import cli
from attnatlas.errors import InputError
from attnatlas.gates import badge, expectations, gate_json, gates, measured
from attnatlas.gates.expectation import written
from attnatlas.gates.measures import Measured
from attnatlas.results.shapes import Finding, Result, Table
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
    with pytest.raises(InputError, match="unknown setting 'modle'"):
        written([{"that": "accuracy >= 1", "modle": "x"}])


def test_the_size_of_a_gap_is_what_is_expected_of_it():
    columns = ("model", "first_variant", "second_variant", "measure", "pairs", "gap", "low", "high")
    rows = (
        ("m", "female", "male", "who is meant", 9, -0.2, -0.3, 0.1),
        ("m", "old", "new", "answer", 9, -0.2, -0.3, -0.1),
        ("m", "female", "male", "attention", 9, 0.9, 0.8, 1.0),
    )
    results = {"coreference": Result("coreference", tables={"gaps": Table(columns, rows)})}
    said = [Finding("x", "X.", value=0.4, interval=(0.3, 0.5), key="profile-x", model="m")]
    found = {one.key: one for one in measured(results, said)}
    assert (found["gap.gender"].value, found["gap.gender"].ends) == (0.2, (0.0, 0.3))
    assert found["gap.old-new"].ends == (0.1, 0.3)
    assert found["profile-x"].ends == (0.3, 0.5)
    assert len(found) == 4


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gates")
    tiny_model(folder / "critic", "bert-classifier")
    (folder / "texts.csv").write_text(TEXTS)
    return folder


def build(project, *more, env=None):
    start = ["build", str(project / "texts.csv"), "-m", str(project / "critic"), "-q"]
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
    assert "| ❌ | wrong &lt;= -1 | critic |" in summary.read_text()
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
