"""The manager's desk for money: one file per subject."""

from billing.admin import documents, orders, quotes, reference

__all__ = ["documents", "orders", "quotes", "reference"]
