"""Writing to the house, and dealing with what was written."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from bookings.errors_rental import FormSent
from bookings.models import ContactMessage, Site
from bookings.services.telling import answerers
from members import reach
from members.errors import NotAllowed
from members.formats import known
from members.messages import owing
from members.models import User
from members.transactions import own_transaction

RIGHT = "bookings.answer_contactmessage"


@dataclass(frozen=True)
class Written:
    """What somebody writes, as they typed it."""

    name: str
    email: str
    words: str
    phone: str = ""
    language: str = "fr"


@own_transaction
def write_to_house(*, site: Site, written: Written, now: datetime, form_token: str = "") -> ContactMessage:
    """Keep what somebody writes, and tell who answers; a form sent twice (`form_token`) writes once.

    Raises `FormSent` for one that someone else sent before; nothing is written then.
    """
    sent = _sent_before(form_token, written)
    if sent is not None:
        return sent
    message = ContactMessage(
        site=site,
        name=written.name,
        email=written.email,
        phone=written.phone,
        words=written.words,
        language=known(written.language),
        sent_at=now,
        form_token=form_token,
    )
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:  # the same form a moment ago: it waited for that one to be written
        sent = _sent_before(form_token, written)
        if sent is None:
            raise
        return sent
    _tell(message)
    return message


def _sent_before(form_token: str, written: Written) -> ContactMessage | None:
    """Step: what this form wrote before, for the same person."""
    sent = ContactMessage.objects.filter(form_token=form_token).first() if form_token else None
    if sent is not None and (sent.email, sent.name) != (written.email, written.name):
        raise FormSent
    return sent


def _tell(message: ContactMessage) -> None:
    """Step: owe the news to each who answers, and where nobody does to the site's own address."""
    owing.owe(
        *(
            owing.letter(
                to=each.email,
                template="contact/written",
                key=f"contact-written:{message.pk}:{each.mark}",
                language=each.language,
                message=message.pk,
                **each.ids,
            )
            for each in answerers(RIGHT, message.site)
        )
    )


@own_transaction
def deal_with(*, message: ContactMessage, by: User, now: datetime) -> None:
    """Note that somebody has answered; twice keeps the first time and who it was."""
    if not (by.has_perm(RIGHT) and reach.of(by).covers(message.site_id)):
        raise NotAllowed
    ContactMessage.objects.waiting().filter(pk=message.pk).update(dealt_with_at=now, dealt_with_by=by)
