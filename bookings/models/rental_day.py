"""The day of a rental: who is to be reached, what its holder was told, and what they thought of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.rental import RentalLayout
from bookings.models.rental_quote import RentalQuote


class RentalDay(models.Model):
    """What is kept of the day beside the quote; `told` is what its holder was last told of it.

    `people` and `layout` are what stands where that is no longer what was agreed (bookings/stay.py).
    """

    rental = models.OneToOneField(
        RentalQuote, models.PROTECT, related_name="day", verbose_name=_("devis de location")
    )
    contact_name = models.CharField(_("personne à joindre"), max_length=120, blank=True)
    contact_phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    reminded_at = models.DateTimeField(_("rappelée le"), null=True, blank=True)
    told = models.JSONField(_("ce qui a été dit"), default=dict, blank=True)
    told_at = models.DateTimeField(_("dit le"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(_("version pour les agendas"), default=0)
    moved_at = models.DateTimeField(_("déplacée le"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("personnes"), null=True, blank=True)
    layout = models.CharField(  # noqa: DJ001 - None: as it was agreed; empty: to be seen together
        _("disposition"), max_length=9, choices=RentalLayout.Kind, blank=True, null=True
    )
    thanked_at = models.DateTimeField(_("remerciée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("jour de location")
        verbose_name_plural = _("jours de location")
        ordering: ClassVar[list[str]] = ["-pk"]
        db_table_comment = "Who is to be reached on the day of a rental, and what its holder was told"
        constraints = [
            models.CheckConstraint(
                condition=Q(reminded_at=None) | Q(told_at__isnull=False),
                name="reminded_rental_keeps_what_was_told",
            ),
            models.CheckConstraint(
                condition=Q(people=None) | Q(people__gte=1), name="rental_day_is_for_someone"
            ),
            models.CheckConstraint(
                condition=Q(layout=None) | Q(layout__in=["", *RentalLayout.Kind.values]),
                name="rental_day_layout_is_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.rental)


class RentalFeedback(models.Model):
    """What who rented thought of it: a mark, whether they would again, a few words."""

    rental = models.OneToOneField(
        RentalQuote, models.PROTECT, related_name="feedback", verbose_name=_("devis de location")
    )
    rating = models.PositiveSmallIntegerField(_("note"))
    again = models.BooleanField(_("louerait de nouveau"))
    text = models.TextField(_("commentaire"), blank=True)
    at = models.DateTimeField(_("écrit le"))
    changed_at = models.DateTimeField(_("modifié le"), null=True, blank=True)

    class Meta:
        verbose_name = _("avis sur une location")
        verbose_name_plural = _("avis sur des locations")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        db_table_comment = "What who rented thought of it"
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="rental_feedback_is_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating}"
