"""What may be had of an event, at what price, and what is asked of who comes."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TicketType(models.Model):
    """A sort of place at an event: free, at a price, or pay-what-you-like."""

    class Pricing(models.TextChoices):
        FREE = "free", _("Gratuit")
        PAID = "paid", _("Payant")
        OPEN = "open", _("Prix libre")

    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="tickets", verbose_name=_("événement")
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    name = models.CharField(_("nom"), max_length=80, blank=True)
    pricing = models.CharField(_("tarification"), max_length=4, choices=Pricing, default=Pricing.FREE)
    price = models.DecimalField(
        _("prix TTC"),
        max_digits=8,
        decimal_places=2,
        default=Decimal("0.00"),
        help_text=_("Pour un prix libre\u00a0: ce qui est suggéré."),
    )
    member_price = models.DecimalField(
        _("prix membre TTC"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    quota = models.PositiveIntegerField(_("places de ce tarif"), null=True, blank=True)
    seats_taken = models.PositiveIntegerField(_("places prises"), default=0)
    opens_at = models.DateTimeField(_("inscriptions à partir du"), null=True, blank=True)
    closes_at = models.DateTimeField(_("inscriptions jusqu’au"), null=True, blank=True)
    limit = models.PositiveSmallIntegerField(_("places par personne"), default=4)
    is_active = models.BooleanField(_("proposé"), default=True)

    class Meta:
        verbose_name = _("tarif d’un événement")
        verbose_name_plural = _("tarifs d’événements")
        ordering: ClassVar[list[str]] = ["event", "position", "pk"]
        db_table_comment = "A sort of place at an event, with its price, quota and window"
        constraints = [
            models.CheckConstraint(
                condition=Q(quota=None) | Q(seats_taken__lte=F("quota")), name="ticket_quota_is_never_passed"
            ),
            models.CheckConstraint(
                condition=Q(pricing__in=["free", "paid", "open"]), name="ticket_pricing_is_known"
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="ticket_price_is_never_negative"),
            models.CheckConstraint(
                condition=Q(member_price=None) | Q(member_price__gte=0),
                name="ticket_member_price_is_never_negative",
            ),
            models.CheckConstraint(
                condition=~Q(pricing="free") | Q(price=0, member_price=None), name="free_ticket_has_no_price"
            ),
            models.CheckConstraint(
                condition=~Q(pricing="paid") | Q(price__gt=0), name="paid_ticket_has_a_price"
            ),
            models.CheckConstraint(condition=Q(limit__gte=1), name="ticket_lets_someone_in"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name, or what it costs where it has none: « Plein tarif », « Gratuit »."""
        return self.name or str(self.get_pricing_display())

    @property
    def seats_left(self) -> int | None:
        """What is left of its own quota; None where it has none."""
        return None if self.quota is None else max(self.quota - self.seats_taken, 0)

    def price_for(self, *, member: bool) -> Decimal:
        """Euros, VAT included, for one seat (what is suggested, where the price is open)."""
        return self.member_price if member and self.member_price is not None else self.price

    def has_opened(self, now: datetime) -> bool:
        """Whether its window has begun."""
        return self.opens_at is None or self.opens_at <= now

    def has_closed(self, now: datetime, starts_at: datetime) -> bool:
        """Whether its window is over: at its end, or when the event begins."""
        return now >= min(self.closes_at or starts_at, starts_at)


class Question(models.Model):
    """What the organiser asks of who registers."""

    class Kind(models.TextChoices):
        TEXT = "text", _("réponse courte")
        CHOICE = "choice", _("choix")
        YES_NO = "yes_no", _("oui ou non")

    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="questions", verbose_name=_("événement")
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    label = models.CharField(_("question"), max_length=160)
    kind = models.CharField(_("sorte"), max_length=6, choices=Kind, default=Kind.TEXT)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=_("choix"))
    is_required = models.BooleanField(_("obligatoire"), default=False)
    is_active = models.BooleanField(_("posée"), default=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar[list[str]] = ["event", "position", "pk"]
        db_table_comment = "What the organiser asks of who registers"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["text", "choice", "yes_no"]), name="question_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.label
