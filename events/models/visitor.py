"""What lets a visitor be recognised for a time after their registration was erased."""

import secrets
from hashlib import sha256
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

SIZE = 32
"""Bytes of a salt, and of a pseudonym."""


def new_salt() -> bytes:
    """Draw bytes that nobody guesses."""
    return secrets.token_bytes(SIZE)


class VisitorSalt(models.Model):
    """What the addresses of who came to the events of a year are mixed with; never shown nor exported.

    Once its row is deleted, nobody can tell whose the pseudonyms of that year are.
    """

    year = models.PositiveSmallIntegerField(_("année"), unique=True)
    salt = models.BinaryField(_("sel"), max_length=SIZE, default=new_salt)

    class Meta:
        verbose_name = _("sel d’une année")
        verbose_name_plural = _("sels des années")
        ordering: ClassVar[list[str]] = ["year"]
        db_table_comment = "What pseudonyms of who came to the events of a year are made with"
        constraints = [
            models.CheckConstraint(condition=Exact(Length("salt"), SIZE), name="salt_is_of_its_size"),
        ]
        triggers = [
            pgtrigger.Protect(name="visitor_salt_never_changes", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def pseudonym_of(self, address: str) -> bytes:
        """What stands for an address, in small letters, in this year; PostgreSQL's `sha256` says the same."""
        return sha256(bytes(self.salt) + address.encode()).digest()
