"""The corpora that come with the package: whole, counted, and true to what they say."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from attnatlas.corpus import (
    TASKS,
    Corpus,
    Record,
    alignment_links,
    bundled_corpora,
    load_corpus,
    word_spans,
)


def grouped(corpus: Corpus) -> dict[str, list[Record]]:
    groups = defaultdict(list)
    for record in corpus.records:
        if record.group:
            groups[record.group].append(record)
    return groups


def test_the_promised_corpora_are_there() -> None:
    assert bundled_corpora() == (
        "coreference", "reviews", "showcase", "syntax", "translation",
    )  # fmt: skip


@pytest.mark.parametrize("name", bundled_corpora())
def test_each_loads_strictly_and_says_what_it_is(name: str) -> None:
    corpus = load_corpus(name, strict=True)
    assert corpus.name == name
    assert corpus.skipped == ()
    assert corpus.title
    assert corpus.about
    assert corpus.source
    assert corpus.licence == "CC0-1.0"
    tasks = {"showcase": None, "syntax": None, "reviews": "sentiment"}
    assert corpus.task == tasks.get(name, name)
    assert corpus.task is None or corpus.task in TASKS
    texts = [record.text for record in corpus.records]
    assert len(set(texts)) == len(texts)
    assert all(record.tags for record in corpus.records)
    assert all(record.label in (None, "positive", "negative") for record in corpus.records)


@pytest.mark.parametrize("name", bundled_corpora())
def test_each_group_is_a_pair_of_different_variants(name: str) -> None:
    for group, members in grouped(load_corpus(name)).items():
        assert len(members) == 2, group
        assert len({record.variant for record in members}) == 2, group


def test_showcase_is_short_and_each_record_says_what_to_look_for() -> None:
    corpus = load_corpus("showcase")
    assert 20 <= len(corpus.records) <= 30
    assert all(record.note for record in corpus.records)
    assert all(4 < len(record.text.split()) <= 30 for record in corpus.records)
    texts = {record.text for record in corpus.records}
    assert "The bank of the river is muddy." in texts
    assert "The doctor told the nurse that she was late." in texts
    tags = {tag for record in corpus.records for tag in record.tags}
    assert tags >= {
        "polysemy",
        "coreference",
        "aspects",
        "negation",
        "agreement",
        "law",
        "medicine",
    }


def test_the_ambiguous_pair_has_no_answer() -> None:
    pair = grouped(load_corpus("showcase"))["doctor-nurse"]
    assert [record.answer for record in pair] == [None, None]
    assert [record.mention.text for record in pair if record.mention] == ["she", "he"]


def test_reviews_have_a_verdict_and_aspects() -> None:
    records = load_corpus("reviews").records
    assert len(records) >= 40
    assert all(record.label and record.aspects for record in records)
    labels = Counter(record.label for record in records)
    assert min(labels.values()) >= 20
    tags = Counter(tag for record in records for tag in record.tags)
    assert all(tags[tag] >= 10 for tag in ("aspects", "contrast", "negation"))


def test_review_pairs_have_opposite_verdicts() -> None:
    for group, members in grouped(load_corpus("reviews")).items():
        assert {record.label for record in members} == {"positive", "negative"}, group


def aligned(name: str) -> list[Record]:
    return [record for record in load_corpus(name).records if record.alignment]


@pytest.mark.parametrize("record", aligned("translation") + aligned("showcase"), ids=lambda r: r.id)
def test_alignment_covers_both_sides(record: Record) -> None:
    assert record.target
    links = alignment_links(record.alignment or "")
    sources = word_spans(record.text, record.words)
    targets = word_spans(record.target, record.target_words)
    assert {link.source for link in links} == set(range(len(sources)))
    assert {link.target for link in links} == set(range(len(targets)))
    last = (len(sources) - 1, len(targets) - 1)
    assert [(link.source, link.target) for link in links if last[0] == link.source] == [last]


def test_translation_has_word_order_and_gender() -> None:
    records = load_corpus("translation").records
    assert len(records) >= 60
    assert aligned("translation") == list(records)
    tags = Counter(tag for record in records for tag in record.tags)
    assert tags["word order"] >= 30
    assert tags["gender"] >= 20
    assert max(len(record.words) for record in records) <= 14


def crosses(record: Record) -> bool:
    """Say whether two neighbours of the source come out in reverse, side by side or not."""
    sure = sorted((k.source, k.target) for k in alignment_links(record.alignment or "") if k.sure)
    return any(
        source + 1 == following and target > behind
        for source, target in sure
        for following, behind in sure
    )


def test_what_is_tagged_word_order_does_cross() -> None:
    records = load_corpus("translation").records
    assert [r.id for r in records if "word order" in r.tags and not crosses(r)] == []
    may_cross = {"word order", "clitic", "question", "negation"}
    assert [r.id for r in records if crosses(r) and not may_cross & set(r.tags)] == []


def test_syntax_has_whole_trees_that_a_neighbour_does_not_tell() -> None:
    records = load_corpus("syntax").records
    assert 20 <= len(records) <= 30
    far = before = 0
    relations = Counter[str]()
    for record in records:
        assert len(record.words) == len(record.head) == len(record.deprel) == len(record.upos)
        assert [n for n, head in zip(record.deprel, record.head, strict=True) if head == 0] == [
            "root"
        ]
        for word in range(1, len(record.head) + 1):
            steps = 0
            while word := record.head[word - 1]:
                steps += 1
                assert steps < len(record.head), record.id
        for word, (head, relation) in enumerate(zip(record.head, record.deprel, strict=True), 1):
            if relation not in ("root", "punct"):
                relations[relation] += 1
                far += abs(head - word) > 1
                before += head < word
    assert far >= sum(relations.values()) / 2
    assert 0.25 <= before / sum(relations.values()) <= 0.75
    common = ("nsubj", "obj", "det", "amod", "advmod", "obl", "case", "aux", "conj", "cc")
    assert all(relations[name] >= 6 for name in common), relations


@pytest.mark.parametrize(
    ("relation", "parts"),
    [
        ("det", {"DET"}),
        ("amod", {"ADJ"}),
        ("advmod", {"ADV", "PART"}),
        ("case", {"ADP"}),
        ("aux", {"AUX"}),
        ("cop", {"AUX"}),
        ("cc", {"CCONJ"}),
        ("mark", {"SCONJ", "PART"}),
        ("nummod", {"NUM"}),
        ("obl", {"NOUN", "PROPN", "PRON"}),
        ("punct", {"PUNCT"}),
    ],
)
def test_syntax_relations_fit_their_parts_of_speech(relation: str, parts: set[str]) -> None:
    found = {
        upos
        for record in load_corpus("syntax").records
        for upos, name in zip(record.upos, record.deprel, strict=True)
        if name == relation
    }
    assert found
    assert found <= parts


def test_coreference_pairs_are_resolved_and_balanced() -> None:
    corpus = load_corpus("coreference")
    groups = grouped(corpus)
    assert len(groups) >= 60
    assert sum(map(len, groups.values())) == len(corpus.records) >= 120
    firsts = pronouns = occupations = 0
    for record in corpus.records:
        assert record.mention is not None
        assert len(record.candidates) == 2
        first, second = record.candidates
        assert first.end < second.start < second.end < record.mention.start
        firsts += record.answer == first
        pronouns += record.mention.text == "she"
        occupations += (record.answer == first) == ("occupation first" in record.tags)
    assert firsts == pronouns == occupations == len(corpus.records) // 2


def test_coreference_pairs_differ_as_their_tag_says() -> None:
    for members in grouped(load_corpus("coreference")).values():
        one, other = members
        if "gender pair" in one.tags:
            assert one.text.replace(" she ", " he ") == other.text
            assert (one.variant, other.variant) == ("female", "male")
            assert one.answer == other.answer
        else:
            assert one.mention == other.mention
            assert one.candidates == other.candidates
            assert (one.answer, other.answer) == one.candidates
