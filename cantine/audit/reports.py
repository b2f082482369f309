"""What was issued to funders: each report says what it said, and its file is the one that was made."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from cantine.audit.late import LATE
from cantine.models import FrozenReport
from cantine.report.told import digest


def reports_that_changed(now: datetime) -> Iterator[str]:
    """Each report has the values it was issued with, and its file, byte for byte."""
    for report in FrozenReport.objects.select_related("made", "replaces").iterator(chunk_size=50):
        if digest(report.data) != report.sha256:
            yield f"report {report.pk} does not say what it said when it was issued"
        if report.replaces and not _follows(report, report.replaces):
            yield f"report {report.pk} replaces report {report.replaces_id}, which is about something else"
        if hasattr(report, "made"):
            yield from _not_as_made(report)
        elif report.issued_at <= now - LATE:
            yield f"report {report.pk} has no file since {report.issued_at:%Y-%m-%d %H:%M}"


def _follows(report: FrozenReport, before: FrozenReport) -> bool:
    """Whether it is the next version of the same report."""
    same = (before.kind, before.site_id, before.first) == (report.kind, report.site_id, report.first)
    return same and report.version == before.version + 1


def _not_as_made(report: FrozenReport) -> Iterator[str]:
    try:
        with report.made.file.open("rb") as stored:
            content = stored.read()
    except OSError:
        yield f"report {report.pk}: its file {report.made.file.name} is gone"
        return
    if sha256(content).hexdigest() != report.made.sha256:
        yield f"report {report.pk}: its file {report.made.file.name} is not the one that was made"
