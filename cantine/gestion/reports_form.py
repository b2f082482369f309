"""Which report, and what the manager writes about it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Site
from cantine.report.drafts import GENERAL
from cantine.report.metropole.term import offered, usual

LONGEST = 3000


class ChooseForm(forms.Form):
    """Sites and period, among those within reach."""

    site = forms.ChoiceField(label=_("Sites"), required=False)
    periode = forms.ChoiceField(label=_("Période"))

    def __init__(self, sites: Iterable[Site], *, everywhere: bool, today: date) -> None:
        super().__init__(initial={"periode": usual(today).code})
        whole = [("", gettext("tous les sites"))] if everywhere else []
        running = gettext("%(period)s (en cours)")
        terms = [
            (term.code, term.label if term.is_over(today) else running % {"period": term.label})
            for term in offered(today)
        ]
        for name, choices in (
            ("site", [*whole, *((site.code, site.name) for site in sites)]),
            ("periode", terms),
        ):
            field: Any = self.fields[name]
            field.choices = choices


class WordsForm(forms.Form):
    """A text for the whole, and one for each section."""

    def __init__(self, data: Any, titles: Mapping[str, str], *, words: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(words))
        self.fields[GENERAL] = _field(gettext("Ce qu’il faut en retenir"))
        for key, title in titles.items():
            self.fields[key] = _field(gettext("Commentaire\u00a0: %(title)s") % {"title": title.lower()})


def _field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
