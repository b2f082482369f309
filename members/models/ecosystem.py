"""What the ecosystem's file knows of an organisation, whether it pays for anything here or not."""

from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siren as siren_rule

from members.models.organisation import Organisation

FIRST_YEAR, LAST_YEAR = 1990, 2199
KINDS = (
    "startup", "company", "association", "school", "public", "funder", "key_account", "incubator",
)  # fmt: skip


def known_siren(number: str) -> None:
    """Refuse nine digits that are no SIREN."""
    if not (number.isascii() and number.isdigit() and siren_rule.is_valid(number)):
        raise ValidationError(_("Ce numéro SIREN n’existe pas\u00a0: neuf chiffres, sans espaces."))


class Agglomeration(models.Model):
    """One of the towns that make common cause, in its order on the drawing, and the sites there."""

    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("Dans les adresses\u00a0: rouen.")
    )
    name = models.CharField(_("nom"), max_length=60)
    position = models.PositiveSmallIntegerField(
        _("ordre"), default=0, help_text=_("Le long de l’axe, de l’amont vers la mer.")
    )
    site_codes = ArrayField(
        models.SlugField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("sites qui s’y trouvent"),
        help_text=_("Leurs codes, séparés par des virgules\u00a0: leurs événements sont comptés ici."),
    )

    class Meta:
        verbose_name = _("agglomération")
        verbose_name_plural = _("agglomérations")
        ordering: ClassVar[list[str]] = ["position", "name"]
        db_table_comment = "A town of the ecosystem, in its order along the river"
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="agglomeration_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Sector(models.Model):
    """What an organisation works in, as the ecosystem's file tells it."""

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Dans les adresses."))
    name = models.CharField(_("nom"), max_length=60)
    name_en = models.CharField(_("nom en anglais"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        verbose_name = _("secteur")
        verbose_name_plural = _("secteurs")
        ordering: ClassVar[list[str]] = ["position", "name"]
        db_table_comment = "What organisations of the ecosystem work in"
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="sector_has_a_name")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the language of the screen."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class OrganisationProfileQuerySet(models.QuerySet["OrganisationProfile"]):
    """Reads the file of the ecosystem."""

    def listed(self) -> Self:
        """Those that agreed to be shown to everyone, and have not taken it back."""
        standing = ListingConsent.objects.standing().filter(organisation=models.OuterRef("organisation"))
        return self.filter(models.Exists(standing))


class OrganisationProfile(models.Model):
    """An organisation as the ecosystem's file tells it; no contact person stands here."""

    class Kind(models.TextChoices):
        STARTUP = "startup", _("start-up")
        COMPANY = "company", _("entreprise")
        ASSOCIATION = "association", _("association")
        SCHOOL = "school", _("école ou université")
        PUBLIC = "public", _("acteur public")
        FUNDER = "funder", _("financeur privé")
        KEY_ACCOUNT = "key_account", _("grand compte")
        INCUBATOR = "incubator", _("incubateur ou accélérateur")

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="profile", verbose_name=_("organisation")
    )
    kind = models.CharField(_("genre"), max_length=12, choices=Kind, blank=True)
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="profiles", verbose_name=_("secteur")
    )
    agglomeration = models.ForeignKey(
        Agglomeration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="profiles",
        verbose_name=_("agglomération"),
    )
    city = models.CharField(_("ville"), max_length=80, blank=True)
    founded_on = models.DateField(_("créée le"), null=True, blank=True)
    ceased_on = models.DateField(_("arrêtée le"), null=True, blank=True)
    website = models.URLField(_("site web"), max_length=200, blank=True)
    siren = models.CharField(_("SIREN"), max_length=9, blank=True, validators=[known_siren])
    description = models.TextField(_("présentation publique"), max_length=600, blank=True)

    objects = OrganisationProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiche de l’écosystème")
        verbose_name_plural = _("fiches de l’écosystème")
        db_table_comment = "What the file of the ecosystem tells of an organisation"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["", *KINDS]), name="organisation_kind_is_known"),
            models.CheckConstraint(
                condition=Q(siren="") | Q(siren__regex=r"^[0-9]{9}$"), name="siren_has_nine_digits"
            ),
            models.UniqueConstraint(
                fields=["siren"], condition=~Q(siren=""), name="siren_is_of_one_organisation"
            ),
            models.CheckConstraint(
                condition=Q(ceased_on=None) | Q(founded_on=None) | Q(ceased_on__gte=models.F("founded_on")),
                name="organisation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class OrganisationFact(models.Model):
    """A number that an organisation gave, or that was read of it, for a year, with where it comes from."""

    class Measure(models.TextChoices):
        JOBS = "jobs", _("emplois")
        TURNOVER = "turnover", _("chiffre d’affaires (€)")
        RAISED = "raised", _("fonds levés (€)")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="facts", verbose_name=_("organisation")
    )
    year = models.PositiveSmallIntegerField(
        _("année"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    measure = models.CharField(_("mesure"), max_length=8, choices=Measure, default=Measure.JOBS)
    value = models.DecimalField(
        _("valeur"), max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    source = models.CharField(
        _("source"),
        max_length=160,
        help_text=_("D’où vient ce chiffre\u00a0: un questionnaire, un registre."),
    )

    class Meta:
        verbose_name = _("chiffre daté")
        verbose_name_plural = _("chiffres datés")
        ordering: ClassVar[list[str]] = ["-year", "measure"]
        db_table_comment = "A number of an organisation for a year, with its source"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "measure"], name="fact_is_told_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["jobs", "turnover", "raised"]), name="fact_measure_is_known"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="fact_is_not_negative"),
            models.CheckConstraint(condition=~Q(source=""), name="fact_has_a_source"),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="fact_year_is_of_our_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()} {self.year}"

    def clean(self) -> None:
        """People are counted whole."""
        if self.measure == self.Measure.JOBS and self.value is not None and self.value % 1:
            raise ValidationError({"value": _("Un nombre d’emplois est entier.")})


class ListingConsentQuerySet(models.QuerySet["ListingConsent"]):
    """Reads who agreed to be listed."""

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)


class ListingConsent(models.Model):
    """An organisation agreed to be shown to everyone: to which words, who said so, when, until when."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="listing_consents", verbose_name=_("organisation")
    )
    text = models.TextField(_("texte accepté"))
    language = models.CharField(_("langue"), max_length=2)
    source = models.CharField(_("donné comment"), max_length=160, blank=True)
    given_at = models.DateTimeField(_("donné le"), default=timezone.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="listing_consents",
        verbose_name=_("donné par"),
    )
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    objects = ListingConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accord pour être montrée")
        verbose_name_plural = _("accords pour être montrée")
        ordering: ClassVar[list[str]] = ["-given_at", "-pk"]
        db_table_comment = "An organisation agreed to be shown to everyone, to which words and when"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(withdrawn_at=None),
                name="organisation_agrees_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="listing_consent_has_its_words"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=models.F("given_at")),
                name="listing_consent_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.given_at:%Y-%m-%d}"

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return self.withdrawn_at is None
