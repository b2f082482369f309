"""Private links to the report: made, opened, revoked."""

from datetime import datetime, time, timedelta

from django.db.models import F
from django.utils import timezone

from bookings.models import Site
from bookings.period import at
from cantine.models import ReportLink
from members import reach
from members.errors import NotAllowed
from members.models import User
from members.transactions import own_transaction

LONGEST = timedelta(days=366)


@own_transaction
def make_link(*, label: str, site: Site | None, days: int, by: User, now: datetime) -> ReportLink:
    """Make a link that opens until the end of the day in `days` days; of all sites only for who manages all.

    Raises `NotAllowed` for a site that is not theirs.
    """
    reached = reach.of(by)
    if not (reached.everywhere if site is None else reached.covers(site.pk)):
        raise NotAllowed
    last = (timezone.localtime(now) + min(timedelta(days=days), LONGEST)).date()
    until = at(last + timedelta(days=1), time(), timezone.get_current_timezone())
    return ReportLink.objects.create(label=label, site=site, created_at=now, created_by=by, expires_at=until)


@own_transaction
def revoke_link(*, link: ReportLink, by: User, now: datetime) -> None:
    """Let a link open nothing from now on; a second time changes nothing."""
    if not reach.manages(by, link):
        raise NotAllowed
    ReportLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


def open_link(key: str, *, now: datetime) -> ReportLink | None:
    """The link of a key, noted as opened; None when it is wrong, over, revoked, or its maker has left.

    Who made it must still manage what it tells of: their rights are read now, never remembered.
    """
    link = ReportLink.objects.standing(now).select_related("site", "created_by").filter(key=key).first()
    if link is None:
        return None
    made = reach.of(link.created_by)
    if not (made.everywhere if link.site_id is None else made.covers(link.site_id)):
        return None
    rows = ReportLink.objects.filter(pk=link.pk)
    rows.update(last_opened_at=now, times_opened=F("times_opened") + 1)
    return link
