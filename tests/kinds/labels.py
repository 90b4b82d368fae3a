"""Kinds 6 and 7: gold labels, and columns."""

from __future__ import annotations

from tests.kinds.case import Case

ONE = "attnatlas build x.jsonl -m sentiment"


def labelled(*labels: object) -> dict[str, list[dict[str, object]]]:
    return {
        "x.jsonl": [{"text": f"Text number {n}.", "label": one} for n, one in enumerate(labels)]
    }


LABELS = [
    Case(6, "whole numbers", ONE, labelled(1, 0)),
    Case(6, "numbers as texts", ONE, labelled("1", "0")),
    Case(6, "LABEL_1", ONE, labelled("LABEL_1", "label_0")),
    Case(6, "another case, and spaces", ONE, labelled("Positive", " NEGATIVE ")),
    Case(6, "numbers with a point", ONE, labelled("1.0", 0.0)),
    Case(6, "true and false", ONE, labelled(True, False)),
    Case(6, "none for some", ONE, labelled("", None, "positive")),
    Case(
        6,
        "NaN",
        ONE,
        {"x.jsonl": '{"text": "a b", "label": NaN}\n{"text": "c", "label": "positive"}\n'},
    ),
    Case(6, "stars", ONE, labelled(5, 1, 3)),
    Case(6, "names that the model has not", ONE, labelled("pos", "neg")),
    Case(6, "one that is out of place", ONE, labelled("positive", 7)),
    Case(6, "a mapping", ONE, labelled({"name": "positive"}, "positive")),
    Case(6, "a list for a model with one label", ONE, labelled(["positive"], [])),
    Case(6, "a list of two for a model with one label", ONE, labelled(["positive", "negative"])),
    Case(
        6,
        "a number past every limit",
        ONE,
        {"x.jsonl": '{"text": "a", "label": 1e999}\n{"text": "b", "label": 1}\n'},
    ),
    Case(
        6,
        "a column of whole numbers as floats",
        "attnatlas build x.csv -m sentiment",
        {"x.csv": "text,label\na b,1.0\nc d,0.0\n"},
    ),
    Case(
        6,
        "a gap makes floats of whole numbers",
        "attnatlas build x.csv -m sentiment",
        {"x.csv": "text,label\na b,1.0\nc d,\ne f,0.0\n"},
    ),
    Case(
        6,
        "with a comma for a point",
        "attnatlas build x.csv -m sentiment",
        {"x.csv": "text;label\na b;1,0\nc d;0,0\n"},
    ),
]
COLUMNS = [
    Case(7, "other names", "attnatlas inspect x.csv", {"x.csv": "Review,Stars\nGood.,5\nBad.,1\n"}),
    Case(
        7,
        "two that may hold texts",
        "attnatlas inspect x.csv",
        {"x.csv": "review,sentence\nGood.,x\nBad.,y\n"},
        2,
    ),
    Case(7, "none that may hold texts", "attnatlas inspect x.csv", {"x.csv": "a,b\n1,2\n3,4\n"}, 2),
    Case(
        7, "chosen", "attnatlas inspect x.csv --column text=b", {"x.csv": "a,b\n1,Good.\n3,Bad.\n"}
    ),
    Case(
        7,
        "chosen, and not there",
        "attnatlas inspect x.csv --column text=review",
        {"x.csv": "a,b\n1,Good.\n"},
        2,
    ),
    Case(
        7,
        "chosen for no field",
        "attnatlas inspect x.csv --column words=b",
        {"x.csv": "a,b\n1,Good.\n"},
        2,
    ),
    Case(
        7,
        "one that is no field",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"text": "a", "notes": 3, "Idx": 1, "word": "a"}]},
    ),
    Case(7, "the same name twice", "attnatlas inspect x.csv", {"x.csv": "text,text\na,b\n"}, 2),
    Case(7, "no header", "attnatlas inspect x.csv", {"x.csv": "Good food.,1\nBad food.,0\n"}, 2),
    Case(
        7,
        "a name with spaces and a mark",
        "attnatlas inspect x.csv",
        {"x.csv": "\ufeff Text , Label \na,b\n"},
    ),
    Case(
        7,
        "a column without a name",
        "attnatlas inspect x.csv",
        {"x.csv": ",text,label\n0,a b,x\n1,c d,y\n"},
    ),
    Case(
        7,
        "text that is a number",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"text": 3}, {"text": "a"}]},
    ),
    Case(
        7,
        "text that is a list of words",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"text": ["a", "b"]}, {"text": "c"}]},
    ),
    Case(
        7,
        "TOML with an unknown key",
        "attnatlas inspect x.toml",
        {"x.toml": '[[record]]\ntext = "a"\nstars = 3\n'},
        2,
    ),
    Case(
        7,
        "premise and hypothesis",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"premise": "It rains.", "hypothesis": "It is wet.", "label": 0}]},
    ),
    Case(
        7,
        "source and target",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"source": "A cat.", "target": "Un chat."}]},
    ),
    Case(
        7,
        "a translation of languages",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"translation": {"en": "A cat.", "fr": "Un chat."}}]},
        2,
    ),
    Case(
        7,
        "a group that is a number",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"text": "a", "group": 1}]},
    ),
    Case(
        7,
        "an id that is a float",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"text": "a", "id": 1.0}]},
    ),
]
CASES = (*LABELS, *COLUMNS)
