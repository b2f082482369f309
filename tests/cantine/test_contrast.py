"""The colours keep the contrasts that the look promises, recomputed from the token file (look.md §2)."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
THEMES = ("light", "dark")

TEXT = {
    "ink": "paper surface sunk floor seinesoft pommesoft beurresoft presoft cidresoft bettesoft q0 q1 q2",
    "ink2": "paper surface sunk floor hatch seinesoft beurresoft",
    "seine": "paper surface sunk seinesoft bettesoft cidresoft presoft",
    "onseine": "seine seine2",
    "pomme": "paper surface pommesoft",
    "onpomme": "pomme",
    "onbeurre": "beurre",
    "pre": "presoft paper",
    "cidre": "cidresoft beurresoft",
    "bette": "bettesoft surface paper",
    "craie": "ardoise",
    "craie2": "ardoise ardoise2",
    "focus-slate": "ardoise",
    "paper": "ink",
    "undo": "ink",
    "onq": "q3 q4",
    "ticketerror": "beurre",
    "onticketink": "onbeurre",
}
PARTS = {
    "edge": "paper surface sunk floor",
    "seine": "floor",
    "pomme": "floor",
    "person": "floor",
    "ink": "floor",
    "cidre": "floor",
    "focus": "paper surface sunk",
    "focus-ticket": "beurre",
    "focus-slate": "ardoise",
    "ticketedge": "beurre",
}


def colours(block: str) -> dict[str, str]:
    """The colours of one rule."""
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block))


def blocks() -> dict[str, dict[str, str]]:
    """The rules that hold the two themes, by the start of their selector."""
    light = TOKENS.split('[data-theme="light"] {\n')[1].split("\n}")[0]
    preferred = TOKENS.split(':root:not([data-theme="light"]) {')[1].split("}")[0]
    chosen = TOKENS.split('\n[data-theme="dark"] {')[1].split("}")[0]
    return {"light": colours(light), "dark": colours(preferred), "chosen": colours(chosen)}


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio after WCAG 2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs(table: dict[str, str]) -> list[tuple[str, str, str]]:
    """Every theme with every pair of a table."""
    return [
        (theme, front, back) for theme in THEMES for front, backs in table.items() for back in backs.split()
    ]


@pytest.mark.parametrize(("theme", "front", "back"), pairs(TEXT))
def test_text_is_read_easily(theme: str, front: str, back: str) -> None:
    palette = blocks()[theme]
    assert contrast(palette[front], palette[back]) >= 4.5


@pytest.mark.parametrize(("theme", "front", "back"), pairs(PARTS))
def test_boundaries_and_marks_are_seen(theme: str, front: str, back: str) -> None:
    palette = blocks()[theme]
    assert contrast(palette[front], palette[back]) >= 3


def test_the_two_dark_lists_are_alike() -> None:
    assert blocks()["dark"] == blocks()["chosen"]


def test_both_themes_name_the_same_colours() -> None:
    assert blocks()["light"].keys() == blocks()["dark"].keys()
    assert len(blocks()["light"]) >= 40


def test_no_component_uses_a_token_that_is_not_there() -> None:
    folder = Path(__file__).resolve().parents[2] / "static" / "css"
    sheets = "\n".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.css"))
    defined = set(re.findall(r"(--[\w-]+):", sheets))
    without_fallback = set(re.findall(r"var\((--[\w-]+)\)", sheets))
    assert without_fallback - defined == set()
