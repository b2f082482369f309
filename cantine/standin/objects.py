"""The customer, the Checkout Session and its lines, with every field that Stripe gives them."""

from typing import Any

from cantine.standin.ids import new_customer_id, new_id, new_session_id
from cantine.standin.state import Json

API_VERSION = "2026-10-28.endive"
NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def customer(*, now: int, name: str | None, email: str | None, given: Json) -> Json:
    """A customer; `given` are the other parameters that are shown as they came."""
    identifier = new_customer_id()
    return {
        "id": identifier,
        "object": "customer",
        "address": given.get("address"),
        "balance": 0,
        "created": now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": given.get("description"),
        "discount": None,
        "email": email,
        "invoice_prefix": identifier[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "name": name,
        "next_invoice_sequence": 1,
        "phone": given.get("phone"),
        "preferred_locales": given.get("preferred_locales", []),
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def checkout_session(
    *, now: int, expires_at: int, amount: int, currency: str, base_url: str, given: Json
) -> Json:
    """An open session in payment mode, `amount` in cents; `given` are parameters already checked."""
    identifier = new_session_id()
    return {
        "id": identifier,
        "object": "checkout.session",
        "amount_subtotal": amount,
        "amount_total": amount,
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "created": now,
        "currency": currency,
        "customer": given.get("customer"),
        "customer_creation": None if given.get("customer") else "if_required",
        "customer_details": None,
        "customer_email": given.get("customer_email"),
        "expires_at": expires_at,
        "livemode": False,
        "locale": given.get("locale"),
        "metadata": given.get("metadata", {}),
        "mode": "payment",
        "payment_intent": None,
        "payment_status": "unpaid",
        "status": "open",
        "submit_type": given.get("submit_type"),
        "success_url": given.get("success_url"),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{base_url}/c/pay/{identifier}",
        **_unused_session_fields(),
    }


def _unused_session_fields() -> dict[str, Any]:
    nothing = (
        "after_expiration", "allow_promotion_codes", "billing_address_collection", "client_secret",
        "collected_information", "consent", "consent_collection", "currency_conversion", "customer_account",
        "integration_identifier", "invoice", "managed_payments", "origin_context", "payment_link",
        "payment_method_configuration_details", "permissions", "recovered_from",
        "saved_payment_method_options", "setup_intent", "shipping_address_collection", "shipping_cost",
        "subscription", "wallet_options",
    )  # fmt: skip
    return dict.fromkeys(nothing) | {
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "custom_fields": [],
        "custom_text": dict.fromkeys(
            ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
        ),
        "discounts": [],
        "invoice_creation": {
            "enabled": False,
            "invoice_data": {
                "account_tax_ids": None,
                "custom_fields": None,
                "description": None,
                "footer": None,
                "issuer": None,
                "metadata": {},
                "rendering_options": None,
            },
        },
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
    }


def customer_details(*, name: str | None, email: str | None) -> Json:
    """What the page learned from the person who pays."""
    return {
        "address": {**NO_ADDRESS, "country": "FR"},
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def line(*, now: int, name: str, unit_amount: int, quantity: int, currency: str) -> Json:
    """One line of a session, from `price_data`; amounts in cents."""
    amount = unit_amount * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": name,
        "discounts": [],
        "metadata": {},
        "price": _price(now=now, unit_amount=unit_amount, currency=currency),
        "quantity": quantity,
        "taxes": [],
    }


def _price(*, now: int, unit_amount: int, currency: str) -> Json:
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": new_id("prod", 14),
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": unit_amount,
        "unit_amount_decimal": str(unit_amount),
    }


def event(*, now: int, kind: str, data: Json, request_id: str | None, key: str | None, pending: int) -> Json:
    """What happened to an object, with the object as it was then."""
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now,
        "data": data,
        "livemode": False,
        "pending_webhooks": pending,
        "request": {"id": request_id, "idempotency_key": key},
        "type": kind,
    }
