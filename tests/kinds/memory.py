"""Kinds 4 and 11: tables, models and all else that is held in Python, and names of models."""

from __future__ import annotations

from pathlib import Path

from tests.kinds.case import Case, python
from tests.kinds.spoilt import model

PANDAS = "import pandas as pd; t = pd.DataFrame({'text': ['Rain again.', 'Sun.'], 'label': [0, 1]})"


def held(what: str, before: str, code: int = 0) -> Case:
    """Return a case of a table `t`."""
    return python(4, what, before, "attnatlas.build(t, 'sentiment')", code)


DATASET = "import datasets; t = datasets.Dataset.from_dict({'text': ['Rain.', 'Sun.', 'Wind.']})"
TABLES = [
    held("a data frame of pandas", PANDAS),
    held(
        "a data frame of polars",
        "import polars as pl; t = pl.DataFrame({'text': ['Rain.', 'Sun.']})",
    ),
    held(
        "a lazy frame", "import polars as pl; t = pl.DataFrame({'text': ['Rain.', 'Sun.']}).lazy()"
    ),
    held("a table of Arrow", "import pyarrow as pa; t = pa.table({'text': ['Rain.', 'Sun.']})"),
    held("a data set", DATASET),
    held(
        "the first rows of a data set",
        f"{DATASET}; t = t[:2]",
    ),
    held(
        "one row of a data set",
        f"{DATASET}; t = t[0]",
        2,
    ),
    held(
        "the parts of a data set",
        f"{DATASET}; t = datasets.DatasetDict({{'train': t, 'test': t}})",
        2,
    ),
    held("a series", f"{PANDAS}; t = t['text']"),
    held("an array of texts", "import numpy as np; t = np.array(['Rain.', 'Sun.'])"),
    held("an array of numbers", "import numpy as np; t = np.ones((2, 3))", 2),
    held("a text for a name", "t = 'Rain again in the afternoon.'", 2),
    held("a generator", "t = (f'Rain {n}.' for n in range(2))"),
    held("a set", "t = {'Rain.', 'Sun.'}", 2),
    held("pairs", "t = [('Rain.', 0), ('Sun.', 1)]", 2),
    held("bytes", "t = [b'Rain.']", 2),
    held("nothing", "t = []", 2),
    held("a number", "t = 3", 2),
    held("None among texts", "t = ['Rain.', None]"),
    held("a frame without texts", "import pandas as pd; t = pd.DataFrame({'a': [1], 'b': [2]})", 2),
    held("an open file", "import io; t = io.StringIO('Rain.\\nSun.\\n')", 2),
    held("a zip of two lists", "t = zip(['Rain.'], [1])", 2),
]
LOAD = """import transformers as tf
from tests.capture.tiny import tiny_model
tiny_model(Path('m'), 'bert-classifier', num_hidden_layers=1)
m = tf.BertForSequenceClassification.from_pretrained('m')
k = tf.AutoTokenizer.from_pretrained('m')"""
GPT2 = f"{LOAD}\ntiny_model(Path('g'), 'gpt2', n_layer=1)"
ON_META = f"""import torch
{LOAD}
with torch.device('meta'):
    m = tf.BertForSequenceClassification(m.config)"""


def built(words: str) -> str:
    return f"attnatlas.build(['Rain.'], {words})"


def twice() -> None:
    """Put a model into a folder in a folder, and another one."""
    for side in "ab":
        model("bert")()
        Path(side).mkdir()
        Path("m").rename(Path(side) / "best")


OBJECTS = [
    python(11, "a model and its tokenizer", LOAD, built("m, k")),
    python(
        11,
        "a pipeline",
        f"{LOAD}\np = tf.pipeline('text-classification', model=m, tokenizer=k)",
        built("p"),
    ),
    python(
        11,
        "a pipeline of another task",
        f"{GPT2}\np = tf.pipeline('text-generation', model='g')",
        built("p"),
    ),
    python(11, "a tokenizer by its folder", LOAD, built("m, 'm'")),
    python(11, "no tokenizer", LOAD, built("m"), 2),
    python(11, "a tokenizer for a model", LOAD, built("k"), 2),
    python(11, "a class for a model", LOAD, built("tf.BertModel, k"), 2),
    python(11, "the weights for a model", LOAD, built("m.state_dict(), k"), 2),
    python(11, "two, by name", LOAD, built("{'one': m, 'other': m}, k")),
    python(11, "two of one name", LOAD, built("[m, m], k, name=['a', 'a']"), 2),
    python(11, "one name for two models", LOAD, built("[m, m], k, name=['a']"), 2),
    python(
        11, "a model of torch", f"import torch\n{LOAD}\nm = torch.nn.Linear(2, 2)", built("m, k"), 2
    ),
    python(
        11,
        "weights that are nowhere",
        ON_META,
        built("m, k"),
        2,
    ),
    python(
        11,
        "a tokenizer of another model",
        f"{GPT2}\nk = tf.AutoTokenizer.from_pretrained('g')",
        built("m, k"),
    ),
    python(11, "a setting that is none", LOAD, built("m, k, tittle='T'"), 2),
    python(11, "a setting of another type", LOAD, built("m, k, max_tokens='many'"), 2),
    python(11, "a folder that is not there", "pass", built("'no/such/folder'"), 2),
    Case(11, "two folders of one name", "attnatlas build x.jsonl -m a/best -m b/best", twice),
    Case(11, "two folders with names", "attnatlas build x.jsonl -m c=a/best -m d=b/best", twice),
    Case(
        11, "one name for two folders", "attnatlas build x.jsonl -m c=a/best -m c=b/best", twice, 2
    ),
    Case(11, "one folder twice", "attnatlas build x.jsonl -m m -m m", model("bert")),
]
CASES = (*TABLES, *OBJECTS)
