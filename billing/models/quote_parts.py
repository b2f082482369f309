"""What a quote is made of: its lines, and its PDF."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.file import private_storage
from billing.models.product import PriceBasis, Product
from billing.models.quote import Quote
from billing.models.triggers import changes_to_less_of_who, never_emptied, only_deleted_after_ten_years
from billing.money import ZERO, Amounts

OF_A_DRAFT = """
IF (SELECT state FROM billing_quote WHERE id = NEW.quote_id) <> 'draft' THEN
    RAISE EXCEPTION 'billing: the lines of a quote that was sent never change';
END IF;
RETURN NEW;
"""
OF_NOTHING_PROMISED = """
IF (SELECT state FROM billing_quote WHERE id = OLD.quote_id) IN ('sent', 'accepted') THEN
    RAISE EXCEPTION 'billing: what a quote that stands is made of is kept';
END IF;
RETURN OLD;
"""


def kept_while_it_stands() -> pgtrigger.Trigger:
    """Refuse DELETE of what belongs to a quote that is sent or accepted."""
    return pgtrigger.Trigger(
        name="is_kept_while_it_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=OF_NOTHING_PROMISED,
    )


class QuoteLine(models.Model):
    """One thing offered: an article, or what is said freely; amounts are after the quote's discount."""

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines", verbose_name=_("devis"))
    position = models.PositiveSmallIntegerField(_("rang"))
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    label = models.CharField(_("désignation"), max_length=160)
    detail = models.CharField(_("précision"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantité"), max_digits=12, decimal_places=4)
    unit = models.CharField(_("unité"), max_length=20, blank=True)
    unit_price = models.DecimalField(_("prix unitaire"), max_digits=14, decimal_places=6)
    price_basis = models.CharField(_("base de prix"), max_length=3, choices=PriceBasis)
    vat_rate = models.DecimalField(_("taux de TVA"), max_digits=5, decimal_places=2)
    amount_excl = models.DecimalField(_("montant HT"), max_digits=12, decimal_places=2)
    amount_vat = models.DecimalField(_("TVA"), max_digits=12, decimal_places=2)
    amount_incl = models.DecimalField(_("montant TTC"), max_digits=12, decimal_places=2)
    discount_excl = models.DecimalField(
        _("part de la remise"), max_digits=12, decimal_places=2, default=ZERO
    )  # already off the amounts, as on documents

    class Meta:
        verbose_name = _("ligne de devis")
        verbose_name_plural = _("lignes de devis")
        ordering: ClassVar[list[str]] = ["quote", "position"]
        db_table_comment = "One thing offered in a quote, with its price"
        constraints = [
            models.UniqueConstraint(fields=["quote", "position"], name="quote_line_has_a_place_of_its_own"),
            models.CheckConstraint(condition=Q(price_basis__in=["ttc", "ht"]), name="quote_line_has_a_basis"),
            models.CheckConstraint(
                condition=Q(amount_incl=F("amount_excl") + F("amount_vat")), name="quote_line_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(amount_excl__gte=0, amount_vat__gte=0, discount_excl__gte=0, quantity__gt=0)
                & Q(vat_rate__gte=0, vat_rate__lt=100),
                name="quote_line_is_never_negative",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_changes_once_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=OF_A_DRAFT,
            ),
            kept_while_it_stands(),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def amounts(self) -> Amounts:
        """What it comes to, after its part of the discount."""
        return Amounts(self.amount_excl, self.amount_vat, self.amount_incl)

    @property
    def before_discount(self) -> Decimal:
        """What it comes to, VAT excluded, before the discount."""
        return self.amount_excl + self.discount_excl


class BuyerCorrection(models.Model):
    """Who buys, said anew by the manager after a quote was accepted; the last one stands."""

    quote = models.ForeignKey(
        Quote, models.CASCADE, related_name="buyer_corrections", verbose_name=_("devis")
    )
    words = models.JSONField(_("acheteur"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("par")
    )
    at = models.DateTimeField(_("corrigé le"))

    class Meta:
        verbose_name = _("correction de l’acheteur")
        verbose_name_plural = _("corrections de l’acheteur")
        ordering: ClassVar[list[str]] = ["quote", "pk"]
        db_table_comment = "Who buys by an accepted quote, as the manager corrected it before the invoice"
        triggers = [
            changes_to_less_of_who(
                "never_changes",
                words="words",
                since="at",
                customer="(SELECT customer_id FROM billing_quote WHERE id = OLD.quote_id)",
            ),
            only_deleted_after_ten_years("at"),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return str(self.words.get("name", ""))


class QuoteFile(models.Model):
    """The PDF of a quote, made once after it was sent."""

    quote = models.OneToOneField(Quote, models.CASCADE, related_name="file", verbose_name=_("devis"))
    file = models.FileField(storage=private_storage, upload_to="quotes/")
    sha256 = models.CharField(_("empreinte"), max_length=64)
    size = models.PositiveIntegerField(_("taille"))
    made_at = models.DateTimeField(_("fait le"))

    class Meta:
        verbose_name = _("fichier d’un devis")
        verbose_name_plural = _("fichiers des devis")
        db_table_comment = "The PDF of a quote, with its SHA-256"
        triggers = [
            pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update),
            kept_while_it_stands(),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return str(self.quote)
