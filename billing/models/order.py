"""What a customer is to pay for."""

import datetime as dt
import secrets
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from billing.models.customer import Customer
from billing.models.product import PriceBasis, Product
from billing.models.seller import Seller
from billing.models.triggers import moves
from billing.money import ZERO, Priced, VatRow, vat_by_rate
from members import reach
from members.lookups import any_of
from members.models import User

READABLE = "23456789abcdefghjkmnpqrstuvwxyz"


def new_public_id() -> str:
    """Make an id that can be read aloud and not guessed (22 letters, 108 bits)."""
    return "".join(secrets.choice(READABLE) for _ in range(22))


class OrderQuerySet(models.QuerySet["Order"]):
    """Reads orders in the domain's words."""

    def payable_by(self, user: User) -> "OrderQuerySet":
        """Orders `user` may pay, or give up."""
        return self.filter(self._payable_by(user))

    def _payable_by(self, user: User) -> Q:
        return Q(any_of("customer_id", Customer.objects.payable_by(user))) | Q(placed_by=user)

    def payable_with_link(self, user: User | AnonymousUser) -> "OrderQuerySet":
        """Orders that whoever has their address may pay: a contact's, and one's own."""
        of_contacts = Q(customer__kind=Customer.Kind.CONTACT)
        if not user.is_authenticated:
            return self.filter(of_contacts)
        mine = Q(customer__in=Customer.objects.payable_by(user)) | Q(placed_by=user)
        return self.filter(of_contacts | mine)

    def visible_to(self, user: User) -> "OrderQuerySet":
        """Orders `user` may pay, and those within reach of who runs the place."""
        if reach.sees_everything(user):
            return self
        return self.filter(self._payable_by(user) | reach.seen(self.model, user))

    def expired_at(self, now: dt.datetime) -> "OrderQuerySet":
        """Open orders whose time is up."""
        return self.filter(state=Order.State.OPEN, expires_at__lte=now)


class Order(models.Model):
    """What a customer is to pay for. Whether it is paid is read from its document's allocations."""

    class State(models.TextChoices):
        OPEN = "open", _("en attente")
        ACCEPTED = "accepted", _("acceptée")
        EXPIRED = "expired", _("expirée")
        CANCELLED = "cancelled", _("abandonnée")

    class Means(models.TextChoices):
        UNDECIDED = "", _("à choisir")
        CARD = "card", _("carte")
        TERMS = "terms", _("sur facture")
        DESK = "desk", _("sur place")
        TRANSFER = "transfer", _("virement")
        FREE = "free", _("rien à payer")

    public_id = models.CharField(_("identifiant"), max_length=32, default=new_public_id)
    seller = models.ForeignKey(
        Seller, models.PROTECT, related_name="orders", db_index=False, verbose_name=_("vendeur")
    )
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders", verbose_name=_("client"))
    site_code = models.SlugField(_("site"), max_length=32, blank=True, db_index=False)
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.OPEN)
    means = models.CharField(_("moyen"), max_length=8, choices=Means, default=Means.UNDECIDED, blank=True)
    expires_at = models.DateTimeField(_("gardée jusqu’à"), null=True, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="orders_placed",
        verbose_name=_("passée par"),
    )
    created_at = models.DateTimeField(_("passée le"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    terms_of_sale = models.ForeignKey(
        "members.Page",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("conditions de vente"),
    )
    terms_accepted_at = models.DateTimeField(_("conditions acceptées le"), null=True, blank=True)
    purchase_order = models.CharField(
        _("numéro d’engagement"), max_length=50, blank=True, default="", db_default=""
    )
    agreed_buyer = models.JSONField(
        _("acheteur convenu"), null=True, blank=True
    )  # words of the customer (Customer.words) as a quote was accepted; else documents say it as it stands
    start_requested_at = models.DateTimeField(
        _("début avant la fin de la rétractation demandé le"), null=True, blank=True
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("commande")
        verbose_name_plural = _("commandes")
        ordering: ClassVar[list[str]] = ["-created_at"]
        db_table_comment = "What a customer is to pay for"
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="order_has_an_address_of_its_own"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "expired", "cancelled"]),
                name="order_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(means__in=["", "card", "terms", "desk", "transfer", "free"]),
                name="order_has_a_known_means",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_at__isnull=False)
                | (~Q(state="accepted") & Q(accepted_at=None)),
                name="order_is_dated_when_accepted",
            ),
            models.CheckConstraint(
                condition=Q(terms_accepted_at=None) | Q(terms_of_sale__isnull=False),
                name="order_names_the_terms_accepted",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="order_due_to_expire"),
            models.Index(fields=["seller", "-created_at"], name="order_of_a_seller"),
        ]
        triggers = [moves("state", {"open": ["accepted", "expired", "cancelled"], "expired": ["accepted"]})]

    def __str__(self) -> str:
        return self.reference

    @property
    def buyer(self) -> Customer:
        """Who buys, as its documents say it: to read, never to save."""
        return self.customer.as_agreed(self.agreed_buyer)

    @property
    def reference(self) -> str:
        """What people and documents call this order; readable, not unique."""
        return f"{self.public_id[:3]}-{self.public_id[3:6]}".upper()

    @property
    def total(self) -> Decimal:
        """What is to be paid, VAT included, in euros."""
        if "lines" in getattr(self, "_prefetched_objects_cache", {}):
            return sum((line.amount_incl for line in self.lines.all()), ZERO)
        return self.lines.aggregate(total=Sum("amount_incl"))["total"] or ZERO

    @property
    def needs_no_payment(self) -> bool:
        """Whether nothing is to be paid."""
        return self.total == ZERO

    def vat_rows(self) -> list[VatRow]:
        """What is to be paid, by rate of VAT."""
        return vat_by_rate([line.priced for line in self.lines.all()])


class OrderLine(models.Model):
    """One thing ordered. `kind` names who fulfils it (billing/fulfilment.py)."""

    class State(models.TextChoices):
        PENDING = "pending", _("en attente")
        FULFILLED = "fulfilled", _("honorée")
        FAILED = "failed", _("impossible")
        CANCELLED = "cancelled", _("annulée")

    order = models.ForeignKey(
        Order, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("commande")
    )
    position = models.PositiveSmallIntegerField(_("rang"))
    kind = models.SlugField(_("nature"), max_length=32, db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("article"))
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
    supplied_on = models.DateField(_("prestation du"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.PENDING)

    class Meta:
        verbose_name = _("ligne de commande")
        verbose_name_plural = _("lignes de commande")
        ordering: ClassVar[list[str]] = ["order", "position"]
        db_table_comment = "One thing ordered, with the price agreed"
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_has_a_place_of_its_own"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "fulfilled", "failed", "cancelled"]),
                name="order_line_has_a_known_state",
            ),
            models.CheckConstraint(condition=Q(price_basis__in=["ttc", "ht"]), name="order_line_has_a_basis"),
            models.CheckConstraint(
                condition=Q(amount_incl=F("amount_excl") + F("amount_vat")), name="order_line_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(amount_excl__gte=0, amount_vat__gte=0, quantity__gt=0),
                name="order_line_is_never_negative",
            ),
        ]
        triggers = [
            moves("state", {"pending": ["fulfilled", "failed", "cancelled"], "fulfilled": ["cancelled"]})
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def priced(self) -> Priced:
        """This line's amount on the basis it was priced on."""
        if self.price_basis == PriceBasis.TTC:
            return Priced(self.amount_incl, self.vat_rate, "ttc")
        return Priced(self.amount_excl, self.vat_rate, "ht")
