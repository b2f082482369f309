"""Forms of « À encaisser »: filters, a transfer, its parts, a credit, a pause."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.collecting.proposing import Debt
from billing.models import Customer, Document, DunningPause, Seller
from cantine.gestion.forms import BOUNDS, DayInput
from members.formats import known

CENT = Decimal("0.01")
LARGEST = Decimal("9999999.99")


SPACES = str.maketrans("", "", " \t\u00a0\u202f€")


class EurosField(forms.DecimalField):
    """A sum of euros to the cent, as a bank writes it: « 1 234,50 » or « 1234.50 »."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimal_places=2, max_digits=10, max_value=LARGEST, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Read a comma as a point, and spaces as nothing."""
        if isinstance(value, str):
            value = value.translate(SPACES).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Write a sum as the language of the page does."""
        if not isinstance(value, Decimal):
            return value
        text = f"{value:.2f}"
        return text if known(get_language()) == "en" else text.replace(".", ",")


class OwedForm(forms.Form):
    """Whose debts to list."""

    client = forms.ModelChoiceField(
        label=_("Client"), queryset=Customer.objects.none(), required=False, empty_label=_("Tous les clients")
    )

    def __init__(self, *args: Any, debtors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = debtors  # type: ignore[attr-defined]  # a ModelChoiceField


class TransferForm(forms.Form):
    """A line of the bank statement."""

    montant = EurosField(label=_("Montant, en euros"), min_value=CENT)
    date = forms.DateField(label=_("Date de valeur"), widget=DayInput(), validators=BOUNDS)
    libelle = forms.CharField(
        label=_("Libellé du relevé"),
        max_length=200,
        required=False,
        help_text=_("Copiez-le en entier\u00a0: la référence y est reconnue, même avec des espaces."),
    )


class PartsForm(forms.Form):
    """What of a transfer pays each debt; the rest is kept as credit."""

    autre = forms.BooleanField(
        label=_("C’est un autre virement, avec les mêmes date, montant et libellé"), required=False
    )

    def __init__(self, *args: Any, debts: Sequence[Debt], **kwargs: Any) -> None:
        """One field per debt."""
        super().__init__(*args, **kwargs)
        for debt in debts:
            self.fields[debt.key] = EurosField(
                label=_("Part pour %(what)s, en euros") % {"what": debt.name},
                min_value=Decimal(0),
                required=False,
            )


class CreditForm(forms.Form):
    """Where a credit goes: against a document, or back."""

    document = forms.ModelChoiceField(
        label=_("Facture à régler"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=_("Aucune\u00a0: rendre au client"),
    )
    montant = EurosField(label=_("Montant, en euros"), min_value=CENT)

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]  # a ModelChoiceField


class PauseForm(forms.Form):
    """Why letters are held back, about what, and until when."""

    sur = forms.ChoiceField(
        label=_("Ne plus relancer"),
        choices=[("document", _("cette facture")), ("client", _("ce client, pour toutes ses factures"))],
        initial="document",
    )
    why = forms.ChoiceField(label=_("Pourquoi"), choices=DunningPause.Why.choices)
    reason = forms.CharField(label=_("Précision"), max_length=200)
    until = forms.DateField(
        label=_("Jusqu’au"),
        widget=DayInput(),
        validators=BOUNDS,
        required=False,
        help_text=_("Ce jour compris. Une contestation peut rester sans fin."),
    )

    def clean(self) -> dict[str, Any]:
        """Only a dispute has no end."""
        data: dict[str, Any] = super().clean() or {}
        if "until" in data and data["until"] is None and data.get("why") != DunningPause.Why.DISPUTED:
            self.add_error("until", _("Donnez la fin de la pause."))
        return data


def first_values(now: dt.datetime) -> dict[str, object]:
    """A transfer is most often of today: of a day that has begun for each seller it may be for."""
    return {"date": min((seller.today(now) for seller in Seller.objects.all()), default=None)}
