"""How a document says it is to be paid: words that follow the balance, and the EPC QR code."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from segno import make_qr

from billing.collecting.transfers import Part, Received, receive_transfer
from billing.documents.attaching import xml_of
from billing.documents.content import content
from billing.documents.facturx import Rows, fields
from billing.documents.layout import render
from billing.documents.paying import transfer_asked
from billing.documents.services import issue_credit_note
from billing.identifiers import check_bic, check_iban
from billing.models import Document, Seller
from tests.billing.collecting.steps import BIC, IBAN, make_due
from tests.billing.schematron import broken_rules
from tests.factories.billing import make_customer, make_order, make_seller
from tests.factories.members import make_user

D = Decimal
SELLER = {"name": "Association Essai", "iban": IBAN, "bic": BIC}


def test_the_code_says_what_epc069_12_asks() -> None:
    asked = transfer_asked(SELLER, owed=D("1234.50"), number="FA-2026-00001")
    assert asked is not None
    lines = ["BCD", "002", "1", "SCT", BIC, "Association Essai", IBAN, "EUR1234.5", "", "", "FA-2026-00001"]
    assert asked.code == make_qr("\n".join(lines).encode(), error="m", boost_error=False)
    assert (asked.code.error, int(asked.code.version) <= 13) == ("M", True)
    assert asked.svg.startswith("<svg")
    assert "style=" not in asked.svg


@pytest.mark.parametrize("owed", ["0.00", "-1.00", "1000000000.00"])
def test_nothing_is_asked_where_nothing_can_be(owed: str) -> None:
    assert transfer_asked(SELLER, owed=D(owed), number="FA-1") is None
    assert transfer_asked({"name": "Essai", "iban": ""}, owed=D("1.00"), number="FA-1") is None


def test_a_long_name_and_no_bic_still_make_a_code() -> None:
    asked = transfer_asked({"name": "É" * 90, "iban": IBAN}, owed=D("0.01"), number="FA-1")
    assert asked is not None
    assert asked.code.error == "M"
    assert asked.spaced_iban.split(" ")[0] == "FR76"


def test_an_account_with_a_wrong_key_is_refused() -> None:
    check_iban(IBAN)
    check_iban("FR76 3000 6000 0112 3456 7890 189")
    check_bic(BIC)
    seller = Seller(iban="fr76 3000 6000 0112 3456 7890 189", bic="testfrpp")
    seller.clean()
    assert (seller.iban, seller.bic) == (IBAN, BIC)
    for wrong in (IBAN[:-1] + "0", "FR76", "rien"):
        with pytest.raises(ValidationError):
            check_iban(wrong)
    with pytest.raises(ValidationError):
        check_bic("TEST")


def partly_paid(now: dt.datetime, amount: str = "20.00") -> Document:
    """An invoice issued because a part of its order was transferred, to who pays on invoice."""
    seller, customer = make_seller(iban=IBAN, bic=BIC), make_customer(name="Nuages bas", terms_days=30)
    order = make_order(seller=seller, customer=customer, now=now, minutes=None)
    received = Received(seller, order.customer, D(amount), now.date(), "")
    receive_transfer(received, [Part(D(amount), order=order)], by=make_user(role="manager"), now=now)
    return order.documents.get()


@pytest.mark.django_db
@pytest.mark.usefixtures("trial")
def test_an_invoice_partly_paid_at_issue_says_what_was_received_and_what_is_left(now: dt.datetime) -> None:
    document = partly_paid(now)
    printed = content(document)
    assert "Payée" not in str(printed)
    assert "acquittée" not in str(printed)
    assert [(row["label"], row["value"]) for row in printed["totals"]][-2:] == [
        ("Déjà reçu le 24 novembre 2026", "\u221220,00\u00a0€"),
        ("Reste dû", "16,00\u00a0€"),
    ]
    rows = {row["label"]: row["value"] for row in printed["transfer"]["rows"]}
    assert (rows["Montant"], rows["Référence"]) == ("16,00\u00a0€", document.number)
    assert render(document).startswith(b"%PDF")
    said = fields(Rows.of(document))
    assert (said["BT-113"], said["BT-115"], said["BT-23"]) == ("20.00", "16.00", "S1")
    assert (said["BT-81"], said["BT-84"], said["BT-86"]) == ("30", IBAN, BIC)
    assert BIC.encode() in xml_of(Rows.of(document))
    assert broken_rules(xml_of(Rows.of(document))) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("trial")
def test_one_paid_in_full_says_so_and_asks_for_nothing(now: dt.datetime) -> None:
    printed = content(partly_paid(now, "36.00"))
    assert printed["paid"] == "Payée par virement le 24 novembre 2026."
    assert printed["transfer"] == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("trial")
def test_one_that_is_due_asks_for_a_transfer_and_its_credit_note_does_not(now: dt.datetime) -> None:
    document = make_due(now)
    assert content(document)["transfer"]["svg"]
    assert content(make_due(now, seller=make_seller()))["transfer"] == {}
    with transaction.atomic():
        note = issue_credit_note(document, {document.lines.get(): D("6.00")}, now=now)
    assert content(note)["transfer"] == {}
