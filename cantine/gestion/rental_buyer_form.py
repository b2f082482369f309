"""Who is invoiced for a rental, as the manager corrects it: the customer’s own form, told of someone."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from billing.forms import SIREN_HINT, AddressForm


class RentalBuyerForm(AddressForm):
    """The same fields and the same checks."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        buyer = self.fields["buyer"]
        buyer.label = _("C’est")
        buyer.choices = [  # type: ignore[attr-defined]  # a ChoiceField's
            (value, capfirst(str(label)))
            for value, label in buyer.choices  # type: ignore[attr-defined]
        ]
        buyer.sometimes_required = True  # type: ignore[attr-defined]  # django/forms/field.html
        self.fields["siren"].help_text = SIREN_HINT
