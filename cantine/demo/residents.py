"""The demonstration's residents: organisations whose people come every week; all of them are invented.

Each organisation is a member and books the desks and rooms of a month on its first day, on one order that it
pays on invoice (`cantine.demo.accounts`).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from billing.customers import customer_for_organisation
from billing.models import Customer
from bookings.models import Site
from cantine.demo import accounts
from cantine.demo.accounts import Wish
from cantine.demo.diary import Diary
from cantine.demo.people import person
from cantine.demo.rhythm import busy
from cantine.pilotage.figures.months import between, last_day, month_of, shift
from members.models import Affiliation, Membership, Organisation, User

FAMILY_NAME = "Témoin"
HOUR = time(8)
PAID_AFTER, TERMS_DAYS = timedelta(days=26), 30
WORKING_DAYS = 20
PRESENCE = 0.68
"""How likely someone comes on a day as busy as any other."""
HALVES, WEIGHTS = ("day", "morning", "afternoon"), (6, 3, 1)
MEETING_HOURS, LENGTHS = (10, 10, 11, 14, 14, 15, 16), (1, 1, 2)


@dataclass(frozen=True)
class Team:
    """An organisation of the demonstration: since how many months, who comes, how many meetings a month.

    `names` are first names; each has a desk of their own, the first of `desks`, the next ones after it.
    """

    site: str
    organisation: str
    since: int
    names: tuple[str, ...]
    desk: int
    rooms: tuple[str, ...]
    meetings: int


ROOMS = ("pommier", "poirier", "cabine")
TEAMS = (
    Team("rouen", "Nuage de Colombages", 12, ("Anémone", "Basilic"), 1, ROOMS, 2),
    Team("rouen", "Les Mains Savantes", 10, ("Capucine",), 3, ROOMS, 2),
    Team("rouen", "Pouls d’Argile", 9, ("Dahlia", "Érable"), 4, ROOMS, 3),
    Team("rouen", "Moulin Réversible", 7, ("Fougère", "Genêt"), 8, ROOMS, 3),
    Team("rouen", "Pomme Pilote", 5, ("Hysope", "Iris"), 10, ROOMS, 3),
    Team("rouen", "Gargouille Vidéo", 4, ("Jonquille", "Laurier"), 12, ROOMS, 3),
    Team("rouen", "Ateliers du Gros Bit", 2, ("Mélisse", "Narcisse"), 14, ROOMS, 3),
    Team("le-havre", "Bouée Bavarde", 11, ("Oseille",), 1, ("bollard",), 2),
    Team("le-havre", "Conteneur Malin", 7, ("Pervenche", "Romarin"), 2, ("bollard",), 3),
    Team("le-havre", "Houle Électrique", 3, ("Sauge",), 4, ("bollard",), 3),
    Team("caen", "Pierre à Code", 10, ("Tilleul",), 1, ("plume", "alcove"), 3),
    Team("caen", "Tapisserie Interactive", 6, ("Verveine",), 2, ("plume", "alcove"), 3),
    Team("caen", "Noyau Tendre", 3, ("Yuzu",), 3, ("plume", "alcove"), 3),
)


@dataclass(frozen=True)
class Settled:
    """A team with its people and its spaces, and where its orders are noted; `by` looks after them."""

    team: Team
    site: Site
    customer: Customer
    people: Sequence[User]
    by: User
    diary: Diary
    busy_days: frozenset[date]

    def order(self, month: date, now: datetime) -> None:
        """Order a month, and pay in time."""
        order = accounts.order_month(
            self.site, self.customer, list(wishes_of(self, month)), by=self.by, now=now, until=self.diary.now
        )
        if order is not None:
            day = (now + PAID_AFTER).astimezone(self.site.zone).date()
            self.diary.note(day, HOUR, self.site.zone, partial(accounts.pay, order, self.by))


def build(*, sites: Sequence[Site], by: User, diary: Diary, busy_days: frozenset[date]) -> None:
    """Let every team in, and note in `diary` what it orders each month: no room on `busy_days`."""
    places = {site.code: site for site in sites}
    today = diary.now.astimezone(sites[0].zone).date()
    for team in TEAMS:
        site, joined = places[team.site], shift(month_of(today), -team.since)
        customer, people = _let_in(team, site, joined)
        settled = Settled(team, site, customer, people, by, diary, busy_days)
        for month in between(shift(joined, 1), month_of(today)):
            diary.note(month, HOUR, site.zone, partial(settled.order, month))


def _let_in(team: Team, site: Site, joined: date) -> tuple[Customer, list[User]]:
    organisation = Organisation.objects.get(name=team.organisation)
    people = [person(f"{name} {FAMILY_NAME}") for name in team.names]
    Affiliation.objects.bulk_create(
        Affiliation(organisation=organisation, user=user, may_pay=not place, is_owner=not place)
        for place, user in enumerate(people)
    )
    Membership.objects.create(organisation=organisation, valid_from=joined)
    customer = customer_for_organisation(organisation, email=people[0].email)
    customer.terms_days, customer.buyer = TERMS_DAYS, Customer.Buyer.BUSINESS
    customer.address, customer.postcode, customer.city = "4, place Imaginaire", site.postcode, site.city
    customer.save()
    return customer, people


def wishes_of(settled: Settled, month: date) -> Iterator[Wish]:
    """What a team would like of a month: the same whenever it is told."""
    team = settled.team
    spaces = {space.code: space for space in settled.site.spaces.all()}
    chance = random.Random(f"{team.organisation} {month}")  # noqa: S311 - nothing secret
    days = [month + timedelta(days=each) for each in range(last_day(month).day)]
    for number, user in enumerate(settled.people, team.desk):
        for day in days:
            if chance.random() < PRESENCE * busy(day):
                yield Wish(spaces[f"poste-{number:02}"], day, user, half=chance.choices(HALVES, WEIGHTS)[0])
    for day in chance.sample(days, len(days)):
        if day not in settled.busy_days and chance.random() < team.meetings * busy(day) / WORKING_DAYS:
            room, hour = spaces[chance.choice(team.rooms)], chance.choice(MEETING_HOURS)
            hours = (time(hour), time(hour + chance.choice(LENGTHS)))
            yield Wish(room, day, chance.choice(settled.people), hours=hours)
