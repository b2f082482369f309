"""Forms of paying and of the billing address."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.countries import EUROPEAN_UNION, FRANCE, country_choices
from billing.documents.content import spaced_siren
from billing.errors import StartNotRequested
from billing.identifiers import go_together, plain_siren, plain_vat_number
from billing.models import Customer

START_REQUEST = _(
    "Je demande que ma réservation commence avant la fin du délai de rétractation de 14\u00a0jours, et je "
    "sais que ce droit s’éteint une fois la prestation entièrement exécutée."
)
"""What a consumer asks for in so many words (Code de la consommation, L221-25 and L221-28)."""


KNOWN = ("country", "address", "postcode", "city", "vat_number", "service_code")
"""What is filled in of who buys, by the names the customer has for it."""
SIREN_HINT = _("Neuf chiffres. Une association peut ne pas en avoir.")
NO_SIREN = _("Indiquez le numéro SIREN\u00a0: il figure sur les factures.")
NO_VAT_NUMBER = _("Indiquez le numéro de TVA intracommunautaire\u00a0: il figure sur les factures.")

POSTCODE = re.compile(r"[0-9]{5}", re.ASCII)
"""How France writes a postcode."""


class PayForm(forms.Form):
    """How the order is to be paid: one of the means offered; `start` where a consumer has to ask for it."""

    means = forms.ChoiceField(label=_("Comment payez-vous ?"), widget=forms.RadioSelect)
    start = forms.BooleanField(
        label=_("Votre demande"), error_messages={"required": StartNotRequested.message}
    )

    def __init__(self, *args: Any, means: list[str], start: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not start:
            del self.fields["start"]
        choice = self.fields["means"]
        choice.choices = [(each, each) for each in means]  # type: ignore[attr-defined]  # a ChoiceField's
        choice.error_messages["required"] = _("Choisissez comment vous payez.")


def plain_postcode(given: str, country: str) -> str:
    """Five digits in France, however they are spaced; elsewhere what is given. Raises `ValidationError`."""
    plain = given.replace(" ", "").replace("\u00a0", "")
    if country != FRANCE:
        return given.strip()
    if not POSTCODE.fullmatch(plain):
        raise forms.ValidationError(_("Un code postal français a cinq chiffres, par exemple 76140."))
    return plain


def country_field() -> forms.ChoiceField:
    """Ask where who buys is; what the rest has to look like depends on it, so that it comes before."""
    return forms.ChoiceField(
        label=_("Pays"),
        choices=country_choices,
        required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )


class SaysWhoBuys(forms.BaseForm):
    """What both forms that ask who buys check: `country` comes first among their fields.

    A SIREN is of France alone. A French VAT number holds its company's SIREN, so that one of another company
    is refused: what is invoiced can't be mended.
    """

    known: Customer

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name in ("country", "siren", "vat_number"):  # who has to give which depends on the others
            self.fields[name].sometimes_required = True  # type: ignore[attr-defined]  # django/forms/field.html

    def clean_country(self) -> str:
        """Where they say, else where they are known to be."""
        given: str = self.cleaned_data["country"]
        return given or self.known.country

    def clean_postcode(self) -> str:
        """Five digits in France; elsewhere whatever the country writes."""
        return plain_postcode(self.cleaned_data["postcode"], self._country())

    def clean_siren(self) -> str:
        """Nine digits whose last is right, written with or without spaces; none abroad."""
        given: str = self.cleaned_data["siren"]
        return plain_siren(given) if given and self._country() == FRANCE else ""

    def clean_vat_number(self) -> str:
        """A number of any member state."""
        given: str = self.cleaned_data["vat_number"]
        return plain_vat_number(given) if given else ""

    def clean(self) -> dict[str, Any]:
        """Refuse two numbers that are not of one company."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not go_together(data.get("siren", ""), data.get("vat_number", "")):
            other = _("Ce numéro de TVA est celui d’une autre entreprise\u00a0: il ne contient pas ce SIREN.")
            self.add_error("vat_number", other)
        return data

    def ask_for_numbers(self, data: dict[str, Any], kind: str) -> None:
        """Ask for what the law gives to each: a SIREN in France, to a business of the Union a VAT number."""
        country = self._country()
        if country == FRANCE:
            asked, error, owed = "siren", NO_SIREN, kind != Customer.Buyer.ASSOCIATION
        else:
            asked, error = "vat_number", NO_VAT_NUMBER
            owed = country in EUROPEAN_UNION and kind == Customer.Buyer.BUSINESS
        if owed and data.get(asked) == "":
            self.add_error(asked, error)

    def _country(self) -> str:
        found: str = self.cleaned_data.get("country", self.known.country)
        return found


class AddressForm(SaysWhoBuys, forms.ModelForm):  # type: ignore[type-arg]  # Django has no generics at run time
    """What a customer's documents say of them; documents issued before keep their words."""

    country = country_field()
    siren = forms.CharField(
        label=_("SIREN"),
        required=False,
        max_length=20,
        help_text=_("Neuf chiffres, si vous achetez pour une entreprise ou une association."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    vat_number = forms.CharField(label=_("Numéro de TVA intracommunautaire"), required=False, max_length=30)

    class Meta:
        model = Customer
        fields = (
            "name", "country", "address", "postcode", "city", "buyer", "siren", "vat_number", "service_code",
        )  # fmt: skip
        labels = {
            "name": _("Nom ou raison sociale"),
            "address": _("Adresse"),
            "postcode": _("Code postal"),
            "city": _("Ville"),
            "buyer": _("Vous achetez en tant que"),
            "service_code": _("Code service"),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "postcode": forms.TextInput(attrs={"autocomplete": "postal-code"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "address", "postcode", "city"):
            self.fields[name].required = True
        self.known = self.instance
        self.initial["siren"] = spaced_siren(self.initial.get("siren", ""))


class OrganisationForm(AddressForm):
    """The same of an organisation: it is no consumer, and a company or a public body has its SIREN."""

    BUYERS = (Customer.Buyer.BUSINESS, Customer.Buyer.ASSOCIATION, Customer.Buyer.PUBLIC)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buyer = self.fields["buyer"]
        buyer.label, buyer.required = _("C’est"), True
        buyer.choices = [  # type: ignore[attr-defined]  # a ChoiceField's
            (each.value, each.label.capitalize()) for each in self.BUYERS
        ]
        self.fields["name"].label = _("Nom de l’organisation")
        self.fields["name"].widget.attrs["autocomplete"] = "organization"
        self.fields["siren"].help_text = SIREN_HINT

    def clean(self) -> dict[str, Any]:
        """Ask for the numbers that the law gives to each."""
        data = super().clean()
        self.ask_for_numbers(data, data.get("buyer", ""))
        return data


class BuyerFields(SaysWhoBuys, forms.Form):
    """Who is invoiced, for a form by which an organisation agrees to something; a consumer is not asked.

    What is known of `buyer` is filled in. In France a business and a public body have a SIREN, and say it.
    """

    legal_name = forms.CharField(
        label=_("Nom ou raison sociale"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = country_field()
    address = forms.CharField(
        label=_("Adresse"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    postcode = forms.CharField(
        label=_("Code postal"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label=_("Ville"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    siren = forms.CharField(
        label=_("SIREN"),
        max_length=20,
        required=False,
        help_text=_("Neuf chiffres, pour une organisation française."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    vat_number = forms.CharField(label=_("Numéro de TVA intracommunautaire"), required=False, max_length=30)
    service_code = forms.CharField(
        label=_("Code service"),
        max_length=100,
        required=False,
        help_text=_("Le service qui paie."),
    )

    def __init__(self, *args: Any, buyer: Customer, **rest: Any) -> None:
        super().__init__(*args, **rest)
        known = {name: getattr(buyer, name) for name in KNOWN}
        known |= {"legal_name": buyer.name, "siren": spaced_siren(buyer.siren)}
        self.initial = {**known, **self.initial}
        self.known = buyer
        if not buyer.is_business:
            for name in BuyerFields.base_fields:
                del self.fields[name]
            return
        if buyer.buyer_kind == Customer.Buyer.ASSOCIATION:
            self.fields["siren"].help_text = SIREN_HINT
        if buyer.buyer_kind != Customer.Buyer.PUBLIC:
            del self.fields["service_code"]

    def clean(self) -> dict[str, Any]:
        """Ask an organisation for the numbers that the law gives it."""
        data = super().clean()
        if self.known.is_business:
            self.ask_for_numbers(data, self.known.buyer_kind)
        return data

    def buyer_said(self) -> dict[str, str]:
        """What was confirmed, by fields of the customer; nothing of a consumer."""
        said = {name: self.cleaned_data[name] for name in BuyerFields.base_fields if name in self.fields}
        return {"name" if name == "legal_name" else name: value for name, value in said.items()}
