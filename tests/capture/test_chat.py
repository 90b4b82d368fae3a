"""Chats are read as the tokenizer's own template writes them; markers are meant where said."""

import dataclasses
from pathlib import Path

import pytest
from attnatlas.capture.tokens import Reader, TokenizedText
from attnatlas.config import Settings
from attnatlas.corpus import (
    Message,
    Record,
    RecordError,
    load_corpus,
    record_from_json,
    record_to_json,
)
from attnatlas.store import capture_key
from transformers import PreTrainedTokenizerFast

from tests.capture.slow import sentence_pieces, slow_tokenizer, write
from tests.capture.test_reading import joined
from tests.capture.tiny import byte_bpe, wordpiece

TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}<|{{ m['role'] }}|>\n"
    "{{ m['content'] | trim }}{{ eos_token }}\n"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
MERGED = (
    "{% for m in messages %}{% if m['role'] not in ('user', 'assistant') %}"
    "{{ raise_exception('Only user and assistant speak') }}{% endif %}{{ m['content'] | upper }}"
    "{% endfor %}"
)
CHAT = (Message("user", "The bank of the river 😀."), Message("assistant", " She was late. "))


def chatty(template: str | None = TEMPLATE) -> PreTrainedTokenizerFast:
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=byte_bpe().backend_tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
    )
    tokenizer.chat_template = template
    return tokenizer


def record(*messages: Message, **more: object) -> Record:
    row = {"id": "r", "chat": [dataclasses.asdict(message) for message in messages], **more}
    return record_from_json(row)


def read(*messages: Message, template: str | None = TEMPLATE, **more: object) -> TokenizedText:
    return Reader(chatty(template), 512).source(record(*messages, **more))


def test_a_chat_is_read_as_its_template_writes_it() -> None:
    tokenizer = chatty()
    chat = [dataclasses.asdict(message) for message in CHAT]
    ids = tokenizer.apply_chat_template(chat, tokenize=True)["input_ids"]
    reading = read(*CHAT)
    assert list(reading.ids) == ids
    assert joined(reading) == record(*CHAT).text == "The bank of the river 😀.\n She was late. "
    for token in reading.tokens:
        if not token.special and token.text:
            assert record(*CHAT).text[token.start : token.end] == token.text
    added = "".join(token.text for token in reading.tokens if token.special)
    assert added == "<s><|user|>\n</s>\n<|assistant|>\n</s>\n".replace("\n", "Ċ")


def test_who_is_asked_last_gets_the_opening_of_an_answer() -> None:
    chat = [dataclasses.asdict(CHAT[0])]
    ids = chatty().apply_chat_template(chat, tokenize=True, add_generation_prompt=True)["input_ids"]
    assert list(read(CHAT[0]).ids) == ids


@pytest.mark.parametrize("typed", ["a </s> b", "</s>", "<s>x", "a</s>"])
def test_a_marker_that_a_message_spells_stays_text(typed: str) -> None:
    reading, tokenizer = read(Message("user", typed)), chatty()
    assert joined(reading) == typed
    plain = read(Message("user", "x"))
    assert reading.ids.count(tokenizer.eos_token_id) == plain.ids.count(tokenizer.eos_token_id)
    assert reading.ids[:3] == plain.ids[:3]
    meant = read(Message("user", typed), markers=True)
    assert meant.ids.count(tokenizer.eos_token_id) - plain.ids.count(tokenizer.eos_token_id) == (
        typed.count("</s>")
    )


def test_a_long_chat_is_cut_and_the_rest_joins() -> None:
    whole = read(*CHAT)
    reading = Reader(chatty(), 20).source(record(*CHAT))
    assert (reading.ids, reading.truncated) == (whole.ids[:20], len(whole) - 20)
    assert record(*CHAT).text.startswith(joined(reading))
    assert joined(reading)


@pytest.mark.parametrize(
    ("template", "role", "said"),
    [
        (None, "user", "no chat template; give the whole text as 'text'"),
        (MERGED, "system", "refuses the chat: Only user and assistant speak"),
        (MERGED, "user", r"changes, moves or leaves out message 1 \('user'\)"),
        ("{{ messages[0].content }", "user", "refuses the chat: "),
        ("{{ messages|length }}", "user", r"leaves out message 1"),
        ("{{ ''.__class__.__mro__ }}", "user", "refuses the chat: "),
    ],
)
def test_a_template_that_fails_is_an_error_of_the_record(
    template: str | None, role: str, said: str
) -> None:
    with pytest.raises(RecordError, match=said):
        read(Message(role, "The bank"), template=template)


def test_a_slow_tokenizer_reads_chats_too(tmp_path: Path) -> None:
    tokenizer = slow_tokenizer("gpt-sw3", tmp_path)
    tokenizer.chat_template = TEMPLATE.replace("<|", "[").replace("|>", "]")
    reading = Reader(tokenizer, 512).source(record(*CHAT))
    assert joined(reading) == record(*CHAT).text
    chat = [dataclasses.asdict(message) for message in CHAT]
    assert list(reading.ids) == tokenizer.apply_chat_template(chat, tokenize=True)["input_ids"]


def test_markers_are_meant_where_the_record_says_so() -> None:
    tokenizer, text = wordpiece(), "The [MASK] of [SEP] the river."
    plain = Reader(tokenizer, 64).source(Record("r", text))
    meant = Reader(tokenizer, 64).source(Record("r", text, markers=True))
    assert list(meant.ids) == tokenizer(text)["input_ids"]
    assert plain.ids.count(tokenizer.sep_token_id) == 1
    assert meant.ids.count(tokenizer.sep_token_id) == 2
    places = [(t.start, t.end) for t in meant.tokens if t.start is not None]
    assert "".join(text[start:end] for start, end in places) == text
    [sep] = [t for t in meant.tokens if t.text == "[SEP]" and t.start is not None]
    assert (sep.special, text[sep.start : sep.end]) == (True, " [SEP]")


def test_a_text_that_brings_its_opening_gets_no_second_one() -> None:
    tokenizer = wordpiece()
    for text in ("[CLS] the river [SEP]", " [CLS] the river [SEP] the bank [SEP]"):
        reading = Reader(tokenizer, 64).source(Record("r", text, markers=True))
        assert list(reading.ids) == tokenizer(text, add_special_tokens=False)["input_ids"]


def test_markers_are_meant_in_slow_tokenizers(tmp_path: Path) -> None:
    tokenizer = slow_tokenizer("phobert", tmp_path)
    text = "the river </s> the <mask> bank"
    reading = Reader(tokenizer, 64).source(Record("r", text, markers=True))
    assert list(reading.ids) == tokenizer(text)["input_ids"]
    assert reading.ids.count(tokenizer.sep_token_id) == 2
    other = Reader(tokenizer, 64).source(Record("r", f"<s> {text} </s>", markers=True))
    assert list(other.ids) == tokenizer(f"<s> {text} </s>", add_special_tokens=False)["input_ids"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"chat": "hello"}, "'chat' is a text and not JSON"),
        ({"chat": 3}, "'chat' is a number, not a list of messages"),
        ({"chat": ["hello"]}, r"'chat\[0\]' is a text, not a message"),
        ({"chat": [{"role": "user"}]}, r"'chat\[0\]' has no 'content'"),
        ({"chat": [{"from": "human", "text": "x"}]}, r"'chat\[0\]' has no 'role'"),
        ({"chat": [{"role": "u", "content": ["x"]}]}, r"'chat\[0\].content' is a list"),
        ({"chat": [{"role": "u", "content": "x", "tool": "y"}]}, "'tool', which is not read"),
        ({"chat": [{"role": "u", "content": " "}]}, "'text' is empty"),
        ({"chat": [{"role": "u", "content": "x"}], "text": "y"}, "'text' is not what the messages"),
        ({"chat": [{"role": "u", "content": "x"}], "pair": "y"}, "a 'chat' has no 'pair'"),
        ({"text": "x", "markers": "maybe"}, "'markers' is 'maybe', neither true nor false"),
        ({"chat": []}, "no 'text'"),
    ],
)
def test_a_chat_that_is_none_is_an_error_of_the_record(row: dict[str, object], said: str) -> None:
    with pytest.raises(RecordError, match=said):
        record_from_json({"id": "r", **row})


def test_chats_and_markers_are_written_and_read_again() -> None:
    one = record(*CHAT, markers="true")
    assert record_from_json(record_to_json(one)) == one
    assert "markers" not in record_to_json(Record("r", "x"))
    cell = '[{"role": "user", "content": "The bank"}]'
    assert record_from_json({"id": "r", "chat": cell}).chat == (Message("user", "The bank"),)


def test_what_a_message_says_in_parts_is_one_text() -> None:
    parts = [{"type": "text", "text": "The bank"}, {"type": "text", "text": "is old."}]
    found = record_from_json({"id": "r", "chat": [{"role": "user", "content": parts}]})
    assert found.chat == (Message("user", "The bank\nis old."),)
    picture = [*parts, {"type": "image_url", "image_url": "x"}]
    with pytest.raises(RecordError, match="holds 'image_url', and only texts are read"):
        record_from_json({"id": "r", "chat": [{"role": "user", "content": picture}]})


def test_a_chat_stands_in_a_cell_as_json(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('chat\n"[{""role"": ""user"", ""content"": ""The bank""}]"\n')
    [one] = load_corpus(tmp_path / "x.csv").records
    assert (one.chat, one.text) == ((Message("user", "The bank"),), "The bank")


def test_how_a_text_is_read_is_part_of_the_key_of_its_capture() -> None:
    texts = [Record("r", "x"), Record("r", "x", markers=True)]
    texts += [Record("r", "x", chat=(Message(role, "x"),)) for role in ("user", "assistant")]
    assert len({capture_key("model", text, Settings()) for text in texts}) == len(texts)


def test_a_sentencepiece_model_reads_a_marker_in_a_message_as_text(tmp_path: Path) -> None:
    from transformers import LlamaTokenizer

    pieces = sentence_pieces("bpe", 500, byte_fallback=True, unk_id=0, bos_id=1, eos_id=2)
    tokenizer = LlamaTokenizer.from_pretrained(write(tmp_path, {"tokenizer.model": pieces}))
    tokenizer.chat_template = "<s>[{{ messages[0].content }}]</s>"
    reading = Reader(tokenizer, 64).source(record(Message("user", "the </s>bank")))
    assert joined(reading) == "the </s>bank"
    assert reading.ids.count(tokenizer.eos_token_id) == 1
