from django.db import migrations

NAMED_NO_MORE = r"""
WITH holding AS (
    SELECT id, template, regexp_replace(key, ':[^:]*@.*$', '') AS head,
        lower(substring(key FROM '[^:]*@.*$')) AS said
    FROM members_message
    WHERE key LIKE '%@%' AND (key LIKE 'rentals:%' OR key LIKE 'contact-written:%')
), named AS (
    SELECT holding.id, head, CASE
        WHEN template NOT IN
            ('contact/written', 'rentals/to_answer', 'rentals/withdrawn', 'rentals/quote_desk')
        THEN 'asker' ELSE members_user.id::text END AS mark
    FROM holding LEFT JOIN members_user ON members_user.email = said
), counted AS (
    SELECT id, head, mark, row_number() OVER (PARTITION BY head, mark ORDER BY id) AS n FROM named
)
UPDATE members_message
SET key = head || ':' || CASE WHEN n = 1 AND mark <> '' THEN mark ELSE 'm' || counted.id END
FROM counted WHERE counted.id = members_message.id
"""
"""Who a message went to is a number in its key, as it is written from now on: « asker », or an account's.

An address that is no account's any more leaves the number of the message.
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0006_ecosystem")]

    operations = [migrations.RunSQL(NAMED_NO_MORE, migrations.RunSQL.noop)]
