"""What runs in production imports only what is installed there."""

import ast
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("cantine", "events", "bookings", "billing", "members")
# `manage.py translations` is a developer's: it reads the texts out of the sources.
FOR_DEVELOPERS = {"cantine/translations/catalogue.py"}


def imports(tree: ast.AST) -> Iterator[str]:
    """The first names of all that is imported when the program runs."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
        else:
            yield from imports(node)


def same(name: str) -> str:
    """A distribution's name as the lock writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_nothing_that_runs_needs_what_only_developers_have() -> None:
    locked = re.findall(
        r"^([a-zA-Z0-9._-]+)(?:\[.*?\])?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    installed_there = {same(name) for name in locked}
    providers = importlib.metadata.packages_distributions()
    missing = set()
    for file in (file for room in ROOMS for file in (ROOT / room).rglob("*.py")):
        if str(file.relative_to(ROOT)) in FOR_DEVELOPERS:
            continue
        for name in set(imports(ast.parse(file.read_text()))) - set(sys.stdlib_module_names) - set(ROOMS):
            if not installed_there & {same(provider) for provider in providers.get(name, [])}:
                missing.add(f"{file.relative_to(ROOT)} imports {name}")
    assert missing == set()
