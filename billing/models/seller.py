"""Who invoices, and the dated legal texts their documents carry."""

import datetime as dt
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.identifiers import check_bic, check_iban, compact


class Seller(models.Model):
    """The legal entity that invoices; series, mentions and exports are per seller."""

    class VatRegime(models.TextChoices):
        REAL = "real", _("réel")
        FRANCHISE = "franchise", _("franchise en base")
        EXEMPT = "exempt", _("exonéré")

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    legal_form = models.CharField(_("forme juridique"), max_length=80, blank=True)
    address = models.CharField(_("adresse"), max_length=200)
    postcode = models.CharField(_("code postal"), max_length=10)
    city = models.CharField(_("ville"), max_length=80)
    siren = models.CharField(_("SIREN"), max_length=9, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    vat_number = models.CharField(_("numéro de TVA"), max_length=20, blank=True)
    rna = models.CharField(_("RNA"), max_length=10, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    vat_regime = models.CharField(_("régime de TVA"), max_length=9, choices=VatRegime, default=VatRegime.REAL)
    vat_on_debits = models.BooleanField(_("TVA d’après les débits"), default=True)
    iban = models.CharField(
        _("IBAN"),
        max_length=34,
        blank=True,
        validators=[check_iban],
        help_text=_("Imprimé, avec un code QR, sur ce qui reste à payer."),
    )
    bic = models.CharField(
        _("BIC"), max_length=11, blank=True, default="", db_default="", validators=[check_bic]
    )
    refund_approval_above = models.DecimalField(
        _("remboursements à approuver au-delà de (€)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("La trésorerie les approuve avant qu’ils partent. Vide\u00a0: aucun."),
    )
    fiscal_year_starts_in = models.PositiveSmallIntegerField(
        _("mois où commence l’exercice"),
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("1 pour janvier, 9 pour septembre. Les écritures sont numérotées par exercice."),
    )
    mediator = models.CharField(_("médiateur de la consommation"), max_length=200, blank=True)
    timezone = models.CharField(_("fuseau horaire"), max_length=40, default="Europe/Paris")
    specimen = models.BooleanField(
        _("démonstration"), default=False, help_text=_("Les documents sont marqués SPÉCIMEN.")
    )

    class Meta:
        verbose_name = _("vendeur")
        verbose_name_plural = _("vendeurs")
        ordering: ClassVar[list[str]] = ["name"]
        db_table_comment = "A legal entity that invoices"
        constraints = [
            models.CheckConstraint(
                condition=Q(vat_regime__in=["real", "franchise", "exempt"]),
                name="seller_has_a_known_vat_regime",
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year_starts_in__gte=1, fiscal_year_starts_in__lte=12),
                name="fiscal_year_starts_in_a_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep the account as machines read it; its keys are checked by the fields."""
        self.iban, self.bic = compact(self.iban), compact(self.bic)

    @property
    def charges_vat(self) -> bool:
        """Whether this seller's sales carry VAT."""
        return self.vat_regime == self.VatRegime.REAL

    @property
    def zone(self) -> ZoneInfo:
        """The zone its days begin and end in."""
        return ZoneInfo(self.timezone)

    def today(self, now: dt.datetime) -> dt.date:
        """Give the date at the seller's, which is the date documents carry."""
        return now.astimezone(self.zone).date()


class MentionQuerySet(models.QuerySet["Mention"]):
    """Reads legal texts by date."""

    def in_force(self, day: dt.date) -> "MentionQuerySet":
        """Those valid on `day`; both ends count."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def for_seller(self, seller: Seller) -> "MentionQuerySet":
        """Those of everyone and this seller's own, its own last so that they replace the others."""
        return self.filter(Q(seller=None) | Q(seller=seller)).order_by(
            F("seller").asc(nulls_first=True), "valid_from"
        )


class Mention(models.Model):
    """One legal text, dated: laws change, documents issued before keep the words of their day."""

    code = models.SlugField(_("code"), max_length=40)
    seller = models.ForeignKey(
        Seller, models.CASCADE, null=True, blank=True, related_name="mentions", verbose_name=_("vendeur")
    )
    language = models.CharField(_("langue"), max_length=2, default="fr")
    text = models.TextField(_("texte"))
    valid_from = models.DateField(_("en vigueur depuis"))
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention légale")
        verbose_name_plural = _("mentions légales")
        ordering: ClassVar[list[str]] = ["code", "language", "valid_from"]
        db_table_comment = "A dated legal text printed on documents"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "seller", "language", "valid_from"],
                nulls_distinct=False,
                name="mention_is_worded_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="mention_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.code
