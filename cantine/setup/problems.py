"""What is wrong with the answers, each where it stands and with what to do."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to correct. `line` is the file's, 0 where there is none; `at` names the answer."""

    line: int
    at: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.at}: {self.text}" if self.line else f"{self.at}: {self.text}"


class AnswersRefused(Exception):
    """The answers can't be applied: nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))
