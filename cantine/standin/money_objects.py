"""Payment intent, method, charge, refund and balance transaction, with every field that Stripe gives them."""

from typing import Any

from cantine.standin.cards import Card
from cantine.standin.ids import new_id
from cantine.standin.objects import NO_ADDRESS
from cantine.standin.state import Json

CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}


def payment_intent(*, now: int, session: Json, given: Json) -> Json:
    """The intent a session opens when somebody first tries to pay."""
    identifier = new_id("pi")
    nothing = (
        "application", "application_fee_amount", "canceled_at", "cancellation_reason", "customer_account",
        "excluded_payment_method_types", "last_payment_error", "latest_charge", "managed_payments",
        "next_action", "on_behalf_of", "payment_method", "payment_method_configuration_details",
        "processing", "receipt_email", "review", "setup_future_usage",
        "shipping", "source", "statement_descriptor_suffix", "transfer_data",
        "transfer_group",
    )  # fmt: skip
    return dict.fromkeys(nothing) | {
        "id": identifier,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "automatic_payment_methods": None,
        "capture_method": "automatic_async",
        "client_secret": f"{identifier}_secret_{new_id('x')[2:]}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": session["currency"],
        "customer": session["customer"],
        "description": given.get("description"),
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "statement_descriptor": given.get("statement_descriptor"),
        "status": "requires_payment_method",
    }


def billing_details(*, name: str | None, email: str | None) -> Json:
    """What the card's holder typed."""
    return {
        "address": {**NO_ADDRESS, "country": "FR"},
        "email": email,
        "name": name,
        "phone": None,
        "tax_id": None,
    }


def _card(card: Card, expiry: tuple[int, int]) -> dict[str, Any]:
    return {
        "brand": card.brand,
        "checks": dict(CHECKS),
        "country": "FR",
        "exp_month": expiry[0],
        "exp_year": expiry[1],
        "fingerprint": f"standin{card.number[-9:]}",
        "funding": "credit",
        "last4": card.number[-4:],
        "regulated_status": "unregulated",
        "wallet": None,
    }


def payment_method(*, now: int, card: Card, expiry: tuple[int, int], holder: Json) -> Json:
    """The card that was typed, without its number."""
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": holder,
        "card": _card(card, expiry)
        | {
            "display_brand": card.brand,
            "generated_from": None,
            "networks": {"available": [card.brand], "preferred": None},
            "three_d_secure_usage": {"supported": True},
        },
        "created": now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def charge(*, now: int, intent: Json, method: Json, card: Card, paid: bool, authenticated: bool) -> Json:
    """One try to take the money, taken or refused."""
    identifier = new_id("ch")
    nothing = (
        "application", "application_fee", "application_fee_amount", "balance_transaction",
        "failure_balance_transaction", "failure_code", "failure_message", "on_behalf_of", "receipt_email",
        "receipt_number", "receipt_url", "review", "shipping", "source", "source_transfer",
        "statement_descriptor_suffix", "transfer_data", "transfer_group",
    )  # fmt: skip
    return dict.fromkeys(nothing) | {
        "id": identifier,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "LA CANTINE (SIMULATION)",
        "captured": paid,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": _outcome(card, paid=paid),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {
            "card": _charged_card(method, authenticated, intent["amount"]),
            "type": "card",
        },
        "refunded": False,
        "refunds": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/charges/{identifier}/refunds",
        },
        "statement_descriptor": intent["statement_descriptor"],
        "status": "succeeded" if paid else "failed",
    }


def _outcome(card: Card, *, paid: bool) -> Json:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None if paid else "01",
        "network_status": "approved_by_network" if paid else "declined_by_network",
        "reason": None if paid else card.reason,
        "seller_message": "Payment complete." if paid else "The bank did not return any further details.",
        "type": "authorized" if paid else "issuer_declined",
    }


def _charged_card(method: Json, authenticated: bool, amount: int) -> Json:
    shown = {name: method["card"][name] for name in _card(Card("0" * 16, ""), (1, 2000))}
    secured = {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": new_id("x")[2:],
        "version": "2.2.0",
    }
    return shown | {
        "amount_authorized": amount,
        "authorization_code": "000000",
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": method["card"]["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "three_d_secure": secured if authenticated else None,
        "transaction_link_id": None,
    }


def refund(*, now: int, charged: Json, amount: int, status: str, given: Json) -> Json:
    """Money going back, whole or in part."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charged["id"],
        "created": now,
        "currency": charged["currency"],
        "customer": charged["customer"],
        "customer_account": None,
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": given.get("metadata", {}),
        "payment_intent": charged["payment_intent"],
        "payment_method": charged["payment_method"],
        "reason": given.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


def balance_transaction(
    *, now: int, source: Json, amount: int, fee: int, kind: str, category: str, available_on: int
) -> Json:
    """What an object did to the account's balance, and what Stripe kept of it."""
    details = [
        {
            "amount": fee,
            "application": None,
            "currency": source["currency"],
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details if fee else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }
