"""The outbox: e-mails are owed in the caller's transaction, and sent by the worker."""
