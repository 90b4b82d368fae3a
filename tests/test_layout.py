"""The shape of the project: who imports whom, what stays lazy, what the documents promise."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path, PurePosixPath

import pytest
import yaml
from attnatlas.cli import cli
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator"

STAGES = {
    "settings": "errors names config report tensors array_types",
    "results": "results",
    "gates": "gates",
    "corpus": "corpus",
    "model": "zoo models",
    "capture": "capture",
    "redaction": "redaction",
    "statistics": "statistics",
    "probes": "probes",
    "analyses": "analyses",
    "store": "data store",
    "sources": "sources",
    "engine": "engine",
    "charts": "charts",
    "pages": "pages",
    "site": "site",
    "build": "build api",
    "share": "share __init__",
    "command line": "inspection forecast serve commands cli __main__",
    "training": "training",
}
"""From left to right. A module imports from its own stage and from those on the left of it."""

HOMES = {
    "torch": ("models/", "capture/", "probes/", "training/"),
    "transformers": ("models/", "capture/", "training/", "share/checkpoints.py"),
    "tokenizers": ("training/",),
    "huggingface_hub": (),
    "altair": ("charts/",),
    "jinja2": ("site/writer.py",),
    "scipy": ("training/",),
    "jsonschema": (),
    "referencing": (),
    "captum": (),
    "peft": (),
    "vl_convert": (),
    "narwhals": (),
    "defusedxml": (),
    "pyarrow": (),
}
"""Where a heavy library may be imported at module level; elsewhere only inside a function."""

IMPORTED_AS = {
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "vl_convert": "vl-convert-python",
    "yaml": "pyyaml",
}
EXTRAS = ("train", "peft", "parquet", "check", "publish", "archive")
FILE_LINES, FUNCTION_LINES = 300, 60
TEMPLATE_COLUMNS, TEMPLATE_LINES = 120, 150
DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")})


@cache
def sources() -> dict[str, ast.Module]:
    """Return every module of the package by its dotted name, `zoo.__init__` for a package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        found[name] = ast.parse(path.read_text("utf-8"), str(path))
    return found


def stage(name: str) -> int:
    """Return the place of a module in STAGES; the longest name that fits it counts."""
    fitting = [
        (len(listed), place)
        for place, names in enumerate(STAGES.values())
        for listed in names.split()
        if name == listed or name.startswith(f"{listed}.")
    ]
    assert fitting, f"{name} belongs to no stage: name it in STAGES, in tests/test_layout.py"
    return max(fitting)[1]


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every node but what only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        yield node
        yield from running(node)


def own_imports(name: str, typed: bool = False) -> set[str]:
    """Return the modules of the package that a module imports, anywhere in it.

    With `typed` those, too, that only a type checker sees.
    """
    package = "root." + name.rpartition(".")[0] if "." in name else "root"
    found = set()
    for node in ast.walk(sources()[name]) if typed else running(sources()[name]):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = resolve_name("." * node.level + (node.module or ""), package)
            found |= {module_of(f"{base}.{alias.name}") for alias in node.names}
    return found


def module_of(dotted: str) -> str:
    """Return the module that `root.a.b` lies in: a.b itself, or a if b is a name in it."""
    name = dotted.removeprefix("root.")
    for candidate in (name, f"{name}.__init__"):
        if candidate in sources():
            return candidate
    return module_of(name.rpartition(".")[0] or "__init__")


def top_level_imports(tree: ast.Module) -> Iterator[str]:
    """Yield the libraries that are imported as soon as a module is."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]


def all_imports(tree: ast.Module) -> set[str]:
    """Return the libraries that a module imports anywhere."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    return found


@pytest.mark.parametrize("name", sources())
def test_a_module_imports_only_from_the_left(name: str) -> None:
    for imported in own_imports(name):
        assert stage(imported) <= stage(name), f"{name} imports {imported}"


def test_no_module_imports_itself_in_a_circle() -> None:
    TopologicalSorter({name: own_imports(name) - {name} for name in sources()}).prepare()


def test_no_folder_imports_itself_in_a_circle() -> None:
    folders: dict[str, set[str]] = {}
    for name in sources():
        imported = {room(other) for other in own_imports(name, typed=True)}
        folders.setdefault(room(name), set()).update(imported - {room(name)})
    TopologicalSorter(folders).prepare()


def test_statistics_know_of_arrays_alone() -> None:
    for name in sources():
        if room(name) == "statistics":
            assert {room(other) for other in own_imports(name)} <= {"statistics", "array_types"}


def room(name: str) -> str:
    """Return the folder of the package that a module lies in, or the module that lies in none."""
    return name.partition(".")[0]


def test_every_stage_exists() -> None:
    for listed in " ".join(STAGES.values()).split():
        assert any(name == listed or name.startswith(f"{listed}.") for name in sources()), listed


@pytest.mark.parametrize("name", sources())
def test_heavy_libraries_are_imported_at_home(name: str) -> None:
    path = str(PurePosixPath(*name.split("."))) + ".py"
    for library in top_level_imports(sources()[name]):
        if library in HOMES:
            assert path.startswith(HOMES[library]), f"{path} imports {library} at module level"


def test_rendering_needs_no_torch_and_no_scipy() -> None:
    code = "import sys, attnatlas.build, attnatlas.site.render, attnatlas.site.indexes\n"
    code += "from attnatlas.analyses import analyses\nanalyses()\n"
    code += "print({'torch', 'transformers', 'captum', 'vl_convert', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_packages_are_the_folders() -> None:
    settings = project()["tool"]["setuptools"]
    folders = {"attnatlas.templates": "templates", "attnatlas.corpora": "corpora"}
    for init in PACKAGE.rglob("__init__.py"):
        parts = init.parent.relative_to(PACKAGE).parts
        folders[".".join(("attnatlas", *parts))] = "/".join(("generator", *parts))
    assert settings["package-dir"] == folders
    assert sorted(settings["packages"]) == sorted(folders)


def test_everything_imported_is_declared() -> None:
    wanted = {name for tree in sources().values() for name in all_imports(tree)}
    tests = {name for path in ROOT.glob("tests/**/*.py") for name in all_imports(parsed(path))}
    ours = {"attnatlas", "tests", *(path.stem for path in ROOT.glob("tests/**/*.py"))}
    foreign = set(sys.stdlib_module_names) | ours
    assert distributions(wanted - foreign) <= declared(*EXTRAS)
    assert distributions(tests - foreign) <= declared("test", "train")


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def distributions(names: set[str]) -> set[str]:
    """Return what has to be installed for these to be imported."""
    return {canonicalize_name(IMPORTED_AS.get(name, name)) for name in names}


def declared(*extras: str) -> set[str]:
    """Return the packages that the project asks for, and those that these surely bring."""
    requirements = project()["project"]["dependencies"]
    for extra in extras:
        requirements = requirements + project()["project"]["optional-dependencies"][extra]
    brought = {"huggingface-hub", "tokenizers", "packaging", "pyyaml"}  # by transformers and pytest
    return brought | {canonicalize_name(Requirement(text).name) for text in requirements}


def test_every_requirement_has_an_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
    names = {canonicalize_name(pin.partition("==")[0]) for pin in pins}
    assert declared("test", "dev", "train") <= names


def project() -> dict[str, dict[str, dict[str, dict[str, list[str]]]]]:
    """Return what pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_files_and_functions_stay_short() -> None:
    lengths = []
    for path in PACKAGE.rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= FILE_LINES, path
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                lengths.append(node.end_lineno - node.lineno + 1)
                assert lengths[-1] <= FUNCTION_LINES, f"{path}: {node.name}"
    assert statistics.median(lengths) <= 10
    assert statistics.quantiles(lengths, n=10)[-1] <= 30


@pytest.mark.parametrize("path", sorted(ROOT.glob("templates/**/*.html")), ids=lambda p: p.name)
def test_templates_can_be_read(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert max(map(len, lines)) <= TEMPLATE_COLUMNS
    assert len(lines) <= TEMPLATE_LINES


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {name for name in cli.commands if f"`attnatlas {name} " not in readme} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_nothing_that_is_missing(path: Path) -> None:
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", path.read_text("utf-8"), re.DOTALL))
    used = set(re.findall(r"\battnatlas ([a-z]+)\b", code))
    assert used <= cli.commands.keys()
    known = {flag for command in cli.commands.values() for p in command.params for flag in p.opts}
    foreign = {"--help", "--config", "--no-deps", "--editable", "--no-build-isolation"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", code)) <= known | foreign
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z]+)\b", code)) <= set(targets)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
        if not re.match(r"https?:", target):
            assert (path.parent / target).exists(), target


def test_only_the_deploying_job_may_write() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        workflow = yaml.safe_load(path.read_text("utf-8"))
        assert workflow["permissions"] == {"contents": "read"}, path
        for name, job in workflow["jobs"].items():
            if "write" in job.get("permissions", {}).values():
                assert name == "deploy"
                assert not any("run" in step or "checkout" in step["uses"] for step in job["steps"])


def test_the_changelog_has_its_unreleased_part_on_top() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
