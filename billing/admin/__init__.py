"""The manager's desk for money: one file per subject."""

from billing.admin import accounts, collecting, documents, orders, quotes, reference

__all__ = ["accounts", "collecting", "documents", "orders", "quotes", "reference"]
