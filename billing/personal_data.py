"""What this room knows of a person: who they pay as, what they ordered and paid, what the law keeps."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from billing.models import (
    Anomaly,
    BuyerCorrection,
    CashCount,
    CashMovement,
    Correction,
    Customer,
    Document,
    DocumentFile,
    DocumentHandover,
    DunningPause,
    Order,
    OrderLine,
    Payment,
    PaymentEvent,
    Payout,
    Quote,
    QuoteFile,
    Refund,
    Remittance,
    Seller,
    TechnicalEvent,
    TillArchive,
    Transfer,
    WriteOff,
)
from billing.payments.keeping import credits_left
from billing.quotes.buyers import say_less, still_said
from members.models import User
from members.own_data import nobody
from members.personal_data import Copy, File, Matter
from members.rows import told
from members.services.people import addresses_of

KNOWN = (
    Anomaly, BuyerCorrection, Correction, Customer, DocumentHandover, DunningPause, Order, Payment,
    PaymentEvent, Payout, Quote, Refund, Remittance, Transfer, CashCount, CashMovement, TechnicalEvent,
    TillArchive, WriteOff,
    Seller,  # the address of the house itself
)  # fmt: skip
"""But for customers and who placed an order, they name who of the staff did it; a number is left of them."""
WORDS = ("name", "address", "postcode", "city", "siren", "vat_number", "service_code", "stripe_id")
ON_THEIR_WAY = (Refund.State.REQUESTED, Refund.State.PENDING)


def customers_of(person: User) -> "QuerySet[Customer]":
    """Who they pay as: themselves, and a contact by an address of theirs."""
    contact = Q(kind=Customer.Kind.CONTACT, email__in=addresses_of(person))
    return Customer.objects.filter(Q(user=person) | contact)


SAID: dict[str, str | Promise] = {
    "customers": _("le client que vous êtes\u00a0: nom, adresse, conditions"),
    "orders": _("vos commandes"),
    "order_lines": _("les lignes de vos commandes"),
    "payments": _("vos paiements"),
    "refunds": _("vos remboursements"),
    "transfers": _("vos virements"),
    "documents": _("vos factures et avoirs"),
    "quotes": _("vos devis, avec la preuve de leur acceptation et qui y achète"),
    "buyer_corrections": _("qui achète par vos devis, tel que corrigé depuis"),
}


def copy(person: User) -> Copy:
    """Read what they ordered, paid and were sent."""
    own = customers_of(person)
    orders = Order.objects.filter(Q(customer__in=own) | Q(placed_by=person))
    payments = Payment.objects.filter(order__customer__in=own)
    documents = Document.objects.filter(customer__in=own)
    rows = {
        "customers": told(own, "kind", "email", "buyer", "country", "language", *WORDS, "created_at"),
        "orders": told(orders, "public_id", "state", "means", "site_code", "created_at", "accepted_at"),
        "order_lines": told(
            OrderLine.objects.filter(order__in=orders),
            "order__public_id", "label", "detail", "quantity", "unit", "amount_incl", "supplied_on",
        ),
        "payments": told(
            payments, "order__public_id", "method", "state", "amount", "refunded", "succeeded_at"
        ),
        "refunds": told(
            Refund.objects.filter(payment__in=payments),
            "amount", "reason", "state", "requested_at", "done_at",
        ),
        "transfers": told(Transfer.objects.filter(customer__in=own), "received_on", "amount", "reference"),
        "documents": told(documents, "number", "kind", "issued_on", "due_on", "total_excl", "total_incl"),
        "quotes": told(
            Quote.objects.filter(customer__in=own).sent(),
            "reference", "version", "state", "total_incl", "sent_at", "accepted_at", "accepted_name",
            "accepted_ip", "accepted_agent", "accepted_buyer",
        ),
        "buyer_corrections": told(
            BuyerCorrection.objects.filter(quote__customer__in=own), "quote__reference", "words", "at"
        ),
    }  # fmt: skip
    return Copy(rows, SAID, [*_document_files(documents), *_quote_files(own)])


def _document_files(documents: "QuerySet[Document]") -> Iterator[File]:
    for row in DocumentFile.objects.filter(document__in=documents).select_related("document__seller"):
        numbered = f"{row.document.seller.code}/{row.document.number}"  # each seller counts by itself
        yield File(f"documents/{numbered}.{row.kind}", partial(_content, row))


def _quote_files(own: "QuerySet[Customer]") -> Iterator[File]:
    for row in QuoteFile.objects.filter(quote__customer__in=own).select_related("quote__seller"):
        yield File(
            f"documents/{row.quote.seller.code}/{row.quote.reference}-{row.quote.version}.pdf",
            partial(_content, row),
        )


def _content(row: DocumentFile | QuoteFile) -> bytes:
    with row.file.open("rb") as file:
        content: bytes = file.read()
    return content


def matters(person: User, *, now: datetime) -> Iterator[Matter]:
    """What is owed is paid and what is on its way has arrived first; documents stay."""
    own = customers_of(person)
    for document in Document.objects.unpaid().filter(customer__in=own).select_related("seller", "customer"):
        text = _("Le document %(number)s reste à payer.") % {"number": document.number}
        url = reverse("billing:settle", args=[document.seller.code, document.number])
        own_page = document.customer.user_id is not None  # a contact's has no page of theirs
        yield Matter(text, url if own_page else "", _("Le régler"), blocks=True)
    payments = Payment.objects.filter(order__customer__in=own)
    if payments.on_their_way().exists() or payments.filter(state=Payment.State.DISPUTED).exists():
        yield Matter(_("Un paiement est en cours. Attendez qu’il aboutisse."), blocks=True)
    if Refund.objects.filter(payment__in=payments, state__in=ON_THEIR_WAY).exists():
        yield Matter(_("Un remboursement est en cours. Attendez qu’il aboutisse."), blocks=True)
    kept = Correction.objects.left().filter(credit_note__customer__in=own)
    if credits_left().filter(order__customer__in=own).exists() or kept.exists():
        credit = _("Il vous reste un avoir. Écrivez-nous pour qu’il vous soit rendu.")
        yield Matter(credit, blocks=True)
    if number := Document.objects.filter(customer__in=own).count():
        yield Matter(_kept(number))


def _kept(number: int) -> str:
    text = ngettext_lazy(
        "%(n)s facture ou avoir est gardé dix ans, comme la loi l’oblige, sans lien avec votre compte.",
        "%(n)s factures ou avoirs sont gardés dix ans, comme la loi l’oblige, sans lien avec votre compte.",
        "n",
    )
    return str(text % {"n": number})


def erase(person: User, *, now: datetime) -> None:
    """Step: leave of a customer its number. What was issued stays: it holds no names (decision 4)."""
    own = customers_of(person).select_for_update(no_key=True).order_by("pk")
    for customer in own:
        for name in WORDS:
            setattr(customer, name, "")
        customer.email = (
            nobody(person.pk) if customer.user_id else f"efface-client-{customer.pk}@cantine.invalid"
        )
        customer.save(update_fields=[*WORDS, "email"])
        Order.objects.filter(customer=customer).exclude(purchase_order="", agreed_buyer=None).update(
            purchase_order="", agreed_buyer=None
        )
        say_less(customer)


def left(people: "QuerySet[User]") -> Iterator[str]:
    """The customer of an erased account says nothing of who it was, nor do quotes that led to no document."""
    nothing = Q(**dict.fromkeys(WORDS, ""), email__endswith="@cantine.invalid")
    for customer in Customer.objects.filter(user__in=people).exclude(nothing):
        yield f"customer {customer.pk} of the erased account {customer.user_id} still says who it was"
    for row, field in still_said(Customer.objects.filter(user__in=people)):
        yield f"{row._meta.model_name} {row.pk} still says in {field} who an erased account was"
