"""Every file that loading reads is part of what pins a model."""

import json
from pathlib import Path

import pytest
from attnatlas.config import Settings
from attnatlas.errors import InputError
from attnatlas.models import resolve_model
from attnatlas.models.files import HUB_FILES, TOKENIZER_FILES

from tests.capture.tiny import tiny_model

READ = {
    "generation_config.json": '{"num_beams": 3}',
    "tokenizer_config.json": '{"clean_up_tokenization_spaces": true}',
    "special_tokens_map.json": '{"pad_token": "<pad>"}',
    "added_tokens.json": '{"<new>": 900}',
    "chat_template.jinja": "{{ messages }}",
    "additional_chat_templates/tool.jinja": "{{ tools }}",
    "tokenizer.4.0.0.json": "{}",
    "bpe.codes": "a b",
    "target_vocab.json": "{}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "bart", "bart", encoder_layers=1, decoder_layers=1)


@pytest.mark.parametrize("name", READ)
def test_a_file_that_loading_reads_is_pinned(name: str, folder: Path) -> None:
    before = resolve_model(str(folder), Settings()).fingerprint()
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(READ[name])
    assert resolve_model(str(folder), Settings()).fingerprint() != before


def test_what_loading_does_not_read_is_not_pinned(folder: Path) -> None:
    before = resolve_model(str(folder), Settings()).fingerprint()
    for name in ("README.md", "trainer_state.json", "training_args.bin", "notes.txt"):
        (folder / name).write_text("x")
    assert resolve_model(str(folder), Settings()).fingerprint() == before


def test_a_generation_config_that_is_no_json_gets_one_sentence(folder: Path) -> None:
    (folder / "generation_config.json").write_text("[")
    with pytest.raises(InputError, match=r"generation_config\.json: not JSON"):
        resolve_model(str(folder), Settings())


def test_every_file_of_a_tokenizer_of_transformers_is_known() -> None:
    from transformers import TOKENIZER_MAPPING

    names = {
        name
        for tokenizers in TOKENIZER_MAPPING.values()
        for tokenizer in (tokenizers if isinstance(tokenizers, tuple) else (tokenizers,))
        for name in getattr(tokenizer, "vocab_files_names", {}).values()
    }
    assert names - {*TOKENIZER_FILES} == set()
    assert {*TOKENIZER_FILES} <= {*HUB_FILES}


def test_the_hub_is_asked_for_all_that_is_pinned() -> None:
    assert {name for name in READ if "/" not in name and "4.0" not in name} <= {*HUB_FILES}
    assert json.loads(READ["generation_config.json"])
