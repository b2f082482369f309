"""Which requests « Locations » lists: what the address asks for, and the form that asks it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import date as written
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.choices import IN_ORDER, SpaceChoice
from bookings.models import RentalOption, Space
from bookings.services.rentals.pipeline import Stage
from cantine.gestion import shown
from members import reach
from members.models import User

LONGEST = 80
USUAL_DAYS = 90


@dataclass(frozen=True)
class Asked:
    """What the address asks to see; what it does not know is left out."""

    site: str
    stage: str
    month: str
    days: int
    words: str = ""
    space: int | None = None

    def values(self) -> dict[str, str]:
        """The same, by the names of the address; what is as usual is left out."""
        named = {
            "site": self.site,
            "etape": self.stage,
            "q": self.words,
            "espace": str(self.space or ""),
            "mois": self.month,
            "depuis": "" if self.days == USUAL_DAYS else str(self.days),
        }
        return {name: value for name, value in named.items() if value}

    def link(self, **other: Any) -> str:
        """The address of the same page with something else."""
        return "?" + urlencode(replace(self, **other).values())

    @property
    def is_narrowed(self) -> bool:
        """Whether the form hides some of the requests."""
        return bool(self.words or self.space or self.month)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the site that the form asks for; the stage is not its business."""
        if self.words:
            rows = rows.found_by(self.words)  # type: ignore[attr-defined]  # requests, with what is added up
        if self.space:
            offered = RentalOption.objects.filter(space=self.space, rental__quote__sent_at__isnull=False)
            rows = rows.filter(Q(space=self.space) | Q(pk__in=offered.values("rental__request")))
        if self.month:
            year, month = self.month.split("-")
            rows = rows.filter(starts_at__year=int(year), starts_at__month=int(month))
        return rows


def asked_of(request: HttpRequest, *, sites: set[str], periods: set[int]) -> Asked:
    """Read the address."""
    said = request.GET.get
    site, stage, days, space = said("site", ""), said("etape", ""), said("depuis", ""), said("espace", "")
    return Asked(
        site=site if site in sites else "",
        stage=stage if stage in set(Stage) else "",
        month=_month_of(said("mois", "")),
        days=int(days) if days in {str(each) for each in periods} else USUAL_DAYS,
        words=said("q", "").strip()[:LONGEST],
        space=int(space) if space.isdecimal() and len(space) < 10 else None,
    )


def _month_of(text: str) -> str:
    """« 2026-12 » when it is a month, else nothing."""
    try:
        found = datetime.strptime(text, "%Y-%m")  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return ""
    return f"{found:%Y-%m}" if found.year >= shown.FIRST_DAY.year else ""


class RentalFilter(forms.Form):
    """Who asks, for which space and which month."""

    q = forms.CharField(
        label=gettext_lazy("Nom, adresse ou n° de devis"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    espace = SpaceChoice(
        label=gettext_lazy("Espace"),
        queryset=Space.objects.none(),
        required=False,
        empty_label=gettext_lazy("Tous les espaces"),
    )
    mois = forms.ChoiceField(label=gettext_lazy("Mois de la location"), required=False)

    def __init__(self, asked: Asked, *, months: Sequence[datetime], user: User) -> None:
        super().__init__(initial={"q": asked.words, "espace": asked.space, "mois": asked.month})
        rented = reach.seen_by(Space.objects.filter(rental__isnull=False), user)
        spaces = rented.select_related("site").order_by(*IN_ORDER)
        if asked.site:
            spaces = spaces.filter(site__code=asked.site)
        self.fields["espace"].queryset = spaces  # type: ignore[attr-defined]  # a ModelChoiceField
        words = {f"{month:%Y-%m}": capfirst(written(month, "F Y")) for month in months}
        if asked.month:
            words.setdefault(asked.month, asked.month)
        everything = [("", _("Tous les mois")), *sorted(words.items(), reverse=True)]
        self.fields["mois"].choices = everything  # type: ignore[attr-defined]  # a ChoiceField
        for field in self.fields.values():
            field.sometimes_required = True  # type: ignore[attr-defined]  # no « (facultatif) » on a filter
