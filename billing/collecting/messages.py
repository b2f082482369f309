"""What a dunning letter says, read when it is about to be sent; dropped when it is no longer true."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from billing.collecting.dunning import TEMPLATE, may_be_dunned
from billing.collecting.owed import days_late
from billing.documents.paying import transfer_asked
from billing.models import DunningLetter
from billing.placeholders import filled
from members.formats import date_long, euros, known
from members.messages import kinds


def dunning(ids: dict[str, Any]) -> dict[str, Any] | None:
    """A letter about what is still late; paid, paused, credited or disputed meanwhile, it is not sent."""
    letter = DunningLetter.objects.select_related("step").filter(pk=ids["letter"]).first()
    today = timezone.localdate()
    document = may_be_dunned(today).filter(pk=letter.document_id).first() if letter else None
    if letter is None or document is None:
        return None
    language, words = known(get_language()), document.snapshot.content
    step = letter.step
    subject, text = (step.subject_en, step.text_en) if language == "en" else (step.subject_fr, step.text_fr)
    values = {
        "nom": words["buyer"]["name"],
        "numero": document.number,
        "montant": euros(document.owed, language),
        "echeance": date_long(document.due_on or document.issued_on, language),
        "retard": str(days_late(document, today)),
        "vendeur": words["seller"]["name"],
    }
    return {
        "subject": filled(subject, values),
        "paragraphs": [part for part in filled(text, values).split("\n\n") if part.strip()],
        "document": document,
        "letter": letter,
        "asked": transfer_asked(words["seller"], owed=document.owed, number=document.number),
        "documents_url": settings.PUBLIC_URL + reverse("billing:documents"),
    }


def register() -> None:
    """Declare the letter."""
    kinds.register(TEMPLATE, dunning, label=gettext_lazy("relance"))
