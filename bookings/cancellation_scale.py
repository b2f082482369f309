"""The scale of cancellations: how much of a rental is kept, by how early it is cancelled. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
class Bill:
    """What was received for a rental, what its invoices may keep of it, and what is owed on them; euros."""

    paid: Decimal = ZERO
    invoiced: Decimal = ZERO
    owed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Cost:
    """What cancelling comes to, in euros with VAT: kept by the scale, of what was paid and invoiced.

    `withdrawn` where a consumer goes back on the contract in time: the scale then counts for nothing.
    """

    percent: int
    kept: Decimal
    bill: Bill
    withdrawn: bool = False

    @property
    def paid(self) -> Decimal:
        """What was received."""
        return self.bill.paid

    @property
    def held(self) -> Decimal:
        """What stays invoiced."""
        return min(self.kept, self.bill.invoiced)

    @property
    def given_back(self) -> Decimal:
        """What goes back of what was paid."""
        return max(self.paid - self.held, ZERO)

    @property
    def due(self) -> Decimal:
        """What is still to be paid of what stays invoiced."""
        return max(self.held - self.paid, ZERO)

    @property
    def lifted(self) -> Decimal:
        """What was owed and is no more."""
        return max(self.bill.owed - self.due, ZERO)

    @property
    def rest(self) -> Decimal:
        """What the scale would keep beyond what is invoiced: asked by the manager, or not."""
        return self.kept - self.held


def cost_of(scale: Scale, *, days: int, total: Decimal, bill: Bill) -> Cost:
    """What cancelling a rental of `total` comes to, so many days before."""
    percent = percent_kept(scale, days)
    return Cost(percent, _kept(total, percent), bill)


@dataclass(frozen=True, slots=True)
class Step:
    """Cancelled by `until`, that day included, `kept` euros are kept; no `until` is any later."""

    until: date | None
    percent: int
    kept: Decimal


def steps_of(scale: Scale, *, start: date, total: Decimal, today: date) -> list[Step]:
    """What cancelling a rental of `total` that begins on `start` comes to, by day, from today on."""
    steps = [_step(start - timedelta(days=before), percent, total) for before, percent in scale if before]
    last = Step(None, percent_kept(scale, 0), _kept(total, percent_kept(scale, 0)))
    return [*(step for step in steps if step.until is None or step.until >= today), last] if scale else []


def _step(until: date, percent: int, total: Decimal) -> Step:
    return Step(until, percent, _kept(total, percent))


def _kept(total: Decimal, percent: int) -> Decimal:
    return round2(total * Decimal(percent) / HUNDRED)


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
