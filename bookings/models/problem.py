"""What people report about a space, and how far it has come."""

from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members import reach

if TYPE_CHECKING:
    from members.models import User


class ProblemQuerySet(models.QuerySet["Problem"]):
    """Whose problems, and which still wait."""

    def visible_to(self, user: "User") -> "ProblemQuerySet":
        """What this person reported; those of her sites for a manager."""
        return self.filter(Q(reported_by=user) | reach.within(Problem, reach.of(user)))

    def unsolved(self) -> "ProblemQuerySet":
        """Those that somebody still has to see to."""
        return self.filter(state__in=Problem.WAITING)

    def new(self) -> "ProblemQuerySet":
        """Those nobody has taken in hand."""
        return self.filter(state=Problem.State.OPEN)

    def names(self) -> set[str]:
        """Every picture that a problem shows."""
        shown = self.exclude(picture_large="").values_list("picture_large", "picture_small")
        return {name for names in shown for name in names}


class Problem(models.Model):
    """A person says what is wrong with a space, or with a site as a whole."""

    class Kind(models.TextChoices):
        BROKEN = "broken", _("cassé ou en panne")
        NETWORK = "network", _("Wi-Fi ou prises")
        CLEAN = "clean", _("propreté")
        COMFORT = "comfort", _("bruit, chauffage, lumière")
        SAFETY = "safety", _("sécurité")
        OTHER = "other", _("autre chose")

    class State(models.TextChoices):
        OPEN = "open", _("signalé")
        IN_HAND = "in_hand", _("pris en charge")
        SOLVED = "solved", _("résolu")

    WAITING = ("open", "in_hand")

    site = models.ForeignKey("bookings.Site", models.PROTECT, related_name="problems", verbose_name=_("site"))
    space = models.ForeignKey(
        "bookings.Space",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name=_("espace"),
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_problems",
        verbose_name=_("signalé par"),
    )
    kind = models.CharField(_("sorte"), max_length=8, choices=Kind)
    words = models.TextField(_("ce qui ne va pas"), max_length=2000)
    picture_large = models.CharField(max_length=60, blank=True, editable=False)
    picture_small = models.CharField(max_length=60, blank=True, editable=False)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.OPEN)
    reported_at = models.DateTimeField(_("signalé le"))
    taken_at = models.DateTimeField(_("pris en charge le"), null=True, blank=True)
    solved_at = models.DateTimeField(_("résolu le"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("suivi par"),
    )
    answer = models.CharField(_("réponse"), max_length=500, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("signalement")
        verbose_name_plural = _("signalements")
        ordering: ClassVar[list[str]] = ["-reported_at", "-id"]
        permissions = [("handle_problem", _("Suit les signalements"))]
        db_table_comment = "What people report about a space"
        indexes = [
            models.Index(
                fields=["reported_at"], condition=Q(state__in=["open", "in_hand"]), name="problem_that_waits"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "in_hand", "solved"]), name="problem_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="solved", solved_at__isnull=False)
                | (~Q(state="solved") & Q(solved_at__isnull=True)),
                name="problem_solved_has_its_time",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="problem_says_what"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="problem_moves_along_its_arrows",
                field="state",
                transitions=[("open", "in_hand"), ("open", "solved"), ("in_hand", "solved")],
            )
        ]

    def __str__(self) -> str:
        return f"{self.where}, {self.get_kind_display()}"

    @property
    def where(self) -> str:
        """The space, or the whole site."""
        return self.space.label if self.space is not None else str(self.site)
