"""The demonstration's budget, agreement and commitments: every sum, funder and promise is invented."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from bookings.models import Site
from cantine.pilotage.figures.months import between, month_of, shift
from cantine.pilotage.models import Agreement, BudgetLine, Commitment, Indicator, Meeting, Target
from cantine.pilotage.services.commitments import keep_commitment
from members.models import User

PAST, COMING = 23, 12
FUNDER, REGION = "Métropole imaginaire", "Région inventée"
COSTS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "rouen": (
        ("Loyer et charges", "Pépinière imaginaire", 3450),
        ("Électricité et chauffage", "Énergie fictive", 480),
        ("Accès internet", "Fibre de papier", 190),
        ("Ménage, café et petites fournitures", "Boutique inventée", 460),
        ("Assurance", "Mutuelle inventée des Brumes", 140),
    ),
    "le-havre": (("Mise à disposition de l’étage", "Port de Papier", 1450),),
    "caen": (("Mise à disposition de la salle", "Pépinière fictive", 1100),),
}
OF_THE_SELLER = ("Poste de gestion, part du lieu", "Salaires et charges, chiffre inventé", 4180)
GRANTS = ((FUNDER, 2000, 4000), (REGION, 650, 650))
"""A month, before the agreement and since: the first doubles its share, for two years."""
WINTER, MORE_HEAT = frozenset({11, 12, 1, 2, 3}), 160


def build(*, sites: Sequence[Site], by: User, now: datetime) -> None:
    """Enter two years behind and one ahead, and what was promised around today."""
    today = now.astimezone(sites[0].zone).date()
    month = month_of(today)
    with transaction.atomic():
        months = between(shift(month, -PAST), shift(month, COMING))
        BudgetLine.objects.bulk_create(lines_of(sites, months, agreed=shift(month, -11)))
        Target.objects.create(
            start_month=shift(month, -11), start_percent=10, due_month=shift(month, 12), percent=100
        )
        _agree(month)
        _promise(today)
    done = Commitment.objects.order_by("due_on").first()
    if done is not None:
        keep_commitment(commitment=done, by=by, now=now - timedelta(days=9))


def lines_of(sites: Sequence[Site], months: Sequence[date], *, agreed: date) -> Iterator[BudgetLine]:
    """The lines of every month: winters cost more to heat; from `agreed` on the first funder gives more."""
    first = sites[0]
    for month in months:
        for site in sites:
            for label, source, amount in COSTS[site.code]:
                heat = MORE_HEAT if "chauffage" in label and month.month in WINTER else 0
                yield BudgetLine(site=site, label=label, source=source, month=month, amount=amount + heat)
        label, source, amount = OF_THE_SELLER
        yield BudgetLine(seller=first.seller, label=label, source=source, month=month, amount=amount)
        for funder, before, since in GRANTS:
            yield BudgetLine(
                site=first,
                kind=BudgetLine.Kind.GRANT,
                label="Subvention de fonctionnement",
                source=funder,
                month=month,
                amount=since if month >= agreed else before,
            )


def _agree(month: date) -> None:
    agreement = Agreement.objects.create(
        funder=FUNDER,
        first_month=shift(month, -11),
        last_month=shift(month, 12),
        amount=Decimal(96000),
        note="Convention inventée pour la démonstration.",
    )
    end = shift(month, 13) - timedelta(days=1)
    figures = Indicator.Figure
    Indicator.objects.bulk_create(
        Indicator(agreement=agreement, name=name, figure=figure, target=target, due_on=end, reached=reached)
        for name, figure, target, reached in (
            ("Part des coûts couverte par les recettes propres, en %", figures.COVERAGE, 100, None),
            ("Recettes propres sur douze mois, en euros", figures.INCOME, 60000, None),
            ("Événements ouverts au public sur douze mois", figures.EVENTS, 20, None),
            ("Emplois dans les entreprises accueillies", figures.BY_HAND, 40, 27),
        )
    )


def _promise(today: date) -> None:
    Commitment.objects.bulk_create(
        Commitment(to_whom=whom, what=what, due_on=today + timedelta(days=days))
        for whom, what, days in (
            (FUNDER, "Rapport du trimestre passé", -12),
            (FUNDER, "Rapport du trimestre, avec les chiffres et leur commentaire", 24),
            (REGION, "Justificatifs de la subvention", 58),
            ("Comité French Tech imaginaire", "Fiche commune des trois villes, à jour", 6),
        )
    )
    Meeting.objects.bulk_create(
        Meeting(committee="Comité de pilotage French Tech", held_on=today + timedelta(days=days), place=place)
        for days, place in ((-75, "Le Havre, salle imaginaire"), (17, "Caen, salle imaginaire"))
    )
