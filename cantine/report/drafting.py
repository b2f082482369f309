"""Keeping what is written about a report, and finding it again."""

from collections.abc import Mapping
from datetime import date, datetime

from bookings.models import Site
from cantine.report.drafts import GENERAL, ReportDraft
from cantine.report.frozen import FrozenReport
from members import reach
from members.errors import NotAllowed
from members.models import User
from members.transactions import own_transaction


@own_transaction
def keep_draft(
    *, kind: str, site: Site | None, first: date, words: Mapping[str, str], by: User, now: datetime
) -> ReportDraft:
    """Keep the commentary of a report. Raises `NotAllowed` for a site that is not theirs."""
    reached = reach.of(by)
    if not (reached.everywhere if site is None else reached.covers(site.pk)):
        raise NotAllowed
    told = {key: text.strip() for key, text in words.items() if text.strip()}
    draft, _made = ReportDraft.objects.update_or_create(
        kind=kind, site=site, first=first, defaults={"words": told, "kept_at": now, "kept_by": by}
    )
    return draft


def words_of(kind: str, site: Site | None, first: date) -> dict[str, str]:
    """What is written so far: the draft, else what the version that stands says."""
    draft = ReportDraft.objects.filter(kind=kind, site=site, first=first).first()
    if draft is not None:
        return dict(draft.words)
    report = FrozenReport.objects.of_period(kind, site, first).first()
    return said_in(report) if report else {}


def said_in(report: FrozenReport) -> dict[str, str]:
    """What a report that was issued says in its manager's words: of the whole, and of each section."""
    said = {each["key"]: each.get("comment", "") for each in report.data["sections"] if "key" in each}
    return {GENERAL: report.commentary, **said}


def again(words: Mapping[str, str], before: FrozenReport | None) -> frozenset[str]:
    """Of which parts the words are those of the version `before`, to be read anew."""
    said = said_in(before) if before else {}
    return frozenset(key for key, text in words.items() if text and text == said.get(key))
