"""Files as people have them: other marks, other encodings, other columns, and broken rows."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from attnatlas.config import Settings
from attnatlas.corpus import Corpus, corpus_from_records, load_corpus, read_options
from attnatlas.errors import InputError

TABLE = [["no", "text", "label"], ["7", "Warm soup, cold bread", "fine"], ["8", "Ok; so|so", "bad"]]


def load(path: Path, content: str | bytes, **chosen: Any) -> Corpus:
    """Load a file with this content and these settings."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return load_corpus(path, options=read_options(Settings(**chosen)))


def refused(path: Path, content: str | bytes, **chosen: Any) -> str:
    """Return the sentence with which a file is refused, without the path it begins with."""
    with pytest.raises(InputError) as caught:
        load(path, content, **chosen)
    said = caught.value.format_message()
    assert said.endswith((".", "?"))
    assert "\n" not in said
    return said.removeprefix(str(path))


def texts(corpus: Corpus) -> list[str]:
    return [record.text for record in corpus.records]


def table(mark: str) -> str:
    return "\n".join(mark.join(f'"{c}"' if mark in c else c for c in row) for row in TABLE) + "\n"


@pytest.mark.parametrize(
    ("mark", "named"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "pipes")]
)
@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_what_separates_cells_is_found_and_said(
    mark: str, named: str, suffix: str, tmp_path: Path
) -> None:
    corpus = load(tmp_path / f"menu{suffix}", table(mark))
    assert texts(corpus) == [row[1] for row in TABLE[1:]]
    assert [record.label for record in corpus.records] == ["fine", "bad"]
    usual = mark == {".csv": ",", ".tsv": "\t"}[suffix]
    assert (f"cells are separated by {named}" in corpus.notes) is not usual


def test_a_mark_can_be_given_by_itself_or_by_name(tmp_path: Path) -> None:
    for mark, given in (("\t", "tab"), ("\t", "\\t"), ("^", "^"), (";", "semicolon")):
        assert len(load(tmp_path / "x.csv", table(mark), delimiter=given).records) == 2
    for wrong in ("::", "a", '"', "\n"):
        with pytest.raises(InputError, match="is no single mark; give one such as ';'"):
            load(tmp_path / "x.csv", table(","), delimiter=wrong)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-8"])
def test_a_mark_at_the_beginning_tells_the_encoding(encoding: str, tmp_path: Path) -> None:
    text = "Größe, naïveté 🙂"
    corpus = load(
        tmp_path / "x.jsonl", json.dumps({"text": text}, ensure_ascii=False).encode(encoding)
    )
    assert texts(corpus) == [text]
    assert ("UTF-" in corpus.form) is (encoding[-2:] in ("16", "32"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "text\nça va\n".encode("cp1252"),
            "(line 2, byte 5); give its encoding, perhaps --encoding cp1252",
        ),
        ("text\nGrüße, schöne\n".encode("latin-1"), "perhaps --encoding cp1252"),
        ("text\nпривет мир\n".encode("cp1251"), "give its encoding, such as --encoding cp1251"),
        ("text\n日本語の文\n".encode("shift_jis"), "such as --encoding cp1251 or shift_jis"),
        ("text\nça va\n".encode("utf-16-le"), "without its mark; give --encoding utf-16-le"),
        ("text\nplain\n".encode("utf-16-be"), "without its mark; give --encoding utf-16-be"),
        (
            b"\xff\xfet\0e\0x\0t\0\n",
            "not UTF-16 (line 1, byte 10), as the mark at its beginning says",
        ),
    ],
)
def test_another_encoding_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    assert said in refused(tmp_path / "x.csv", content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\x14\0\0\0", "it is a ZIP archive, as Excel's workbooks are; unpack it, or"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "it is a document of an old Office; save it as CSV"),
        (b"%PDF-1.7\n%\xe2\xe3\n", "it is a PDF; save its text as a text file"),
        (b"\x28\xb5\x2f\xfd\x24", "it is packed with Zstandard; unpack it, or pack it with gzip"),
        (b"SQLite format 3\0", "it is a database of SQLite; save the table as CSV"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
            "it is a pointer of Git LFS to the file; fetch that with git lfs pull",
        ),
        (b"\n<!DOCTYPE html><html><p>Log in", "it is a web page (HTML); download the file itself"),
    ],
)
@pytest.mark.parametrize("name", ["x.csv", "x.txt", "x.jsonl", "x.xlsx"])
def test_what_holds_no_texts_is_named_for_what_it_is(
    content: bytes, said: str, name: str, tmp_path: Path
) -> None:
    assert said in refused(tmp_path / name, content)


def test_a_damaged_byte_is_told_from_another_encoding(tmp_path: Path) -> None:
    content = "text\nçà et là, été\n".encode() + b"caf\xe9\n"
    assert "not UTF-8 (line 3, byte 27), though most of it is; mend it there" in refused(
        tmp_path / "x.csv", content
    )
    assert "not of a kind that can be read" in refused(tmp_path / "x.pickle", b"\x80\x04caf\xe9")


def test_one_column_needs_no_mark(tmp_path: Path) -> None:
    corpus = load(tmp_path / "x.csv", 'text\nWarm, dry; and | still\n"So, ""yes"""\n')
    assert texts(corpus) == ["Warm, dry; and | still", 'So, "yes"']
    assert (corpus.form, corpus.notes) == ("CSV, one column", ())


def test_the_hint_that_excel_needs_is_followed(tmp_path: Path) -> None:
    assert texts(load(tmp_path / "x.csv", "sep=;\nid;text\n1;a, b\n")) == ["a, b"]


def test_an_encoding_can_be_given(tmp_path: Path) -> None:
    corpus = load(tmp_path / "x.csv", "text\n“ça va”\n".encode("cp1252"), encoding="cp1252")
    assert texts(corpus) == ["“ça va”"]
    assert corpus.form.endswith(", in cp1252")
    for wrong in ("cp9999", "hex", "rot13"):
        said = refused(tmp_path / "x.csv", b"text\n\xe7a\n", encoding=wrong)
        assert f"there is no encoding of texts called '{wrong}'" in said


def test_packed_files_are_read_and_damaged_ones_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"text,label\nA long way down,sad\n")
    corpus = load(tmp_path / "x.csv.gz", packed)
    assert (corpus.name, texts(corpus)) == ("x", ["A long way down"])
    assert "a damaged gzip file" in refused(tmp_path / "x.csv.gz", packed[:-9])
    assert "packed twice; unpack it once" in refused(tmp_path / "y.csv.gz", gzip.compress(packed))
    assert load(tmp_path / "no-ending.jsonl", gzip.compress(b'{"text": "a"}')).records


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("x.json", '[{"text": "a b"}, {"text": "c"}]', "a JSON list"),
        ("x.json", '["a b", "c"]', "a JSON list"),
        ("x.json", '{"version": 1, "data": [{"text": "a b"}, {"text": "c"}]}', "the list 'data'"),
        ("x.json", '{"text": ["a b", "c"], "n": [1, 2]}', "2 columns"),
        ("x.json", '{"text": {"0": "a b", "1": "c"}}', "1 column"),
        ("x.json", '{"columns": ["text", "n"], "data": [["a b", 1], ["c", 2]]}', "2 columns"),
        ("x.json", '{"one": {"text": "a b"}, "two": {"text": "c"}}', "records by name"),
        ("x.json", '{"0": {"review": "a b"}, "1": {"review": "c"}}', "records by name"),
        ("x.json", '{"rows": [{"text": "a b"}, {"text": "c"}], "features": []}', "the list 'rows'"),
        ("x.json", '{"text": "a b"}\n{"text": "c"}\n', "one JSON object a line"),
        ("x.jsonl", '[{"text": "a b"},\n {"text": "c"}]', "a JSON list"),
        ("x.ndjson", '{"text": "a b"}\n\n{"text": "c"}', "one JSON object a line"),
    ],
)
def test_json_in_all_its_shapes(name: str, content: str, form: str, tmp_path: Path) -> None:
    corpus = load(tmp_path / name, content)
    assert texts(corpus) == ["a b", "c"]
    assert form in corpus.form


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '[{"text": "a"}, {"text" "b"}]',
            ": not valid JSON (Expecting ':' delimiter: line 1 column",
        ),
        (
            '{"text": ["a", "b"], "label": [1]}',
            ": its columns are not equally long ('text' 2, 'label' 1)",
        ),
        (
            '{"train": [{"text": "a"}], "test": [{"text": "b"}]}',
            ": it has several lists of records",
        ),
        ('{"a": 1}', ": no list of records in it (keys: 'a'); write [{...}, ...]"),
        ("3", ": a number, not a list of records; put them in [ ]"),
    ],
)
def test_json_without_records_is_one_sentence(content: str, said: str, tmp_path: Path) -> None:
    assert said in refused(tmp_path / "x.json", content)


def test_parquet_brings_its_types_and_its_labels(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    about = {"info": {"features": {"label": {"names": ["sad", "glad"], "_type": "ClassLabel"}}}}
    columns = {"text": ["So late", "So early", "So what"], "label": [0, 1, -1], "n": [1, 2, 3]}
    data = pa.table(columns).replace_schema_metadata({"huggingface": json.dumps(about)})
    parquet.write_table(data, tmp_path / "x.parquet")
    corpus = load_corpus(tmp_path / "x.parquet")
    found = [(record.label, record.label_index) for record in corpus.records]
    assert found == [("sad", 0), ("glad", 1), (None, None)]
    damaged = (tmp_path / "x.parquet").read_bytes()[:-20]
    assert "a damaged Parquet file" in refused(tmp_path / "x.parquet", damaged)


def test_without_pyarrow_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert 'install it with: pip install "attnatlas[parquet]"' in refused(
        tmp_path / "x.parquet", b""
    )


def test_cells_may_be_of_any_length(tmp_path: Path) -> None:
    long = "word " * 60_000
    assert texts(load(tmp_path / "x.csv", f'text\n"{long}"\n')) == [long]


def test_a_text_that_is_longer_than_any_may_be_is_skipped_in_seconds(tmp_path: Path) -> None:
    packed = gzip.compress(b"word " * 20_000_000 + b"\nA short one\n", compresslevel=1)
    began = time.monotonic()
    corpus = load(tmp_path / "x.txt.gz", packed)
    assert time.monotonic() - began < 30
    assert texts(corpus) == ["A short one"]
    assert "'text' has 100,000,000 characters, more than the 10,000,000" in corpus.skipped[0].reason


def test_names_of_records_are_their_ids(tmp_path: Path) -> None:
    content = '{"one": {"text": "a b"}, "two": {"text": "c", "id": "other"}}'
    assert [one.id for one in load(tmp_path / "x.json", content).records] == ["one", "other"]


def test_backslashes_are_read_as_escapes_only_where_that_reads_more(tmp_path: Path) -> None:
    escaped = load(tmp_path / "x.csv", 'id,text\n1,"She said \\"no\\", twice"\n2,C:\\new\n')
    assert texts(escaped) == ['She said "no", twice', "C:\\new"]
    assert "a backslash before a quote" in escaped.notes[0]
    plain = load(tmp_path / "x.csv", 'id,text\n1,"in C:\\dir\\"\n2,"a ""b"" c"\n')
    assert texts(plain) == ["in C:\\dir\\", 'a "b" c']
    assert plain.notes == ()


def test_quotes_in_a_file_with_tabs_are_text_where_that_reads_more(tmp_path: Path) -> None:
    loose = load(
        tmp_path / "x.tsv", 'n\ttext\n1\t"Well" he said\n2\t"and left\n3\tfor good" again\n'
    )
    assert texts(loose) == ['"Well" he said', '"and left', 'for good" again']
    quoted = load(tmp_path / "x.tsv", 'n\ttext\n1\t"a\tb ""c"""\n2\tplain words\n')
    assert texts(quoted) == ['a\tb "c"', "plain words"]


def test_a_bad_row_is_skipped_with_its_line(tmp_path: Path) -> None:
    content = (
        'n,text\n1,good one\n2,"bad" one\n3,"two\nlines"\n4,too,many\n5,"never closed\n6,last one\n'
    )
    corpus = load(tmp_path / "x.csv", content)
    assert texts(corpus) == ["good one", "two\nlines", "last one"]
    assert [skip.where for skip in corpus.skipped] == [
        "x.csv, line 3",
        "x.csv, line 6",
        "x.csv, line 7",
    ]
    assert "a quote that opens here is never closed" in corpus.skipped[-1].reason
    with pytest.raises(InputError, match=r"x\.csv, line 3: not valid CSV"):
        load_corpus(tmp_path / "x.csv", strict=True)


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv"])
def test_columns_that_are_no_field_never_stop_a_file(name: str, tmp_path: Path) -> None:
    rows = [{"idx": "4", "Id": "1", "text": "one way", "word": "way", "notes": "x", "lable": "y"}]
    content = (
        json.dumps(rows[0])
        if name == "x.jsonl"
        else "\n".join([",".join(rows[0]), ",".join(rows[0].values())])
    )
    corpus = load(tmp_path / name, content)
    assert texts(corpus) == ["one way"]
    assert corpus.notes == (
        "ignored, as they are no field of a record: 'idx' (did you mean 'id'?), 'Id' (did you mean "
        "'id'?), 'word' (did you mean 'words'?), 'notes' (did you mean 'note'?), 'lable' (did you "
        "mean 'label'?)",
    )


def test_columns_can_be_chosen(tmp_path: Path) -> None:
    content = "review,stars,label,text\nVery slow,2,a,b\n"
    (record,) = load(tmp_path / "x.csv", content, column=("text=review", "label=stars")).records
    assert (record.text, record.label) == ("Very slow", "2")
    either = load(tmp_path / "x.csv", content, column=("text=body", "text=review")).records
    assert either[0].text == "Very slow"
    said = refused(tmp_path / "x.csv", content, column=("text=reviews",))
    assert said == ": no column 'reviews' for 'text'; did you mean 'review'?"
    for wrong, why in (
        ("text", "has no '='"),
        ("txt=a", "did you mean 'text'?"),
        ("q=a", "there are id"),
    ):
        with pytest.raises(InputError) as caught:
            read_options(Settings(column=(wrong,)))
        assert why in caught.value.format_message()


@pytest.mark.parametrize(
    ("content", "text", "label", "said"),
    [
        ("Id,Review,Sentiment\n1,Good,pos\n", "Good", "pos", "'Sentiment' is read as 'label'"),
        ("n,TEXT\n1,Not bad\n", "Not bad", None, "'TEXT' is read as 'text'"),
        ("avis;note_sur_5\nPas mal;4\n", "Pas mal", None, "'avis' is read as 'text'"),
        ("text,target\nNot bad,1\nBad,0\n", "Not bad", "1", "'target' is read as 'label'"),
        ("sentence1,sentence2,label\nA b,C d,1\n", "A b", "1", "'sentence2' is read as 'pair'"),
    ],
)  # fmt: skip
def test_a_column_is_guessed_where_one_can_be_meant(
    content: str, text: str, label: str | None, said: str, tmp_path: Path
) -> None:
    corpus = load(tmp_path / "x.csv", content)
    assert (corpus.records[0].text, corpus.records[0].label) == (text, label)
    assert said in " ".join(corpus.notes)


@pytest.mark.parametrize(
    "content",
    [
        "question,context\nWho is it?,It is me.\n",
        "1,It was a good day\n0,It was a bad day\n",
        "a,b\n1,2\n",
    ],
)
def test_no_column_is_guessed_where_several_or_none_can_be_meant(
    content: str, tmp_path: Path
) -> None:
    assert "say which column holds the texts, with --column text=NAME" in refused(
        tmp_path / "x.csv", content
    )


def test_a_text_file_with_a_header_and_tabs_is_a_table(tmp_path: Path) -> None:
    corpus = load(tmp_path / "x.txt", "text\tlabel\nAll is well\tyes\n".encode("utf-16"))
    assert (texts(corpus), corpus.records[0].label) == (["All is well"], "yes")
    lines = load(tmp_path / "x.txt", "text\tlabel\nAll is well\tyes\n", format="txt")
    assert len(lines.records) == 2


def test_a_chosen_column_makes_a_table_of_any_text(tmp_path: Path) -> None:
    for name in ("x.txt", "x"):
        found = load(tmp_path / name, "review;stars\nVery slow;2\n", column=("text=review",))
        assert texts(found) == ["Very slow"]


def test_a_format_can_be_named(tmp_path: Path) -> None:
    assert texts(load(tmp_path / "x.data", '{"text": "a"}', format="jsonl")) == ["a"]
    with pytest.raises(InputError, match="'xlsx' is no format; there are toml, "):
        load(tmp_path / "x.csv", "", format="xlsx")


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ('{"text": "one"}\n{"text": "two"}', "one JSON object a line"),
        ('[{"text": "one"}, {"text": "two"}]', "a JSON list"),
        ("text\tlabel\none\ta\ntwo\tb\n", "cells are separated by tabs"),
        ("one\ntwo\n", "one text a line"),
    ],
)
def test_standard_input_is_told_by_its_content(content: str, form: str) -> None:
    code = (
        "from attnatlas.corpus import load_corpus; c = load_corpus('-');"
        "print(c.name, [r.text for r in c.records], c.form, c.notes, sep='|')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], input=content, capture_output=True, text=True, check=True
    )
    name, found, told, notes = ran.stdout.strip().split("|")
    assert (name, found) == ("stdin", "['one', 'two']")
    assert form in told
    assert "choose another with --format NAME" in notes


def test_pipes_and_devices_are_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.csv")
    for path in (tmp_path / "x.csv", Path("/dev/null")):
        with pytest.raises(
            InputError, match="is a pipe or a device, not a file; save it, or pipe it"
        ):
            load_corpus(path)


def test_a_part_is_taken_and_said(tmp_path: Path) -> None:
    rows = "\n".join(json.dumps({"text": f"text {number}"}) for number in range(50))
    first = load(tmp_path / "x.jsonl", rows, limit=3)
    assert (texts(first), first.part) == (
        ["text 0", "text 1", "text 2"],
        "the first 3 of 50 records",
    )
    drawn = load(tmp_path / "x.jsonl", rows, sample=5, seed=4)
    again = load(tmp_path / "x.jsonl", rows, sample=5, seed=4)
    other = load(tmp_path / "x.jsonl", rows, sample=5, seed=5)
    assert drawn.records == again.records != other.records
    assert drawn.part == "5 of 50 records, drawn with seed 4"
    places = [int(record.id.removeprefix("record-")) for record in drawn.records]
    assert places == sorted(places)
    assert [record.text for record in drawn.records] == [f"text {place - 1}" for place in places]
    assert load(tmp_path / "x.jsonl", rows, limit=50).part == ""
    for more, plain in (({"limit": 3}, first), ({"sample": 5, "seed": 4}, drawn)):
        varied = load(tmp_path / "x.jsonl", rows, vary=("swap:text=line",), **more)
        assert (len(varied.records), varied.part) == (2 * len(plain.records), plain.part)
    assert len({corpus.sha256 for corpus in (first, drawn, other)}) == 3
    with pytest.raises(InputError, match="--limit takes the first records and --sample some"):
        read_options(Settings(limit=1, sample=1))


def test_a_column_that_is_called_like_a_field_and_holds_something_else_is_ignored(
    tmp_path: Path,
) -> None:
    rows = [
        {"text": "Is it wet?", "answer": "yes", "words": 3, "head": "News"},
        {"text": "Is it dry at all?", "answer": "no", "words": 5, "head": "Sports"},
    ]
    corpus = load(tmp_path / "x.jsonl", "\n".join(map(json.dumps, rows)))
    assert texts(corpus) == ["Is it wet?", "Is it dry at all?"]
    ignored = [note.partition(",")[0] for note in corpus.notes]
    assert sorted(ignored) == [
        f"column '{name}' is ignored" for name in ("answer", "head", "words")
    ]


PARALLEL = [{"translation": {"en": f"A cat {n}.", "fr": f"Un chat {n}."}, "n": n} for n in range(2)]


def test_what_lies_in_objects_is_named_behind_its_column(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in PARALLEL))
    columns = ("text=translation.en", "target=translation.fr")
    corpus = load_corpus(path, options=read_options(Settings(column=columns)))
    assert [(one.text, one.target) for one in corpus.records] == [
        ("A cat 0.", "Un chat 0."), ("A cat 1.", "Un chat 1.")
    ]  # fmt: skip
    assert corpus.notes == ("ignored, as they are no field of a record: 'n'",)
    again = corpus_from_records(PARALLEL, options=read_options(Settings(column=columns)))
    assert again.records == corpus.records


def test_a_file_with_objects_alone_says_what_lies_in_them(tmp_path: Path) -> None:
    rows = json.dumps({"rows": [{"row_idx": 0, "row": {"text": "A cat."}}]})
    said = refused(tmp_path / "x.json", rows)
    assert "(columns: 'row_idx', 'row', 'row.text'); say which column" in said
    options = read_options(Settings(column=("text=row.text",)))
    [record] = load_corpus(tmp_path / "x.json", options=options).records
    assert record.text == "A cat."


def test_a_table_without_a_header_is_told_to_have_one(tmp_path: Path) -> None:
    said = refused(tmp_path / "x.csv", "A good one.,1\nA bad one.,0\n")
    assert "--column text=NAME, or put a line with the names of the columns first" in said
