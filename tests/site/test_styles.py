"""The styles become one file, in a stated order, and none of them is forgotten."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from attnatlas.site.styles import IMPORT, ORDER, styles

FOLDER = Path(__file__).parents[2] / "templates" / "static" / "css"
COLUMNS = 120


def test_every_file_is_imported_once() -> None:
    listed = Counter(IMPORT.findall((FOLDER / ORDER).read_text("utf-8")))
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.css")} - {ORDER}
    assert listed == Counter(there)


def test_the_files_come_in_the_stated_order_and_without_what_only_people_read(
    tmp_path: Path,
) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "b.css").write_text("/* so */\nb {\n  top: 0 /* 1 */;\n}\n\n", "utf-8")
    (tmp_path / "a.css").write_text("a { top: 0 }\n", "utf-8")
    (tmp_path / ORDER).write_text('/* why */\n@import "parts/b.css";\n@import "a.css";\n', "utf-8")
    assert styles(tmp_path) == "b {\ntop: 0 /* 1 */;\n}\na { top: 0 }\n"


def test_no_line_is_long() -> None:
    for path in FOLDER.rglob("*.css"):
        assert max(map(len, path.read_text("utf-8").splitlines())) <= COLUMNS, path


def test_every_class_is_used_somewhere() -> None:
    code = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", styles(FOLDER), flags=re.DOTALL)
    classes = set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", code))
    root = FOLDER.parents[2]
    users = [*root.glob("templates/**/*.html"), *root.glob("templates/**/*.js")]
    users += [*root.glob("generator/**/*.py")]
    words = set(re.findall(r"[\w-]+", " ".join(path.read_text("utf-8") for path in users)))
    # role-{{ role.name }}, and d0 to d10, the stops of a ramp
    made = {name for name in classes if re.fullmatch(r"role-\w+|d\d+", name)}
    assert classes - made <= words
