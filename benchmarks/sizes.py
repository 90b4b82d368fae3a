"""How large the project is by kind of file, what a record page loads, what pages weigh.

`python -m benchmarks.sizes [SITE]`; without a site, that of the benchmark's corpus is built first.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"/\*.*?\*/", re.DOTALL)
JINJA = re.compile(r"\{#.*?#\}", re.DOTALL)
TOLD = re.compile(r"# (?:noqa|fmt:|type:)")
SLASHES = re.compile(r"^\s*//[^\n]*", re.MULTILINE)
CALLABLE = re.compile(
    r"=>|\bfunction\b|^  (?:async |get |static )*#?\w+\([^)]*\) \{$", re.MULTILINE
)
SCRIPT = re.compile(r'<script[^>]* src="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Kind:
    """Files of one kind: where they lie, and, but in Python, what is a comment in them."""

    name: str
    files: tuple[Path, ...]
    comments: tuple[re.Pattern[str], ...]


def kinds() -> Iterator[Kind]:
    """Yield the kinds of files that people write."""

    def below(folder: str, ending: str) -> tuple[Path, ...]:
        return tuple(sorted((ROOT / folder).rglob(f"*.{ending}")))

    yield Kind("Python", below("generator", "py"), ())
    yield Kind("tests", below("tests", "py"), ())
    yield Kind("JavaScript", below("templates", "js"), (BLOCK, SLASHES))
    yield Kind("CSS", below("templates", "css"), (BLOCK,))
    yield Kind("templates", below("templates", "html"), (JINJA,))


def row(kind: Kind) -> tuple[str, ...]:
    """Return files, functions, lines, share of comment lines, and the longest line of a kind."""
    texts = [file.read_text("utf-8") for file in kind.files]
    lines = [line for text in texts for line in text.splitlines()]
    said = sum(comment_lines(*pair, kind) for pair in zip(kind.files, texts, strict=True))
    found = [functions(file, text) for file, text in zip(kind.files, texts, strict=True)]
    counts = [count for count in found if count is not None]
    numbers = (len(texts), sum(counts) if counts else None, len(lines))
    shown = ["" if number is None else f"{number:,}" for number in numbers]
    return (kind.name, *shown, f"{said / len(lines):.2%}", str(max(map(len, lines))))


def comment_lines(file: Path, text: str, kind: Kind) -> int:
    """Return how many lines hold a comment; what tells a tool something is none."""
    if file.suffix == ".py":
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        said = (token.string for token in tokens if token.type == tokenize.COMMENT)
        return sum(not TOLD.match(comment) for comment in said)
    found = (match for pattern in kind.comments for match in pattern.finditer(text))
    return sum(match[0].strip().count("\n") + 1 for match in found)


def functions(file: Path, text: str) -> int | None:
    """Return how many functions a file has, None where its kind has none."""
    if file.suffix == ".py":
        defined = (ast.FunctionDef, ast.AsyncFunctionDef)
        return sum(isinstance(node, defined) for node in ast.walk(ast.parse(text)))
    return len(CALLABLE.findall(text)) if file.suffix == ".js" else None


def loaded(site: Path) -> list[tuple[str, int]]:
    """Return the scripts that a record page names, and their bytes."""
    page = next((site / "records").rglob("*.html"))
    names = SCRIPT.findall(page.read_text("utf-8"))
    return [(Path(name).name, (page.parent / name).stat().st_size) for name in names]


def groups(site: Path) -> list[tuple[str, int, int]]:
    """Return (group, files, bytes) of a site without its numbers, and the sum of all."""
    files = [path for path in site.rglob("*") if path.is_file()]
    parts: dict[str, list[int]] = {}
    for path in files:
        inner = path.relative_to(site).parts
        parts.setdefault(inner[0] if len(inner) > 1 else "others", []).append(path.stat().st_size)
    parts.pop("data", None)
    rows = [(name, len(sizes), sum(sizes)) for name, sizes in sorted(parts.items())]
    return [*rows, ("all pages", sum(row[1] for row in rows), sum(row[2] for row in rows))]


def report(site: Path) -> str:
    """Return the tables."""
    from benchmarks.__main__ import table

    header = ("kind", "files", "functions", "lines", "comment lines", "longest line")
    scripts = [(name, f"{size / 1000:.1f}") for name, size in loaded(site)]
    weights = [(name, f"{files:,}", f"{size / 1e6:.2f}") for name, files, size in groups(site)]
    tables = (
        table(header, [row(kind) for kind in kinds()]),
        table(("a record page loads", "kB"), scripts),
        table(("pages of the site", "files", "MB"), weights),
    )
    return "\n\n".join(tables)


def main() -> None:
    """Print the tables for a site."""
    if len(sys.argv) > 1:
        print(report(Path(sys.argv[1])))
        return
    from benchmarks.peers import build_corpus

    with tempfile.TemporaryDirectory() as folder:
        print(report(build_corpus(Path(folder)).site))


if __name__ == "__main__":
    main()
