"""The addresses of events: who looks at each (test_sweep_events.py), and which are no page."""

SEEN = {
    "events:event",
    "events:month",
    "events:embed",
    "events:registration",
    "events:address",
    "events:leave",
    "events:propose",
    "events:edit",
    "events:mine",
    "events:desk",
    "events:cancel_event",
    "events:withdraw",
    "events:checkin",
    "events:checkin_code",
    "events:figures",
    "events:feedback",
}
NO_PAGE = {
    "events:checkin_count",
    "events:calendar",
    "events:category_calendar",
    "events:site_calendar",
    "events:atom",
    "events:sharing_picture",
    "events:register",
    "events:accept",
    "events:registration_ics",
    "events:ticket",
    "events:preview",
    "events:rooms",
    "events:picture",
    "events:decide",
    "events:duplicate",
    "events:registrations_csv",
}
"""What redirects, downloads, is a part of a page, or only takes a POST."""
