"""How pages name what is measured of every head, and what they draw of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that every head has, as the page names it. `places` are the decimals of a table."""

    name: str
    title: str
    short: str
    unit: str
    places: int
    says: str
    signed: bool = False


METRICS = (
    Metric(
        "entropy",
        "Entropy of every head",
        "Entropy",
        "nats",
        2,
        "0 nats: a head looks at one token; uniform attention: at all tokens alike.",
    ),
    Metric(
        "distance",
        "How far every head looks",
        "Distance",
        "tokens",
        2,
        "Tokens between the one that looks and the ones looked at, weighted by attention.",
    ),
    Metric(
        "rest",
        "Attention of words that rests on special or first tokens",
        "Rest",
        "share",
        2,
        "The share of a word’s attention on special tokens, or on the first token where there are "
        "none.",
    ),
    Metric(
        "delimiter",
        "Attention that rests on delimiters",
        "Delimiters",
        "share",
        2,
        "The share of attention on the tokens that close a text or a segment.",
    ),
    Metric(
        "confidence",
        "Strongest weight of a row",
        "Strongest weight",
        "share",
        2,
        "The largest weight of each row, on average; 1 means that one token gets everything.",
    ),
    Metric(
        "confidence_nospecial",
        "Strongest weight among the words",
        "Among words",
        "share",
        2,
        "The strongest weight when special tokens are left out and rows renormalised.",
    ),
    Metric("previous", "Attention to the token before", "Previous", "share", 2, ""),
    Metric("next", "Attention to the token after", "Next", "share", 2, ""),
    Metric("self", "Attention of a token to itself", "Self", "share", 2, ""),
    Metric("first", "Attention to the first token", "First", "share", 2, ""),
    Metric("punctuation", "Attention to punctuation", "Punctuation", "share", 2, ""),
    Metric("induction", "Attention to what followed an earlier copy", "Induction", "share", 2, ""),
    Metric("duplicate", "Attention to earlier copies of a token", "Duplicates", "share", 2, ""),
    Metric(
        "sink",
        "Texts in which a head has a sink",
        "Sinks",
        "share",
        2,
        "A sink is a token that takes more than 0.3 of the attention of all that may see it.",
    ),
    Metric(
        "importance",
        "What the answer loses without a head",
        "Importance",
        "score",
        2,
        "The fall of the answer’s score when one head is silenced; below 0, the score rises.",
        signed=True,
    ),
    Metric(
        "syntactic",
        "Words that a head joins to their head in the tree",
        "Syntax",
        "share",
        2,
        "The share of words joined to their head in the dependency tree, in the better of two "
        "directions; by chance: shuffled trees.",
    ),
    Metric(
        "alignment",
        "Errors of the links that a head makes",
        "Alignment",
        "share",
        2,
        "The alignment error rate against links that people drew; by chance: the diagonal.",
    ),
    Metric(
        "semantic",
        "Attention where the answer depends on it",
        "Semantics",
        "rank correlation",
        2,
        "How the attention that tokens receive goes with their saliency; below 0, not printed.",
    ),
)
PROFILE_TITLES = {
    "entropy": "Entropy, nats",
    "distance": "Distance, tokens",
    "delimiter": "On delimiters",
    "confidence": "Strongest weight",
}
PROFILE = tuple(PROFILE_TITLES)
"""What is drawn layer by layer."""
BESIDE = ("importance", "syntax", "semantic", "alignment")
"""Analyses whose numbers join the map of heads, where the records allow them."""
KIND_WORDS = {
    "self": "Self-attention",
    "encoder": "Encoder",
    "decoder": "Decoder",
    "cross": "Cross-attention",
}
