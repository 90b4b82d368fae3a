"""Files whose names are no UTF-8 are read, and called by a name that can be published."""

import os
from pathlib import Path

from attnatlas.corpus import load_corpora, load_corpus


def test_a_file_name_that_is_no_utf8_is_read_and_can_be_published(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"caf\xe8.txt"):
        (tmp_path / os.fsdecode(name)).write_text("The bank of the river.\n")
    paths = sorted(str(path) for path in tmp_path.iterdir())
    assert load_corpus(paths[0]).name == "caf\\xe8"
    corpora = load_corpora(paths)
    assert [corpus.name for corpus in corpora] == ["caf\\xe8", "caf\\xe9"]
    assert all(len(corpus.sha256) == 64 for corpus in corpora)
