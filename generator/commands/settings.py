"""Every setting as an option of the command line; the defaults are those of `Settings`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import click

from ..config import Settings
from .parameters import COLUMN, CORPUS, COUNT, COUNT_OR_AUTO, EXPECTED, FOLDER, MODEL

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

DEFAULTS = {field.name: field.default for field in fields(Settings)}
TYPES = get_type_hints(Settings)


def setting(name: str, *flags: str, **attributes: Any) -> Decorator:
    """Return the option for a field of Settings, `--<name>` unless `flags` say otherwise."""
    default = DEFAULTS[name]
    return click.option(
        *(flags or [f"--{name.replace('_', '-')}"]),
        name,
        default=default,
        show_default=default not in (None, False, ()),
        **attributes,
    )


def choice(name: str) -> click.Choice[str]:
    """Return the values that a field of Settings may have."""
    return click.Choice(get_args(TYPES[name]))


READING: tuple[Decorator, ...] = (
    setting(
        "column",
        metavar="FIELD=NAME",
        multiple=True,
        type=COLUMN,
        help="Column that holds a field: text=review, label=stars; may be repeated.",
    ),
    setting("delimiter", metavar="MARK", help="Between cells: ';', tab, pipe.  [default: sniffed]"),
    setting("encoding", metavar="NAME", help="Of files that are not UTF-8, such as cp1252."),
    setting("format", metavar="NAME", help="How files are written.  [default: told by the name]"),
    setting("limit", metavar="N", type=COUNT, help="Take the first N records of each corpus."),
    setting("sample", metavar="N", type=COUNT, help="Take N records of each corpus at random."),
    setting("seed", metavar="S", type=click.INT, help="Decides which records a sample takes."),
    setting(
        "vary",
        metavar="RULE",
        multiple=True,
        help="Each text once more, changed: swap:she=he, drop:WORD, comma; may be repeated.",
    ),
)
"""The parameters that say how a corpus is read."""

SETTINGS: tuple[Decorator, ...] = (
    click.argument("corpora", metavar="[CORPUS]...", nargs=-1, type=CORPUS),
    setting(
        "models",
        "-m",
        "--model",
        multiple=True,
        type=MODEL,
        help="Folder, embedded name or Hub id; NAME=MODEL calls it NAME.",
    ),
    setting(
        "arrays",
        metavar="DIR",
        type=FOLDER,
        help="Show the *.safetensors below DIR, with no model.",
    ),
    setting(
        "from_sites",
        "--from",
        metavar="SITE",
        multiple=True,
        help="Show what a built site holds, with no model; several are put together.",
    ),
    setting("output", "-o", "--output", metavar="DIR", type=FOLDER, help="Where the site goes."),
    setting("title", help="Title of the site.  [default: the corpus title]"),
    setting("base_url", metavar="URL", help="Where it will be published: for links to it."),
    setting("noindex", is_flag=True, help="Ask search engines to leave it out."),
    setting("numbers", type=choice("numbers"), help="Precision of the attention beside the pages."),
    setting("task", help="Model head to load.  [default: what the model was trained for]"),
    setting("revision", help="Branch, tag or commit on the Hub."),
    setting("offline", is_flag=True, help="Never ask the Hub."),
    setting("strict", is_flag=True, help="Fail on a bad record or a failed analysis."),
    *READING,
    setting("max_tokens", metavar="N", type=COUNT, help="Cut texts.  [default: the model's limit]"),
    setting(
        "windows",
        metavar="STRIDE",
        type=COUNT,
        help="Read long texts as windows, a new one every STRIDE tokens.  [default: cut them]",
    ),
    setting("batch_size", metavar="N|auto", type=COUNT_OR_AUTO, help="Texts at a time."),
    setting(
        "also",
        metavar="NAME",
        multiple=True,
        help="Run an analysis that is left out by default; may be repeated.",
    ),
    setting(
        "without",
        metavar="NAME",
        multiple=True,
        help="Leave out an analysis, twins (untrained copies) or asking-the-model.",
    ),
    setting(
        "expect",
        metavar="LINE",
        multiple=True,
        type=EXPECTED,
        help="Expect of a measure: 'accuracy >= 0.9'; may be repeated.",
    ),
    setting("gate", is_flag=True, help="Exit with 1 if an expectation fails; the site is written."),
    setting("beams", metavar="N", type=COUNT, help="Ways a translation is searched at a time."),
    setting("device", help="cpu, cuda, cuda:1, mps."),
    setting("dtype", type=choice("dtype"), help="Precision the model runs in."),
    setting(
        "threads", metavar="N", type=COUNT, help="CPU threads.  [default: 1 for a small model]"
    ),
    setting("store", metavar="DIR", type=FOLDER, help="Keeps captures between builds."),
    setting(
        "redact",
        metavar="PATTERN",
        multiple=True,
        help="Hide what a regular expression finds, everywhere; may be repeated.",
    ),
    setting(
        "redact_list",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Hide the texts in FILE, one a line.",
    ),
    setting(
        "allow_pickle",
        is_flag=True,
        help="Load weights that may run code: only where you trust them.",
    ),
    setting("force", is_flag=True, help="Compute everything again, whatever the store has."),
)
"""One parameter for each field of Settings, in the order of the help."""


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how a corpus is read."""
    for option in reversed(READING):
        command = option(command)
    return command


def all_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for every setting."""
    for option in reversed(SETTINGS):
        command = option(command)
    return command
