"""What is issued: numbered, chained, immutable."""

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models.customer import Customer
from billing.models.order import Order
from billing.models.payment import Payment, Refund
from billing.models.seller import Seller
from billing.models.triggers import (
    append_only,
    is_not_of_a_closed_day,
    never_emptied,
    within_its_sums,
)
from members import reach
from members.models import User

ZERO = Value(Decimal("0.00"), output_field=models.DecimalField(max_digits=12, decimal_places=2))


class DocumentKind(models.TextChoices):
    """What a document is; each kind has series of its own."""

    INVOICE = "invoice", _("facture")
    ADVANCE = "advance", _("facture d’acompte")
    FINAL = "final", _("facture de solde")
    CREDIT_NOTE = "credit_note", _("avoir")


INVOICES = (DocumentKind.INVOICE, DocumentKind.ADVANCE, DocumentKind.FINAL)
"""What is to be paid; the rest gives back."""


class DocumentSeries(models.Model):
    """A gapless series: the row that is locked, last, to give a number."""

    seller = models.ForeignKey(
        Seller, models.PROTECT, related_name="series", verbose_name=_("vendeur"), db_index=False
    )
    kind = models.CharField(_("nature"), max_length=11, choices=DocumentKind)
    year = models.PositiveSmallIntegerField(_("année"))
    specimen = models.BooleanField(_("démonstration"), default=False)
    last_sequence = models.PositiveIntegerField(_("dernier numéro"), default=0)
    last_date = models.DateField(_("dernière date"), null=True, blank=True)
    last_hash = models.CharField(_("dernière empreinte"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("série")
        verbose_name_plural = _("séries")
        db_table_comment = "A gapless series of documents: its last number, date and hash"
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "kind", "year", "specimen"], name="series_is_one_a_seller_kind_and_year"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["invoice", "advance", "final", "credit_note"]),
                name="series_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller} · {self.kind} · {self.year}"


class DocumentQuerySet(models.QuerySet["Document"]):
    """Reads documents in the domain's words."""

    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Those `user` may read: what they pay for, and what is within reach of who runs the place."""
        if reach.sees_everything(user):
            return self
        own = Q(customer__in=Customer.objects.payable_by(user))
        return self.filter(own | reach.seen(self.model, user))

    def invoices(self) -> "DocumentQuerySet":
        """What is to be paid: invoices, advance invoices, final invoices."""
        return self.filter(kind__in=INVOICES)

    def with_balance(self) -> "DocumentQuerySet":
        """Add `paid` (money received), `credited` (credit notes), `advanced` (advances) and `owed`."""
        sums = Allocation.objects.filter(document=OuterRef("pk")).order_by().values("document")
        paid = sums.filter(payment__isnull=False).annotate(total=Sum("amount")).values("total")
        credited = sums.filter(credit_note__isnull=False).annotate(total=Sum("amount")).values("total")
        advanced = sums.filter(advance__isnull=False).annotate(total=Sum("amount")).values("total")
        sums_of = {
            "paid": Coalesce(Subquery(paid), ZERO),
            "credited": Coalesce(Subquery(credited), ZERO),
            "advanced": Coalesce(Subquery(advanced), ZERO),
        }
        owed = {"owed": F("total_incl") - F("paid") - F("credited") - F("advanced")}
        return self.annotate(**sums_of).annotate(**owed)

    def owing(self, amount: Any) -> "DocumentQuerySet":
        """Invoices on which exactly `amount` is owed; a value or an expression."""
        return self.unpaid().filter(Q(owed=amount))

    def unpaid(self) -> "DocumentQuerySet":
        """Invoices on which something is owed."""
        return self.invoices().with_balance().filter(Q(owed__gt=0))


class Document(models.Model):
    """Issued, numbered, immutable. Codes, amounts and keys only: every name is in its snapshot."""

    Kind = DocumentKind

    # An index of each of these begins with them (below), and each more costs an insert.
    seller = models.ForeignKey(
        Seller, models.PROTECT, related_name="documents", verbose_name=_("vendeur"), db_index=False
    )
    series = models.ForeignKey(
        DocumentSeries, models.PROTECT, related_name="documents", verbose_name=_("série"), db_index=False
    )
    sequence = models.PositiveIntegerField(_("rang"))
    number = models.CharField(_("numéro"), max_length=32)
    kind = models.CharField(_("nature"), max_length=11, choices=DocumentKind)
    specimen = models.BooleanField(_("spécimen"), default=False)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    order = models.ForeignKey(Order, models.PROTECT, related_name="documents", verbose_name=_("commande"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="documents", verbose_name=_("client"), db_index=False
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_notes",
        verbose_name=_("rectifie"),
    )
    issued_on = models.DateField(_("émis le"))
    issued_at = models.DateTimeField(_("instant d’émission"))
    due_on = models.DateField(_("échéance"), null=True, blank=True)
    currency = models.CharField(_("monnaie"), max_length=3, default="EUR")
    total_excl = models.DecimalField(_("total HT"), max_digits=12, decimal_places=2)
    total_vat = models.DecimalField(_("TVA"), max_digits=12, decimal_places=2)
    total_incl = models.DecimalField(_("total TTC"), max_digits=12, decimal_places=2)
    snapshot_sha256 = models.CharField(_("empreinte des textes"), max_length=64)
    previous_hash = models.CharField(_("empreinte précédente"), max_length=64, blank=True)
    hash = models.CharField(_("empreinte"), max_length=64)

    objects = DocumentQuerySet.as_manager()

    # What `with_balance()` adds, in euros.
    paid: Decimal
    credited: Decimal
    advanced: Decimal
    owed: Decimal

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering: ClassVar[list[str]] = ["-issued_at", "-id"]
        db_table_comment = "A document issued: numbered, chained, immutable"
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="document_number_is_its_sellers_own"),
            models.UniqueConstraint(fields=["series", "sequence"], name="document_number_is_given_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["invoice", "advance", "final"], corrects=None)
                | Q(kind="credit_note", corrects__isnull=False),
                name="credit_note_names_its_invoice",
            ),
            models.CheckConstraint(
                condition=Q(total_incl=F("total_excl") + F("total_vat")), name="document_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(total_excl__gte=0, total_vat__gte=0, sequence__gt=0),
                name="document_is_never_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-issued_on"], name="document_of_a_seller"),
            models.Index(fields=["customer", "-issued_on"], name="document_of_a_customer"),
        ]
        triggers = [*append_only(), is_not_of_a_closed_day("issued_on", "closed_on", "<=")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Where its PDF is; a number is its seller's own, so both are in the address."""
        return reverse("billing:document", args=[self.seller.code, self.number])

    @property
    def is_due_on_receipt(self) -> bool:
        """Whether it is due the day it is issued: that is said in words, a date of today hurries nobody."""
        return self.due_on is not None and self.due_on <= self.issued_on


class Allocation(models.Model):
    """Money set against a document: a payment, a credit note or an advance, or a refund on a credit note."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="allocations")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="allocations")
    credit_note = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="allocated_to"
    )
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, blank=True, related_name="allocations")
    advance = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="advanced_to")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("affectation")
        verbose_name_plural = _("affectations")
        ordering: ClassVar[list[str]] = ["at", "id"]
        db_table_comment = "Money set against a document"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_is_of_something"),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, credit_note=None, refund=None, advance=None)
                | Q(payment=None, credit_note__isnull=False, refund=None, advance=None)
                | Q(payment=None, credit_note=None, refund__isnull=False, advance=None)
                | Q(payment=None, credit_note=None, refund=None, advance__isnull=False),
                name="allocation_has_one_origin",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied(),
            within_its_sums(),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {self.amount}"
