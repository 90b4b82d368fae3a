"""Terms that a reader may not know: what each means, in a line that pages lead to."""

from __future__ import annotations

from dataclasses import dataclass

from ..results.levels import ATTENTION, CORRELATION, NATS, PROBABILITY
from ..results.multiplicity import RATE


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its name, what it means, how else it is written, and whether pages lead to it."""

    name: str
    says: str
    spellings: tuple[str, ...] = ()
    linked: bool = True

    @property
    def anchor(self) -> str:
        """Return the id of its line."""
        return "term-" + self.name.lower().replace(", ", "-").replace(" ", "-").replace("%", "")

    @property
    def written(self) -> tuple[str, ...]:
        """Return every way in which it is written."""
        return (self.name, *self.spellings)


GLOSSARY = (
    Term(
        "token",
        "A piece of text as the model reads it: a word, part of one, or a mark of punctuation.",
        linked=False,
    ),
    Term(
        "special token",
        "One that the tokenizer adds, such as [CLS], or [SEP], which closes a text.",
        ("special tokens",),
    ),
    Term(
        "layer, head",
        "A model reads in layers; each layer has several heads, and each head has its own map.",
        linked=False,
    ),
    Term(
        "attention weight",
        "The share of its attention that a token puts on another in one head, from 0 to 1.",
        ("attention weights",),
    ),
    Term("text", "One text as one model read it, with every layer and head.", linked=False),
    Term(
        "cross-attention",
        "Attention of a decoder to the tokens of the source, in a model that has both.",
    ),
    Term(
        "syntactic head",
        "The word that another depends on in the tree of a sentence, as an adjective on its noun.",
    ),
    Term(
        "delimiter",
        "A special token that closes a text or a segment.",
        ("delimiters",),
    ),
    Term(
        "entropy",
        "How widely a row spreads its weight, in nats: 0 for one token, ln n for n tokens alike.",
    ),
    Term("distance", "How many tokens away a head looks, on average.", linked=False),
    Term("role", "The one habit that describes where a head looks, if one stands out from chance."),
    Term(
        "habit",
        f"To put at least {100 * ATTENTION:.0f} points more of its attention on one kind of place "
        "than chance gives.",
        ("habits",),
    ),
    Term(
        "sink",
        "A token that takes a large share of the attention of nearly every other.",
        ("sinks",),
    ),
    Term(
        "induction",
        "Looking at what followed an earlier copy of the same token, as if it would follow again.",
    ),
    Term(
        "softmax",
        "What turns the scores of a row into weights: all above zero, and 1 in all.",
    ),
    Term(
        "logit",
        "What a model gives a label or a token before it is made a probability.",
        ("logits",),
    ),
    Term(
        "rollout",
        "Attention multiplied through the layers, half of each layer passing every token on "
        "unchanged, so that it refers to input tokens.",
        ("attention rollout",),
    ),
    Term(
        "attention flow",
        "The most that can pass from an input token to the top, if weights are widths of pipes.",
    ),
    Term(
        "saliency",
        "How far an answer depends on each token, worked out from gradients of the model.",
    ),
    Term(
        "gradient",
        "How fast a number moves when what it is made from is changed a little.",
        ("gradients",),
    ),
    Term(
        "integrated gradients",
        "Saliency from gradients added up on the way from a blank text to this one; the "
        "tokens together account for the change of the answer.",
    ),
    Term(
        "occlusion",
        "Saliency from erasing one token at a time: what the answer loses without it.",
    ),
    Term(
        "SmoothGrad",
        "Saliency from gradients at many inputs, each with a little noise, averaged.",
    ),
    Term(
        "gradient-weighted relevance",
        "Attention weighted by its gradient and carried through the layers.",
    ),
    Term(
        "faithfulness",
        "Whether the tokens that a method ranks first are those without which the answer changes.",
    ),
    Term(
        "ERASER",
        "A benchmark: 1, 5, 10, 20 and 50% of the tokens are erased, and what the answer loses is "
        "averaged.",
        linked=False,
    ),
    Term(
        "value-weighted norm",
        "The length of what a head hands on for a token: its weight times what the token brings.",
        ("value-weighted norms",),
    ),
    Term(
        "value zeroing",
        "How far a token's new state moves when what another token gives is set to zero.",
    ),
    Term(
        "Jensen-Shannon divergence",
        "How far two rows of attention differ, in nats: 0 if alike, 0.69 if no token is in common.",
    ),
    Term("nats", "The unit of entropy and of divergence with natural logarithms; ln 2 is one bit."),
    Term(
        "rank correlation",
        "Whether two orders agree: 1 for the same order, 0 for no relation, −1 for the reverse.",
    ),
    Term(
        "by chance",
        "What the same measure gives with nothing to find: mostly uniform attention over the same "
        "tokens. Where a figure has it, it is grey and named.",
    ),
    Term(
        "uniform attention",
        "Attention spread evenly over all tokens that may be seen.",
    ),
    Term(
        "holds",
        "A verdict: the whole 95% interval lies beyond chance, by at least the floor, and no "
        "untrained copy comes as far; of two rankings, in either direction.",
        linked=False,
    ),
    Term(
        "does not hold",
        "A verdict: the whole 95% interval falls short of that. The sentence beside it is the "
        "claim that fails.",
        linked=False,
    ),
    Term(
        "undecided",
        "No verdict yet: the interval meets chance or the floor, or the number of claims may "
        "account for it.",
        linked=False,
    ),
    Term(
        "described",
        "Nothing is claimed, there are too few texts for an interval, or an untrained copy comes "
        "as far.",
        linked=False,
    ),
    Term(
        "floor",
        f"The least effect worth a verdict: {PROBABILITY} of a probability or a share of cases, "
        f"{CORRELATION} of a correlation, {ATTENTION} of attention, {NATS} nats.",
        linked=False,
    ),
    Term(
        "false discovery rate",
        f"Of all claims about a model that hold, at most {RATE:.0%} are expected to be false "
        "(Benjamini and Hochberg), told or not.",
    ),
    Term(
        "untrained copy",
        "The same architecture with fresh weights, read the same texts, with two seeds. Where "
        "none was run, a verdict rests on chance alone.",
        ("untrained copies",),
    ),
    Term(
        "indirect effect",
        "How far the odds of one text of a pair move where a head looks as it does in the other.",
        ("indirect effects",),
    ),
    Term(
        "direct effect",
        "How far the odds move from one text to the other where a head looks as in the first.",
        ("direct effects",),
    ),
    Term(
        "ways",
        "Other choices of tokens, units, heads, method or texts. A verdict that holds in half "
        "of them or fewer hangs on a choice.",
        linked=False,
    ),
    Term(
        "95% interval",
        "The middle 95% of what the measure gives on texts drawn anew from the same ones, unless "
        "said otherwise.",
        ("95% intervals",),
    ),
    Term(
        "bootstrap",
        "The measure taken again on texts drawn from the same ones, variants and texts of one "
        "template together; fewer than five such groups have no interval.",
    ),
)
"""In the order in which they build on each other."""
