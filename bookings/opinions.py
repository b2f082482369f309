"""What who rented thought of it: one opinion in words, and what they come to for a space."""

from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DecimalField, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.documents.sums import number
from bookings.models import RentalFeedback
from bookings.quote_words import language

TENTH = Decimal("0.1")


def opinion_said(given: RentalFeedback) -> str:
    """« 4 sur 5 · louerait de nouveau · Très bien reçus. »."""
    again = _("louerait de nouveau") if given.again else _("ne louerait pas de nouveau")
    parts = (_("%(rating)s sur 5") % {"rating": given.rating}, again, given.text)
    return " · ".join(each for each in parts if each)


def with_opinions(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Rentable spaces with `opinions`, `rating` and `again`: of the rentals that took place there."""
    given = RentalFeedback.objects.filter(rental__options__booking__space=OuterRef("space"))
    mine = given.order_by().values("rental__options__booking__space")
    counted = mine.annotate(n=Count("pk")).values("n")
    average = mine.annotate(mean=Avg("rating", output_field=DecimalField())).values("mean")
    again = mine.annotate(n=Count("pk", filter=Q(again=True))).values("n")
    told: QuerySet[Any] = rows.annotate(
        opinions=Subquery(counted, output_field=IntegerField()),
        rating=Subquery(average, output_field=DecimalField()),
        again=Subquery(again, output_field=IntegerField()),
    )
    return told


def summary_said(row: Any) -> str:
    """« 4,5 sur 5 · 2 avis · 1 louerait de nouveau »; nothing where nobody said anything."""
    if not getattr(row, "opinions", None):  # nor of a space that is being added
        return "–"
    count = ngettext("%(number)s avis reçu", "%(number)s avis reçus", row.opinions) % {"number": row.opinions}
    again = ngettext("%(count)s louerait de nouveau", "%(count)s loueraient de nouveau", row.again or 0)
    mean = _("%(rating)s sur 5") % {"rating": number(row.rating.quantize(TENTH), language())}
    return " · ".join((mean, count, again % {"count": row.again or 0}))
