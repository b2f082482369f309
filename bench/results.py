"""What was measured, against what is to be reached: printed, as JSON, and in docs/performance.md."""

import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


@dataclass(frozen=True)
class Result:
    """One line of the table; `detail` is for readers."""

    name: str
    what: str
    value: Any
    target: Any
    holds: bool
    detail: str = ""


@dataclass
class Rounds:
    """Values of the rounds of one comparison."""

    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle one."""
        return round(statistics.median(self.values), 2)

    @property
    def spread(self) -> str:
        """From the smallest to the largest."""
        return f"{min(self.values):.2f}–{max(self.values):.2f}"


def at_least(name: str, what: str, rounds: Rounds, target: float, detail: str) -> Result:
    """A ratio that must reach `target`."""
    said = f"{rounds.spread}; {detail}"
    return Result(name, what, rounds.median, target, rounds.median >= target, said)


def at_most(name: str, what: str, rounds: Rounds, target: float, detail: str) -> Result:
    """A ratio that must stay under `target`."""
    said = f"{rounds.spread}; {detail}"
    return Result(name, what, rounds.median, target, rounds.median <= target, said)


def write(results: list[Result], *, json_file: Path, document: Path) -> None:
    """Write bench/results.json and the table between the marks of the document."""
    said = {
        each.name: {"value": each.value, "target": each.target, "holds": each.holds, "detail": each.detail}
        for each in results
    }
    json_file.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    text = document.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n{table(results)}\n{END}{after}")


def table(results: list[Result]) -> str:
    """The results as a Markdown table."""
    rows = ["| # | what | value | to reach | holds | |", "|---|---|---|---|---|---|"]
    rows += [
        f"| {each.name} | {each.what} | {shown(each.value)} | {shown(each.target)} "
        f"| {'yes' if each.holds else '**no**'} | {each.detail} |"
        for each in results
    ]
    return "\n".join(rows)


def shown(value: Any) -> str:
    """A value as a reader wants it."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value)
    return str(value)
