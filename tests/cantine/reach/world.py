"""A whole life at one site: at least one row of everything that /gestion/ lists."""

import datetime as dt
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.db.models import Model

from billing.collecting.pausing import pause
from billing.models import Account, Anomaly, Document, Mention, Payment, Refund, TillClosing
from billing.payments.refunds import request_refund
from billing.settlement.correcting import correct_document
from billing.settlement.services import take_at_desk
from billing.till.archiving import make_archive
from billing.till.closing import close_day
from bookings.models import Booking, ContactMessage, Floor, OpeningHours, Problem, ScaleStep, Site
from bookings.services import closing, presence
from cantine.models import Agreement, BudgetLine, Commitment, Indicator, Meeting, Target
from cantine.report.issuing import issue_report
from cantine.report.links import make_link
from events.models import Feedback
from members import reach
from members.models import User
from tests.billing.collecting.steps import enter
from tests.factories.billing import make_order, make_organisation_customer
from tests.factories.bookings import NOW, SINCE, make_booking, make_confirmed, on
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_membership, make_organisation, make_user
from tests.factories.remittances import make_remittance
from tests.factories.rentals import (
    DAY,
    make_discount,
    make_extra,
    make_rental_request,
    make_rented_house,
    make_won,
)

AT = NOW.astimezone(dt.UTC)


def live(name: str, boss: User) -> Site:
    """Make a site called `name` and something of everything there; every name of it says so."""
    site = make_rented_house(name=name, code=name.lower(), email=f"{name.lower()}@cantine.example")
    Floor.objects.create(site=site, name=f"Étage {name}")
    hours = OpeningHours.objects.filter(site=site).first()
    assert hours is not None
    make_extra(site, name=f"Écran {name}")
    make_discount(site, "member", 10)
    if not ScaleStep.objects.filter(site=site).exists():
        ScaleStep.objects.create(site=site, days_before=0, percent_kept=100, valid_from=SINCE)
    Mention.objects.create(
        seller=site.seller,
        code=f"mention-{name.lower()}",
        language="fr",
        text=f"Mention {name}",
        valid_from=SINCE,
    )
    Account.objects.create(seller=site.seller, role="bank", number="512100", label=f"Banque {name}")
    user = make_user(name=f"Personne {name}", email=f"client-{name.lower()}@cantine.example")
    organisation = make_organisation(user, name=f"Organisation {name}")
    make_membership(organisation=organisation)
    make_membership(user=user)
    paid = booked(site, user)
    sold = make_order(seller=site.seller, site_code=site.code, now=AT)
    make_remittance(sold, by=boss, now=AT)
    company = make_organisation_customer(organisation, terms_days=30, name=f"Client {name}")
    due = make_confirmed(space=site.spaces.get(number=1), customer=company, user=user)
    assert due.line is not None
    document = Document.objects.get(order=due.line.order)
    enter(document, "5.00", now=AT, reference=f"VIR {name}", by=boss)
    pause(
        document=document, customer=None, why="promised", reason=f"Pause {name}", until=DAY, by=boss, now=AT
    )
    presence.arrive(booking=due, by=boss, now=due.period.start)
    refunded(paid, boss)
    credited(paid, boss, f"Avoir {name}")
    Anomaly.objects.create(
        key=f"essai-{name}", kind="mismatch", order=due.line.order, detail=f"Anomalie {name}", noticed_at=AT
    )
    rented(site, name)
    told(site, name, user)
    happened(site, name, boss)
    report = {"title": f"Rapport {name}", "subtitle": "", "tiles": [], "sections": [], "notes": []}
    said: dict[str, Any] = {
        "kind": "quarter",
        "first": AT.date() - timedelta(days=1),
        "last": AT.date() - timedelta(days=1),
        "commentary": "",
        "data": report,
    }
    issue_report(site=site, by=boss, now=AT, **said)
    make_link(label=f"Métropole {name}", site=site, days=30, by=boss, now=AT)
    planned(site, name)
    tomorrow = AT + timedelta(days=20)
    closing.close(
        site=site,
        period=on(tomorrow.date(), time(9), time(12)),
        space=site.spaces.get(code="b"),
        reason=f"Travaux {name}",
        by=boss,
        now=AT,
    )
    close_day(seller=site.seller, now=AT + timedelta(days=1))
    make_archive(closing=TillClosing.objects.filter(seller=site.seller).latest("pk"), by=boss, now=AT)
    return site


def planned(site: Site, name: str) -> None:
    """A budget, what is to be reached with it, and what was promised."""
    month, soon = AT.date().replace(day=1), AT.date() + timedelta(days=9)
    BudgetLine.objects.create(site=site, label=f"Loyer {name}", month=month, amount=900)
    Target.objects.create(site=site, start_month=month, due_month=month.replace(year=2028))
    agreement = Agreement.objects.create(
        site=site, funder=f"Fonds {name}", first_month=month, last_month=month, amount=9000
    )
    Indicator.objects.create(agreement=agreement, name=f"Emplois {name}", target=10, due_on=soon)
    Commitment.objects.create(site=site, to_whom=f"Fonds {name}", what=f"Rapport {name}", due_on=soon)
    Meeting.objects.create(site=site, committee=f"Comité {name}", held_on=soon)


def booked(site: Site, user: User) -> Booking:
    """A room that is held, for who has an account."""
    return make_booking(
        space=site.spaces.get(code="a"),
        user=user,
        period=on(NOW.date() + timedelta(days=2), time(9), time(10)),
    )


def refunded(booking: Booking, boss: User) -> None:
    """Paid at the desk, and half of it to be handed back."""
    assert booking.line is not None
    payment = take_at_desk(order=booking.line.order, method=Payment.Method.CASH, by=boss, now=AT)
    with transaction.atomic():
        request_refund(payment, Decimal("9.00"), reason=Refund.Reason.OVERPAID, now=AT, by=boss)


def credited(booking: Booking, boss: User, reason: str) -> None:
    """A part of it is credited, and kept."""
    assert booking.line is not None
    document = Document.objects.get(order=booking.line.order)
    sums = {document.lines.get(): Decimal("1.00")}
    correct_document(document=document, credits_=sums, reason=reason, by=boss, now=AT, keep=True)


def rented(site: Site, name: str) -> None:
    """A request that waits, and one that was won."""
    make_rental_request(site, name=f"Demande {name}", email=f"demande-{name.lower()}@cantine.example")
    make_won(site, name=f"Locataire {name}", email=f"locataire-{name.lower()}@cantine.example")


def told(site: Site, name: str, user: User) -> None:
    """Something that is wrong with a room, and a message from the contact page."""
    Problem.objects.create(
        site=site,
        space=site.spaces.get(code="a"),
        reported_by=user,
        kind="broken",
        words=f"Lampe {name}",
        reported_at=AT,
    )
    ContactMessage.objects.create(
        site=site,
        name=f"Curieux {name}",
        email=f"curieux-{name.lower()}@cantine.example",
        words=f"Bonjour {name}",
        sent_at=AT,
    )


def happened(site: Site, name: str, boss: User) -> None:
    """An event with a registration and what somebody thought of it."""
    event = make_event(site=site, title=f"Soirée {name}", slug=f"soiree-{name.lower()}")
    registration = make_registration(event, name=f"Inscrit {name}")
    Feedback.objects.create(event=event, registration=registration, rating=4, text=f"Avis {name}", at=AT)


def rows() -> dict[type[Model], set[Any]]:
    """Every row of each model that belongs to sites and that /gestion/ knows."""
    models = [model for model in apps.get_models() if reach.has_rule(model)]
    return {model: set(model._default_manager.values_list("pk", flat=True)) for model in models}


def listed() -> list[type[Model]]:
    """The models that have a list in /gestion/ and belong to sites."""
    return [model for model in admin.site._registry if reach.has_rule(model)]
