"""What is owed about a request: to who asked, and to who answers; in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from billing.models import Document
from bookings.models import RentalChange, RentalDay, RentalQuote, RentalRequest
from bookings.services.telling import answerers
from members.messages import owing
from members.models import Message

RIGHT = "bookings.answer_rentalrequest"
ASKER = "asker"
"""Who asked, in the key of a message: never an address, since a key is kept."""


def owe_received(request: RentalRequest) -> None:
    """Step: owe the receipt with the private link, and tell who answers."""
    receipt = owing.letter(
        to=request.email,
        template="rentals/received",
        key=f"rentals:received:{request.pk}:{ASKER}",
        language=request.language,
        request=request.pk,
    )
    owing.owe(receipt, *_to_answerers(request, "to_answer"))


def owe_withdrawn(request: RentalRequest) -> None:
    """Step: tell who answers that there is nothing to answer any more."""
    owing.owe(*_to_answerers(request, "withdrawn"))


CHANGE_TOLD_EVERY = timedelta(hours=1)


def owe_change(change: RentalChange, *, now: datetime) -> None:
    """Step: owe the receipt of a change asked for, and tell who answers: an e-mail an hour each at most.

    They say what waits for an answer when they go out: what still has to go says a later change too.
    """
    request = change.request
    told = Message.objects.filter(
        template__in=["rentals/change_received", "rentals/change_asked"], ids__request=request.pk
    )
    if told.owed().exists():
        return
    last = told.aggregate(last=Max("due_at"))["last"]
    due = max(now, last + CHANGE_TOLD_EVERY) if last is not None else now
    receipt = owing.letter(
        to=request.email,
        template="rentals/change_received",
        key=f"rentals:change_received:{change.pk}:{ASKER}",
        language=request.language,
        due_at=due,
        request=request.pk,
    )
    owing.owe(receipt, *_to_answerers(request, "change_asked", about=change.pk, due_at=due))


def owe_change_answered(change: RentalChange) -> None:
    """Step: owe the answer to a change asked for."""
    request = change.request
    letter = owing.letter(
        to=request.email,
        template="rentals/change_answered",
        key=f"rentals:change_answered:{change.pk}:{ASKER}",
        language=request.language,
        request=request.pk,
        change=change.pk,
    )
    owing.owe(letter)


def _to_answerers(
    request: RentalRequest, name: str, *, about: int | None = None, due_at: datetime | None = None
) -> list[Message]:
    return [
        owing.letter(
            to=each.email,
            template=f"rentals/{name}",
            key=f"rentals:{name}:{about or request.pk}:{each.mark}",
            language=each.language,
            due_at=due_at,
            request=request.pk,
            **each.ids,
        )
        for each in answerers(RIGHT, request.site)
    ]


def owe_quote(rental: RentalQuote) -> None:
    """Step: owe the quote with its link to who asked; it waits for the PDF."""
    owing.owe(_to_asker(rental, "rentals/quote", "quote", attachments=[f"quote:{rental.quote_id}"]))


def owe_accepted(rental: RentalQuote) -> None:
    """Step: acknowledge an acceptance, with what was accepted; tell who answers."""
    letter = _to_asker(rental, NEWS, "accepted", attachments=[f"quote:{rental.quote_id}"])
    owing.owe(letter, *_to_desk(rental, "accepted"))


def owe_confirmed(rental: RentalQuote, document: Document | None) -> None:
    """Step: say that the advance is paid and the spaces are sure, with the invoice; once."""
    attached = [f"document:{document.pk}"] if document is not None else []
    owing.owe(_to_asker(rental, NEWS, "confirmed", attachments=attached), *_to_desk(rental, "paid"))


def owe_done(rental: RentalQuote, document: Document | None) -> None:
    """Step: owe the final invoice; once."""
    attached = [f"document:{document.pk}"] if document is not None else []
    owing.owe(_to_asker(rental, NEWS, "done", attachments=attached))


def owe_cancelled(rental: RentalQuote) -> None:
    """Step: tell both that the rental is cancelled, and what that comes to; it leaves their agenda."""
    noted = RentalDay.objects.filter(rental=rental, reminded_at__isnull=False).exists()
    entry = [_entry(rental)] if noted else []
    owing.owe(_to_asker(rental, NEWS, "cancelled", attachments=entry), *_to_desk(rental, "cancelled"))


def owe_reminder(rental: RentalQuote) -> None:
    """Step: owe the reminder with the access sheet and the calendar entry; once."""
    owing.owe(_to_asker(rental, "rentals/reminder", "reminder", attachments=[_entry(rental)]))


def owe_changed(rental: RentalQuote, changed: set[str], *, version: int) -> None:
    """Step: owe what changed, with what an earlier letter has not said yet."""
    owed = Message.objects.owed().filter(template="rentals/changed", ids__rental=rental.pk)
    unsaid = {name for said in owed.values_list("ids__said", flat=True) for name in said}
    said = [name for name in ("when", "where", "people", "layout", "contact") if name in changed | unsaid]
    news, files = f"changed-{version}", [_entry(rental)]
    owing.owe(_to_asker(rental, "rentals/changed", news, attachments=files, said=said, version=version))


def owe_thanks(rental: RentalQuote) -> None:
    """Step: owe the thanks of the morning after, with the way to say what one thought of it; once."""
    owing.owe(_to_asker(rental, "rentals/thanks", "thanks"))


def _entry(rental: RentalQuote) -> str:
    return f"rental-ics:{rental.pk}"


def owe_news(rental: RentalQuote, news: str) -> None:
    """Step: tell who asked what became of their quote (bookings/quote_messages.py)."""
    owing.owe(_to_asker(rental, NEWS, news))


def owe_desk(rental: RentalQuote, news: str) -> None:
    """Step: tell who answers what became of a quote."""
    owing.owe(*_to_desk(rental, news))


NEWS = "rentals/quote_news"


def _to_asker(
    rental: RentalQuote, template: str, news: str, attachments: Sequence[str] = (), **more: Any
) -> Message:
    request = rental.request
    return owing.letter(
        to=request.email,
        template=template,
        key=f"rentals:{news}:{rental.quote_id}:{ASKER}",
        language=request.language,
        attachments=attachments,
        rental=rental.pk,
        request=request.pk,
        news=news,
        **more,
    )


def _to_desk(rental: RentalQuote, news: str) -> list[Message]:
    return [
        owing.letter(
            to=each.email,
            template="rentals/quote_desk",
            key=f"rentals:desk-{news}:{rental.quote_id}:{each.mark}",
            language=each.language,
            rental=rental.pk,
            request=rental.request_id,
            news=news,
            **each.ids,
        )
        for each in answerers(RIGHT, rental.request.site)
    ]
