"""The manager's desk for money: one file per subject."""

from billing.admin import collecting, documents, orders, quotes, reference

__all__ = ["collecting", "documents", "orders", "quotes", "reference"]
