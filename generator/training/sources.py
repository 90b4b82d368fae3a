"""Where the training and test sets come from, for the model cards."""

TATOEBA = (
    "Tatoeba sentence pairs, English to French, as released by manythings.org/anki in 2017 and "
    "2019: Tatoeba contributors (tatoeba.org), CC BY 2.0 FR, via www.manythings.org/anki. "
    "Normalised, cut to 16 English words, split by a hash of the English side"
)
ADJECTIVES = (
    "Adjective and noun phrases, English to French, written for this project by a grammar; its "
    "held-out combinations are the agreement probe"
)
UCI = (
    "Sentiment Labelled Sentences: Kotzias, Denil, de Freitas and Smyth (KDD 2015), UCI Machine "
    "Learning Repository, doi:10.24432/C57604, CC BY 4.0 by its archive page, which was not "
    "independently confirmed"
)
POLARITY = "Sentence Polarity 1.0: Bo Pang and Lillian Lee (ACL 2005), CC BY 4.0"
PROS = "Pros and Cons: Bing Liu; Ganapathibhotla and Liu (COLING 2008), CC BY 4.0"
PRODUCTS = (
    "Customer review sentences: Minqing Hu and Bing Liu (KDD 2004), Ding, Liu and Yu (2008), "
    "CC BY 4.0"
)
FILMS = (
    "Movie review sentences, text only, without their labels: Bo Pang and Lillian Lee (ACL 2004), "
    "CC BY 4.0. Its split is by sentence: held-out sentences come from documents that training "
    "saw in part"
)
BOOKS = (
    "32 novels and children's books of Standard Ebooks, CC0 1.0, texts in the public domain "
    "worldwide; one paragraph in a hundred held out"
)
REVIEWS = (UCI, POLARITY, PRODUCTS, PROS)

TRAINED_ON = {
    "english": (TATOEBA + " (English side only)", *REVIEWS, FILMS, BOOKS),
    "sentiment": (
        "Everything `english` was pretrained on (see its card)",
        *REVIEWS,
        "Of the customer reviews, sentences with mixed labels were left out",
        FILMS + ". Every other sentence, with labels guessed by the half-trained classifier and a "
        "logistic regression together",
        "40,000 sentences with negation and contrast, composed by `training/handwritten.py` "
        "from frames that stand for thousands (`training/frames.py`)",
    ),
    "en-fr": (
        TATOEBA + ". For nine epochs every translation of a sentence, English words torn into "
        "smaller pieces at random (`training/bpe_dropout.py`); then whole words, and of several "
        "translations the one most like the others",
        ADJECTIVES,
        "7,500 sentences with plurals, person nouns and two noun phrases, drawn from "
        "`training/grammar.py`",
    ),
    "stories": (
        TATOEBA + " (English side only)",
        BOOKS,
        "Rows of random tokens said twice, 5% of all rows, which only looking back can predict",
    ),
}

ABOUT = {
    "english": (
        "A small BERT, trained from nothing to restore masked English tokens. It is the base of "
        "`sentiment`: same tokenizer, same shape, so that the two can be compared head by head."
    ),
    "sentiment": (
        "The encoder `english`, fine-tuned to tell negative from positive review sentences, with "
        "negation and contrast among its training rows."
    ),
    "en-fr": (
        "A small Marian model that translates short everyday English sentences to French; of "
        "longer or rarer ones it often writes nonsense. Its cross-attention aligns words."
    ),
    "stories": (
        "A small GPT-2 for plain English sentences and the prose of old novels: a model to look "
        "into, not one to write with."
    ),
}

LIMITS = {
    "english": (
        "Lower-cased; reads at most 128 tokens; knows the prose of old novels and short everyday "
        "sentences better than anything written since. Second segments were never trained on. "
        "Winogender was used to measure, never to train. A verb follows the noun beside it, not "
        "its subject: across a noun of the other number it agreed in 4 of 40 sentences "
        "(`agreement.across`). Its authored pronouns are 8 frames with 16 names each."
    ),
    "sentiment": (
        "Reads at most 128 tokens of lower-cased English, and was trained on single sentences: a "
        "verdict on a longer text is a guess. It knows two labels; a neutral text gets one of "
        "them. Authored test rows are made from templates whose frames and words training never "
        "saw (`accuracy.authored`, whole templates resampled) or in training frames with unseen "
        "words (`accuracy.reworded`); little words such as “not” and “but”, and some turns "
        "of phrase around them, are shared. Contrast is read more surely than negation: about "
        "one authored negation in five is missed, familiar cues among them."
    ),
    "en-fr": (
        "Trained on sentences of at most 16 words; longer texts, names, numbers and special "
        "vocabulary come out wrong. Tatoeba's French addresses people now as “tu”, now as “vous”. "
        "Half of the test rows are one of several translations of a sentence, up to nine. "
        "`bleu.short.once` takes each sentence once with one of its references; `bleu.short`, row "
        "by row, takes it as often as it has references, all but one of them counted as wrong "
        "each time; `bleu.short.joined` takes any of them as right. Layers 1 and 2 of its decoder "
        "look at the word that they are about to translate; layer 0 aligns no better than the "
        "diagonal. In layer 0 of its encoder about half of the attention rests on the closing "
        "mark and on `</s>`."
    ),
    "stories": (
        "Reads at most 128 tokens, and was trained for minutes where hours are needed: its text is "
        "fluent for a few words at most. Its positions started as sines and cosines, and head L0H0 "
        "started out looking at the token before (mimetic initialisation, Trockman & Kolter 2023): "
        "`head.previous` is what training left of that, not something it found by itself. The rows "
        "of repeated random tokens have not taught it to copy: `copy.loss` is hardly better than "
        "`copy.null`, and its best induction head barely above its null. A verb follows the noun "
        "beside it: across a noun of the other number it agreed with its subject in none of 40 "
        "sentences (`agreement.across`)."
    ),
}
