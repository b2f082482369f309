"""Writing an event, changing it, starting from one that was; who registered is told what concerns them."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events import rights
from events.errors import Changed, EventRefused, Over
from events.models import Event, Organiser, Partner, Question, Speaker, TicketType
from events.services import telling
from events.services.drafts import MINE, Draft, QuestionDraft, TicketDraft
from events.services.readiness import check_ready
from events.services.rooms import clear_the_way, take_room
from events.services.seats import lock_event
from events.services.telling import TOLD
from events.services.waiting import serve
from events.slugs import free_slug
from members.errors import NotAllowed
from members.models import User
from members.transactions import own_transaction, require_transaction

TRIES = 5


class TooFewSeats(EventRefused):
    """A capacity or a quota below what is taken already."""


class TicketKept(EventRefused):
    """A ticket that people have may not change its nature."""

    message = _("Des personnes ont déjà ce tarif\u00a0: il ne peut pas devenir gratuit, payant ou libre.")
    instead = _("Ajoutez un autre tarif, et retirez celui-ci.")


@own_transaction
def write_event(*, draft: Draft, by: User, now: datetime) -> Event:
    """Write a new event as a draft; members' are proposals, which others review."""
    if not rights.may_propose(by, now):
        raise NotAllowed
    event = Event(
        created_by=by,
        created_at=now,
        is_proposal=not rights.may_organise(by),
    )
    _fill(event, draft, now=now)
    _save_new(event)
    _write_parts(event, draft)
    return event


def _save_new(event: Event) -> None:
    """Step: save a new event under an address of its own; another with the same words may come first."""
    day = event.starts_at.astimezone(event.site.zone).date()
    for _try in range(TRIES):
        event.slug = free_slug(event.title, day)
        try:
            with transaction.atomic():
                event.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise Changed


@own_transaction
def change_event(
    *, event: Event, draft: Draft, by: User, now: datetime, read: datetime | None = None
) -> Event:
    """Change an event; its room follows in the same transaction, who registered is told what concerns them.

    `read` is the `changed_at` of what the draft was made from. Raises `Changed` when it was changed since,
    `AlreadyTaken` when the room is not free, `TooFewSeats` below what is taken, `Over`, `TicketKept`, or what
    `check_ready` finds missing of what people can read: nothing is written.
    """
    if event.state != Event.State.DRAFT:
        clear_the_way(draft.space, draft.taken_period, now=now)
    found = lock_event(event)
    if found.is_cancelled or not Event.objects.editable_by(by).filter(pk=found.pk).exists():
        raise NotAllowed
    if read is not None and read != found.changed_at:
        raise Changed
    _refuse_to_move_the_past(found, draft, now)
    before = {name: [getattr(found, field) for field in fields] for name, fields in TOLD.items()}
    _fill(found, draft, now=now)
    if found.capacity is not None and found.capacity < found.seats_taken:
        raise TooFewSeats(_taken_sentence(found.seats_taken))
    changed = {name for name, fields in TOLD.items() if before[name] != [getattr(found, f) for f in fields]}
    if changed and found.is_published:
        found.sequence += 1
    found.save()
    _write_parts(found, draft)
    if found.state in {Event.State.SUBMITTED, Event.State.PUBLISHED}:
        check_ready(found)
        take_room(found, sure=found.is_published, now=now)
    if found.is_published:
        _let_go_freely(found, changed)
        if changed:
            telling.owe_changed(found, changed, now=now)
        serve(lock_event(found), now=now)
    return found


def _refuse_to_move_the_past(event: Event, draft: Draft, now: datetime) -> None:
    moved = (event.starts_at, event.ends_at) != (draft.starts_at, draft.ends_at)
    if event.is_published and event.starts_at <= now and moved:
        raise Over


def _let_go_freely(event: Event, changed: set[str]) -> None:
    """Step: who paid for another date or place than the new one may leave with all their money."""
    if {"when", "where"}.intersection(changed):
        paid = event.registrations.active().filter(line__isnull=False)
        paid.update(refunded_until=event.starts_at)


def _fill(event: Event, draft: Draft, *, now: datetime) -> None:
    for name in MINE:
        value = getattr(draft, name)
        setattr(event, name, list(value) if name == "tags" else value)
    if event.where != Event.Where.ROOM:
        event.space = None
    if event.capacity is None and event.space is not None and draft.tickets:
        event.capacity = max(event.space.capacity, event.seats_taken)
    event.changed_at = now
    _fill_picture(event, draft)


def _fill_picture(event: Event, draft: Draft) -> None:
    if draft.drop_picture:
        event.picture = event.picture_small = event.picture_alt = ""
        event.picture_width = event.picture_height = None
    if draft.picture is not None:
        event.picture, event.picture_small = draft.picture.large, draft.picture.small
        event.picture_width, event.picture_height = draft.picture.width, draft.picture.height
    if event.picture:
        event.picture_alt = draft.picture_alt


def _write_parts(event: Event, draft: Draft) -> None:
    require_transaction()
    _write_tickets(event, draft.tickets)
    _write_questions(event, draft.questions)
    event.speakers.all().delete()
    Speaker.objects.bulk_create(
        Speaker(event=event, position=n, name=name, about=about)
        for n, (name, about) in enumerate(draft.speakers)
    )
    event.partners.all().delete()
    Partner.objects.bulk_create(
        Partner(event=event, position=n, name=name, link=link)
        for n, (name, link) in enumerate(draft.partners)
    )
    event.organisers.exclude(user__in=draft.organisers).delete()
    for user in draft.organisers:
        Organiser.objects.get_or_create(event=event, user=user)


def _write_tickets(event: Event, drafts: tuple[TicketDraft, ...]) -> None:
    """Step: write the tickets; one that people have is no longer offered, but stays."""
    kept: set[int] = set()
    had = {ticket.pk: ticket for ticket in event.tickets.all()}
    for position, draft in enumerate(drafts):
        ticket = had.get(draft.pk or 0) or TicketType(event=event)
        if ticket.pk and ticket.pricing != draft.pricing and _is_had(ticket):
            raise TicketKept
        for name, value in draft.values().items():
            setattr(ticket, name, value)
        if ticket.quota is not None and ticket.quota < ticket.seats_taken:
            raise TooFewSeats(_taken_sentence(ticket.seats_taken))
        ticket.position, ticket.is_active = position, True
        ticket.save()
        kept.add(ticket.pk)
    gone = event.tickets.exclude(pk__in=kept)
    gone.filter(registrations__isnull=True).delete()
    gone.update(is_active=False)


def _is_had(ticket: TicketType) -> bool:
    return ticket.registrations.standing().exists()


def _write_questions(event: Event, drafts: tuple[QuestionDraft, ...]) -> None:
    """Step: write the questions; one that was answered is no longer asked, but stays with its answers."""
    kept: set[int] = set()
    had = {question.pk: question for question in event.questions.all()}
    for position, draft in enumerate(drafts):
        question = had.get(draft.pk or 0) or Question(event=event)
        question.label, question.kind, question.choices = draft.label, draft.kind, list(draft.choices)
        question.is_required, question.position, question.is_active = draft.is_required, position, True
        question.save()
        kept.add(question.pk)
    gone = event.questions.exclude(pk__in=kept)
    gone.filter(answers__isnull=True).delete()
    gone.update(is_active=False)


def _taken_sentence(taken: int) -> str:
    text = ngettext(
        "%(count)s place est déjà prise\u00a0: gardez-en au moins autant.",
        "%(count)s places sont déjà prises\u00a0: gardez-en au moins autant.",
        taken,
    )
    return text % {"count": taken}


@own_transaction
def duplicate_event(*, event: Event, by: User, now: datetime) -> Event:
    """Start a draft from an event that was, on the same weekday and hour, the first that is still ahead."""
    readable = Event.objects.visible_to(by, now).filter(pk=event.pk)
    if not rights.may_propose(by, now) or not readable.exists():
        raise NotAllowed
    weeks = max(1, (now - event.starts_at) // timedelta(weeks=1) + 1)
    source = Event.objects.select_related("site").get(pk=event.pk)
    starts, ends = _weeks_later(source.starts_at, weeks, source), _weeks_later(source.ends_at, weeks, source)
    copy = Event(
        created_by=by,
        created_at=now,
        changed_at=now,
        is_proposal=not rights.may_organise(by),
        starts_at=starts,
        ends_at=ends,
    )
    for name in set(MINE) - {"starts_at", "ends_at", "visible_from"}:
        setattr(copy, name, getattr(source, name))
    if not Event.objects.run_by(by).filter(pk=source.pk).exists():
        copy.online_link = ""  # it is for who has a seat
    for name in ("picture", "picture_small", "picture_alt", "picture_width", "picture_height"):
        setattr(copy, name, getattr(source, name))
    _save_new(copy)
    _copy_parts(source, copy)
    return copy


def _weeks_later(when: datetime, weeks: int, event: Event) -> datetime:
    """The same hour by the clocks of the site, whatever the season."""
    return when.astimezone(event.site.zone) + timedelta(weeks=weeks)


def _copy_parts(source: Event, copy: Event) -> None:
    for ticket in source.tickets.filter(is_active=True):
        ticket.pk, ticket.event, ticket.seats_taken = None, copy, 0
        ticket.opens_at = ticket.closes_at = None
        ticket._state.adding = True
        ticket.save()
    for rows in (source.questions.filter(is_active=True), source.speakers.all(), source.partners.all()):
        for row in rows:
            row.pk, row.event = None, copy
            row._state.adding = True
            row.save()
