"""Who manages which site."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bookings.models import Site, StaffSite
from members import reach
from members.models import User


@transaction.atomic
def manage(*, user: User, sites: Sequence[Site] | None, by: User | None, now: datetime) -> bool:
    """Step: let `user` manage exactly these sites from now on; None is all of them, those to come too.

    What is no longer among them is ended, not deleted. Returns whether something was taken.
    """
    wanted: set[int | None] = {None} if sites is None else {site.pk for site in sites}
    current = StaffSite.objects.select_for_update(no_key=True).filter(user=user, ended_at=None)
    has = {row.site_id: row for row in current.order_by("pk")}
    gone = [row.pk for site, row in has.items() if site not in wanted]
    StaffSite.objects.filter(pk__in=gone).update(ended_at=now)
    StaffSite.objects.bulk_create(
        StaffSite(user=user, site_id=site, since=now, given_by=by) for site in wanted if site not in has
    )
    reach.forget(user)
    return bool(gone)
