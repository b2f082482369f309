"""At one address, who goes by another name or buys as something else is another customer."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0021_till")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="customer", name="contact_has_one_customer_an_address"),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                Lower("email"),
                Lower("name"),
                "buyer",
                condition=models.Q(kind="contact"),
                name="contact_is_one_customer_an_address_and_name",
            ),
        ),
    ]
