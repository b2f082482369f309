"""When beat looks for what is due; tasks go by their names: nothing of the application is read here."""

from typing import Any

from celery.schedules import crontab


def every(seconds: int, task: str) -> dict[str, Any]:
    """Look for what is due; a look that waited longer than the next one is dropped."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


def nightly(hour: int, minute: int, task: str) -> dict[str, Any]:
    """Look once, when few people book."""
    return {"task": task, "schedule": crontab(hour=hour, minute=minute)}


SCHEDULE: dict[str, dict[str, Any]] = {
    "heartbeat": every(20, "cantine.tasks.note_that_the_worker_works"),
    "messages": every(30, "members.tasks.send_messages"),
    "orders": every(30, "billing.tasks.expire_orders"),
    "options": every(60, "bookings.tasks.expire_options"),
    "quotes": every(60, "bookings.tasks.expire_quotes"),
    "second-rank": every(60, "bookings.tasks.promote_quotes"),
    "offers": every(30, "events.tasks.expire_offers"),
    "called-off": every(60, "events.tasks.call_off_registrations"),
    "thanks": every(600, "events.tasks.thank_who_came"),
    "renters": every(300, "bookings.tasks.remind_renters"),
    "renters-thanks": every(600, "bookings.tasks.thank_renters"),
    "notices": every(600, "members.tasks.remind_of_notices"),
    "photos": every(3600, "members.tasks.drop_photos"),
    "registrants": every(3600, "events.tasks.erase_registrants"),
    "pictures": every(3600, "events.tasks.drop_pictures"),
    "rental-pictures": every(3600, "bookings.tasks.drop_rental_pictures"),
    "problem-pictures": every(3600, "bookings.tasks.drop_problem_pictures"),
    "rental-requests": every(3600, "bookings.tasks.erase_rental_requests"),
    "events": every(20, "billing.tasks.handle_events"),
    "refunds": every(60, "billing.tasks.send_refunds"),
    "payouts": every(4 * 3600, "billing.tasks.gather_payouts"),
    "sessions": every(60, "billing.tasks.release_sessions"),
    "files": every(30, "billing.tasks.make_files"),
    "till": every(1200, "billing.tasks.close_till"),
    "copies": every(60, "members.tasks.make_copies"),
    "closings": every(3600, "members.tasks.erase_accounts"),
    "forgetting": nightly(4, 40, "members.tasks.forget"),
    "imports": every(60, "cantine.tasks.run_imports"),
    "reports": every(60, "cantine.tasks.make_reports"),
    "forgotten-sessions": nightly(4, 10, "cantine.tasks.forget_sessions"),
    # Every hour, for each reminder is owed once and a night without beat is caught up.
    "due": every(3600, "cantine.tasks.remind_of_what_is_due"),
    # In the morning of a working day: a letter about money is read by someone who can answer.
    "dunning": {
        "task": "billing.tasks.owe_dunning_letters",
        "schedule": crontab(hour=9, minute=30, day_of_week="mon-fri"),
    },
    "reconciliation": nightly(3, 20, "billing.tasks.reconcile"),
}
