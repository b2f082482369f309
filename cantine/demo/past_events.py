"""The events of the demonstration's year that is over, each published in its time.

Free ones are filled in few statements, by members and by invented guests; paid ones by the use cases of
everyone.
"""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from django.db.models import Q

from billing.models import Customer
from billing.settlement.services import take_at_desk
from bookings.models import Site
from cantine.demo.diary import Diary
from cantine.demo.events import SATURDAY, Written, published
from cantine.demo.people import Cast, address_of
from events.models import Attendance, Event, Registration, Seat
from events.services.drafts import TicketDraft
from events.services.registering import register
from events.services.seats import lock_event, take_seats
from members.errors import Refused
from members.models import User
from members.transactions import own_transaction

TOLD, BOUGHT = timedelta(days=18), timedelta(days=6)
MORNING, LATE = time(9), time(23)
"""What issues documents does so in the morning, before the year's bookings of the day after are made."""
ABSENT = 5
"""One in so many who registered does not come."""
MONTH = 30
GUESTS = tuple(
    f"{first} {last}"
    for last in ("Public", "Visite", "Curieux")
    for first in (
        "Abricot", "Bergamote", "Cannelle", "Datte", "Estragon", "Figue", "Girofle", "Houblon", "Mirabelle",
        "Noisette", "Origan", "Pavot", "Quetsche", "Rhubarbe", "Safran", "Topinambour", "Vanille", "Wasabi",
    )
)  # fmt: skip
LUNCH = Written(
    -9, time(12, 30), 1.25, "quai", "Midi technique", "atelier",
    "Une question, une heure, un repas tiré du sac.", 24, registered=12,
)  # fmt: skip
DRINKS = Written(
    -20, time(18, 30), 2, "quai", "Apéro des WebXperts", "rencontre",
    "On se retrouve autour de la table. Chacun apporte **une chose à partager**.", 40, registered=24,
)  # fmt: skip
TOGETHER = Written(
    -26, time(18, 30), 2, "quai", "Trois villes, un label : où en sommes-nous", "conference",
    "Le point avec les trois villes, puis les questions de la salle.", 50, registered=34,
    tags=("French Tech",),
)  # fmt: skip
TRAINING = Written(
    -16, time(9), 8, "verger", "Formation : rendre un site accessible", "formation",
    "Une journée pour apprendre à voir, à tester et à corriger.", 12, registered=4,
    tickets=(TicketDraft("paid", price=Decimal("180.00"), member_price=Decimal("140.00"), limit=2),),
)  # fmt: skip
GAMES = Written(
    -12, time(19), 2.5, "quai", "Soirée jeux et tartes aux pommes", "repas",
    "Les jeux sont sur la table, les tartes au four.", 24, registered=7,
    tickets=(TicketDraft("open", price=Decimal("8.00"), name="Participation"),),
)  # fmt: skip
HELD: tuple[tuple[Written, tuple[int, ...]], ...] = (
    (LUNCH, (0, 2, 4, 7, 9)),
    (DRINKS, (1, 2, 4, 5, 6, 8, 10)),
    (TOGETHER, (0, 3, 9)),
    (TRAINING, (0, 1, 3, 5, 8)),
    (GAMES, (1, 5)),
)
"""Which is held how many months ago."""


@dataclass(frozen=True)
class Evening:
    """An event of the past, to be announced on its day; what becomes of it is noted once it is."""

    written: Written
    site: Site
    by: User
    people: Sequence[User]
    diary: Diary

    def announce(self, now: datetime) -> None:
        """Publish it; where its room is taken it is not held."""
        event = published(self.written, self.site, self.by, now, self.diary.now, tries=1)
        if event is None:
            return
        chance = random.Random(event.slug)  # noqa: S311 - nothing secret
        chosen = chance.sample(self.people, min(len(self.people), self.written.registered))
        fill = _fill if self.written.tickets[0].pricing == "free" else _sell
        day = event.local.start.date()
        self.diary.note(day - BOUGHT, MORNING, self.site.zone, partial(fill, event, chosen, self.by))
        self.diary.note(day, LATE, self.site.zone, partial(_hold, event, self.by))


def build(*, site: Site, cast: Cast, diary: Diary, rented: frozenset[date]) -> frozenset[date]:
    """Note in `diary` the events of the year, never on a day that is `rented`; return their days."""
    volunteer = User.objects.get(email="volunteer@cantine.example")
    people = [customer.user for customer in cast.customers if customer.user is not None]
    Customer.objects.bulk_create(
        Customer(kind=Customer.Kind.CONTACT, name=name, email=address_of(name)) for name in GUESTS
    )
    today, days = diary.now.astimezone(site.zone).date(), set[date]()
    for written, months in HELD:
        for ago in months:
            day = _day_of(today + timedelta(days=written.days - MONTH * ago), rented | days)
            days.add(day)
            each = Evening(replace(written, days=(day - today).days), site, volunteer, people, diary)
            diary.note(day - TOLD, MORNING, site.zone, each.announce)
    return frozenset(days)


def _day_of(day: date, taken: frozenset[date]) -> date:
    """The last weekday up to `day` on which nothing else is."""
    while day.weekday() >= SATURDAY or day in taken:
        day -= timedelta(days=1)
    return day


def _sell(event: Event, people: Sequence[User], by: User, now: datetime) -> None:
    """Register, and pay at the desk."""
    for user in people:
        with suppress(Refused):
            made = register(
                event=event,
                ticket=event.tickets.all()[0],
                user=user,
                name=user.name,
                email=user.email,
                language=user.language,
                now=now,
            )
            if made.line is not None:
                take_at_desk(order=made.line.order, method="terminal", by=by, now=now)


@own_transaction
def _fill(event: Event, people: Sequence[User], by: User, now: datetime) -> None:
    """Confirm a seat for a third of `people`, and for guests in place of the others."""
    found, members = lock_event(event), people[: len(people) // 3]
    guests = len(people) - len(members)
    names = random.Random(event.slug).sample(GUESTS, guests)  # noqa: S311 - nothing secret
    coming = Q(user__in=members) | Q(
        kind=Customer.Kind.CONTACT, email__in=[address_of(name) for name in names]
    )
    made = Registration.objects.bulk_create(
        Registration(
            event=found,
            ticket=found.tickets.all()[0],
            customer=customer,
            user_id=customer.user_id,
            name=customer.name,
            email=customer.email,
            state=Registration.State.CONFIRMED,
            created_at=now,
            confirmed_at=now,
        )
        for customer in Customer.objects.filter(coming).order_by("pk")
    )
    Seat.objects.bulk_create(Seat(registration=row, position=1, name=row.name) for row in made)
    take_seats(found, found.tickets.all()[0], len(made))


def _hold(event: Event, by: User, now: datetime) -> None:
    """Let it take place: most of those who registered come."""
    seats = Seat.objects.filter(
        registration__event=event, registration__state=Registration.State.CONFIRMED
    ).order_by("pk")
    Attendance.objects.bulk_create(
        Attendance(seat=seat, at=event.starts_at, by=by) for place, seat in enumerate(seats) if place % ABSENT
    )
    Event.objects.filter(pk=event.pk).update(thanked_at=now)
