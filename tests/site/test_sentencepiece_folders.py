"""Models without tokenizer.json, as translation models are published: built to a site."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from attnatlas.capture.tokens import Reader
from attnatlas.cli import cli
from attnatlas.config import Settings
from attnatlas.corpus import Record, RecordError
from attnatlas.errors import InputError
from attnatlas.models import resolve_model
from attnatlas.models.load import quiet
from attnatlas.models.tokenizers import load_tokenizer
from click.testing import CliRunner
from safetensors import safe_open
from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2

from tests.capture.folders import FOLDERS, numbers, published
from tests.capture.slow import sentence_pieces, write
from tests.site.links import broken_links

TEXT = "the bank “of” the river 😀 is…"
KNOWN = "the bank of the river"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    root = tmp_path_factory.mktemp("published")
    return cache(lambda kind: published(root / kind, kind))


@pytest.mark.parametrize("kind", FOLDERS)
def test_numbers_are_those_of_the_sentencepiece_file(
    folder: Callable[[str], Path], kind: str
) -> None:
    source = resolve_model(str(folder(kind)), Settings())
    with quiet():
        tokenizer = load_tokenizer(source)
    record = Record("r", KNOWN, source_lang="en" if kind == "m2m100" else None)
    reading = Reader(tokenizer, 64).source(record)
    own = [n for n, token in zip(reading.ids, reading.tokens, strict=True) if not token.special]
    assert own == numbers(folder(kind), kind, KNOWN)
    assert "".join(token.text for token in reading.tokens if not token.special) == KNOWN


@pytest.mark.parametrize(
    "said", [{}, {"additional_special_tokens": ["ace_Arab", "ace_Latn"]}, None]
)
def test_languages_of_nllb_follow_its_pieces(
    folder: Callable[[str], Path], tmp_path: Path, said: dict[str, list[str]] | None
) -> None:
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    copy = Path(shutil.copytree(folder("nllb"), tmp_path / "nllb"))
    config = copy / "tokenizer_config.json"
    if said is None:
        config.unlink()
    else:
        config.write_text(json.dumps(json.loads(config.read_text("utf-8")) | said))
    with quiet():
        tokenizer = load_tokenizer(resolve_model(str(copy), Settings()))
    pieces = SentencePieceProcessor(model_file=str(copy / "sentencepiece.bpe.model"))
    first = pieces.get_piece_size() + 1
    numbered = tokenizer.convert_tokens_to_ids(FAIRSEQ_LANGUAGE_CODES)
    assert numbered == list(range(first, first + len(FAIRSEQ_LANGUAGE_CODES)))
    assert tokenizer.mask_token_id == first + len(FAIRSEQ_LANGUAGE_CODES)
    own = tokenizer("the bank")["input_ids"]
    assert (own[0], own[-1]) == (numbered[FAIRSEQ_LANGUAGE_CODES.index("eng_Latn")], 2)


def test_all_of_them_build_to_a_site(folder: Callable[[str], Path], tmp_path: Path) -> None:
    spoken = {"m2m100": ("en", "fr"), "mbart": ("en_XX", "fr_XX"), "mbart50": ("en_XX", "fr_XX")}
    spoken["nllb"] = ("eng_Latn", "fra_Latn")
    for languages in sorted({spoken.get(kind, ()) for kind in FOLDERS}):
        kinds = [kind for kind in FOLDERS if spoken.get(kind, ()) == languages]
        named = dict(zip(("source_lang", "target_lang"), languages, strict=False))
        corpus = "-".join(("texts", *languages))
        row = json.dumps({"id": "one", "text": TEXT, **named})
        (tmp_path / f"{corpus}.jsonl").write_text(row, "utf-8")
        words = ["build", str(tmp_path / f"{corpus}.jsonl"), "--strict", "--numbers", "float32"]
        words += [word for kind in kinds for word in ("-m", str(folder(kind)))]
        words += ["-o", str(tmp_path / f"site-{corpus}"), "--store", str(tmp_path / "store")]
        done = CliRunner().invoke(cli, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert broken_links(tmp_path / f"site-{corpus}") == []
        for kind in kinds:
            [file] = (tmp_path / f"site-{corpus}" / "data" / kind).glob("*.safetensors")
            with safe_open(file, "numpy") as arrays:
                header = json.loads(arrays.metadata()["attnatlas"])
            tokens = next(iter(header["tokens"].values()))["queries"]
            assert "".join(token["text"] for token in tokens if not token["special"]) == TEXT


@pytest.mark.parametrize(
    ("model_type", "file", "said"),
    [
        ("xglm", "sentencepiece.bpe.model", "lacks tokenizer.json, which it is made from"),
        ("rembert", "sentencepiece.model", r"it reads a character it does not know as '</s>'"),
        ("llama", "tokenizer.model", "not a sentencepiece file, or damaged"),
    ],
)
def test_a_tokenizer_that_reads_otherwise_is_refused(
    folder: Callable[[str], Path], tmp_path: Path, model_type: str, file: str, said: str
) -> None:
    content = b"not a model" if model_type == "llama" else sentence_pieces()
    copy = write(tmp_path / "other", {file: content})
    source = resolve_model(str(folder("xlm-roberta")), Settings())
    for name in ("config.json", "model.safetensors"):
        (copy / name).write_bytes((source.location / name).read_bytes())
    config = json.loads((copy / "config.json").read_text()) | {"model_type": model_type}
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match=said), quiet():
        load_tokenizer(resolve_model(str(copy), Settings()))


def cut_after_the_pieces(file: Path) -> None:
    """Leave of a sentencepiece file what is still one, without all that follows its pieces."""
    whole = sentencepiece_model_pb2.ModelProto.FromString(file.read_bytes())
    whole.ClearField("trainer_spec")
    whole.ClearField("normalizer_spec")
    del whole.pieces[20:]
    file.write_bytes(whole.SerializeToString())


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("opus-mt", "source.spm"),
        ("opus-mt", "target.spm"),
        ("deberta-v2", "spm.model"),
        ("t5", "spiece.model"),
    ],
)
def test_a_file_of_pieces_that_is_cut_short_is_refused(
    folder: Callable[[str], Path], tmp_path: Path, kind: str, file: str
) -> None:
    copy = Path(shutil.copytree(folder(kind), tmp_path / kind))
    cut_after_the_pieces(copy / file)
    with pytest.raises(InputError, match=f"{file}: not a sentencepiece file, or damaged"), quiet():
        load_tokenizer(resolve_model(str(copy), Settings()))


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("opus-mt", "target.spm"),
        ("opus-mt", "vocab.json"),
        ("m2m100", "vocab.json"),
        ("deberta-v2", "spm.model"),
        ("llama", "tokenizer.model"),
    ],
)
def test_a_file_that_a_tokenizer_is_made_from_is_named_where_it_is_missing(
    folder: Callable[[str], Path], tmp_path: Path, kind: str, file: str
) -> None:
    copy = Path(shutil.copytree(folder(kind), tmp_path / kind))
    (copy / file).unlink()
    with pytest.raises(InputError, match=f"does not load: .* lacks {file}, which it is"), quiet():
        load_tokenizer(resolve_model(str(copy), Settings()))


@pytest.mark.parametrize("content", ["[]", "{"])
@pytest.mark.parametrize("file", ["vocab.json", "tokenizer_config.json"])
def test_a_file_of_a_tokenizer_that_is_no_object_is_named(
    folder: Callable[[str], Path], tmp_path: Path, file: str, content: str
) -> None:
    copy = Path(shutil.copytree(folder("opus-mt"), tmp_path / "opus-mt"))
    (copy / file).write_text(content)
    with pytest.raises(InputError, match=f"{file}: (not JSON|must hold a JSON object)"), quiet():
        load_tokenizer(resolve_model(str(copy), Settings()))


def test_a_translator_of_many_languages_asks_for_that_of_its_target(
    folder: Callable[[str], Path],
) -> None:
    with quiet():
        tokenizer = load_tokenizer(resolve_model(str(folder("m2m100")), Settings()))
    with pytest.raises(RecordError, match="give it as 'target_lang'"):
        Reader(tokenizer, 64).target(Record("r", KNOWN, target=KNOWN))
    assert Reader(tokenizer, 64).target(Record("r", KNOWN, target=KNOWN, target_lang="fr")).tokens
