"""What was said freely in a rental's final invoice counts under « locations », as the rest of it does."""

from django.db import migrations

TO_ONE_WORD = "UPDATE billing_product SET report_category = 'locations' WHERE report_category = 'location'"


class Migration(migrations.Migration):
    """Only articles of the house are told otherwise; no document is."""

    dependencies = [("billing", "0028_fewer_indexes")]
    operations = [migrations.RunSQL(TO_ONE_WORD, migrations.RunSQL.noop)]
