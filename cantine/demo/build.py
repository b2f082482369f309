"""Fill an empty database with the demonstration."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from bookings.models import Site
from bookings.services.rentals import erasing as rentals_erasing
from cantine.demo import (
    board,
    collecting,
    ecosystem,
    events,
    past_events,
    payouts,
    people,
    pilotage,
    places,
    rentals,
    reports,
    residents,
    till,
)
from cantine.demo.diary import Diary
from cantine.demo.ways import LETTERS
from cantine.demo.year import PAST_DAYS, Year
from events.services import erasing as events_erasing
from members.models import Message, User

SEED = 76140


def is_empty() -> bool:
    """Say whether no site was ever made here."""
    return not Site.objects.exists()


def build(*, password: str, now: datetime, tell: Callable[[str], object]) -> int:
    """Create places, people and their year, told from `now`; return how many bookings were made."""
    chance = random.Random(SEED)  # noqa: S311 - the same demonstration every time, nothing secret
    with connection.cursor() as cursor:
        # What a crash could lose here is made again by starting over: no need to wait for the disk.
        cursor.execute("SET synchronous_commit = off")
    try:
        today = now.date()
        since = today - timedelta(days=PAST_DAYS + 30)
        with transaction.atomic():
            sites = places.build(since=since)
            cast = people.build(password=password, today=today, chance=chance)
            ecosystem.build(now=now, today=today)
        diary = Diary(now)
        rented = rentals.build(sites=sites, since=since, diary=diary, by=cast.manager)
        with transaction.atomic():
            held = past_events.build(site=sites[0], cast=cast, diary=diary, rented=rented)
            residents.build(sites=sites, by=cast.manager, diary=diary, busy_days=rented | held)
        collecting.note_letters(diary=diary, since=since, zone=sites[0].zone)
        till.note_counts(diary=diary, site=sites[0], by=cast.manager, zone=sites[0].zone)
        written = Year(sites=sites, cast=cast, now=now, chance=chance, tell=tell, diary=diary).write()
        events.build(site=sites[0], cast=cast, now=now, chance=chance)
        collecting.build(cast=cast, now=now)
        treasurer = User.objects.get(email=people.TREASURER)
        payouts.build(by=treasurer, now=now)
        till.give_to_the_bank(by=treasurer, now=now)
        board.build(now=now)
        pilotage.build(sites=sites, by=cast.manager, now=now)
        till.close(now)
        reports.build(by=User.objects.get(pk=cast.manager.pk), now=now)  # with the sites given since
        rentals_erasing.erase_due(now)  # as the nights of the year would have done
        events_erasing.erase_due(now)
        _forget_messages_of_the_past()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
    return written


def _forget_messages_of_the_past() -> None:
    """The year's confirmations would fill the mailbox on the first day: what was due is dropped.

    They were owed while it was written, a little after the instant it is told from. The letters of rentals
    were sent in their time, but for the last ones.
    """
    past = Message.objects.filter(state=Message.OWED, due_at__lte=timezone.now())
    past.exclude(template__startswith=LETTERS).update(state=Message.DROPPED)
