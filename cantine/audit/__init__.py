"""`manage.py audit`: the invariants of the design, checked over whatever the database holds."""
