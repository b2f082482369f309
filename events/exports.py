"""Who comes to an event, as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.models import OrderLine
from events.models import Event, Registration
from members.spreadsheets import BOM, plain


def table_of(event: Event) -> str:
    """The registrations that stand or wait, a line each, with semicolons; no answer becomes a formula."""
    questions = list(event.questions.all())
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    heads = (_("Nom"), _("Adresse électronique"), _("Places"), _("Noms"), _("Tarif"), _("État"), _("Payé"))
    table.writerow(plain([*heads, _("Arrivées"), _("Inscrit le"), *(each.label for each in questions)]))
    for registration in _rows(event):
        answers = {each.question_id: each.text for each in registration.answers.all()}
        asked = (answers.get(question.pk, "") for question in questions)
        table.writerow(plain([*_facts(registration), *asked]))
    return BOM + written.getvalue()


def _rows(event: Event) -> Iterable[Registration]:
    rows = event.registrations.standing().filter(erased_at=None).order_by("name", "pk")
    return rows.select_related("ticket", "line").prefetch_related("places__attendance", "answers")


def _facts(registration: Registration) -> Iterator[str]:
    places = list(registration.places.all())
    line = registration.line
    paid = "" if line is None else _("oui") if line.state == OrderLine.State.FULFILLED else _("non")
    yield from (registration.name, registration.email, str(registration.seats))
    yield ", ".join(place.name for place in places if place.name)
    yield from (registration.ticket.label, str(registration.get_state_display()), paid)
    yield str(sum(hasattr(place, "attendance") for place in places))
    yield timezone.localtime(registration.created_at).strftime("%Y-%m-%d %H:%M")
