"""The glossary: every line has a place, and a page leads to it once, from its own words alone."""

from __future__ import annotations

import re

import pytest
from attnatlas.pages.glossary import GLOSSARY
from attnatlas.site.terms import link_terms
from attnatlas.site.writer import environment

LINK = re.compile(r'<a href="([^"]*#term-[^"]*)">([^<]*)</a>')


def test_a_term_is_a_link_where_it_first_stands() -> None:
    made = link_terms("<p>Entropy is low.</p><p>The entropy of a row.</p>", "../")
    link = '<a href="../about.html#term-entropy">Entropy</a>'
    assert made == f"<p>{link} is low.</p><p>The entropy of a row.</p>"


def test_the_longest_term_wins_and_words_are_whole() -> None:
    made = link_terms("<p>Integrated gradients, a gradient, subentropy, entropy-like.</p>", "")
    assert [words for _, words in LINK.findall(made)] == ["Integrated gradients", "gradient"]


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Entropy</h2>",
        "<span>entropy</span>",
        '<p><a href="x.html">entropy</a></p>',
        "<p><bdi>entropy</bdi> <code>entropy</code> <button>entropy</button></p>",
        "<p data-says>entropy</p>",
        "<p><span data-view-name>rollout</span></p>",
        "<p hidden>entropy</p>",
        '<p><span class="cite">Quantifying Attention Flow</span></p>',
        "<noscript><p>entropy</p></noscript>",
        '<p title="entropy">&lt;p&gt;</p>',
        "<p><svg><text>entropy</text></svg></p>",
        "<script>entropy</script>",
    ],
)
def test_what_is_no_running_text_stays_as_it_is(html: str) -> None:
    assert link_terms(html, "") == html


def test_after_what_is_left_alone_the_first_mention_still_counts() -> None:
    html = "<h2>Rollout</h2><p><bdi>rollout</bdi> and <br>rollout<img alt='x'></p>"
    assert link_terms(html, "").count("#term-") == 1
    assert "<bdi>rollout</bdi>" in link_terms(html, "")


def test_escaped_text_stays_escaped() -> None:
    page = environment().from_string(
        "{% filter link_terms(root)|safe %}<p>{{ text }}</p>{% endfilter %}"
    )
    made = page.render(text="<b>entropy</b> & </p><script>alert(1)</script>", root="../")
    assert "&lt;b&gt;<a" in made
    assert "<script" not in made
    assert "&amp; &lt;/p&gt;" in made


def test_terms_have_a_place_each_and_are_plain() -> None:
    assert len({term.anchor for term in GLOSSARY}) == len(GLOSSARY)
    assert all(re.fullmatch(r"term-[a-z0-9-]+", term.anchor) for term in GLOSSARY)
    ways = [way.lower() for term in GLOSSARY for way in term.written]
    assert len(set(ways)) == len(ways)
    assert all(term.says.endswith(".") and len(term.says) <= 160 for term in GLOSSARY)


def test_pages_lead_to_each_term_once(built):
    about = (built.output / "about.html").read_text("utf-8")
    seen = set()
    for page in sorted(built.output.rglob("*.html")):
        links = [address for address, _ in LINK.findall(page.read_text("utf-8"))]
        assert len(set(links)) == len(links), page
        seen |= {address.partition("#")[2] for address in links}
    assert {"term-entropy", "term-rollout", "term-uniform-attention"} <= seen
    assert all(about.count(f'<dt id="{term.anchor}">') == 1 for term in GLOSSARY)
