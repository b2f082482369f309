"""What a quote prints, text by text, from what was fixed when it was sent."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from billing.documents.content import buyer_said, seller_said
from billing.models import Quote
from billing.quotes.wording import advance_said, lines_said, sums_said
from billing.sellers import issues_specimens
from members.formats import date_long, known


def printed(quote: Quote) -> dict[str, Any]:
    """Write every text of a quote in its language."""
    with translation.override(quote.language):
        return _printed(quote, quote.words, known(quote.language))


def _printed(quote: Quote, words: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "language": language,
        "title": _("Devis"),
        "number": quote.number,
        "specimen": _("SPÉCIMEN") if issues_specimens(quote.seller) else "",
        "seller": {"label": _("Vendeur"), **seller_said(words["seller"])},
        "buyer": {"label": _("Client"), **buyer_said(words["buyer"])},
        "dates": _dates(quote, language),
        "subject": [{"label": label, "value": value} for label, value in words["subject"]],
        "message": [line.strip() for line in quote.message.splitlines() if line.strip()],
        "columns": [_("Désignation"), _("Quantité"), _("Prix HT"), _("TVA"), _("Total HT")],
        "lines": [
            {
                "label": line.label,
                "detail": line.detail,
                "quantity": line.quantity,
                "price": line.price,
                "rate": line.rate,
                "amount": line.amount,
            }
            for line in lines_said(quote, language)
        ],
        "totals": [{"label": label, "value": value} for label, value in sums_said(quote, language)],
        "rules": rules_said(quote, language),
        "mentions": [mention["text"] for mention in words["mentions"]],
        "accept": _("Ce devis s’accepte en ligne, par le lien du message, ou signé et renvoyé."),
        "sign": _("Bon pour accord\u00a0: date, nom, qualité, signature"),
        "footer": {
            "seller": ", ".join(filter(None, (words["seller"]["name"], words["seller"]["legal_form"]))),
            "middle": quote.number,
            "page": _("Page {n} sur {total}"),
        },
    }


def _dates(quote: Quote, language: str) -> list[dict[str, str]]:
    sent = quote.sent_at or quote.created_at
    entries = [
        (_("Établi le"), date_long(_day(quote, sent), language)),
        (_("Valable jusqu’au"), date_long(_day(quote, quote.last_day), language)),
        (_("Version"), str(quote.version)),
    ]
    return [{"label": label, "value": value, "more": ""} for label, value in entries]


def _day(quote: Quote, when: dt.datetime) -> dt.date:
    return when.astimezone(ZoneInfo(quote.seller.timezone)).date()


def rules_said(quote: Quote, language: str) -> list[str]:
    """The advance, what confirms, and the conditions that apply, a sentence each."""
    terms = quote.words["terms"]
    conditions = _("Conditions\u00a0: %(title)s, version %(version)s.") % terms if terms else ""
    return [text for text in (confirmation_said(quote, language), conditions) if text]


def confirmation_said(quote: Quote, language: str) -> str:
    """What makes a quote sure, and what is to be paid for it, in a sentence or two."""
    if not quote.advance_percent or not quote.total_incl:
        return _("La réservation est ferme dès votre acceptation. Rien n’est à payer d’avance.")
    words = {"advance": advance_said(quote, language)}
    if quote.confirmation == Quote.Confirmation.ON_ACCEPTANCE:
        return (
            _("La réservation est ferme dès votre acceptation. Un acompte de %(advance)s est alors dû.")
            % words
        )
    return _("La réservation est ferme quand l’acompte de %(advance)s est payé.") % words
