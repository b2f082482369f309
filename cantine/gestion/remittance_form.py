"""What the bank received of the desk's cheques or terminal takings."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Remittance
from billing.till.remitting import TERMINAL, Waiting, total
from cantine.gestion.collecting_forms import EurosField
from cantine.gestion.forms import BOUNDS, DayInput


class RemittanceForm(forms.Form):
    """What is ticked, on the page shown (`here`) and on others, and what the statement says of it."""

    moyen = forms.ChoiceField(choices=Remittance.Method.choices, widget=forms.HiddenInput)
    prise = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Une partie de ce qui est coché n’attend plus.")},
    )
    montant = EurosField(label=_("Reçu en banque, en euros"), min_value=Decimal("0.01"))
    frais = EurosField(
        label=_("Frais retenus par la banque"),
        required=False,
        min_value=Decimal(0),
        help_text=_("Rien s’ils sont prélevés à part."),
    )
    date = forms.DateField(label=_("Date de valeur"), widget=DayInput(), validators=BOUNDS)
    libelle = forms.CharField(
        label=_("Libellé du relevé, ou numéro du bordereau"), max_length=200, required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        method: str,
        waiting: Sequence[Waiting],
        here: Collection[str],
        ticked: Collection[str],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial, auto_id=f"id_{method}_%s")
        self.fields["prise"].choices = [(each.key, each.key) for each in waiting]  # type: ignore[attr-defined]  # a ChoiceField
        self.initial.setdefault("moyen", method)
        self.here, self.ticked = here, ticked
        self.waiting = waiting
        if method != TERMINAL:
            del self.fields["frais"]

    @property
    def rows(self) -> list[tuple[Waiting, bool]]:
        """What waits on the page shown, and whether it was ticked."""
        return [(each, each.key in self.ticked) for each in self.waiting if each.key in self.here]

    @property
    def elsewhere(self) -> list[Waiting]:
        """What was ticked on other pages."""
        return [each for each in self.chosen if each.key not in self.here]

    @property
    def chosen(self) -> list[Waiting]:
        """All that was ticked when the page was asked for."""
        return [each for each in self.waiting if each.key in self.ticked]

    @property
    def sum(self) -> Decimal:
        """What all that comes to, in euros."""
        return total(self.chosen)


class PastForm(forms.Form):
    """The day before which all that was taken is at the bank already."""

    moyen = forms.ChoiceField(choices=Remittance.Method.choices, widget=forms.HiddenInput)
    avant = forms.DateField(label=_("Pris avant le"), widget=DayInput(), validators=BOUNDS)

    def __init__(self, data: Any = None, *, method: str = "") -> None:
        super().__init__(data, initial={"moyen": method}, auto_id=f"id_avant_{method}_%s")
