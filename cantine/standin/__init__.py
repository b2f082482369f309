"""A small stand-in for Stripe, a program of its own, for development and tests only.

It speaks enough of Stripe's HTTP API that the unmodified SDK, given another base address, can't tell.
It imports neither Django nor the rest of the project and never moves money.
"""
