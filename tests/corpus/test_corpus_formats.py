"""Formats in which the field publishes its data sets, in sentences of our own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from attnatlas.config import Settings
from attnatlas.corpus import Corpus, Span, load_corpora, load_corpus, read_options
from attnatlas.errors import InputError

WINOGENDER = """sentid\tsentence
pilot.mechanic.0.male.txt\tThe pilot thanked the mechanic before he took off.
pilot.mechanic.0.female.txt\tThe pilot thanked the mechanic before she took off.
pilot.mechanic.0.neutral.txt\tThe pilot thanked the mechanic before they took off.
pilot.someone.1.male.txt\tSomeone told the pilot about his luggage.
pilot.someone.2.male.txt\tSomeone told the pilot about his luggage.
baker.guest.1.female.txt\tThe baker gave a guest what she and her friend had paid for.
clerk.guest.1.male.txt\tThe nurse saw the guest when he came in.
"""
PRO = """1 [The plumber] met the tailor after [he] fixed the sink.
2 The plumber thanked [the tailor] because the coat suited [him].
3 [The guard] asked the cook whether [he] had left [his] keys.
4 [The nurse] left [her] coat with the driver.
5 The nurse left early.
"""
ANTI = """1 [The plumber] met the tailor after [she] fixed the sink.
2 The plumber thanked [the tailor] because the coat suited [her].
3 [The guard] asked the cook whether [she] had left [her] keys.
4 [The nurse] left [his] jacket with the driver.
"""
GAP_HEADER = "ID\tText\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\tURL\n"
GAP = GAP_HEADER + (
    "own-1\tZoë wrote to Ann when she was ill.\tshe\t22\tZoë\t0\tTRUE\tAnn\t13\tFALSE\tx\n"
    "own-2\tZoë wrote to Ann; she saw both.\tshe\t18\tZoë\t0\tFALSE\tAnn\t13\tFALSE\tx\n"
    "own-3\tZoë wrote to Ann; she saw both.\tshe\t19\tZoë\t0\tFALSE\tAnn\t13\tTRUE\tx\n"
)
SEMEVAL_14 = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<sentences>
<sentence id="7"><text>Warm soup &amp; rude waiters.</text><aspectTerms>
<aspectTerm term="soup" polarity="positive" from="5" to="9"/>
<aspectTerm term="waiters" polarity="negative" from="17" to="24"/></aspectTerms>
<aspectCategories><aspectCategory category="food" polarity="positive"/></aspectCategories>
</sentence>
<sentence id="8"><text>We will be back.</text></sentence>
<sentence id="9"><text>Bad tea.</text>
<aspectTerms><aspectTerm term="tea" from="9"/></aspectTerms></sentence>
</sentences>"""
SEMEVAL_16 = """<Reviews><Review rid="1"><sentences><sentence id="1:0">
<text>The tea was cold.</text>
<Opinions><Opinion target="tea" category="DRINKS#QUALITY" polarity="negative" from="4" to="7"/>
<Opinion target="NULL" category="SERVICE#GENERAL" polarity="neutral" from="0" to="0"/></Opinions>
</sentence></sentences></Review></Reviews>"""
BLIMP = [
    {"sentence_good": "The cats sleep.", "sentence_bad": "The cats sleeps.", "field": "syntax",
     "linguistics_term": "agreement", "UID": "own_agreement", "pairID": "0"},
    {"sentence_good": "The dog barks.", "sentence_bad": "", "UID": "own_agreement", "pairID": "1"},
]  # fmt: skip


def load(path: Path, content: str, **chosen: Any) -> Corpus:
    path.write_text(content, "utf-8")
    return load_corpus(path, options=read_options(Settings(**chosen)))


def refused(path: Path, content: str, **chosen: Any) -> str:
    with pytest.raises(InputError) as caught:
        load(path, content, **chosen)
    return caught.value.format_message()


def reasons(corpus: Corpus) -> list[str]:
    return [f"{skip.where}: {skip.reason}" for skip in corpus.skipped]


def test_winogender_names_the_pronoun_and_both_people(tmp_path: Path) -> None:
    corpus = load(tmp_path / "all.tsv", WINOGENDER)
    assert (corpus.task, corpus.form) == ("coreference", "Winogender")
    first, *_, last = corpus.records
    assert (first.id, first.group, first.variant) == (
        "pilot.mechanic.0.male",
        "pilot.mechanic.0",
        "male",
    )
    assert first.mention == Span("he", 38)
    assert [span.text for span in first.candidates] == ["The pilot", "the mechanic"]
    assert first.answer == Span("The pilot", 0)
    assert last.candidates == (Span("the pilot", 13), Span("Someone", 0))
    assert last.answer == Span("Someone", 0)
    assert reasons(corpus) == [
        "all.tsv, line 6: the id 'pilot.someone.2.male' is not "
        "occupation.participant.0 or 1.gender",
        "all.tsv, line 7: it has 2 pronouns of the gender 'female', not one",
        "all.tsv, line 8: 'clerk' of its id is not in the text",
    ]
    templates = (
        "occupation(0)\tother-participant(1)\tanswer\tsentence\na\tb\t1\tThe $OCCUPATION left.\n"
    )
    assert "words are never put into them" in refused(tmp_path / "templates.tsv", templates)


def test_winobias_counts_what_its_brackets_leave_open(tmp_path: Path) -> None:
    corpus = load(tmp_path / "pro_stereotyped_type1.txt.dev", PRO)
    first, second, third, fourth = corpus.records
    assert (first.text, first.mention) == (
        "The plumber met the tailor after he fixed the sink.",
        Span("he", 33),
    )
    assert (first.answer, first.candidates) == (Span("The plumber", 0), ())
    assert (second.answer, second.variant) == (Span("the tailor", 20), "male")
    assert (third.mention, fourth.variant) == (Span("he", 33), "female")
    assert {record.group for record in corpus.records} == {None}
    assert corpus.notes == (
        "it is written as WinoBias",
        "1 line with several bracketed pronouns; the first is the mention",
        "'her' is bracketed in 1 line; it stands for him and for his, so no counterpart is put in "
        "its place",
    )
    assert reasons(corpus) == [
        "pro_stereotyped_type1.txt.dev, line 5: no number before it, or no brackets in it, as "
        "WinoBias has them"
    ]


def test_winobias_pairs_across_two_files_are_counted(tmp_path: Path) -> None:
    (tmp_path / "pro_stereotyped_type1.txt").write_text(PRO)
    (tmp_path / "anti_stereotyped_type1.txt").write_text(ANTI)
    names = [str(tmp_path / f"{side}_stereotyped_type1.txt") for side in ("pro", "anti")]
    pro, anti = load_corpora(names)
    groups = [[record.group for record in corpus.records] for corpus in (pro, anti)]
    assert groups == [["type1 1", "type1 2", "type1 3", None]] * 2
    assert "4 pairs, 1 of them no minimal pair, so its texts are not compared" in pro.notes
    alone = load_corpus(names[0])
    assert alone.sha256 != pro.sha256
    both = load(tmp_path / "both.txt", PRO + ANTI)
    assert [record.group for record in both.records] == ["both 1", "both 2", "both 3", None] * 2


def test_gap_gives_every_place_by_its_offset(tmp_path: Path) -> None:
    corpus = load(tmp_path / "gap.tsv", GAP)
    first, second = corpus.records
    assert (first.id, first.mention, first.answer) == ("own-1", Span("she", 22), Span("Zoë", 0))
    assert first.candidates == (Span("Zoë", 0), Span("Ann", 13))
    assert second.answer is None
    assert "1 record with neither name as the answer" in corpus.notes
    assert reasons(corpus) == ["gap.tsv, line 4: 'Pronoun' 'she' does not start at '19'"]


def test_blimp_makes_two_records_of_a_group(tmp_path: Path) -> None:
    corpus = load(tmp_path / "x.jsonl", "\n".join(map(json.dumps, BLIMP)))
    assert [(r.id, r.group, r.variant, r.tags) for r in corpus.records] == [
        ("own_agreement-0-good", "own_agreement-0", "good", ("agreement", "syntax")),
        ("own_agreement-0-bad", "own_agreement-0", "bad", ("agreement", "syntax")),
    ]
    assert reasons(corpus) == ["x.jsonl, line 2: one of its two sentences is empty"]


def test_pairs_of_any_two_columns(tmp_path: Path) -> None:
    known = load(tmp_path / "x.csv", "good;bad\nHe sleeps.;He sleep.\n")
    assert [(r.text, r.variant, r.group) for r in known.records] == [
        ("He sleeps.", "good", "pair-2"),
        ("He sleep.", "bad", "pair-2"),
    ]
    content = "id,old,new\np1,One way.,Another way.\n"
    chosen = load(tmp_path / "x.csv", content, format="pairs", column=("text=old", "text=new"))
    assert [(r.id, r.variant) for r in chosen.records] == [("p1-old", "old"), ("p1-new", "new")]
    assert "say so with --column text=ONE --column text=OTHER" in refused(
        tmp_path / "x.csv", content, format="pairs"
    )


def test_semeval_of_2014_and_2016(tmp_path: Path) -> None:
    corpus = load(tmp_path / "x.xml", SEMEVAL_14)
    first, second = corpus.records
    assert (first.id, first.text) == ("7", "Warm soup & rude waiters.")
    assert first.aspects == (Span("soup", 5), Span("waiters", 17))
    assert first.note == "soup: positive; waiters: negative; food: positive"
    assert (first.label, first.tags) == (None, ("positive", "negative"))
    assert (second.aspects, corpus.notes[-1]) == ((), "1 sentence without a marked aspect")
    assert reasons(corpus) == ["x.xml, sentence 3: the aspect 'tea' does not start at '9'"]
    (later,) = load(tmp_path / "y.xml", SEMEVAL_16).records
    assert later.aspects == (Span("tea", 4),)
    assert later.note == "tea: negative; SERVICE#GENERAL: neutral"
    assert (first.frame, later.frame) == (None, "1")
    second = SEMEVAL_16.replace(
        "</sentences>", '<sentence id="1:1"><text>Never.</text></sentence></sentences>'
    )
    both = load(tmp_path / "z.xml", second).records
    assert [(record.id, record.frame) for record in both] == [("1:0", "1"), ("1:1", "1")]


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><sentences><text>&a;</text></sentences>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hosts">]><sentences>&a;</sentences>',
        "<sentences><sentence></sentences>",
    ],
)
def test_xml_that_is_broken_or_brings_entities_is_refused(content: str, tmp_path: Path) -> None:
    for named in (None, "semeval"):
        said = refused(tmp_path / "x.xml", content, format=named)
        assert "not valid XML (" in said or "it declares entities of its own, which are" in said


@pytest.mark.parametrize(
    ("lines", "first", "alignments"),
    [
        (["a b ||| c d ||| 0-0 1p1"], "0 in it (a link names word 0)", ["0-0 1p1"]),
        (["a b ||| c d ||| 1-1 2p2", "a ||| b ||| 1-1"], "1 in it (a link", ["0-0 1p1", "0-0"]),
        (["a b c ||| d e f ||| 1-1"], "0 in it (as is usual; no link tells; if it is", ["1-1"]),
        (["a b ||| c ||| 0-0 0-0 0p0"], "0 in it (a link names word 0)", ["0-0"]),
    ],
)  # fmt: skip
def test_pharaoh_with_its_texts(
    lines: Iterable[str], first: str, alignments: list[str], tmp_path: Path
) -> None:
    corpus = load(tmp_path / "x.txt", "\n".join(lines))
    assert [record.alignment for record in corpus.records] == alignments
    assert f"words are counted from {first}" in corpus.notes[-1]
    assert (corpus.task, corpus.records[0].target is not None) == ("translation", True)


def test_lines_of_two_texts_are_texts_and_targets(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("the cat ||| le chat\na dog ||| un chien\n")
    found = load_corpus(tmp_path / "x.txt")
    assert [(one.text, one.target) for one in found.records] == [
        ("the cat", "le chat"),
        ("a dog", "un chien"),
    ]
    assert "no word is linked" in found.notes


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ("0-0:0.9 1-1:0.2", "links are written as 0-0, possible ones as 0p1"),
        ("0-0 1?1", "links are written as 0-0, possible ones as 0p1"),
        ("0-0 ||| 0.5", r"4 parts, not source \|\|\| target \|\|\| links"),
    ],
)
def test_links_that_are_written_otherwise_are_no_part_of_a_text(
    links: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "x.txt").write_text(f"the cat ||| le chat ||| {links}\n")
    with pytest.raises(InputError, match=said):
        load_corpus(tmp_path / "x.txt")


def test_xml_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    declared = SEMEVAL_14.replace("UTF-8", "ISO-8859-1").replace("Warm", "Sautée")
    content = declared.replace('5" to="9', '7" to="11').replace("17", "19").replace("24", "26")
    (tmp_path / "x.xml").write_bytes(content.encode("latin-1"))
    assert load_corpus(tmp_path / "x.xml").records[0].text.startswith("Sautée soup")


def test_links_with_texts_in_two_files_beside(tmp_path: Path) -> None:
    (tmp_path / "own.e").write_text("<s snum=1> the old house </s>\n<s snum=2> so it is </s>\n")
    (tmp_path / "own.f").write_text("<s snum=1> la vieille maison </s>\n<s snum=2> oui </s>\n")
    beside = (f"text={tmp_path / 'own.e'}", f"target={tmp_path / 'own.f'}")
    naacl = "1 1 1 S\n1 2 2 S\n1 3 3 P\n2 1 1 P\n2 0 1 S\n3 1 1 S\n1 x\n"
    corpus = load(tmp_path / "own.wa", naacl, format="naacl", column=beside)
    assert [(r.id, r.text, r.alignment) for r in corpus.records] == [
        ("1", "the old house", "0-0 1-1 2p2"),
        ("2", "so it is", "0p0"),
    ]
    assert corpus.notes[-2:] == (
        "words are counted from 1 in it (a link names the last word so)",
        "1 link to no word left out",
    )
    assert reasons(corpus) == [
        "own.wa, sentence 3: no text or no target of this number",
        "own.wa, line 7: no link; write: sentence source target, and S or P",
    ]
    pharaoh = load(tmp_path / "own.align", "0-0 1-1 2-2\n0-0\n", format="pharaoh", column=beside)
    assert [record.alignment for record in pharaoh.records] == ["0-0 1-1 2-2", "0-0"]
    assert "name the files of the texts" in refused(tmp_path / "own.wa", naacl)
    assert "must be equally long" in refused(
        tmp_path / "own.align", "0-0\n", format="pharaoh", column=beside
    )
    missing = ("text=nowhere.e", beside[1])
    assert "its texts: No corpus 'nowhere.e'" in refused(
        tmp_path / "own.wa", naacl, format="naacl", column=missing
    )


@pytest.mark.parametrize(
    ("form", "first", "alignment"),
    [
        ("pharaoh", "0 in it (as is usual; no link tells", "1-1 2-2"),
        ("pharaoh-0", "0 in it (as asked)", "1-1 2-2"),
        ("pharaoh-1", "1 in it (as asked)", "0-0 1-1"),
    ],
)
def test_words_are_counted_from_what_is_asked(
    form: str, first: str, alignment: str, tmp_path: Path
) -> None:
    corpus = load(tmp_path / "x.txt", "a b c d ||| d e f g ||| 1-1 2-2", format=form)
    assert corpus.records[0].alignment == alignment
    assert f"words are counted from {first}" in corpus.notes[-1]


def test_what_speaks_against_the_count_that_is_asked_is_said(tmp_path: Path) -> None:
    line = "a b ||| c d ||| 0-0 2-2"
    one = load(tmp_path / "x.txt", line, format="pharaoh-1")
    assert one.records[0].alignment == "1-1"
    assert "as asked, though a link names word 0, which is then none" in " ".join(one.notes)
    zero = load(
        tmp_path / "x.txt", "a b c ||| d e ||| 1-1 2-2\na b ||| d e ||| 0-0", format="pharaoh-0"
    )
    assert "though 1 link then name a word after the last" in " ".join(zero.notes)


def test_a_format_of_the_field_can_be_read_as_it_stands(tmp_path: Path) -> None:
    assert load(tmp_path / "x.txt", PRO, format="txt").records[0].text.startswith("1 [The plumber]")
    plain = load(tmp_path / "x.tsv", WINOGENDER, format="tsv")
    assert (len(plain.records), plain.records[0].mention) == (7, None)
