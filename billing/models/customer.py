"""Who pays: a person, an organisation, or a contact known by an address only."""

from collections.abc import Mapping
from copy import copy
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from billing.identifiers import check_siren, check_vat_number
from members import reach
from members.models import Organisation, User

PUBLIC_DAYS = 30
"""Within how many days a public body pays (Code de la commande publique, R2192-10)."""

BUYER_FIELDS = (
    "name",
    "email",
    "address",
    "postcode",
    "city",
    "country",
    "siren",
    "vat_number",
    "service_code",
)
"""What documents say of who buys."""


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Finds the customers someone may act for."""

    def payable_by(self, user: User) -> "CustomerQuerySet":
        """Those in whose name `user` may order: their own, and the organisations that let them."""
        return self.filter(self._payable_by(user))

    def _payable_by(self, user: User) -> Q:
        return Q(user=user) | Q(organisation__in=Organisation.objects.payable_by(user))

    def visible_to(self, user: User) -> "CustomerQuerySet":
        """Those `user` may act for, and those within reach of who runs the place."""
        if reach.sees_everything(user):
            return self
        return self.filter(self._payable_by(user) | reach.seen(self.model, user))


class Customer(models.Model):
    """Who pays. A contact is claimed later by whoever verifies that address."""

    class Kind(models.TextChoices):
        USER = "user", _("personne")
        ORGANISATION = "organisation", _("organisation")
        CONTACT = "contact", _("contact")

    class Buyer(models.TextChoices):
        UNSAID = "", _("non précisé")
        CONSUMER = "consumer", _("particulier")
        BUSINESS = "business", _("entreprise")
        ASSOCIATION = "association", _("association")
        PUBLIC = "public", _("organisme public")

    kind = models.CharField(_("nature"), max_length=12, choices=Kind)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="customer",
        verbose_name=_("personne"),
    )
    organisation = models.OneToOneField(
        "members.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="customer",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("nom"), max_length=160, blank=True)
    email = models.EmailField(_("adresse électronique"), max_length=254)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("ville"), max_length=80, blank=True)
    country = models.CharField(_("pays"), max_length=2, default="FR")
    buyer = models.CharField(
        _("achète en tant que"), max_length=11, choices=Buyer, default=Buyer.UNSAID, blank=True
    )
    siren = models.CharField(_("SIREN"), max_length=9, blank=True, validators=[check_siren])
    vat_number = models.CharField(
        _("numéro de TVA"), max_length=20, blank=True, validators=[check_vat_number]
    )
    service_code = models.CharField(
        _("code service"),
        max_length=100,
        blank=True,
        help_text=_("Pour un organisme public\u00a0: le service qui paie."),
    )
    terms_days = models.PositiveSmallIntegerField(
        _("délai de règlement, en jours"),
        null=True,
        blank=True,
        help_text=_("Vide\u00a0: ce client paie à la commande."),
    )
    stripe_id = models.CharField(_("identifiant chez Stripe"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering: ClassVar[list[str]] = ["name", "email"]
        db_table_comment = "Who pays: a user, an organisation, or a contact"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="user", user__isnull=False, organisation=None)
                | Q(kind="organisation", user=None, organisation__isnull=False)
                | Q(kind="contact", user=None, organisation=None),
                name="customer_is_one_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(buyer__in=["", "consumer", "business", "association", "public"]),
                name="customer_buys_as_something_known",
            ),
            models.UniqueConstraint(
                Lower("email"),
                Lower("name"),
                "buyer",
                condition=Q(kind="contact"),
                name="contact_is_one_customer_an_address_and_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def buyer_kind(self) -> str:
        """What this customer buys as: as they say, or by what is known of them."""
        if self.buyer:
            return self.buyer
        known = self.kind == self.Kind.ORGANISATION or bool(self.siren)
        return self.Buyer.BUSINESS if known else self.Buyer.CONSUMER

    @property
    def is_business(self) -> bool:
        """Whether this customer is no consumer: what the law gives consumers doesn't apply."""
        return self.buyer_kind != self.Buyer.CONSUMER

    @property
    def days_to_pay(self) -> int:
        """How long after its day an invoice is due; a public body has thirty by law (R2192-10)."""
        if self.terms_days is not None:
            return self.terms_days
        return PUBLIC_DAYS if self.buyer_kind == self.Buyer.PUBLIC else 0

    @property
    def has_terms(self) -> bool:
        """Whether this customer may order on invoice."""
        return self.terms_days is not None

    @property
    def words(self) -> dict[str, str]:
        """What documents say of this customer as it stands, with what it buys as."""
        said = {name: getattr(self, name) for name in BUYER_FIELDS}
        return {**said, "name": self.name or self.email, "buyer": self.buyer_kind}

    def as_agreed(self, words: Mapping[str, str] | None) -> "Customer":
        """This customer as `words` had it once and for all: a copy to read, never to save.

        Without any, as it stands.
        """
        if words is None:
            return self
        found = copy(self)
        for name, value in words.items():
            setattr(found, name, value)
        return found
