"""Issuing a report: from then on its figures and its file never change."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from bookings.models import Site
from cantine.report.frozen import FrozenReport, FrozenReportFile
from cantine.report.printing import laid_out_report
from cantine.report.told import Told, digest
from members import reach
from members.errors import NotAllowed
from members.models import User
from members.nudging import nudge
from members.transactions import own_transaction, refuse_transaction

log = logging.getLogger(__name__)

TASK = "cantine.tasks.make_reports"


@own_transaction
def issue_report(
    *,
    kind: str,
    site: Site | None,
    first: date,
    last: date,
    data: Told | Mapping[str, Any],
    commentary: str,
    by: User,
    now: datetime,
    language: str = "fr",
) -> FrozenReport:
    """Keep a report as it is now; its PDF follows. Raises `NotAllowed` for a site that is not theirs."""
    reached = reach.of(by)
    if not (reached.everywhere if site is None else reached.covers(site.pk)):
        raise NotAllowed
    report = FrozenReport.objects.create(
        kind=kind,
        site=site,
        first=first,
        last=last,
        language=language,
        commentary=commentary.strip(),
        data=data,
        sha256=digest(data),
        issued_at=now,
        issued_by=by,
    )
    transaction.on_commit(partial(nudge, TASK), robust=True)
    return report


def make_due(now: datetime, limit: int = 20) -> int:
    """Make the files that are missing; one that fails waits for the next look, its report stands."""
    missing = FrozenReport.objects.without_file().select_related("site")
    return sum(_try_to_make(report, now) for report in missing[:limit])


def _try_to_make(report: FrozenReport, now: datetime) -> bool:
    try:
        make_pdf(report, now=now)
    except Exception:  # whatever it is, the next look tries again
        log.exception("The file of report %s could not be made", report.pk)
        return False
    return True


def make_pdf(report: FrozenReport, *, now: datetime) -> FrozenReportFile:
    """Process: lay a report out, store it, then record it; of two that race, one is kept."""
    refuse_transaction()
    content = laid_out_report(report)
    row = FrozenReportFile(
        report=report, sha256=hashlib.sha256(content).hexdigest(), size=len(content), made_at=now
    )
    row.file.save(f"{report.file_name}.pdf", ContentFile(content), save=False)
    with transaction.atomic():
        FrozenReportFile.objects.bulk_create([row], ignore_conflicts=True)
    kept = FrozenReportFile.objects.get(report=report)
    if kept.file.name != row.file.name:
        row.file.delete(save=False)
    return kept
