"""What Stripe paid to the bank: payouts are whole, their movements are of payments of ours, once."""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import Allocation, BalanceMovement, Document, Payment, Payout, WriteOff
from cantine.audit.money import ZERO

CHARGE, REFUND = BalanceMovement.Kind.CHARGE, BalanceMovement.Kind.REFUND


def payouts_that_do_not_add_up() -> Iterator[str]:
    """The movements of a payout make its gross, its fees and its amount, to the cent."""
    sums = Payout.objects.annotate(
        sum_gross=Coalesce(Sum("movements__gross"), ZERO),
        sum_fees=Coalesce(Sum("movements__fee"), ZERO),
        sum_net=Coalesce(Sum("movements__net"), ZERO),
    )
    wrong = sums.exclude(sum_gross=F("gross"), sum_fees=F("fees"), sum_net=F("amount"))
    rows = wrong.order_by("pk").values_list("payout_id", "amount", "sum_gross", "sum_fees", "sum_net")
    for payout, amount, gross, fees, net in rows:
        yield f"payout {payout} of {amount}: its movements make {gross} − {fees} = {net}"


def movements_out_of_place() -> Iterator[str]:
    """A payment is paid out once, for what it brought; a refund goes out, or comes back, as it was asked for.

    One that nobody knows has no payment: that is the manager's to look at, not a broken rule.
    """
    twice = (
        Payment.objects.annotate(times=Count("movements", filter=Q(movements__kind=CHARGE)))
        .filter(times__gt=1)
        .values_list("pk", "times")
    )
    for pk, times in twice:
        yield f"payment {pk} is in {times} payouts"
    charges = BalanceMovement.objects.filter(kind=CHARGE, payment__isnull=False)
    for row in charges.exclude(gross=F("payment__amount"), payment__method=Payment.Method.CARD):
        yield f"movement {row.transaction_id}: {row.gross} is not what payment {row.payment_id} brought"
    refunds = BalanceMovement.objects.filter(kind=REFUND, refund__isnull=False)
    strange = refunds.exclude(payment=F("refund__payment")) | refunds.exclude(
        Q(gross=-F("refund__amount")) | Q(gross=F("refund__amount"))
    )
    for row in strange.order_by("pk"):
        yield f"movement {row.transaction_id}: {row.gross} is not what refund {row.refund_id} gave back"


def losses_beyond_their_dispute() -> Iterator[str]:
    """What was written off is what a dispute took from that seller, no more, and its VAT is within it."""
    same = BalanceMovement.objects.filter(
        kind=BalanceMovement.Kind.DISPUTE, gross__lt=0, source_id=OuterRef("movement__source_id")
    ).filter(Q(pk=OuterRef("movement")) | ~Q(source_id=""))
    taken = same.order_by().values("kind").annotate(total=Sum("gross")).values("total")
    rows = WriteOff.objects.annotate(
        taken=-Coalesce(Subquery(taken), ZERO),
        rated=Coalesce(Sum(F("vat_rows__base") + F("vat_rows__vat")), ZERO),
    )
    right = Q(movement__kind=BalanceMovement.Kind.DISPUTE, movement__payout__seller=F("seller"))
    wrong = rows.exclude(right, amount__lte=F("taken"), rated__lte=F("amount"))
    for row in wrong.order_by("pk"):
        yield f"write-off {row.pk}: {row.amount} of {row.taken} taken, {row.rated} with VAT"


def vat_given_back_twice() -> Iterator[str]:
    """The VAT of a loss that stands, and that of the credit notes of what its payment had paid, is no more
    than the VAT of those invoices.
    """
    rows = WriteOff.objects.filter(withdrawn_at=None).annotate(asked=Sum("vat_rows__vat"))
    for row in rows.filter(asked__gt=0).select_related("movement").order_by("pk"):
        paid = Allocation.objects.filter(payment=row.movement.payment_id, document__isnull=False)
        documents = Document.objects.filter(pk__in=paid.values("document"))
        due = documents.aggregate(vat=Sum("total_vat", default=ZERO))["vat"]
        notes = Document.objects.filter(corrects__in=documents)
        credited = notes.aggregate(vat=Sum("total_vat", default=ZERO))["vat"]
        if row.asked + credited > due:
            yield f"write-off {row.pk}: VAT {row.asked} asked back and {credited} credited, of {due}"
