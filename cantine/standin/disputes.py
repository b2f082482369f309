"""Disputes: the payer's bank takes the money back, and a fee with it."""

from cantine.standin import balance, events
from cantine.standin.balance import DAY
from cantine.standin.call import Call
from cantine.standin.errors import ApiError
from cantine.standin.ids import new_id
from cantine.standin.state import Json

ANSWER_WITHIN = 9  # days
EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation",
    "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt",
    "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date",
    "service_documentation", "shipping_address", "shipping_carrier", "shipping_date",
    "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def dispute(call: Call, identifier: str) -> Json:
    """The holder of the card disputes a charge."""
    charged = call.object("charge", identifier)
    if not charged["paid"] or charged["disputed"]:
        raise ApiError.invalid(f"Charge {identifier} cannot be disputed.")
    made = _dispute(call, charged)
    fee = balance.rules(call)["dispute_fee"]
    entry = balance.enter(call, made, -charged["amount"], "adjustment", fee=fee, category="dispute")
    made["balance_transactions"] = [entry]
    call.store.add(made, parent=charged["id"])
    call.store.save({**charged, "disputed": True})
    events.emit(call, "charge.dispute.created", made)
    events.emit(call, "charge.dispute.funds_withdrawn", made)
    return made


def _dispute(call: Call, charged: Json) -> Json:
    now, card = call.store.now(), charged["payment_method_details"]["card"]
    return {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": charged["amount"],
        "balance_transactions": [],
        "charge": charged["id"],
        "created": now,
        "currency": charged["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(EVIDENCE) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + ANSWER_WITHIN * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charged["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": card["brand"],
                "case_type": "chargeback",
                "network": card["brand"],
                "network_reason_code": "83",
            },
            "type": "card",
        },
        "reason": "fraudulent",
        "status": "needs_response",
    }
