"""The report on translations, on cross-attention with known links."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import translation
from attnatlas.analyses.alignment import ANALYSIS as ALIGNMENT
from attnatlas.analyses.analysis import Read
from attnatlas.analyses.translation.spread import looked_at, scattered, spread
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.corpus import Record, word_spans
from attnatlas.pages.translation import ModelWays, Way, translation_view
from attnatlas.pages.translation_words import drawn_by, outdone, unlooked
from attnatlas.results.shapes import Result, Table

TEXTS = (
    ("the red car", "la voiture rouge", "0-0 1-2 2-1"),
    ("a dog", "un chien", "0-0 1-1"),
    ("the old man sleeps", "le vieil homme dort", "0-0 1-1 2-2 3-3"),
    ("white wine please", "vin blanc siouplait", "0-1 1-0 2-2"),
    ("he eats green apples", "il mange des pommes vertes", "0-0 1-1 2p2 2-4 3-3"),
    ("big trees", "grands arbres", "0-0 1-1"),
    ("a blue sky above", "un ciel bleu dessus", "0-0 1-2 2-1 3-3"),
    ("she sings", "elle chante", "0-0 1-1"),
    ("two black cats", "deux chats noirs", "0-0 1-2 2-1"),
    ("we read", "nous lisons", "0-0 1-1"),
)
END = Token("</s>", 0, special=True)
MODEL = ModelInfo("m", "encoder-decoder")


def tokens(text):
    return tuple(Token(w.text, 5, start=w.start, end=w.end) for w in word_spans(text))


def translated(name, source, target, alignment, follows=True):
    """Return a capture whose head L0H0 looks at the gold word of what it writes; L0H1 at all."""
    read, said = (*tokens(source), END), (*tokens(target), END)
    gold = {}
    for piece in alignment.replace("p", "-").split():
        s, t = map(int, piece.split("-"))
        gold.setdefault(t, s)
    weights = np.full((1, 2, len(said), len(read)), 1 / len(read), dtype=np.float32)
    for row in range(len(said) - 1):
        if follows:
            weights[0, 0, row] = 0.01
            weights[0, 0, row, gold[row]] += 1 - 0.01 * len(read)
    cross = AttentionMap(
        "cross", (Token("<s>", 1, True), *said[:-1]), read, weights, predicted=said
    )
    record = Record(name, source, target=target, alignment=alignment)
    prediction = {"task": "translation", "text": target, "teacher_forced": True}
    return Capture(MODEL, record, (cross,), prediction)


class Everything:
    """Texts as one model translated them."""

    models = (MODEL,)

    def __init__(self, captures):
        self.captures = captures

    def reads(self, model):
        return (Read(model, "corpus", one, {}) for one in self.captures)

    def of_model(self, model):
        each = [(one.record, {"alignment": ALIGNMENT.compute(one)}) for one in self.captures]
        return {"alignment": ALIGNMENT.aggregate(each)}


def rows_of(result, name):
    table = result.tables[name]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


@pytest.fixture(scope="module")
def result():
    captures = [translated(f"t{at}", *text) for at, text in enumerate(TEXTS)]
    return translation.ANALYSIS.compute(Everything(captures))


def test_the_head_that_looks_at_the_gold_word_finds_it_by_the_written_word_alone(result):
    ways = {(r["way"], r["reading"], r["links"], r["half"]): r for r in rows_of(result, "ways")}
    best = ways["L0H0", "written", "argmax", "all"]
    assert (best["error_rate"], best["precision"], best["recall"]) == (0, 1, 1)
    assert ways["L0H0", "read", "argmax", "all"]["error_rate"] > 0.5
    told = ways["L0H0", "written", "argmax", "other"]
    assert (told["error_rate"], told["sentences"]) == (0, 5)
    diagonal = ways["diagonal", "", "", "all"]["error_rate"]
    assert 0.2 < diagonal < 0.5
    assert 0.2 < ways["offset +0", "", "", "all"]["error_rate"] < 0.5


def test_the_best_head_is_named_beside_the_diagonal(result):
    said = {finding.id: finding for finding in result.findings}
    head = said["translation-m-head"]
    assert head.statement.startswith(
        "L0H0 finds source words better than word order alone: 0% wrong against "
    )
    assert (head.level, head.n, head.clusters) == ("holds", 5, 5)
    assert said["translation-m-read"].level == "described"


def test_from_few_texts_no_head_is_held_against_word_order():
    captures = [translated(f"t{at}", *text) for at, text in enumerate(TEXTS[:4])]
    said = {one.key: one for one in translation.ANALYSIS.compute(Everything(captures)).findings}
    head = said["translation-head"]
    assert (head.level, head.interval) == ("described", None)
    told = f"in {head.n} texts not used to choose it: too few to tell."
    assert head.sentence.endswith(f"with an alignment error rate of 0% {told}")
    assert said["translation-read"].sentence.endswith("% there.")


def test_every_translation_has_a_row_with_its_links(result):
    rows = rows_of(result, "records")
    assert sorted(row["record"] for row in rows) == sorted(f"t{at}" for at in range(10))
    by_name = {row["record"]: row for row in rows}
    assert by_name["t0"]["links"] == "0-0 1-2 2-1"
    assert by_name["t4"]["gold"] == "0-0 1-1 2p2 2-4 3-3"
    assert by_name["t4"]["added"] == "vertes"
    for finding in result.findings:
        assert len(finding.statement.split()) <= 25, finding.statement
    assert {row["given"] for row in rows} == {"yes"}


def test_texts_that_are_misread_come_first():
    captures = [translated(f"t{at}", *text, follows=at != 2) for at, text in enumerate(TEXTS)]
    result = translation.ANALYSIS.compute(Everything(captures))
    first = rows_of(result, "records")[0]
    assert first["record"] == "t2"
    assert first["error_rate"] > 0.5
    assert first["scattered"] == "le vieil homme dort"


def test_a_translation_that_nobody_aligned_has_no_error_rate():
    one = translated("t", *TEXTS[0])
    one = replace(one, record=replace(one.record, alignment=None))
    result = translation.ANALYSIS.compute(Everything([one]))
    (row,) = rows_of(result, "records")
    assert (row["error_rate"], row["gold"]) == (None, "")
    assert "ways" not in result.tables
    assert [finding.id for finding in result.findings] == ["translation-m-scattered"]


def test_models_that_do_not_translate_have_no_report():
    one = translated("t", *TEXTS[0])
    silent = replace(one, maps=(replace(one.maps[0], kind="self", predicted=()),))
    assert translation.ANALYSIS.compute(Everything([silent])).empty


def test_spread_counts_the_words_that_are_looked_at():
    rows = np.array([[1.0, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.1, 0.1, 0, 0], [np.nan] * 4])
    np.testing.assert_allclose(looked_at(rows), [1, 4, 2, np.nan], atol=1e-9)
    assert scattered(rows).tolist() == [False, True, True, False]
    assert spread(rows) == pytest.approx((0 + 1 + 0.5) / 3)
    assert spread(rows[:, :1]) is None


def test_a_drawing_joins_words_and_tells_whose_links_they_are():
    captures = [translated(f"t{at}", *text, follows=at != 2) for at, text in enumerate(TEXTS)]
    view = translation_view(translation.ANALYSIS.compute(Everything(captures)))
    worst, *_ = view.drawn
    assert worst.row["record"] == "t2"
    kinds = {(line.kind, line.possible) for line in worst.lines}
    assert ("gold", False) in kinds
    assert all(word.scattered for word in worst.target)
    right = next(one for one in (*view.drawn, *view.folded) if one.row["record"] == "t0")
    assert {line.kind for line in right.lines} == {"both"}
    places = [(word.text, word.x) for word in right.source]
    assert [text for text, _ in places] == ["the", "red", "car"]
    crossed = sorted((line.x0, line.x1) for line in right.lines)
    assert crossed[1][1] > crossed[2][1]  # the adjective changes places with its noun
    assert right.says.startswith("Links by attention: la from the, voiture from car")
    assert view.count == len(TEXTS)
    (model,) = view.ways
    assert [way.name for way in model.ways][:2] == ["L0H0", "L0H1"]
    assert model.ways[0].fed["error_rate"] > model.ways[0].written["error_rate"]


def test_ways_that_ask_no_model_are_named_in_words_beside_the_mean():
    def way(name, rate=0.3):
        return Way(name, {"error_rate": rate, "low": None}, None, None, None)

    names = ("L0H1", "diagonal", "offset +0", "offset +1", "offset -2")
    assert [way(name).words for name in names] == [
        "L0H1", "word order alone (the diagonal)", "always the same place (offset +0)",
        "always 1 place on (offset +1)", "always 2 places back (offset -2)",
    ]  # fmt: skip
    mean = way("mean of all heads", 0.34)
    assert ModelWays("m", (mean, way("diagonal", 0.29))).order == (
        "Word order alone errs at 29%: no more than the mean of all heads, 34%."
    )
    assert ModelWays("m", (mean, way("diagonal", 0.47))).order == (
        "Word order alone errs at 47%, the mean of all heads at 34%."
    )
    assert ModelWays("m", (mean,)).order == ""


def test_an_adjective_is_told_from_its_noun_by_what_it_looks_at_and_whether_it_agrees():
    texts = (
        ("the red car", "la voiture noire", "0-0 1-2 2-1"),
        ("a small house", "une petit maison", "0-0 1-1 2-2"),
        ("the house is big", "la maison est très grande", "0-0 1-1 2-2 3-4 3p3"),
        ("the house has a red roof", "la maison a un toit rouge", "0-0 1-1 2-2 3-3 4-5 5-4"),
    )
    captures = [translated(f"a{at}", *text) for at, text in enumerate(texts)]
    result = translation.ANALYSIS.compute(Everything(captures))
    rows = {row["record"]: row for row in rows_of(result, "agreement")}
    said = {name: (row["adjective"], row["noun"], row["order"], row["agrees"])
            for name, row in rows.items()}  # fmt: skip
    assert said == {
        "a0": ("noire", "voiture", "after", "yes"),
        "a1": ("petit", "maison", "before", "no"),
        "a2": ("grande", "maison", "after", "yes"),
    }
    assert rows["a0"]["looks_at"].startswith("red 0.")
    assert rows["a1"]["even"] == pytest.approx(1 / 3)
    assert not [one for one in result.findings if one.key == "translation-adjectives-agree"]


def test_only_adjectives_that_the_model_wrote_itself_are_its_doing():
    texts = (
        ("the red car", "la voiture noire", "0-0 1-2 2-1"),
        ("a small house", "une petit maison", "0-0 1-1 2-2"),
    )
    given, own = (
        [translated(f"{name}{at}", *text) for at, text in enumerate(texts)] for name in "ab"
    )
    own = [replace(one, prediction=one.prediction | {"teacher_forced": False}) for one in own]
    result = translation.ANALYSIS.compute(Everything([*given, *own[:1]]))
    [said] = [one for one in result.findings if one.key == "translation-adjectives-agree"]
    assert said.statement.endswith("wrote itself beside a noun, 1 of 1 agree with it.")
    drawn = translation_view(result)
    assert drawn.opening == (
        "m wrote 1 of 3 translations itself; people wrote 2.",
        "Of 1 adjective of its own that could be checked, 1 agrees in gender.",
        "Whether a translation is right is not measured here: read them.",
    )
    assert [row["given"] for row in drawn.agreement] == ["no", "yes", "yes"]


def test_a_translation_wider_than_a_page_is_drawn_with_its_words_going_down():
    long = " ".join(["donaudampfschiff"] * 12)
    texts = (("the red car", "la voiture rouge", ""), (long, long, ""))
    captures = [translated(f"a{at}", *text, follows=False) for at, text in enumerate(texts)]
    view = translation_view(translation.ANALYSIS.compute(Everything(captures)))
    short, tall = sorted(view.drawn, key=lambda one: one.width)
    assert (short.down, short.wide) == (False, False)
    assert (tall.down, tall.wide) == (True, False)
    assert tall.width > 1240 > 700 > tall.size[0]
    assert tall.size[1] > tall.source[-1].y > tall.source[0].y
    ends = [line.across(tall.left).split() for line in tall.lines]
    assert {float(one[0][1:]) for one in ends} == {tall.left + 6}
    assert len({one[-1] for one in ends}) == len(tall.target)  # each ends at a word of its own


def test_lines_of_a_translation_that_nobody_aligned_claim_no_agreement_with_people():
    captures = [translated("a", "the red car", "la voiture rouge", "", follows=False)]
    (drawn,) = translation_view(translation.ANALYSIS.compute(Everything(captures))).drawn
    assert {line.kind for line in drawn.lines} == {"unchecked"}


def test_words_are_said_to_be_looked_at_by_none_only_where_no_line_leads_there():
    captures = [translated("a", "the red car the", "la voiture rouge", "", follows=False)]
    (drawn,) = translation_view(translation.ANALYSIS.compute(Everything(captures))).drawn
    joined = {line.places[0] for line in drawn.lines}
    words = [word.text for at, word in enumerate(drawn.source) if at not in joined]
    assert {one.word for one in drawn.unlooked} == set(words)
    row = drawn.row | {"links": "0-0 0-1 2-2", "written": "la la la", "added": "la la !"}
    assert unlooked(row) == (("red", ""), ("the", " (1 of 2)"))
    assert outdone(row) == (("la", " (2 of 3)"),)
    assert outdone(row | {"written": "la la !"}) == (("la", ""),)


def test_it_is_said_which_mean_of_heads_draws_the_lines():
    chosen = Table(("of", "way", "name"), (("head", 3, "L0H3"), ("mean", 9, "mean of layer 1")))
    assert drawn_by(Result("alignment", tables={"chosen": chosen})) == "mean of layer 1"
    assert drawn_by(Result("alignment")) == "mean of all heads"
