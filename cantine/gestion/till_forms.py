"""Forms of « Caisse »: a drawer counted by notes and coins, or its sum; cash brought or taken away."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.models import CashMovement
from billing.till.drawer import CENTS, sum_of
from cantine.gestion.collecting_forms import LARGEST, EurosField
from members.formats import euros, known, moment

MOST = 9_999
BOTH = _("Les coupures font une autre somme que le total\u00a0: corrigez l’un ou l’autre.")


def said(cents: int) -> str:
    """« 20 € », « 50 c »."""
    if cents >= 100:
        return f"€{cents // 100}" if known(get_language()) == "en" else f"{cents // 100}\u00a0€"
    return f"{cents}\u00a0c"


class CountForm(forms.Form):
    """How many of each note and coin, or the sum alone."""

    total = EurosField(
        label=_("Ou le total seul, en euros"),
        required=False,
        min_value=Decimal(0),
    )
    note = forms.CharField(label=_("Remarque"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for cents in CENTS:
            self.fields[f"c{cents}"] = forms.IntegerField(
                label=said(cents),
                required=False,
                min_value=0,
                max_value=MOST,
                widget=forms.NumberInput(
                    attrs={"inputmode": "numeric", "data-cents": cents, "autocomplete": "off"}
                ),
            )

    @property
    def pieces(self) -> list[forms.BoundField]:
        """The fields of notes and coins."""
        return [self[f"c{cents}"] for cents in CENTS]

    def denominations(self) -> dict[int, int]:
        """What was typed of each."""
        return {cents: number for cents in CENTS if (number := self.cleaned_data.get(f"c{cents}"))}

    def clean(self) -> dict[str, Any]:
        """The sum of what was typed; an empty drawer is a total of nought."""
        data, pieces = super().clean() or {}, self.denominations()
        total = data.get("total")
        if pieces and total is not None and total != sum_of(pieces):
            self.add_error("total", BOTH)
        elif not pieces and total is None and "total" not in self.errors:
            self.add_error("total", _("Comptez les coupures, ou tapez le total."))
        data["counted"] = sum_of(pieces) if pieces else total
        return data


class MovementField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A movement of cash, told by its day and its sum."""

    def label_from_instance(self, obj: CashMovement) -> str:
        """« 24 nov., 11:00, remis en banque, −300,00 € »."""
        language = known(get_language())
        when = moment(timezone.localtime(obj.at), language)
        return f"{when}, {obj.get_kind_display()}, {euros(obj.amount, language)}"


class MoveForm(forms.Form):
    """Cash that comes or goes without a sale."""

    kind = forms.ChoiceField(label=_("Nature"), choices=CashMovement.Kind.choices)
    amount = EurosField(
        label=_("Montant, en euros"),
        min_value=-LARGEST,
        help_text=_("Une correction peut être négative."),
    )
    corrects = MovementField(
        label=_("Mouvement mal noté"),
        queryset=CashMovement.objects.none(),
        required=False,
        empty_label=_("Aucun\u00a0: écart sans explication"),
        help_text=_(
            "Pour une correction\u00a0: tapez ce que la caisse a de plus que ce mouvement ne le dit. "
            "Remise de 30\u00a0€ notée 300\u00a0: 270."
        ),
    )
    reason = forms.CharField(
        label=_("Motif"), max_length=200, required=False, help_text=_("Obligatoire pour une correction.")
    )

    def __init__(self, *args: Any, movements: "QuerySet[CashMovement]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["corrects"].queryset = movements  # type: ignore[attr-defined]  # a ModelChoiceField
