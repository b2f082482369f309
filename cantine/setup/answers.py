"""A file of answers: TOML, of which each value remembers its line."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from cantine.setup.problems import AnswersRefused, Problem

ONE = ("seller", "site", "spaces", "manager", "treasurer", "mail", "cards")
MANY = ("hours", "products", "tariffs", "managers")
KNOWN = (*ONE, *MANY)
TABLE = re.compile(r"^\s*\[\[?\s*([A-Za-z_-]+)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"^\s*\"?([A-Za-z0-9_-]+)\"?\s*=")
LONG = ('"' * 3, "'" * 3)


@dataclass
class Section:
    """The answers under one heading. `values` are as TOML gives them, prices as Decimal."""

    name: str
    values: dict[str, Any]
    line: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    folder: Path = field(default_factory=Path)

    def refuse(self, key: str, text: str) -> None:
        """Note what is wrong with one answer, or with the section where `key` is empty."""
        at = f"{self.name}.{key}" if key else self.name
        self.problems.append(Problem(self.lines.get(key, self.line), at, text))

    def only(self, *known: str) -> None:
        """Refuse answers to questions nobody asked."""
        for key in set(self.values) - set(known):
            near = difflib.get_close_matches(key, known, 1)
            meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}."
            self.refuse(key, f"nobody asks for this; {meant}")

    def text(self, key: str) -> str:
        """The answer as text, empty when there is none."""
        value = self.values.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self.refuse(key, "write it between quotes.")
        return ""


@dataclass
class Answers:
    """All that was answered; what was not asked to change is not there."""

    one: dict[str, Section] = field(default_factory=dict)
    many: dict[str, list[Section]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def stop_if_wrong(self) -> None:
        """Raise `AnswersRefused` with everything that was found wrong so far."""
        if self.problems:
            raise AnswersRefused(list(dict.fromkeys(self.problems)))


def read(path: Path) -> Answers:
    """Read a file of answers; raises `AnswersRefused`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as reason:
        raise AnswersRefused([Problem(0, str(path), f"it cannot be read ({reason.strerror}).")]) from reason
    except UnicodeDecodeError as reason:
        raise AnswersRefused([Problem(0, str(path), "save it as UTF-8.")]) from reason
    return parse(text, folder=path.parent)


def parse(text: str, *, folder: Path) -> Answers:
    """Read answers; files they name are looked for in `folder`."""
    try:
        given = tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as reason:
        raise AnswersRefused([_unreadable(str(reason))]) from reason
    return gather(given, folder=folder, places=list(_places(text)))


def _unreadable(said: str) -> Problem:
    found = re.search(r"\(at line (\d+), column \d+\)", said)
    line = int(found.group(1)) if found else 0
    return Problem(
        line, "TOML", f"{said.partition(' (at ')[0]}: texts stand between quotes, one answer a line."
    )


def gather(
    given: Mapping[str, Any], *, folder: Path, places: list[tuple[str, int, dict[str, int]]] | None = None
) -> Answers:
    """Put answers under their headings, each with its line where `places` tell it."""
    answers = Answers()
    left = list(places or [])

    def section(name: str, values: Any, label: str) -> Section:
        place = next((each for each in left if each[0] == name), None)
        if place:
            left.remove(place)
        _name, line, lines = place or (name, 0, {})
        return Section(label, dict(values), line, lines, answers.problems, folder)

    for name, value in given.items():
        line = next((each[1] for each in left if each[0] == name), 0)
        if name in ONE and isinstance(value, dict):
            answers.one[name] = section(name, value, name)
        elif name in MANY and isinstance(value, list) and all(isinstance(each, dict) for each in value):
            rows = [section(name, each, f"{name} {rank}") for rank, each in enumerate(value, 1)]
            answers.many[name] = rows
        elif name in KNOWN:
            heading = f"[[{name}]]" if name in MANY else f"[{name}]"
            answers.problems.append(Problem(line, name, f"its heading is {heading}."))
        else:
            answers.problems.append(Problem(line, name, f"unknown heading; known are {', '.join(KNOWN)}."))
    return answers


def _places(text: str) -> Iterator[tuple[str, int, dict[str, int]]]:
    """Where each heading and each of its keys stands; lines inside a long text are passed over."""
    current: tuple[str, int, dict[str, int]] | None = None
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if found := TABLE.match(line):
            if current:
                yield current
            current = (found.group(1), number, {})
        elif current and (key := KEY.match(line)):
            current[2].setdefault(key.group(1), number)
        inside = next((mark for mark in LONG if line.count(mark) % 2), "")
    if current:
        yield current
