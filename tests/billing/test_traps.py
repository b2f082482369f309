"""What was tried and fails in silence (billing.md §8): each trap that no other file of these tests holds."""

import datetime as dt
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pypdf
import pytest

from billing.documents.facturx import Rows, fields
from billing.documents.layout import printable_content, render
from tests.billing.facturx_cases import (
    buyer,
    corrected,
    to_association_without_siren,
    to_business,
    to_consumer,
    to_public_body,
)
from tests.billing.test_kinds import invoice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


def test_what_people_typed_is_printed_as_they_typed_it_and_never_run(now: dt.datetime) -> None:
    typed = '#panic("perdu") *gras* $x^2$ @ici'
    document = invoice(now, ("30.00", "20.00"), customer=buyer("consumer", name=typed))
    text = pypdf.PdfReader(io.BytesIO(render(document))).pages[0].extract_text()
    assert typed in text


def test_several_threads_lay_documents_out_at_once(now: dt.datetime) -> None:
    document = to_business(now)
    data = printable_content(document)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _turn: render(document, data), range(12)))
    assert all(pdf.startswith(b"%PDF") for pdf in made)


@pytest.mark.parametrize("case", [to_consumer, to_business, to_public_body, corrected])
def test_each_note_that_france_asks_for_is_there_once(now: dt.datetime, case: object) -> None:
    assert callable(case)
    said = fields(Rows.of(case(now)))
    codes = Counter(note["BT-21"] for note in said["BG-1"] if "BT-21" in note)
    assert codes == {"PMT": 1, "PMD": 1, "AAB": 1, "BAR": 1}
    dealt = next(note["BT-22"] for note in said["BG-1"] if note.get("BT-21") == "BAR")
    assert dealt == ("B2C" if case is to_consumer else "B2B")


def test_who_has_a_siren_is_reached_by_it_and_the_others_by_their_e_mail(now: dt.datetime) -> None:
    business, consumer = fields(Rows.of(to_business(now))), fields(Rows.of(to_consumer(now)))
    seller = business["BG-4"]
    assert (seller["legal_identifier_schemeid"], seller["einvoicing_addr_schemeid"]) == ("0002", "0225")
    assert seller["einvoicing_addr"].startswith(seller["legal_identifier"])
    assert (business["BG-7"]["einvoicing_addr"], business["BG-7"]["einvoicing_addr_schemeid"]) == (
        "732829320",
        "0225",
    )
    for said in (consumer, fields(Rows.of(to_association_without_siren(now)))):
        assert said["BG-7"]["einvoicing_addr_schemeid"] == "EM"
        assert "@" in said["BG-7"]["einvoicing_addr"]
        assert "legal_identifier" not in said["BG-7"]
