"""Issuing a report: from then on its figures and its file never change."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from bookings.models import Site
from cantine.report.drafts import ReportDraft
from cantine.report.errors import IssuedMeanwhile, NotOver
from cantine.report.frozen import VERSIONED, FrozenReport, FrozenReportFile
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
    replaces: int | None = None,
) -> FrozenReport:
    """Keep a report as it is now; its PDF follows.

    A report by quarter or by year names the version it `replaces` (its id). Raises `NotAllowed` for a site
    that is not theirs, `NotOver` while its period runs, `IssuedMeanwhile` when another version stands by now.
    """
    reached = reach.of(by)
    if not (reached.everywhere if site is None else reached.covers(site.pk)):
        raise NotAllowed
    before = standing_version(kind, site, first, last, replaces=replaces, now=now)
    report = FrozenReport(
        version=before.version + 1 if before else 1,
        replaces=before,
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
    try:
        report.save(force_insert=True)
    except IntegrityError as error:  # of two at the same instant, the constraint lets one through
        raise IssuedMeanwhile from error
    ReportDraft.objects.filter(kind=kind, site=site, first=first).delete()
    transaction.on_commit(partial(nudge, TASK), robust=True)
    return report


def standing_version(
    kind: str, site: Site | None, first: date, last: date, *, replaces: int | None, now: datetime
) -> FrozenReport | None:
    """The version that a new one replaces, when it is the one that was read; other kinds have none."""
    if kind not in VERSIONED:
        return None
    if last >= timezone.localdate(now):
        raise NotOver
    before = FrozenReport.objects.of_period(kind, site, first).first()
    if (before.pk if before else None) != replaces:
        raise IssuedMeanwhile
    return before


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
