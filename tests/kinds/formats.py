"""Kinds 9 and 10: formats of the field, and markers that are meant."""

from __future__ import annotations

from tests.kinds.case import Case

WINOGENDER = (
    "sentid\tsentence\n"
    "chef.visitor.1.male.txt\tThe chef thanked the visitor for his visit.\n"
    "chef.visitor.1.female.txt\tThe chef thanked the visitor for her visit.\n"
)
WINOBIAS = (
    "1 [The chef] called the guard because [he] was afraid.\n"
    "2 [The chef] called the guard because [her] [dog] barked.\n"
)
GAP = (
    "ID\tText\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\tURL\n"
    "t-1\tMaria saw Ines as she left.\tshe\t18\tMaria\t0\tTRUE\tInes\t10\tFALSE\tu\n"
)
BLIMP = {
    **{"sentence_good": "A cat sleeps.", "sentence_bad": "A cat sleep.", "field": "morphology"},
    **{"linguistics_term": "agreement", "UID": "u", "pairID": "0"},
}
SEMEVAL = (
    '<sentences><sentence id="1"><text>Good soup.</text><aspectTerms><aspectTerm term="soup" '
    'polarity="positive" from="5" to="9"/></aspectTerms></sentence></sentences>'
)
ENTITY = (
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    '<sentences><sentence id="1"><text>&b;</text></sentence></sentences>'
)

NAMED = "attnatlas inspect x.tsv --format"
FORMATS = [
    Case(9, "Winogender", "attnatlas inspect x.tsv", {"x.tsv": WINOGENDER}),
    Case(9, "Winogender without its columns", f"{NAMED} winogender", {"x.tsv": "a\tb\nc\td\n"}, 2),
    Case(9, "WinoBias", "attnatlas inspect x.txt", {"x.txt": WINOBIAS}),
    Case(9, "GAP", "attnatlas inspect x.tsv", {"x.tsv": GAP}),
    Case(9, "GAP, a wrong place", f"{NAMED} gap", {"x.tsv": GAP.replace("18", "99")}, 2),
    Case(9, "Pharaoh", "attnatlas inspect x.txt", {"x.txt": "the cat ||| le chat ||| 0-0 1-1\n"}),
    Case(9, "Pharaoh from 1", "attnatlas inspect x.txt", {"x.txt": "a b ||| c d ||| 1-1 2p2\n"}),
    Case(9, "a link to no word", f"{NAMED} pharaoh", {"x.tsv": "a b ||| c ||| 0-0 9-9\n"}, 2),
    Case(9, "BLiMP", "attnatlas inspect x.jsonl", {"x.jsonl": [BLIMP]}),
    Case(9, "aspects of SemEval", "attnatlas inspect x.xml", {"x.xml": SEMEVAL}),
    Case(9, "XML with an entity", "attnatlas inspect x.xml", {"x.xml": ENTITY}, 2),
    Case(9, "XML that breaks off", "attnatlas inspect x.xml", {"x.xml": SEMEVAL[:90]}, 2),
    Case(9, "minimal pairs", "attnatlas inspect x.csv", {"x.csv": "good,bad\nI am.,I is.\n"}),
    Case(9, "a format that is none", f"{NAMED} excel", {"x.tsv": "text\na\n"}, 2),
]
MARKERS = [
    Case(
        10,
        "markers are text",
        "attnatlas build x.jsonl -m sentiment",
        {"x.jsonl": [{"text": "Good [SEP] bad."}]},
    ),
    Case(
        10,
        "markers are meant",
        "attnatlas build x.jsonl -m sentiment",
        {"x.jsonl": [{"text": "Good [SEP] bad.", "markers": True}]},
    ),
    Case(
        10,
        "a chat, and no template",
        "attnatlas build x.jsonl -m sentiment",
        {"x.jsonl": [{"chat": [{"role": "user", "content": "Hi."}]}]},
        2,
    ),
    Case(
        10, "a chat that is a text", "attnatlas inspect x.jsonl", {"x.jsonl": [{"chat": "Hi."}]}, 2
    ),
    Case(
        10,
        "a chat without roles",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"chat": [{"content": "Hi."}]}]},
        2,
    ),
    Case(
        10,
        "markers that are a text",
        "attnatlas inspect x.jsonl",
        {"x.jsonl": [{"text": "a", "markers": "yes please"}]},
        2,
    ),
]
CASES = (*FORMATS, *MARKERS)
