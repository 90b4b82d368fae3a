"""The scripts of the pages: what each kind of page gets, in which order, and what is refused."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from attnatlas.site.scripts import LATER, Part, ScriptError, parts_of, scripts

FOLDER = files("attnatlas.templates").joinpath("static", "js")
EVERYTHING = 198_817
"""Bytes of the one script that every page loaded before there was one for each kind."""


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/')}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


def test_a_page_gets_its_own_files_and_those_they_use_each_after_what_it_uses() -> None:
    parts = [
        Part("base/frame.js", "atlas.say('up')\n"),
        Part("page/a.js", "const { far: near } = atlas;\n"),
        Part("other/b.js", "atlas.far('b')\n"),
        Part(
            "figures/far.js", "/* atlas.other */\natlas.far = () => atlas.say('x'); // atlas.more\n"
        ),
        Part("figures/unused.js", "atlas.unused = 1;\n"),
        Part("shared/say.js", "atlas.say = (url) => `https://${url}`;\n"),
    ]
    names = [part.name for part in parts_of(parts, "page")]
    assert sorted(names) == ["base/frame.js", "figures/far.js", "page/a.js", "shared/say.js"]
    for before, after in (("shared/say", "base/frame"), ("figures/far", "page/a")):
        assert names.index(f"{before}.js") < names.index(f"{after}.js")
    assert names == [part.name for part in parts_of(parts, "page")]


def test_names_of_one_file_are_no_names_of_another(tmp_path: Path) -> None:
    one = "const own = 1;\natlas.one = own;\n"
    made = scripts(write(tmp_path, base__one=one, page__two="const own = atlas.one;\n"))
    assert made["base"] == f'"use strict";\nconst atlas = {{}};\n/* base/one.js */\n{{\n{one}}}\n'
    assert made["page"].startswith(made["base"])


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({"page__a": "atlas.b();\n"}, "page/a.js uses atlas.b, which no file provides."),
        ({"page__a": "const { b } = atlas;\n"}, "page/a.js uses atlas.b, which no file provides."),
        (
            {"page__a": "atlas.a = 1;\n", "shared__b": "atlas.a = 2;\n"},
            "atlas.a is provided by more than one file.",
        ),
        (
            {"page__a": "atlas.a = () => atlas.b;\n", "other__b": "atlas.b = () => atlas.a;\n"},
            "page/a.js, other/b.js, page/a.js: each uses the next.",
        ),
    ],
)
def test_files_that_do_not_fit_together_are_refused(
    tmp_path: Path, texts: dict[str, str], says: str
) -> None:
    with pytest.raises(ScriptError) as error:
        scripts(write(tmp_path, base__frame="\n", **texts))
    said = str(error.value)
    assert said == says or set(re.findall(r"\w+/\w", said)) == set(re.findall(r"\w+/\w", says))


def test_every_kind_of_page_has_a_script_and_loads_no_more_than_it_needs() -> None:
    made = scripts(FOLDER)
    assert set(made) >= {"base", "home", "record", "model", "head", "about"}
    sizes = {kind: len(text.encode()) for kind, text in made.items()}
    assert sizes["record"] <= EVERYTHING * 2 / 3
    assert max(sizes.values()) == sizes["record"]
    assert sizes["base"] < 20_000
    for kind, text in made.items():
        folders = set(re.findall(r"^/\* (\w+)/[\w-]+\.js \*/$", text, re.MULTILINE))
        assert folders <= {"base", "shared", "figures", kind}


def test_file_names_have_no_numbers_and_every_file_belongs_to_some_page() -> None:
    named = {
        f"{folder.name}/{entry.name}" for folder in FOLDER.iterdir() for entry in folder.iterdir()
    }
    assert not [name for name in named if re.search(r"\d", name)]
    used = set(re.findall(r"^/\* (\S+\.js) \*/$", "".join(scripts(FOLDER).values()), re.MULTILINE))
    assert used == named


def test_what_a_file_provides_another_one_uses() -> None:
    names = (
        f"{folder.name}/{entry.name}" for folder in FOLDER.iterdir() for entry in folder.iterdir()
    )
    parts = [Part(name, FOLDER.joinpath(name).read_text("utf-8")) for name in names]
    used = {name for part in parts for name in part.uses}
    assert {name for part in parts for name in part.provides} == used


def test_no_line_of_a_script_or_a_style_is_longer_than_a_screen_is_wide() -> None:
    static = Path(str(files("attnatlas.templates").joinpath("static")))
    for path in sorted(static.rglob("*.[cj]s*")):
        longest = max(map(len, path.read_text("utf-8").splitlines()))
        assert longest <= 120, path


@pytest.mark.parametrize("name", LATER)
def test_what_is_loaded_later_finds_all_it_uses_on_every_page_that_loads_it(name: str) -> None:
    parts = [
        Part(f"{folder.name}/{entry.name}", entry.read_text("utf-8"))
        for folder in FOLDER.iterdir()
        for entry in folder.iterdir()
    ]
    later = [part for part in parts if part.folder == name]
    beside = {name for part in parts if part.folder in LATER for name in part.provides}
    used = {name for part in later for name in part.uses} - beside
    made = scripts(FOLDER)
    loaders = [kind for kind in made if f'atlas.script("assets/{name}.js")' in made[kind]]
    least = {"saving": {"record", "model", "report", "home"}}
    assert set(loaders) >= least.get(name, {"record"})
    for kind in loaders:
        there = {name for part in parts_of(parts, kind) for name in part.provides}
        assert used <= there, kind
        assert f"/* {name}/" not in made[kind]
    assert made[name].startswith(f"/* {name}/")
