"""Which start-ups are young: one rule, so that a count can be done again by whoever doubts it. Pure."""

from datetime import date

LONGEST_YEARS = 8
MOST_JOBS = 250
STARTUP = "startup"


def is_young(kind: str, founded_on: date | None, jobs: int | None, day: date) -> bool:
    """A start-up founded less than eight years before `day`, of fewer than 250 jobs as far as is known.

    The age and size of « jeune entreprise innovante » (CGI art. 44 sexies-0 A) (no research asked).
    """
    if kind != STARTUP or founded_on is None or founded_on > day:
        return False
    years = day.year - founded_on.year - ((day.month, day.day) < (founded_on.month, founded_on.day))
    return years < LONGEST_YEARS and (jobs is None or jobs < MOST_JOBS)
