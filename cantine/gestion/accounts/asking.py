"""Whose books, and which days: what each page of « Comptes » asks first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounting.periods import ONE_DAY, Period, fiscal_year, month_of
from billing.models import Seller
from cantine.gestion.forms import BOUNDS, DayInput
from members import reach

LONGEST = dt.timedelta(days=366 * 3)
"""A period is at most so long: entries are derived anew each time."""

HOW = ("csv", "fichier", "page")
"""What an address says of how to show, not of what."""


class AccountsForm(forms.Form):
    """A seller and a period, both days included."""

    vendeur = forms.ModelChoiceField(
        label=_("Vendeur"), queryset=Seller.objects.none(), to_field_name="code", empty_label=None
    )
    du = forms.DateField(label=_("Du"), widget=DayInput(), validators=BOUNDS)
    au = forms.DateField(label=_("Au"), widget=DayInput(), validators=BOUNDS)

    def __init__(self, *args: Any, sellers: QuerySet[Seller], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vendeur"].queryset = sellers  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """A period ends after it begins."""
        data: dict[str, Any] = super().clean() or {}
        if "du" in data and "au" in data:
            if data["au"] < data["du"]:
                self.add_error("au", _("La période finit avant de commencer."))
            elif data["au"] - data["du"] > LONGEST:
                self.add_error("au", _("Choisissez trois ans au plus."))
        return data


@dataclass(frozen=True)
class Asked:
    """A seller and a period, today at the seller's, and what else the address says."""

    seller: Seller
    period: Period
    today: dt.date
    more: dict[str, str]
    opens_disputes: bool = False
    """Whether this person may open what concerns the whole house: payouts, and what is disputed in them."""

    def query(self, period: Period | None = None, /, **more: str) -> str:
        """The parameters of an address about this seller and period, and `more`."""
        shown = period or self.period
        base = {"vendeur": self.seller.code, "du": f"{shown.first}", "au": f"{shown.last}"}
        return "?" + urlencode({**base, **more})


@dataclass(frozen=True)
class Preset:
    """A period often looked at."""

    label: Any
    href: str
    current: bool


def presets(asked: Asked) -> Iterator[Preset]:
    """This month and the one before, this fiscal year and the one before."""
    starts_in = asked.seller.fiscal_year_starts_in
    month, year = month_of(asked.today), fiscal_year(asked.today, starts_in)
    periods = (
        (_("Ce mois"), month),
        (_("Mois dernier"), month_of(month.first - ONE_DAY)),
        (_("Cet exercice"), year),
        (_("Exercice dernier"), fiscal_year(year.first - ONE_DAY, starts_in)),
    )
    for label, period in periods:
        yield Preset(label, asked.query(period), period == asked.period)


def ask(
    request: HttpRequest, sellers: QuerySet[Seller], now: dt.datetime
) -> tuple[AccountsForm, Asked | None]:
    """Read the form; without any period the fiscal year of today, of the first seller there is."""
    first = sellers.first()
    given = request.GET.dict()
    if first is None:
        return AccountsForm(sellers=sellers), None
    seller = sellers.filter(code=given["vendeur"]).first() if given.get("vendeur") else first
    year = fiscal_year((seller or first).today(now), (seller or first).fiscal_year_starts_in)
    usual = {"vendeur": first.code, "du": f"{year.first}", "au": f"{year.last}"}
    form = AccountsForm({**usual, **given}, sellers=sellers)
    if not form.is_valid():
        return form, None
    data = form.cleaned_data
    more = {
        name: value for name, value in given.items() if name not in (*form.fields, "csv", "page", "fichier")
    }
    period, seller = Period(data["du"], data["au"]), data["vendeur"]
    return form, Asked(seller, period, seller.today(now), more, reach.sees_everything(request.user))
