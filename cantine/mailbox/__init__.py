"""The local mailbox: e-mails are kept as files under DATA_DIR and read at /courrier/; never in production."""
