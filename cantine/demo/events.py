"""The demonstration's events, written, published and registered for by the same use cases as everyone's."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import count, islice

from bookings.models import Site
from bookings.period import at
from cantine.demo.people import Cast
from events.models import Category, Event
from events.services.drafts import Draft, QuestionDraft, TicketDraft
from events.services.publishing import publish_event, submit_event
from events.services.registering import register
from events.services.writing import write_event
from members.errors import Refused
from members.models import User

TRIES = 6
SATURDAY = 5
FREE = TicketDraft("free")


@dataclass(frozen=True)
class Written:
    """One event of the programme: how many days from today, when, where, for how many."""

    days: int
    starts: time
    hours: float
    room: str
    title: str
    category: str
    text: str
    capacity: int
    tickets: tuple[TicketDraft, ...] = (FREE,)
    questions: tuple[QuestionDraft, ...] = ()
    registered: int = 0
    link: str = ""
    tags: tuple[str, ...] = ()


PROGRAMME = (
    Written(
        -21, time(18, 30), 2, "quai", "Cartes et territoires : dessiner avec des données ouvertes",
        "conference",
        "Trois cartes, trois manières de les lire.\n\n- Trouver les données\n- Les nettoyer\n- Les dessiner",
        20, registered=14, tags=("French Tech",),
    ),
    Written(
        2, time(18, 30), 2, "quai", "Apéro des WebXperts", "rencontre",
        "On se retrouve autour de la table. Chacun apporte **une chose à partager** : une idée, un plat, une "
        "question.",
        30, registered=11,
    ),
    Written(
        5, time(12, 30), 1.25, "verger", "Midi technique : une grille qui tient à 360 pixels", "atelier",
        "Apportez une page qui déborde sur téléphone : nous la reprendrons ensemble, à la règle et au zoom. "
        "Le repas est tiré du sac, le café est offert.\n\n## Déroulé\n\n- Les trois causes\n"
        "- La grille, les tailles minimales, les mots longs\n- Votre page, en direct",
        16, questions=(QuestionDraft("Avez-vous un régime particulier ?"),), registered=12,
    ),
    Written(
        9, time(18), 2, "poirier", "Raconter son projet en cinq minutes", "conference",
        "Six personnes, cinq minutes chacune, puis les questions de la salle.", 6, registered=8,
    ),
    Written(
        13, time(9), 8, "verger", "Formation : rendre un site accessible", "formation",
        "Une journée pour apprendre à voir, à tester et à corriger.\n\n1. Le clavier\n2. Les contrastes\n"
        "3. Les formulaires",
        12, tickets=(TicketDraft("paid", price=Decimal("180.00"), member_price=Decimal("140.00"), limit=2),),
    ),
    Written(
        15, time(19), 2.5, "quai", "Soirée jeux et tartes aux pommes", "repas",
        "Les jeux sont sur la table, les tartes au four.", 24,
        tickets=(TicketDraft("open", price=Decimal("5.00"), name="Participation"),),
    ),
    Written(
        16, time(12, 30), 1, "", "Visio : vos questions sur la facture électronique", "rencontre",
        "Une heure de questions, sans diapositive.", 80, registered=5, link="https://visio.example/facture",
    ),
)  # fmt: skip
PROPOSED = Written(
    20, time(8, 30), 1.5, "verger", "Petit-déjeuner des nouvelles et nouveaux", "repas",
    "Café, tartines, et le tour de la table.", 12,
)  # fmt: skip


def build(*, site: Site, cast: Cast, now: datetime, chance: random.Random) -> int:
    """Publish the programme at `site`, and leave one proposal to review; return how many events there are."""
    volunteer = User.objects.get(email="volunteer@cantine.example")
    people = [customer.user for customer in cast.customers if customer.user is not None]
    for each in PROGRAMME:
        told = now if each.days > 0 else now + timedelta(days=each.days - 10)
        event = published(each, site, volunteer, told, now)
        if event is not None:
            _register(event, chance.sample(people, min(each.registered, len(people))), told)
    with suppress(Refused):
        author, later = cast.coworker, next(_weekdays(PROPOSED, site, now))
        submit_event(event=_write(PROPOSED, site, author, now, now, later=later), by=author, now=now)
    return Event.objects.count()


def published(
    each: Written, site: Site, by: User, told: datetime, now: datetime, *, tries: int = TRIES
) -> Event | None:
    """Publish on the day, or on the first of the weekdays after it when its room is free."""
    for later in islice(_weekdays(each, site, now), tries):
        event = _write(each, site, by, told, now, later=later)
        try:
            return publish_event(event=event, by=by, now=told)
        except Refused:
            event.tickets.all().delete()
            event.questions.all().delete()
            event.delete()
    return None


def _weekdays(each: Written, site: Site, now: datetime) -> Iterator[int]:
    """How many days after the one written there is a weekday."""
    first = now.astimezone(site.zone).date() + timedelta(days=each.days)
    return (later for later in count() if (first + timedelta(days=later)).weekday() < SATURDAY)


def _write(each: Written, site: Site, by: User, told: datetime, now: datetime, *, later: int = 0) -> Event:
    day = now.astimezone(site.zone).date() + timedelta(days=each.days + later)
    starts = at(day, each.starts, site.zone)
    draft = Draft(
        title=each.title.replace(" : ", "\u00a0: "),
        category=Category.objects.get(code=each.category),
        site=site,
        starts_at=starts,
        ends_at=starts + timedelta(hours=each.hours),
        description=each.text.replace(" : ", "\u00a0: "),
        where="online" if each.link else "room",
        online_link=each.link,
        space=site.spaces.filter(code=each.room).first(),
        capacity=each.capacity,
        tickets=each.tickets,
        questions=each.questions,
        tags=each.tags,
    )
    return write_event(draft=draft, by=by, now=told)


def _register(event: Event, people: list[User], now: datetime) -> None:
    ticket = event.tickets.all()[0]
    for user in people:
        with suppress(Refused):
            register(
                event=event,
                ticket=ticket,
                user=user,
                name=user.name,
                email=user.email,
                language=user.language,
                now=now,
            )
