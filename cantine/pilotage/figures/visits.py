"""How who came is read: every booking once, brought at once to a row for each payer, booker and month."""

from events.services.visitors import RECOGNISED

READ = f"""
    WITH place AS (
        SELECT * FROM unnest(%(sites)s::bigint[], %(zones)s::text[], %(untils)s::timestamptz[])
            AS place (id, zone, until)
    ), span AS (
        SELECT * FROM unnest(%(spans)s::int[], %(firsts)s::date[], %(lasts)s::date[])
            AS span (span, first, last)
    ), used AS MATERIALIZED (
        SELECT customer_id, booked_by_id, place.zone,
            date_trunc('month', lower(during) AT TIME ZONE place.zone)::date AS month,
            min(lower(during)) AS earliest
        FROM bookings_booking AS booking JOIN place ON place.id = booking.site_id
        WHERE state = 'confirmed' AND purpose IN ('member', 'rental') AND lower(during) < place.until
            AND customer_id IS NOT NULL
        GROUP BY 1, 2, 3, 4
    ), booked AS MATERIALIZED (
        SELECT month, (earliest AT TIME ZONE used.zone)::date AS day,
            CASE
                WHEN customer.kind = 'user' THEN payer.email
                WHEN customer.kind = 'organisation' AND NOT booker.is_staff THEN booker.email
                WHEN customer.kind = 'contact' AND customer.buyer IN ('', 'consumer')
                    THEN lower(customer.email)
            END AS who,
            CASE
                WHEN customer.kind = 'organisation' THEN 'o' || customer.organisation_id
                WHEN customer.kind = 'contact' AND customer.buyer NOT IN ('', 'consumer')
                    THEN 'c' || customer.id
            END AS which
        FROM used
        JOIN billing_customer AS customer ON customer.id = used.customer_id
        LEFT JOIN members_user AS payer ON payer.id = customer.user_id
        LEFT JOIN members_user AS booker ON booker.id = used.booked_by_id
    ), recognised AS MATERIALIZED (
        {RECOGNISED}
    ), came AS (
        SELECT date_trunc('month', event.starts_at AT TIME ZONE place.zone)::date AS month,
            (event.starts_at AT TIME ZONE place.zone)::date AS day,
            coalesce(
                person.email, nullif(lower(registration.email), ''),
                recognised.address, encode(registration.visitor, 'hex')
            ) AS who,
            'o' || customer.organisation_id AS which
        FROM events_event AS event
        JOIN place ON place.id = event.site_id
        JOIN events_registration AS registration ON registration.event_id = event.id
        LEFT JOIN members_user AS person ON person.id = registration.user_id
        LEFT JOIN billing_customer AS customer ON customer.id = registration.customer_id
        LEFT JOIN recognised ON recognised.visitor = registration.visitor
            AND recognised.year = extract(year FROM event.starts_at AT TIME ZONE place.zone)
        WHERE event.state = 'published' AND registration.state = 'confirmed' AND event.starts_at < place.until
            AND EXISTS (
                SELECT FROM events_attendance AS attendance
                JOIN events_seat AS seat ON seat.id = attendance.seat_id
                WHERE seat.registration_id = registration.id
            )
    ), met AS (
        SELECT * FROM booked UNION ALL SELECT * FROM came
    ), visit AS MATERIALIZED (
        SELECT who, month, min(day) AS day FROM met WHERE who IS NOT NULL GROUP BY 1, 2
    ), person AS MATERIALIZED (
        SELECT who, min(day) AS first_day FROM visit GROUP BY 1
    ), hosted AS MATERIALIZED (
        SELECT span, who, first_day, bool_or(first_day >= first) AS new,
            min(first) AS first, min(last) AS last
        FROM span JOIN visit ON month >= first AND day <= last JOIN person USING (who) GROUP BY 1, 2, 3
    ), stay AS MATERIALIZED (
        SELECT which, month, min(day) AS day FROM (
            SELECT which, month, day FROM met WHERE which IS NOT NULL
            UNION ALL
            SELECT 'o' || affiliation.organisation_id, month, day
            FROM visit JOIN members_user AS account ON account.email = visit.who
            JOIN members_affiliation AS affiliation ON affiliation.user_id = account.id
        ) AS each GROUP BY 1, 2
    ), organisation AS MATERIALIZED (
        SELECT which, min(day) AS first_day FROM stay GROUP BY 1
    ), welcomed AS MATERIALIZED (
        SELECT span, which, bool_or(first_day >= first) AS new
        FROM span JOIN stay ON month >= first AND day <= last JOIN organisation USING (which) GROUP BY 1, 2
    ), membership AS MATERIALIZED (
        SELECT account.email AS who, valid_from, coalesce(valid_to, 'infinity') AS valid_to
        FROM members_membership AS each JOIN members_user AS account ON account.id = each.user_id
        UNION ALL
        SELECT account.email, valid_from, coalesce(valid_to, 'infinity')
        FROM members_membership AS each
        JOIN members_affiliation AS affiliation ON affiliation.organisation_id = each.organisation_id
        JOIN members_user AS account ON account.id = affiliation.user_id
    )
    SELECT 'people', span, NULL::date, NULL::date, count(*), count(*) FILTER (WHERE new)
    FROM hosted GROUP BY span
    UNION ALL
    SELECT 'people', NULL, month, NULL, count(*),
        count(*) FILTER (WHERE month = date_trunc('month', first_day::timestamp))
    FROM visit JOIN person USING (who) GROUP BY month
    UNION ALL
    SELECT 'members', span, NULL, NULL, count(DISTINCT who), 0
    FROM hosted JOIN membership USING (who) WHERE valid_from <= last AND valid_to >= first GROUP BY span
    UNION ALL
    SELECT 'members', NULL, month, NULL, count(DISTINCT who), 0
    FROM visit JOIN membership USING (who)
    WHERE valid_from < month + interval '1 month' AND valid_to >= month GROUP BY month
    UNION ALL
    SELECT 'organisations', span, NULL, NULL, count(*), count(*) FILTER (WHERE new)
    FROM welcomed GROUP BY span
    UNION ALL
    SELECT 'organisations', NULL, month, NULL, count(*),
        count(*) FILTER (WHERE month = date_trunc('month', first_day::timestamp))
    FROM stay JOIN organisation USING (which) GROUP BY month
    UNION ALL
    SELECT 'cohorts', NULL, date_trunc('quarter', first_day::timestamp)::date,
        date_trunc('quarter', month::timestamp)::date, count(DISTINCT who), 0
    FROM visit JOIN person USING (who) GROUP BY 3, 4
    UNION ALL
    SELECT 'buyers:' || buyer, NULL, NULL, NULL, count(*), count(*) FILTER (WHERE new)
    FROM (
        SELECT new, CASE left(which, 1)
            WHEN 'c' THEN (SELECT buyer FROM billing_customer WHERE id = substr(which, 2)::bigint)
            ELSE coalesce(
                (SELECT buyer FROM billing_customer WHERE organisation_id = substr(which, 2)::bigint), '')
            END AS buyer
        FROM welcomed WHERE span = 0
    ) AS each GROUP BY 1
"""  # noqa: S608 - a constant within a constant
