"""Frames: what near copies are made from, in every format, and what of them counts as one."""

import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attnatlas.analyses.coreference.texts import MentionText, pairs_of
from attnatlas.config import Settings
from attnatlas.corpus import (
    Corpus,
    Record,
    across_corpora,
    cluster_of,
    corpus_from_records,
    group_of,
    load_corpus,
)
from attnatlas.corpus.load import load_corpora
from attnatlas.corpus.options import read_options
from attnatlas.corpus.windows import cut_record
from attnatlas.engine.pairs import partners
from attnatlas.errors import InputError
from attnatlas.redaction.redactor import Redactor
from attnatlas.redaction.texts import hidden_record
from attnatlas.sources import CapturedRecord

TOML = """
[[record]]
text = "She left."
frame = "f"
[[record]]
text = "Rain fell."
"""
CONLLU = """# text = She left.
# frame = f
1\tShe\tshe\tPRON\t_\t_\t2\tnsubj\t_\t_
2\tleft\tleave\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_

1\tRain\train\tNOUN\t_\t_\t0\troot\t_\t_
"""
WRITTEN: dict[str, tuple[str, tuple[str, ...]]] = {
    "x.toml": (TOML, ()),
    "x.jsonl": ('{"text": "She left.", "frame": "f"}\n{"text": "Rain fell."}', ()),
    "x.csv": ("text,frame\nShe left.,f\nRain fell.,\n", ()),
    "y.csv": ("text,template\nShe left.,f\nRain fell.,\n", ("frame=template",)),
    "x.tsv": ("text\tframe\nShe left.\tf\nRain fell.\t\n", ()),
    "x.json": ('{"text": ["She left.", "Rain fell."], "frame": ["f", null]}', ()),
    "x.conllu": (CONLLU, ()),
}
WINOGENDER = """sentid\tsentence
technician.customer.1.male.txt\tThe technician told the customer that he could pay with cash.
technician.customer.1.female.txt\tThe technician told the customer that she could pay with cash.
technician.someone.1.male.txt\tThe technician told someone that he could pay with cash.
technician.someone.1.female.txt\tThe technician told someone that she could pay with cash.
technician.customer.0.male.txt\tThe technician told the customer that he had repaired it.
technician.customer.0.female.txt\tThe technician told the customer that she had repaired it.
baker.guest.0.male.txt\tThe baker asked the guest whether he could help.
baker.guest.0.female.txt\tThe baker asked the guest whether she could help.
"""
PRO = """1 [The guard] asked the cook whether [he] had left [his] keys.
2 The guard asked [the cook] whether [he] could cook.
3 [The nurse] left the driver alone because [she] was tired.
4 [The nurse] left and [she] met the driver.
"""
ANTI = """1 [The guard] asked the cook whether [she] had left [her] keys.
2 The guard asked [the cook] whether [she] could cook.
3 [The nurse] left the driver alone because [he] was tired.
4 [The nurse] left and [he] met the driver.
"""


def load(path: Path, content: str, column: tuple[str, ...] = (), **chosen: Any) -> Corpus:
    path.write_text(content, "utf-8")
    return load_corpus(path, options=read_options(Settings(column=column, **chosen)))


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_reads_the_frame(name: str, tmp_path: Path) -> None:
    content, column = WRITTEN[name]
    corpus = load(tmp_path / name, content, column)
    assert [record.frame for record in corpus.records] == ["f", None]
    assert [group_of(record) for record in corpus.records] == [("group", "f"), None]


def test_pairs_in_two_columns_may_name_the_frame_in_a_third(tmp_path: Path) -> None:
    content = "good,bad,of\nHe sleeps.,He sleep.,1\nI am.,I is.,2\nHe eats.,He eat.,1\n"
    plain = load(tmp_path / "x.csv", content)
    assert {record.frame for record in plain.records} == {None}
    named = ("text=good", "text=bad", "frame=of")
    framed = load(tmp_path / "x.csv", content, named, format="pairs")
    assert [record.frame for record in framed.records] == ["1", "1", "2", "2", "1", "1"]
    assert len({record.group for record in framed.records}) == 3
    with pytest.raises(InputError, match="no column 'off' for 'frame'; there are 'good', 'bad'"):
        load(tmp_path / "x.csv", content, (*named[:2], "frame=off"), format="pairs")


def test_winogender_is_framed_by_the_occupation_and_paired_by_the_sentence(tmp_path: Path) -> None:
    corpus = load(tmp_path / "all.tsv", WINOGENDER)
    assert Counter(record.frame for record in corpus.records) == {"technician": 6, "baker": 2}
    assert len({record.group for record in corpus.records}) == 4
    assert len({cluster_of(record, "all") for record in corpus.records}) == 2
    texts = [MentionText("m", "all", one, {}, None, {}) for one in corpus.records]
    told = ("customer.1", "someone.1", "customer.0")
    names = (*(f"technician.{one}" for one in told), "baker.guest.0")
    found = {pair.first.record.id: pair.second.record.id for pair in pairs_of(texts)}
    assert found == {f"{name}.female": f"{name}.male" for name in names}


def test_winobias_is_framed_by_how_its_lines_begin(tmp_path: Path) -> None:
    names = [tmp_path / f"{side}_stereotyped_type1.txt" for side in ("pro", "anti")]
    for path, content in zip(names, (PRO, ANTI), strict=True):
        path.write_text(content)
    corpora = load_corpora([str(name) for name in names])
    frames = [[record.frame for record in corpus.records] for corpus in corpora]
    guard = "the guard asked the cook whether"
    assert frames == [[guard, guard, "the nurse left the driver alone because", None]] * 2
    assert [r.group for r in corpora[0].records] == [f"type1 {n}" for n in (1, 2, 3, 4)]


def test_the_two_files_of_winobias_make_pairs(tmp_path: Path) -> None:
    names = [tmp_path / f"{side}_stereotyped_type1.txt" for side in ("pro", "anti")]
    for path, content in zip(names, (PRO, ANTI), strict=True):
        path.write_text(content)
    corpora = load_corpora([str(name) for name in names])
    texts = [
        MentionText("m", corpus.name, record, {}, None, {})
        for corpus in corpora
        for record in corpus.records
    ]
    pairs = list(pairs_of(texts))
    assert [(pair.first.corpus[:3], pair.second.corpus[:3]) for pair in pairs] == [
        ("ant", "pro"), ("ant", "pro"), ("pro", "ant"), ("pro", "ant"),
    ]  # fmt: skip
    assert all(pair.variants == ("female", "male") for pair in pairs)
    assert len({pair.first.cluster for pair in pairs[:2]}) == 1  # lines 1 and 2 begin alike
    model: Any = SimpleNamespace(name="m")
    readings = [
        CapturedRecord(model, corpus, record, "key")
        for corpus in corpora
        for record in corpus.records
    ]
    found = partners(readings)
    assert {(place[1][:3], other.corpus.name[:3]) for place, other in found.items()} == {
        ("pro", "ant")
    }
    assert all(place[2] == other.record.id for place, other in found.items())
    assert len(found) == 4


def test_groups_of_one_name_in_two_files_are_two_where_each_is_a_pair() -> None:
    rows = [
        (corpus, Record(f"{corpus}{variant}", "x", group="pair-1", variant=variant))
        for corpus in "ab"
        for variant in ("good", "bad")
    ]
    assert across_corpora(rows) == frozenset()
    assert across_corpora([rows[0], rows[3]]) == {"pair-1"}
    assert across_corpora([rows[0], rows[2]]) == frozenset()  # the same variant twice
    texts = [MentionText("m", corpus, record, {}, None, {}) for corpus, record in rows]
    assert [(p.first.corpus, p.second.corpus) for p in pairs_of(texts)] == [("a", "a"), ("b", "b")]


def test_one_text_of_a_group_may_say_the_frame_of_all(tmp_path: Path) -> None:
    rows = [
        {"text": "She left.", "group": "g", "variant": "a"},
        {"text": "He left.", "group": "g", "variant": "b", "frame": "f"},
        {"text": "It left.", "group": "h", "frame": "f"},
    ]
    lines = "\n".join(map(json.dumps, rows))
    assert [record.frame for record in load(tmp_path / "x.jsonl", lines).records] == ["f"] * 3


def test_a_group_of_two_frames_is_told(tmp_path: Path) -> None:
    rows = [{"text": f"{n} left.", "group": "g", "frame": n} for n in ("one", "two")]
    corpus = load(tmp_path / "x.jsonl", "\n".join(map(json.dumps, rows)))
    assert [record.frame for record in corpus.records] == ["one"]
    assert [skip.reason for skip in corpus.skipped] == [
        "'frame' is 'two', and its group 'g' is of 'one' already; give all texts of a group one "
        "frame"
    ]


def test_windows_of_near_copies_are_near_copies() -> None:
    corpus = corpus_from_records(
        [{"text": "She left it here.", "group": "g"}, {"text": "He left it here.", "frame": "g"},
         {"text": "Rain fell again."}]
    )  # fmt: skip
    parts = [cut_record(record, [(0, 8), (8, 16)], ()) for record in corpus.records]
    assert [{group_of(part) for part in own} for own in parts] == [
        {("group", "g")}, {("group", "g")}, {("text", "record-003")},
    ]  # fmt: skip
    assert {part.group for own in parts for part in own} == {None}


def test_what_a_rule_makes_of_a_text_is_of_its_frame() -> None:
    options = read_options(Settings(vary=("swap:she=he",)))
    rows = [{"text": "Then she left.", "frame": "f"}, {"text": "Here she is.", "frame": "f"}]
    corpus = corpus_from_records(rows, options=options)
    assert [record.frame for record in corpus.records] == ["f"] * 4
    assert len({record.group for record in corpus.records}) == 2


def test_a_frame_is_hidden_as_a_group_is() -> None:
    import re

    redactor = Redactor([re.compile("Smith")])
    [record] = corpus_from_records([{"text": "x", "group": "Smith", "frame": "Smith"}]).records
    hidden = hidden_record(record, redactor)
    assert hidden.frame == hidden.group == "█████"


def test_bundled_texts_of_two_groups_are_no_near_copies() -> None:
    for name in ("coreference", "reviews", "showcase", "syntax", "translation"):
        records = load_corpus(name).records
        for at, one in enumerate(records):
            for other in records[at + 1 :]:
                if cluster_of(one, name) != cluster_of(other, name):
                    assert _shared(one.text, other.text) < 0.8, (one.text, other.text)


def _shared(one: str, other: str) -> float:
    """Return how much of the longer of two texts both have, word by word, in any order."""
    words, others = (Counter(text.lower().split()) for text in (one, other))
    return (words & others).total() / max(words.total(), others.total())
