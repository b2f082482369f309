"""A QR code as one SVG path: no inline style, no picture to fetch."""

from dataclasses import dataclass

import segno

QUIET = 2


@dataclass(frozen=True)
class Code:
    """`size` in modules, its quiet zone included; `path` draws the dark ones."""

    size: int
    path: str


def code_of(text: str) -> Code:
    """Draw `text`; runs of dark modules become one stroke each."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    strokes = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run] & 1:
                run += 1
            if run:
                strokes.append(f"M{x + QUIET} {y + QUIET}h{run}v1h-{run}z")
            x += run or 1
    return Code(size=len(rows) + 2 * QUIET, path="".join(strokes))
