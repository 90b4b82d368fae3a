"""Corpus files: every format, every error sentence, hostile text."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from attnatlas.corpus import Corpus, Record, Span, bundled_corpora, load_corpus
from attnatlas.errors import InputError

ROWS: list[dict[str, object]] = [
    {"text": "She saw the bank.", "mention": "She", "tags": ["a", "b"], "label": "positive"},
    {"id": "two", "text": 'A "quoted", comma', "words": ["A", '"quoted"', ",", "comma"]},
    {"text": "Über 🙂\tno | bar", "aspects": ["no", "bar"], "head": [0, 1, 1, 1, 1]},
]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def as_toml(rows: list[dict[str, object]]) -> str:
    """Write JSON strings, lists and numbers, which are TOML values too."""

    def value_of(value: object) -> str:
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    tables = [
        "[[record]]\n" + "".join(f"{key} = {value_of(value)}\n" for key, value in row.items())
        for row in rows
    ]
    return "\n".join(tables)


def as_jsonl(rows: list[dict[str, object]]) -> str:
    return "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def write_csv(path: Path, rows: list[dict[str, object]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {
                    key: "|".join(map(str, value)) if isinstance(value, list) else value
                    for key, value in row.items()
                }
            )
    return path


def problem(path: Path, *, strict: bool = False) -> str:
    """Return the error that loading the file ends with: one sentence, exit code 2."""
    with pytest.raises(InputError) as caught:
        load_corpus(path, strict=strict)
    message = caught.value.format_message()
    assert caught.value.exit_code == 2
    assert message.startswith(str(path))
    assert message.endswith(".")
    assert "\n" not in message
    return message.removeprefix(str(path))


def test_same_records_have_the_same_sha256_in_every_format(tmp_path: Path) -> None:
    files = [
        write(tmp_path / "same.toml", as_toml(ROWS)),
        write(tmp_path / "same.jsonl", as_jsonl(ROWS)),
        write_csv(tmp_path / "same.csv", ROWS),
    ]
    corpora = [load_corpus(file, strict=True) for file in files]
    assert {corpus.records for corpus in corpora} == {corpora[0].records}
    assert len({corpus.sha256 for corpus in corpora}) == 1
    texts = [{"text": row["text"]} for row in ROWS]
    plain = load_corpus(write(tmp_path / "same.txt", "\r\n".join(str(t["text"]) for t in texts)))
    assert plain.sha256 == load_corpus(write(tmp_path / "same.jsonl", as_jsonl(texts))).sha256
    assert plain.sha256 != corpora[0].sha256


def test_title_and_order_change_the_sha256(tmp_path: Path) -> None:
    first = load_corpus(write(tmp_path / "x.toml", as_toml(ROWS)))
    titled = load_corpus(write(tmp_path / "x.toml", 'title = "T"\n' + as_toml(ROWS)))
    turned = load_corpus(write(tmp_path / "x.toml", as_toml(ROWS[::-1])))
    assert len({first.sha256, titled.sha256, turned.sha256}) == 3


def test_toml_says_what_the_corpus_is_and_shares_languages(tmp_path: Path) -> None:
    head = 'title="T"\nabout="A"\nlicence="L"\nsource="S"\ntask="translation"\nsource_lang="en"\n'
    rows = '[[record]]\ntext="a"\n[[record]]\ntext="b"\nsource_lang="de"\n'
    corpus = load_corpus(write(tmp_path / "x.toml", head + rows))
    assert (corpus.name, corpus.title, corpus.about) == ("x", "T", "A")
    assert (corpus.licence, corpus.source, corpus.task) == ("L", "S", "translation")
    assert [record.source_lang for record in corpus.records] == ["en", "de"]


def test_ids_come_from_the_position_and_never_collide(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"text": "a"},
        {"text": "b"},
        {"id": "record-001", "text": "c"},
    ]
    corpus = load_corpus(write(tmp_path / "x.jsonl", as_jsonl(rows)))
    assert [record.id for record in corpus.records] == ["record-001-x", "record-002", "record-001"]


def test_text_lines_end_at_newlines_only(tmp_path: Path) -> None:
    corpus = load_corpus(write(tmp_path / "x.txt", "a\u2028b\x0cc\r\n\n  \n d "))
    assert [record.text for record in corpus.records] == ["a\u2028b\x0cc", " d "]


CONLLU = """\
# sent_id = s1
# text = Don't go to Rome.
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\t_\t_\t3\taux\t_\t_
2\tn't\tnot\tPART\t_\t_\t3\tadvmod\t_\t_
3\tgo\tgo\tVERB\t_\t_\t0\troot\t_\t_
4\tto\tto\tADP\t_\t_\t5\tcase\t_\t_
4.1\tghost\t_\t_\t_\t_\t_\t_\t_\t_
5\tRome\tRome\tPROPN\t_\t_\t3\tobl\t_\tSpaceAfter=No
6\t.\t.\tPUNCT\t_\t_\t3\tpunct\t_\t_

1\tJe\tje\tPRON\t_\t_\t2\tnsubj\t_\t_
2\tviens\tvenir\tVERB\t_\t_\t0\troot\t_\t_
3-4\tdu\t_\t_\t_\t_\t_\t_\t_\t_
3\tde\tde\tADP\t_\t_\t5\tcase\t_\t_
4\tle\tle\tDET\t_\t_\t5\tdet\t_\t_
5\tport\tport\tNOUN\t_\t_\t2\tobl\t_\tSpaceAfter=No
6\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_
"""


def test_conllu_words_heads_and_multiword_tokens(tmp_path: Path) -> None:
    first, second = load_corpus(write(tmp_path / "x.conllu", CONLLU), strict=True).records
    assert (first.id, first.text) == ("s1", "Don't go to Rome.")
    assert first.words == ("Do", "n't", "go", "to", "Rome", ".")
    assert first.head == (3, 3, 0, 5, 3, 3)
    assert first.upos[:3] == ("AUX", "PART", "VERB")
    assert (second.id, second.text) == ("record-002", "Je viens du port.")
    assert second.words == ("Je", "viens", "du", "port", ".")
    assert second.head == (2, 0, 4, 2, 2)
    assert second.deprel == ("nsubj", "root", "case", "obl", "punct")


def test_conllu_comments_say_what_the_corpus_and_its_sentences_are(tmp_path: Path) -> None:
    about = "# corpus_title = Trees\n# corpus_licence = CC0-1.0\n# tags = a|b c\n# note = Look.\n"
    corpus = load_corpus(write(tmp_path / "x.conllu", about + CONLLU), strict=True)
    assert (corpus.title, corpus.licence, corpus.source) == ("Trees", "CC0-1.0", "")
    assert [record.tags for record in corpus.records] == [("a", "b c"), ()]
    assert corpus.records[0].note == "Look."


def test_a_broken_conllu_sentence_is_skipped(tmp_path: Path) -> None:
    broken = "1\ta b\n\n1\ta\ta\tX\t_\t_\t_\t_\t_\t_\n\n2\ta\ta\tX\t_\t_\t_\t_\t_\t_\n"
    corpus = load_corpus(write(tmp_path / "x.conllu", broken))
    assert corpus.records == (Record("record-002", "a", words=("a",), upos=("X",)),)
    assert [(skip.where, skip.reason) for skip in corpus.skipped] == [
        ("x.conllu, line 1", "a word line has 2 columns, not 10"),
        ("x.conllu, line 5", "word id '2' does not follow 0"),
    ]


def test_a_bad_record_is_skipped_and_listed_with_its_place(tmp_path: Path) -> None:
    content = '{"text": "good"}\n{"id": "b", "text": ""}\n["a"]\n{"text": "x", "head": "y"}\n{"t'
    path = write(tmp_path / "some.jsonl", content)
    corpus = load_corpus(path)
    assert [record.text for record in corpus.records] == ["good"]
    assert [(skip.where, skip.reason) for skip in corpus.skipped] == [
        ("some.jsonl, line 2 ('b')", "'text' is empty"),
        ("some.jsonl, line 3", "it is a list, not a table of fields"),
        ("some.jsonl, line 4", "'head' is a text, not a list"),
        (
            "some.jsonl, line 5",
            "not valid JSON (Unterminated string starting at, character 2); "
            "write one JSON object a line",
        ),
    ]
    expected = ", line 2 ('b'): 'text' is empty; correct or remove the record."
    assert problem(path, strict=True) == expected


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.txt", "", ": no record; add at least one text."),
        ("x.toml", "title = 'x'", ": no record; add at least one text."),
        (
            "x.txt",
            b"ok\ncaf\xe9",
            ": not UTF-8 (line 2, byte 6); "
            "give its encoding, perhaps --encoding cp1252, or save it as UTF-8.",
        ),
        (
            "x.pdf",
            "",
            ": not of a kind that can be read (.toml, .jsonl, .ndjson, .json, .csv, .tsv, .tab, "
            ".txt, .conllu, .parquet; packed or not); name its format with --format.",
        ),
        (
            "x.toml",
            "[[record]\n",
            ": not valid TOML (Expected ']]' at the end of an array declaration "
            "(at line 1, column 9)); correct it there.",
        ),
        (
            "x.toml",
            "[[records]]\ntext = 'a'",
            ": unknown field 'records' (did you mean 'record'?); correct or remove it.",
        ),
        (
            "x.toml",
            "[record]\ntext = 'a'",
            ": 'record' is not a list of tables; begin each record with [[record]].",
        ),
        ("x.toml", "title = 3", ": 'title' is a number, not a text; put it in quotes."),
        (
            "x.toml",
            "task = 'sentimental'\n[[record]]\ntext = 'a'",
            ": unknown task 'sentimental' (did you mean 'sentiment'?); "
            "use one of coreference, translation, sentiment.",
        ),
        (
            "x.csv",
            "first;second\na b c;d e f\n",
            ": no column 'text' (columns: 'first', 'second'); "
            "say which column holds the texts, with --column text=NAME.",
        ),
        ("x.csv", "text,text\na,b\n", ": column 'text' is there twice; keep one of them."),
        (
            "x.jsonl",
            '{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}',
            ": line 1 and line 2 have the same id 'a'; change one of them.",
        ),
        (
            "x.toml",
            '[[record]]\nid="a"\ntext="x"\n[[record]]\nid="a"\ntext="y"\n',
            ": record 1 and record 2 have the same id 'a'; change one of them.",
        ),
        ("x.jsonl", "{}\n{}", ": no record left, all 2 were skipped; correct line 1: no 'text'."),
        (
            "x.jsonl",
            '{"tags": ["a"]}',
            ": no column 'text' (columns: 'tags'); "
            "say which column holds the texts, with --column text=NAME.",
        ),
        (
            "x.csv",
            "text,note\na,b,c\n",
            ": no record left, the only one was skipped; "
            "correct line 2: 3 cells under 2 columns; "
            "quote cells that hold the mark between cells.",
        ),
    ],
)
def test_each_error_is_one_sentence(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    assert problem(write(tmp_path / name, content)) == message


def test_deeply_nested_values_are_an_error_and_no_crash(tmp_path: Path) -> None:
    assert "not JSON that can be read" in problem(write(tmp_path / "x.jsonl", "[" * 200_000))
    assert "not valid TOML" in problem(write(tmp_path / "x.toml", "a = " + "[" * 5_000))


def test_a_folder_and_an_unreadable_file(tmp_path: Path) -> None:
    folder = tmp_path / "some.txt"
    folder.mkdir()
    assert problem(folder) == " is a folder; name a file in it."


def test_csv_leaves_out_columns_that_are_no_field(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "stars,text,date\n5,good,2020\n\n1,bad\n")
    assert load_corpus(path, strict=True).records == (
        Record("record-001", "good"),
        Record("record-002", "bad"),
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/x.toml",
        "HTTPS://example.org/x.toml",
        "file:///etc/passwd",
        "file:/etc/passwd",
        "s3://bucket/x.toml",
        "\\\\server\\share\\x.toml",
        "//server/share/x.toml",
    ],
)
def test_addresses_are_refused(address: str) -> None:
    with pytest.raises(
        InputError, match="is an address, and corpora are read only from this machine"
    ):
        load_corpus(address)


def test_an_unknown_name_lists_near_and_known_names() -> None:
    with pytest.raises(InputError) as caught:
        load_corpus("showcas")
    names = ", ".join(bundled_corpora())
    assert caught.value.format_message() == (
        "No corpus 'showcas' (did you mean showcase?); "
        "give a file (.toml, .jsonl, .ndjson, .json, .csv, .tsv, .tab, .txt, .conllu, .parquet) "
        f"or one of: {names}."
    )


def test_a_misspelt_path_names_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path / "reviews.csv", "text\na\n")
    with pytest.raises(InputError, match=r"did you mean .*reviews\.csv\?"):
        load_corpus(tmp_path / "review.csv")


@pytest.mark.parametrize("name", ["", "\0", "x\0.toml", "a" * 5000])
def test_impossible_names_are_not_found(name: str) -> None:
    with pytest.raises(InputError, match="No corpus"):
        load_corpus(name)


HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "[SEP] [CLS] <s> </s> <|endoftext|>",
    "\u202eright to left\u202c עברית",
    "{{ 7 * 7 }} {% raw %} ${jndi:ldap://x}",
    "=cmd|' /C calc'!A0",
    "\x1b[31mred\x07 bell\x7f",
    "a\u0000b",
    "e\u0301\u200d👩‍👩‍👧 \ufeff",
]


def kept(corpus: Corpus) -> list[str]:
    return [record.text for record in corpus.records]


def test_hostile_text_is_kept_as_it_is_except_nul(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"text": text} for text in HOSTILE]
    wanted = [text for text in HOSTILE if "\0" not in text]
    files = [
        write(tmp_path / "x.toml", as_toml(rows)),
        write(tmp_path / "x.jsonl", as_jsonl(rows)),
        write(tmp_path / "x.txt", "\n".join(HOSTILE)),
        write_csv(tmp_path / "x.csv", rows),
    ]
    for file in files:
        corpus = load_corpus(file)
        assert kept(corpus) == wanted
        assert [skip.reason for skip in corpus.skipped] == ["'text' holds a NUL character"]


def test_errors_carry_nothing_a_terminal_would_act_on(tmp_path: Path) -> None:
    row = {"id": "\x1b[2J\u202e", "text": "x", "mention": "\x07" + "y" * 500}
    corpus = load_corpus(write(tmp_path / "x.jsonl", json.dumps(row) + '\n{"text": "a"}'))
    (skip,) = corpus.skipped
    assert (skip.where + skip.reason).isprintable()
    assert len(skip.reason) < 200


def test_loading_imports_nothing_heavy() -> None:
    code = (
        "import sys; from attnatlas.corpus import load_corpus; load_corpus('showcase');"
        "print({'torch', 'transformers', 'numpy', 'altair', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_span_strings_in_csv_are_resolved(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "text,mention,candidates\nAnn met Bo; she ran.,she,Ann | Bo\n")
    (record,) = load_corpus(path, strict=True).records
    assert record.mention == Span("she", 12)
    assert record.candidates == (Span("Ann", 0), Span("Bo", 8))
