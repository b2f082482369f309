"""P8 and P9: documents issued in a series, and their files, each against the least that could do it."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from multiprocessing import get_context

from django.core.files.storage import InMemoryStorage
from django.db import connection, transaction
from django.utils import timezone

from bench.results import Result, Rounds, at_least
from billing.documents.attaching import attached, xml_of
from billing.documents.facturx import Rows
from billing.documents.files import make_due
from billing.documents.layout import printable_content, render
from billing.documents.services import issue_invoice
from billing.models import (
    Customer,
    Document,
    DocumentFile,
    DocumentLine,
    DocumentSnapshot,
    DocumentVat,
    Order,
    Product,
)
from billing.orders.services import NewLine, place_order

CLIENTS, EACH, ROUNDS, FILES = 8, 40, 3, 40
BARE = "bare"
"""The schema where the same rows go in without triggers, constraints, hashes or a series."""
WRITTEN = (Document, DocumentLine, DocumentVat, DocumentSnapshot)
Work = Callable[[Sequence[int]], None]


def prepare(number: int) -> list[int]:
    """Place orders of two lines; their ids."""
    customer = Customer.objects.order_by("pk").first()
    product = Product.objects.filter(code="poste").select_related("seller").order_by("pk")[0]
    assert customer is not None
    line = NewLine("booking", product, "Poste 7", "le matin", Decimal(1), "", Decimal("9.00"))
    made = []
    with transaction.atomic():
        for _each in range(number):
            order = place_order(
                customer=customer,
                seller=product.seller,
                site_code="rouen",
                lines=[line, line],
                by=None,
                expires_at=None,
                now=timezone.now(),
            )
            made.append(order.pk)
    return made


def issue_all(orders: Sequence[int]) -> None:
    """Issue each order's invoice in a transaction of its own, as settling does."""
    for pk in orders:
        order = Order.objects.select_related("seller", "customer").get(pk=pk)
        with transaction.atomic():
            issue_invoice(order, list(order.lines.select_related("product")), None, now=timezone.now())


def insert_all(orders: Sequence[int]) -> None:
    """Write the same rows through the same models, where nothing looks at them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {BARE}, public")
    for pk in orders:
        order = Order.objects.select_related("seller", "customer").get(pk=pk)
        lines = list(order.lines.select_related("product"))
        with transaction.atomic():
            document = Document(**_values(order))
            document.save(force_insert=True)
            DocumentLine.objects.bulk_create(
                DocumentLine(
                    document=document,
                    position=line.position,
                    order_line=line,
                    product_id=line.product_id,
                    quantity=line.quantity,
                    unit_price_excl=line.unit_price,
                    vat_rate=line.vat_rate,
                    amount_excl=line.amount_excl,
                    amount_vat=line.amount_vat,
                    amount_incl=line.amount_incl,
                )
                for line in lines
            )
            DocumentVat.objects.create(
                document=document, rate=Decimal(20), base=Decimal("15.00"), vat=Decimal("3.00")
            )
            DocumentSnapshot.objects.create(document=document, content=WORDS, issued_on=document.issued_on)


WORDS = {
    "seller": {"name": "Banc"},
    "buyer": {"name": "Essai"},
    "mentions": ["Essai"] * 6,
    "lines": ["Essai"] * 2,
}


def _values(order: Order) -> dict[str, object]:
    now = timezone.now()
    return {
        "seller": order.seller,
        "series_id": 0,
        "sequence": 0,
        "number": f"{order.pk}",
        "kind": "invoice",
        "specimen": True,
        "language": "fr",
        "order": order,
        "customer": order.customer,
        "issued_on": now.date(),
        "issued_at": now,
        "total_excl": Decimal("15.00"),
        "total_vat": Decimal("3.00"),
        "total_incl": Decimal("18.00"),
        "snapshot_sha256": "",
        "previous_hash": "",
        "hash": "",
    }


def _begin() -> None:
    """In a new process: a connection of its own."""
    connection.close()


def rate(work: Work, orders: Sequence[int]) -> float:
    """Documents per second of eight processes that begin together."""
    shares = [orders[client::CLIENTS] for client in range(CLIENTS)]
    connection.close()
    with ProcessPoolExecutor(CLIENTS, mp_context=get_context("fork"), initializer=_begin) as pool:
        list(pool.map(len, shares))  # every process is there
        began = time.perf_counter()
        for done in [pool.submit(work, share) for share in shares]:
            done.result()
        return len(orders) / (time.perf_counter() - began)


def issued_against_inserts() -> Result:
    """P8: invoices issued by eight clients of one series over plain inserts of the same rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {BARE}")
        for model in WRITTEN:
            table = model._meta.db_table
            cursor.execute(f"CREATE TABLE {BARE}.{table} (LIKE public.{table} INCLUDING IDENTITY)")
    rounds, said = Rounds(), ""
    for _round in range(ROUNDS):
        bare = rate(insert_all, prepare(CLIENTS * EACH))
        ours = rate(issue_all, prepare(CLIENTS * EACH))
        rounds.values.append(ours / bare)
        said = f"{ours:.0f}/s issued, {bare:.0f}/s inserted, {CLIENTS} processes"
    return at_least("P8", "documents numbered and chained against plain inserts", rounds, 0.5, said)


def files_against_layout() -> Result:
    """P9: files made and stored as Celery does, in one process, over typst and factur-x alone with everything
    at hand.
    """
    DocumentFile._meta.get_field("file").storage = InMemoryStorage()
    make_due(timezone.now(), limit=1)  # fonts and templates are read
    rounds, said = Rounds(), ""
    for _round in range(ROUNDS):
        missing = (
            Document.objects.filter(files=None).select_related("seller", "snapshot").order_by("pk")[:FILES]
        )
        hand = [(document, printable_content(document), Rows.of(document)) for document in missing]
        began = time.perf_counter()
        for document, data, rows in hand:
            attached(render(document, data), xml_of(rows), document, data)
        alone = time.perf_counter() - began
        began = time.perf_counter()
        made = make_due(timezone.now(), limit=FILES)
        ours = time.perf_counter() - began
        rounds.values.append(alone / ours)
        said = f"{made / ours:.1f}/s, layout and data alone {FILES / alone:.1f}/s"
    return at_least("P9", "PDF with Factur-X against typst and factur-x alone", rounds, 0.8, said)
