"""Which pages there are, what they are called and how they lead on."""

from __future__ import annotations

from attnatlas.capture import ModelInfo
from attnatlas.corpus import corpus_from_records
from attnatlas.names import RESERVED, head_label, slug
from attnatlas.pages.plan import plan, root

MODELS = [ModelInfo("org/Model", "encoder"), ModelInfo("org/model", "decoder")]


def corpus(name="one", ids=("a", "b", "c")):
    return corpus_from_records([{"id": i, "text": f"text {i}"} for i in ids], name=name)


def test_names_that_windows_reserves_are_no_file_names():
    for name in ("con", "prn", "aux", "nul", "com1", "lpt9", "CON", "Aux"):
        assert slug(name) not in RESERVED
        assert slug(name).startswith(f"{name.lower()}-")
    assert slug("console") == "console"


def test_slug_keeps_plain_names_and_tells_all_others_apart():
    assert slug("bank-river") == "bank-river"
    hostile = ["../../etc/passwd", "A", "a b", "a/b", "<script>", "日本語", "", "é", "x" * 300]
    slugs = [slug(name) for name in hostile]
    assert len({s.lower() for s in slugs}) == len(hostile)
    assert all(set(s) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for s in slugs)
    assert max(map(len, slugs)) < 60


def test_head_label():
    assert head_label(4, 11) == "L4H11"


def test_root_leads_back():
    assert [root(url) for url in ("index.html", "a/b.html", "a/b/c.html")] == ["", "../", "../../"]


def test_every_model_reads_every_record_and_texts_are_counted_once():
    site = plan([corpus()], MODELS)
    assert [[page.number for page in row] for row in site.records] == [[1, 2, 3], [1, 2, 3]]
    urls = [page.url for row in site.records for page in row] + [m.url for m in site.models]
    assert len({url.lower() for url in urls}) == 8


def test_neighbours_and_siblings_skip_what_was_not_read():
    site = plan([corpus()], MODELS, unread={("org/Model", "one", "b")})
    first, last = site.records[0]
    assert site.neighbours(first) == (None, last)
    assert site.neighbours(last) == (first, None)
    assert [page.model.model.name for page in site.siblings(site.records[1][1])] == ["org/model"]
    assert len(site.siblings(first)) == 2


def test_the_same_id_in_two_corpora_has_two_addresses():
    site = plan([corpus("one"), corpus("two"), corpus("three")], MODELS[:1])
    urls = [page.url for page in site.records[0]]
    assert len(set(urls)) == 9
    assert urls[0] == f"records/{site.models[0].slug}/a.html"
