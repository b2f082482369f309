"""Renting the place to people with projects: what is offered, what is asked, how that goes on."""
