"""What « Pilotage » is asked to show: sites within reach, and a period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import date as written
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Site
from cantine.gestion import shown
from cantine.pilotage.figures.months import YEAR, month_of, months_before, shift
from members import reach
from members.models import User

LENGTHS = (YEAR // 4, YEAR, 2 * YEAR, 3 * YEAR)
OFFERED = 36
"""How many months back a period may end."""


@dataclass(frozen=True)
class Asked:
    """The sites, whether they are all there are, and the months."""

    sites: tuple[Site, ...]
    offered: tuple[Site, ...]
    everything: bool
    last: date
    number: int
    running: date

    @property
    def first(self) -> date:
        """The first month."""
        return shift(self.last, 1 - self.number)

    @property
    def is_narrowed(self) -> bool:
        """Whether something else than the usual is asked for."""
        return self.sites != self.offered or self.last != self.running or self.number != YEAR

    @property
    def names(self) -> str:
        """The sites, by name."""
        return ", ".join(site.name for site in self.sites)

    def values(self) -> list[tuple[str, str]]:
        """The same, by the names of the address; what is as usual is left out."""
        told = [] if self.sites == self.offered else [("site", site.code) for site in self.sites]
        if self.last != self.running:
            told.append(("jusqu", f"{self.last:%Y-%m}"))
        if self.number != YEAR:
            told.append(("mois", str(self.number)))
        return told

    @property
    def query(self) -> str:
        """What follows the address of a page about the same."""
        told = urlencode(self.values())
        return f"?{told}" if told else ""

    @property
    def site_code(self) -> str:
        """The one site that is asked for; nothing while there are several."""
        return self.sites[0].code if len(self.sites) == 1 else ""

    @property
    def site_query(self) -> str:
        """The same without the period: a month's page has its own."""
        return replace(self, last=self.running, number=YEAR).query


def asked_of(request: HttpRequest, user: User, *, today: date) -> Asked:
    """Read the address; two queries."""
    everywhere = list(Site.objects.order_by("position", "name"))
    mine = set(reach.seen_by(Site.objects.all(), user).values_list("pk", flat=True))
    offered = tuple(site for site in everywhere if site.pk in mine)
    wanted = set(request.GET.getlist("site"))
    chosen = tuple(site for site in offered if site.code in wanted) or offered
    running, said = month_of(today), request.GET.get
    number = said("mois", "")
    return Asked(
        sites=chosen,
        offered=offered,
        everything=len(chosen) == len(everywhere),
        last=min(month_said(said("jusqu", "")) or running, running),
        number=int(number) if number in {str(each) for each in LENGTHS} else YEAR,
        running=running,
    )


def month_said(text: str) -> date | None:
    """« 2026-12 » when it is a month, else nothing."""
    try:
        found = datetime.strptime(text, "%Y-%m")  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return None
    return found.date() if shown.FIRST_DAY.year + 5 <= found.year <= shown.LAST_DAY.year - 5 else None


class PeriodForm(forms.Form):
    """Which sites, until which month, how many months."""

    site = forms.MultipleChoiceField(label=_("Sites"), required=False, widget=forms.CheckboxSelectMultiple)
    jusqu = forms.ChoiceField(label=_("Jusqu’à"), required=False)
    mois = forms.ChoiceField(label=_("Combien de mois"), required=False)

    def __init__(self, asked: Asked) -> None:
        chosen = [site.code for site in asked.sites]
        initial = {"site": chosen, "jusqu": f"{asked.last:%Y-%m}", "mois": str(asked.number)}
        super().__init__(initial=initial)
        months = {f"{month:%Y-%m}": said(month) for month in months_before(asked.running, OFFERED)[::-1]}
        months.setdefault(f"{asked.last:%Y-%m}", said(asked.last))
        offer(self, "site", [(site.code, site.name) for site in asked.offered])
        offer(self, "jusqu", months.items())
        offer(self, "mois", [(str(each), str(each)) for each in LENGTHS])
        if len(asked.offered) == 1:
            del self.fields["site"]


class PriceForm(forms.Form):
    """Which price, and by how much it would have changed."""

    quoi = forms.ChoiceField(label=_("Ce dont le prix changerait"))
    pour_cent = forms.IntegerField(
        label=_("De combien, en\u00a0%"),
        min_value=-90,
        max_value=300,
        help_text=_("10 pour une hausse de dix pour cent, -10 pour une baisse."),
    )

    def __init__(self, data: QueryDict | None, choices: Iterable[tuple[str, Any]]) -> None:
        super().__init__(data)
        offer(self, "quoi", choices)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Give a field of choices its choices."""
    form.fields[name].choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField


def said(month: date) -> str:
    """« Novembre 2026 »."""
    return capfirst(written(month, "F Y"))


def sentence(months: Sequence[date]) -> str:
    """« Décembre 2025 à novembre 2026 »."""
    return gettext("%(first)s à %(last)s") % {"first": said(months[0]), "last": written(months[-1], "F Y")}
