"""The scale of cancellations: how much of a rental is kept, by how early it is cancelled. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.money import HUNDRED, ZERO, round2

Scale = Sequence[Sequence[int]]
"""Pairs of days before and percent kept, the most days first."""
WHOLE = 100


def percent_kept(scale: Scale, days: int) -> int:
    """How much is kept of a rental cancelled so many days before; all of it later than the last step.

    Nothing where no scale was promised: it then takes an agreement, not a rule.
    """
    if not scale:
        return 0
    return next((percent for before, percent in scale if days >= before), WHOLE)


@dataclass(frozen=True, slots=True)
class Cost:
    """What cancelling comes to, in euros with VAT: kept by the scale, paid in advance.

    `withdrawn` where a consumer goes back on the contract in time: the scale then counts for nothing.
    """

    percent: int
    kept: Decimal
    paid: Decimal
    withdrawn: bool = False

    @property
    def given_back(self) -> Decimal:
        """What goes back of the advance."""
        return max(self.paid - self.kept, ZERO)

    @property
    def rest(self) -> Decimal:
        """What the scale would keep beyond the advance: asked by the manager, or not."""
        return max(self.kept - self.paid, ZERO)


def cost_of(scale: Scale, *, days: int, total: Decimal, paid: Decimal) -> Cost:
    """What cancelling a rental of `total` comes to, so many days before."""
    percent = percent_kept(scale, days)
    return Cost(percent, round2(total * Decimal(percent) / HUNDRED), paid)


def scale_said(scale: Scale) -> str:
    """« Jusqu’à 30 jours avant : 0 % gardés. Jusqu’à… Ensuite : 100 % gardés. », in the active language."""
    steps = [_step_said(before, percent) for before, percent in scale if before]
    last = percent_kept(scale, 0) if scale else 0
    return " ".join([*steps, _("Ensuite\u00a0: %(percent)s\u00a0%% gardés.") % {"percent": last}])


def _step_said(before: int, percent: int) -> str:
    said = ngettext(
        "Jusqu’à %(days)s\u00a0jour avant\u00a0: %(percent)s\u00a0%% gardés.",
        "Jusqu’à %(days)s\u00a0jours avant\u00a0: %(percent)s\u00a0%% gardés.",
        before,
    )
    return said % {"days": before, "percent": percent}
