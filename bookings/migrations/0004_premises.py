"""A stamp that changes whenever a manager changes the premises: see bookings/services/premises.py."""

from django.db import migrations

TABLES = (
    "billing_seller",
    "billing_product",
    "bookings_site",
    "bookings_floor",
    "bookings_space",
    "bookings_spacepart",
    "bookings_equipment",
    "bookings_space_equipment",
    "bookings_openinghours",
    "bookings_closure",
    "bookings_tariff",
)
STAMP = """
CREATE TABLE bookings_premises (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    stamp uuid NOT NULL DEFAULT gen_random_uuid()
);
COMMENT ON TABLE bookings_premises IS
    'One row whose stamp changes with sites, spaces, hours, closures and prices: what was read of them is kept by it';
INSERT INTO bookings_premises DEFAULT VALUES;
CREATE FUNCTION bookings_premises_change() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN UPDATE bookings_premises SET stamp = gen_random_uuid(); RETURN NULL; END';
"""
NO_STAMP = """
DROP FUNCTION bookings_premises_change;
DROP TABLE bookings_premises;
"""


def trigger(table: str) -> migrations.RunSQL:
    """Have every change to a table change the stamp, in the same transaction."""
    return migrations.RunSQL(
        f"CREATE TRIGGER premises_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION bookings_premises_change()",
        f"DROP TRIGGER premises_change ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("bookings", "0003_preparation"), ("billing", "0003_order_agreement")]

    operations = [migrations.RunSQL(STAMP, NO_STAMP), *(trigger(table) for table in TABLES)]
