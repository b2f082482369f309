"""The forms by which who asked answers a quote."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.forms import START_REQUEST, BuyerFields
from billing.models import Customer

NO_MATTER = "other"
REASONS = [
    ("price", _("Le prix ne nous convient pas")),
    ("elsewhere", _("Nous avons trouvé ailleurs")),
    ("date", _("La date ne convient plus")),
    ("dropped", _("Le projet ne se fait pas")),
    (NO_MATTER, _("Une autre raison")),
]


class AcceptForm(BuyerFields):
    """Who accepts, in what capacity, who is invoiced, and the conditions.

    `start` is where a consumer has to ask for it, the purchase order's number where a public body buys.
    """

    name = forms.CharField(
        label=_("Prénom et nom"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    function = forms.CharField(
        label=_("Fonction"),
        max_length=120,
        help_text=_("Par exemple\u00a0: présidente, gérant, en mon nom."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    purchase_order = forms.CharField(
        label=_("Numéro d’engagement"),
        max_length=50,
        required=False,
        help_text=_(
            "Facultatif\u00a0: il figure sur vos factures. Vous pouvez aussi nous l’écrire plus tard."
        ),
    )
    terms = forms.BooleanField(
        label=_("J’accepte ce devis et les conditions générales, et je peux engager qui loue."),
        error_messages={"required": _("Cochez les conditions pour accepter le devis.")},
    )
    start = forms.BooleanField(
        label=START_REQUEST, error_messages={"required": _("Cochez cette demande pour accepter le devis.")}
    )

    # As they stand on the page (_rent_accept.html): the summary of errors follows it.
    field_order = (
        "name", "function", "legal_name", "country", "address", "postcode", "city", "siren", "vat_number",
        "purchase_order", "service_code", "terms", "start",
    )  # fmt: skip

    def __init__(self, *args: Any, start: bool, buyer: Customer, **rest: Any) -> None:
        super().__init__(*args, buyer=buyer, **rest)
        if buyer.buyer_kind != Customer.Buyer.PUBLIC:
            del self.fields["purchase_order"]
        if not start:
            del self.fields["start"]


class RefuseForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(label=_("Pourquoi\u202f?"), choices=REASONS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Un mot de plus"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def said(self) -> str:
        """The reason in words, for the manager."""
        reason = str(dict(REASONS)[self.cleaned_data["reason"]])
        words: str = self.cleaned_data["words"].strip()
        return f"{reason}. {words}".strip() if words else f"{reason}."
