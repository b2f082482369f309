"""What a house needs before it quotes in the demonstration: its discounts and its scale of cancellations."""

from datetime import date

from bookings.models import RentalDiscount, ScaleStep, Site

DISCOUNTS = (
    ("member", 20, "Remise aux membres", "Members’ discount"),
    ("association", 15, "Remise aux associations", "Discount for associations"),
    ("startup", 10, "Remise aux jeunes pousses", "Discount for start-ups"),
    ("school", 25, "Remise aux écoles", "Discount for schools"),
)
SCALE = ((30, 0), (15, 30), (7, 50), (0, 100))


def build_discounts(site: Site, *, since: date) -> None:
    """The rules of discounts of a site, and its scale of cancellations."""
    for days, percent in SCALE:
        ScaleStep.objects.create(site=site, days_before=days, percent_kept=percent, valid_from=since)
    for audience, percent, label, label_en in DISCOUNTS:
        RentalDiscount.objects.create(
            site=site, audience=audience, percent=percent, label=label, label_en=label_en, valid_from=since
        )
