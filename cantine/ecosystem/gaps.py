"""What the file still lacks, with where each gap is mended in /gestion/."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise

from members.gaps import GAPS
from members.models import Organisation


@dataclass(frozen=True)
class Gap:
    """How many organisations have it, in words, and the list of them."""

    words: str | Promise
    number: int
    url: str


def gaps(today: date) -> list[Gap]:
    """Every gap that some organisation has: one query."""
    counts = Organisation.objects.aggregate(
        **{code: Count("pk", filter=condition(today)) for code, (_words, condition) in GAPS.items()}
    )
    here = reverse("admin:members_organisation_changelist")
    return [
        Gap(words, counts[code], f"{here}?manque={code}")
        for code, (words, _condition) in GAPS.items()
        if counts[code]
    ]
