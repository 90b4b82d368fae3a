"""Kind 8: files."""

from __future__ import annotations

import gzip
import io

import pyarrow as pa
from pyarrow import parquet

from tests.kinds.case import Case


def table(**columns: list[object]) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file)
    return file.getvalue()


CASES = [
    Case(
        8,
        "a mark and `sep=;` of a spreadsheet",
        "attnatlas inspect x.csv",
        {"x.csv": "\ufeffsep=;\r\ntext;label\r\nGood.;1\r\nBad.;0\r\n"},
    ),
    Case(8, "tabs", "attnatlas inspect x.tsv", {"x.tsv": "text\tlabel\na\t1\n"}),
    Case(8, "pipes", "attnatlas inspect x.csv", {"x.csv": "text|label\na|1\nb|0\n"}),
    Case(
        8,
        "a delimiter that is given",
        "attnatlas inspect x.csv --delimiter ^",
        {"x.csv": "text^label\na^1\n"},
    ),
    Case(
        8,
        "one JSON object",
        "attnatlas inspect x.json",
        {"x.json": '{"text": "Rain again.", "label": 1}'},
    ),
    Case(
        8,
        "an object of objects",
        "attnatlas inspect x.json",
        {"x.json": '{"a": {"text": "Rain."}, "b": {"text": "Sun."}}'},
    ),
    Case(8, "a list of texts", "attnatlas inspect x.json", {"x.json": '["Rain.", "Sun."]'}),
    Case(
        8,
        "data within",
        "attnatlas inspect x.json",
        {"x.json": '{"data": [{"text": "a"}, {"text": "b"}]}'},
    ),
    Case(
        8,
        "rows within",
        "attnatlas inspect x.json",
        {"x.json": '{"rows": [{"row": {"text": "a"}}, {"row": {"text": "b"}}]}'},
        2,
    ),
    Case(
        8,
        "columns of JSON",
        "attnatlas inspect x.json",
        {"x.json": '{"text": ["a", "b"], "label": [1, 0]}'},
    ),
    Case(
        8,
        "columns of pandas",
        "attnatlas inspect x.json",
        {"x.json": '{"text": {"0": "a", "1": "b"}, "label": {"0": 1, "1": 0}}'},
    ),
    Case(
        8,
        "JSON lines in a .json",
        "attnatlas inspect x.json",
        {"x.json": '{"text": "a"}\n{"text": "b"}\n'},
    ),
    Case(
        8,
        "a list in a .jsonl",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": '[{"text": "a"}, {"text": "b"}]'},
    ),
    Case(
        8,
        "a bad line",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": '{"text": "a"}\n{"text": }\n{"text": "b"}\n'},
    ),
    Case(
        8,
        "a bad line, strictly",
        "attnatlas build x.jsonl -m sentiment --strict",
        {"x.jsonl": '{"text": "a"}\n{"text": }\n'},
        2,
    ),
    Case(8, "a row too long", "attnatlas inspect x.csv", {"x.csv": "text,label\na,1\nb,0,7\n"}),
    Case(
        8,
        "a quote that is never closed",
        "attnatlas inspect x.csv",
        {"x.csv": 'text,label\n"a,1\nb,0\n'},
    ),
    Case(
        8,
        "mixed ends of lines",
        "attnatlas inspect x.csv",
        {"x.csv": b"text,label\r\na,1\nb,0\rc,1\r\n"},
    ),
    Case(
        8,
        "empty lines between",
        "attnatlas inspect x.csv",
        {"x.csv": "\n\ntext,label\n\na,1\n\n\nb,0\n\n"},
    ),
    Case(
        8,
        "rows of empty cells",
        "attnatlas inspect x.csv",
        {"x.csv": "text,label\na,1\n,\n,\nb,0\n"},
    ),
    Case(8, "NUL bytes", "attnatlas inspect x.csv", {"x.csv": b"text,label\na\0b,1\nc,0\n"}),
    Case(
        8,
        "NUL bytes in JSON lines",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": b'{"text": "a"}\n\0\0\0\0\n{"text": "b"}\n'},
    ),
    Case(
        8,
        "a text of a hundred thousand characters",
        "attnatlas build x.txt -m sentiment",
        {"x.txt": "word " * 20_000 + "\n"},
    ),
    Case(
        8,
        "a cell of a million characters",
        "attnatlas inspect x.csv",
        {"x.csv": f'text,label\n"{"ab " * 400_000}",1\n'},
    ),
    Case(
        8, "UTF-16", "attnatlas inspect x.csv", {"x.csv": "text,label\nCafé.,1\n".encode("utf-16")}
    ),
    Case(
        8,
        "UTF-16 without a mark",
        "attnatlas inspect x.csv",
        {"x.csv": "text,label\nCafé.,1\n".encode("utf-16-le")},
        2,
    ),
    Case(
        8, "UTF-32", "attnatlas inspect x.csv", {"x.csv": "text,label\nCafé.,1\n".encode("utf-32")}
    ),
    Case(
        8,
        "another encoding",
        "attnatlas inspect x.csv",
        {"x.csv": "text,label\nCafé.,1\n".encode("cp1252")},
        2,
    ),
    Case(
        8,
        "another encoding, given",
        "attnatlas inspect x.csv --encoding cp1252",
        {"x.csv": "text,label\nCafé.,1\n".encode("cp1252")},
    ),
    Case(
        8,
        "an encoding that is none",
        "attnatlas inspect x.csv --encoding klingon",
        {"x.csv": "text\na\n"},
        2,
    ),
    Case(
        8, "packed", "attnatlas inspect x.csv.gz", {"x.csv.gz": gzip.compress(b"text,label\na,1\n")}
    ),
    Case(
        8,
        "packed and cut off",
        "attnatlas inspect x.csv.gz",
        {"x.csv.gz": gzip.compress(b"text,label\na,1\n")[:-9]},
        2,
    ),
    Case(
        8, "packed in name alone", "attnatlas inspect x.csv.gz", {"x.csv.gz": b"text,label\na,1\n"}
    ),
    Case(8, "an archive", "attnatlas inspect x.zip", {"x.zip": b"PK\x03\x04 and so on"}, 2),
    Case(8, "a workbook", "attnatlas inspect x.xlsx", {"x.xlsx": b"PK\x03\x04 and so on"}, 2),
    Case(
        8,
        "a workbook named .csv",
        "attnatlas inspect x.csv",
        {"x.csv": b"PK\x03\x04\x14\0\x06\0" + bytes(range(256))},
        2,
    ),
    Case(
        8,
        "Parquet",
        "attnatlas inspect x.parquet",
        {"x.parquet": table(text=["a", "b"], label=[1, 0])},
    ),
    Case(
        8,
        "Parquet with lists",
        "attnatlas inspect x.parquet",
        {"x.parquet": table(text=["a b", "c"], tags=[["x", "y"], []], label=[["p"], ["q"]])},
    ),
    Case(
        8,
        "Parquet with words for a text",
        "attnatlas inspect x.parquet",
        {"x.parquet": table(text=[["a", "b"], ["c"]])},
        2,
    ),
    Case(
        8,
        "Parquet with columns within",
        "attnatlas inspect x.parquet",
        {"x.parquet": table(text=["a"], about=[{"stars": 3}])},
    ),
    Case(
        8,
        "Parquet, cut off",
        "attnatlas inspect x.parquet",
        {"x.parquet": table(text=["a"])[:-20]},
        2,
    ),
    Case(
        8, "Parquet without rows", "attnatlas inspect x.parquet", {"x.parquet": table(text=[])}, 2
    ),
    Case(8, "nothing", "attnatlas inspect x.csv", {"x.csv": b""}, 2),
    Case(8, "a header alone", "attnatlas inspect x.csv", {"x.csv": "text,label\n"}, 2),
    Case(8, "an empty list", "attnatlas inspect x.json", {"x.json": "[]"}, 2),
    Case(8, "blanks", "attnatlas inspect x.txt", {"x.txt": " \n\t\n\n"}, 2),
    Case(8, "no such file", "attnatlas inspect 'my data/x.csv'", {}, 2),
    Case(8, "a path of Windows", r"attnatlas inspect 'C:\data\x.csv'", {}, 2),
    Case(8, "an address", "attnatlas inspect https://example.org/x.csv", {}, 2),
    Case(8, "a folder", "attnatlas inspect texts", {"texts/x.csv": "text\na\n"}, 2),
    Case(8, "an ending that is none", "attnatlas inspect x.data", {"x.data": "text\na\n"}, 2),
    Case(
        8,
        "ids given twice",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"id": "a", "text": "a"}, {"id": "a", "text": "b"}]},
        2,
    ),
    Case(
        8,
        "ids with slashes and dots",
        "attnatlas build x.jsonl -m sentiment",
        {"x.jsonl": [{"id": "../../a", "text": "a"}, {"id": "b/c\\d", "text": "b"}]},
    ),
    Case(
        8,
        "ids that are one file on some systems",
        "attnatlas build x.jsonl -m sentiment",
        {"x.jsonl": [{"id": "A", "text": "a"}, {"id": "a", "text": "b"}]},
    ),
    Case(
        8,
        "half a pair of surrogates",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": '{"text": "a \\ud83d"}\n{"text": "b"}\n'},
    ),
    Case(8, "a part", "attnatlas inspect x.txt --limit 2", {"x.txt": "a\nb\nc\nd\n"}),
    Case(
        8,
        "a part at random",
        "attnatlas inspect x.txt --sample 2 --seed 3",
        {"x.txt": "a\nb\nc\nd\n"},
    ),
    Case(
        8,
        "CoNLL-U with a row cut short",
        "attnatlas inspect x.conllu",
        {"x.conllu": "1\tRain\train\tNOUN\t_\t_\t2\tnsubj\t_\t_\n2\tfell\tfall\t\n\n"},
        2,
    ),
    Case(8, "YAML", "attnatlas inspect x.yaml", {"x.yaml": "- text: a\n"}, 2),
    Case(
        8,
        "text with escapes of a terminal",
        "attnatlas build x.jsonl -m sentiment",
        {"x.jsonl": [{"id": "\x1b[31mred", "text": "a \x1b[31mb"}]},
    ),
]
