"""What stands beside a document: its words and its files."""

from typing import ClassVar

from django.conf import settings
from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.document import Document
from billing.models.triggers import append_only, kept_ten_years


def private_storage() -> Storage:
    """The storage of what only an authorised view hands out."""
    return storages["default"]


class DocumentSnapshot(models.Model):
    """Every name and text of a document as it was issued; may be purged after ten years."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="snapshot")
    content = models.JSONField()
    issued_on = models.DateField()

    class Meta:
        verbose_name = _("texte d’un document")
        verbose_name_plural = _("textes des documents")
        db_table_comment = "Every name and text of a document as issued; its SHA-256 is in the chain"
        triggers = kept_ten_years("issued_on")

    def __str__(self) -> str:
        return str(self.document)


class DocumentFile(models.Model):
    """A file made once from a document, never rendered again."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        XML = "xml", "XML"

    document = models.ForeignKey(Document, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=3, choices=Kind, default=Kind.PDF)
    file = models.FileField(storage=private_storage, upload_to="documents/")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("fichier d’un document")
        verbose_name_plural = _("fichiers des documents")
        db_table_comment = "A file made once from a document, with its SHA-256"
        constraints = [
            models.UniqueConstraint(fields=["document", "kind"], name="document_file_is_made_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["pdf", "xml"]), name="document_file_is_of_a_known_kind"
            ),
        ]
        triggers = kept_ten_years("made_at")

    def __str__(self) -> str:
        return f"{self.document} · {self.kind}"


class DocumentHandover(models.Model):
    """A PDF handed out: the original once, to the buyer, then duplicates."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="handovers")
    original = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("remise d’un document")
        verbose_name_plural = _("remises des documents")
        ordering: ClassVar[list[str]] = ["at", "id"]
        db_table_comment = "A PDF handed out, to whom and when; the original once, then duplicates"
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(original=True), name="original_is_handed_out_once"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.document} · {self.at:%Y-%m-%d}"
