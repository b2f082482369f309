"""Ratios of `make bench`; the long tests of tests/soak borrow its people and its client."""
