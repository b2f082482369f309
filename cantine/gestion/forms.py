"""Forms of the manager's tools."""

from datetime import date, time, timedelta
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from billing.models import Payment
from bookings.choices import IN_ORDER, SpaceChoice
from bookings.models import RentalRequest, Site, Space
from bookings.opening import AFTERNOON, DAY, MORNING
from bookings.period import Period, asked_at
from cantine.roles import MANAGER
from members import reach
from members.errors import Refused
from members.models import User

DESK_METHODS = [
    (Payment.Method.TERMINAL, Payment.Method.TERMINAL.label),
    (Payment.Method.CASH, Payment.Method.CASH.label),
    (Payment.Method.CHEQUE, Payment.Method.CHEQUE.label),
]
LATER, TERMS = "later", "terms"
SPACES = Space.objects.active().select_related("site").order_by(*IN_ORDER)


def quarters() -> list[tuple[str, str]]:
    """The quarter-hours of a day, for selects."""
    hours = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45)]
    return [(hour, hour) for hour in hours]


BOUNDS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class DayInput(forms.DateInput):
    """A native date field."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class OfTheirSites(forms.Form):
    """A form about a site, among those that who fills it in manages."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = cast("forms.ModelChoiceField[Site]", self.fields["site"])
        site.queryset = reach.managed_by(site.queryset, user)  # type: ignore[type-var]  # it has one


class ContactForm(forms.Form):
    """Someone without an account."""

    name = forms.CharField(label=_("Prénom et nom, ou raison sociale"), max_length=160)
    email = forms.EmailField(
        label=_("Adresse électronique"),
        max_length=254,
        help_text=_("La confirmation et la facture y sont envoyées."),
    )
    language = forms.ChoiceField(label=_("Langue"), choices=User.Language.choices, initial="fr")


class PlaceForm(OfTheirSites):
    """What is wanted: where, when, a desk by the half-day or a room by the quarter-hour."""

    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.open(), to_field_name="code", empty_label=None
    )
    jour = forms.DateField(label=_("Jour"), widget=DayInput(), validators=BOUNDS)
    sorte = forms.ChoiceField(label=_("Sorte d’espace"), choices=Space.Kind.choices, initial=Space.Kind.DESK)
    moment = forms.ChoiceField(
        label=_("Moment"),
        choices=[(MORNING, _("matin")), (AFTERNOON, _("après-midi")), (DAY, _("journée"))],
        initial=DAY,
        help_text=_("Pour un poste."),
    )
    de = forms.ChoiceField(
        label=_("De"),
        choices=quarters(),
        initial="09:00",
        help_text=_("Pour les autres espaces."),
    )
    a = forms.ChoiceField(
        label=_("À"),
        choices=quarters(),
        initial="10:00",
        help_text=_("Pour les autres espaces."),
    )


class ReportLinkForm(OfTheirSites):
    """For whom a private link to the report is, about which site, and for how long."""

    label = forms.CharField(label=_("Pour qui"), max_length=120)
    site = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.order_by("position", "name"),
        required=False,
        empty_label=_("tous les sites"),
    )
    days = forms.IntegerField(label=_("Ouvert combien de jours"), min_value=1, max_value=366, initial=90)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if not reach.of(user).everywhere:
            site = cast("forms.ModelChoiceField[Site]", self.fields["site"])
            site.required, site.empty_label = True, None


class ReasonForm(forms.Form):
    """Why, in a sentence that stays."""

    reason = forms.CharField(label=_("Raison"), max_length=200)


class TakeForm(forms.Form):
    """How the money came."""

    method = forms.ChoiceField(
        label=_("Reçu en"), choices=DESK_METHODS, widget=forms.RadioSelect, initial=Payment.Method.TERMINAL
    )


class CancelForm(forms.Form):
    """Whether the rule is waived."""

    waive = forms.BooleanField(label=_("Tout rendre, quelle que soit l’heure"), required=False)


class CloseRequestForm(forms.Form):
    """Why a request to rent comes to nothing."""

    reason = forms.ChoiceField(
        label=_("Raison"),
        choices=[each for each in RentalRequest.Lost.choices if each[0]],
        widget=forms.RadioSelect,
    )


class RolesForm(forms.Form):
    """The roles a manager may give; who may name managers says of which sites, too."""

    roles = forms.MultipleChoiceField(label=_("Rôles"), required=False, widget=forms.CheckboxSelectMultiple)
    sites = forms.ModelMultipleChoiceField(
        label=_("Sites gérés"),
        queryset=Site.objects.order_by("position", "name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Pour le rôle de gestion. Rien de coché\u00a0: tous les sites, y compris ceux à venir."),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if MANAGER not in dict(choices):
            del self.fields["sites"]

    @property
    def chosen_sites(self) -> list[Site] | None:
        """The sites ticked; None for all of them."""
        return list(self.cleaned_data.get("sites") or []) or None


class CloseForm(OfTheirSites):
    """What to close, when, and why."""

    site = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.order_by("position", "name"),
        to_field_name="code",
        empty_label=None,
    )
    espace = SpaceChoice(
        label=_("Espace"),
        queryset=SPACES,
        required=False,
        empty_label=_("Tout le site"),
        error_messages={"invalid_choice": _("Cet espace est sur un autre site.")},
    )
    du = forms.DateField(label=_("Du"), widget=DayInput(), validators=BOUNDS)
    au = forms.DateField(label=_("Au"), widget=DayInput(), validators=BOUNDS, help_text=_("Ce jour compris."))
    de = forms.ChoiceField(
        label=_("À partir de"), choices=[("", _("début de la journée")), *quarters()], required=False
    )
    a = forms.ChoiceField(
        label=_("Jusqu’à"), choices=[("", _("fin de la journée")), *quarters()], required=False
    )
    raison = forms.CharField(
        label=_("Raison"),
        max_length=200,
        help_text=_("Elle est écrite aux personnes touchées et montrée sur le site."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the spaces of the site that was chosen, else of all those they manage."""
        super().__init__(*args, user=user, **kwargs)
        spaces = cast("SpaceChoice", self.fields["espace"])
        spaces.queryset = reach.managed_by(SPACES, user)
        if self.is_bound:
            spaces.queryset = spaces.queryset.filter(site__code=self.data.get("site", ""))

    def clean(self) -> dict[str, Any]:
        """Work out the period."""
        data: dict[str, Any] = super().clean() or {}
        site = data.get("site")
        if site and data.get("du") and data.get("au"):
            try:
                data["period"] = period_between(
                    site, data["du"], data["au"], (data.get("de", ""), data.get("a", ""))
                )
            except Refused as refused:
                self.add_error("au", str(refused.message))
        return data


def period_between(site: Site, first: date, last: date, hours: tuple[str, str]) -> Period:
    """From the first moment to the last, on the clocks of the site; whole days where no hour is given."""
    start, end = hours
    begins = asked_at(first, time.fromisoformat(start) if start else time(0), site.zone)
    if end:
        return Period(begins, asked_at(last, time.fromisoformat(end), site.zone))
    return Period(begins, asked_at(last + timedelta(days=1), time(0), site.zone))
